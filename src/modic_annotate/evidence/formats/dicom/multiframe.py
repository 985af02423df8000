"""Slices of an enhanced object as the source of a segmentation.

A stack may be some frames of an object that holds others too, whose place the package does not
know. So a source of the stack's frames alone is made, and the true frame numbers are put back.
"""

from __future__ import annotations

from pydicom.dataset import Dataset

from modic_annotate.evidence.formats.dicom.sources import SourceSeries


def as_source(source: SourceSeries) -> list[Dataset]:
    """Return one header per slice, or one header with all slices of enhanced objects."""
    pairs = zip(source.used.acquired, source.used.instances, strict=True)
    slices = [source.header(index, instance) for index, instance in pairs]
    return [_joined(slices)] if source.is_multiframe else slices


def restore_frame_numbers(ds: Dataset, source: SourceSeries) -> None:
    """Name the frames of the true object where a joined source was used."""
    instances = source.used.instances
    if not source.is_multiframe:
        return
    groups = (*ds.SharedFunctionalGroupsSequence, *ds.PerFrameFunctionalGroupsSequence)
    items = {  # frames of several segments on one slice share the item itself
        id(item): item
        for group in groups
        for derived in group.get("DerivationImageSequence", ())
        for item in derived.SourceImageSequence
    }
    for item in items.values():
        instance = instances[int(item.ReferencedFrameNumber) - 1]
        item.ReferencedFrameNumber = instance.frame + 1
        item.ReferencedSOPInstanceUID = instance.sop_instance_uid
    for series in ds.ReferencedSeriesSequence:
        series.ReferencedInstanceSequence = [_reference(one) for one in source.by_uid.values()]


def _reference(image: Dataset) -> Dataset:
    item = Dataset()
    item.ReferencedSOPClassUID = image.SOPClassUID
    item.ReferencedSOPInstanceUID = image.SOPInstanceUID
    return item


def _joined(slices: list[Dataset]) -> Dataset:
    whole = Dataset()
    whole.update(slices[0])
    whole.NumberOfFrames = len(slices)
    shared, measures, orientation = Dataset(), Dataset(), Dataset()
    measures.PixelSpacing = slices[0].PixelSpacing
    measures.SliceThickness = slices[0].SliceThickness
    if "SpacingBetweenSlices" in slices[0]:
        measures.SpacingBetweenSlices = slices[0].SpacingBetweenSlices
    orientation.ImageOrientationPatient = slices[0].ImageOrientationPatient
    shared.PixelMeasuresSequence = [measures]
    shared.PlaneOrientationSequence = [orientation]
    whole.SharedFunctionalGroupsSequence = [shared]
    whole.PerFrameFunctionalGroupsSequence = [_frame(one) for one in slices]
    return whole


def _frame(one: Dataset) -> Dataset:
    group, position = Dataset(), Dataset()
    position.ImagePositionPatient = one.ImagePositionPatient
    group.PlanePositionSequence = [position]
    return group
