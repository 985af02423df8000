"""Painted changes as BINARY segmentations: one object per series, one segment per endplate."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from functools import partial

import numpy as np
from highdicom.seg import Segmentation, SegmentDescription
from highdicom.sr import (
    CodedConcept,
    FindingSite,
    Measurement,
    ReferencedSegment,
    SourceImageForSegmentation,
    TrackingIdentifier,
    VolumetricROIMeasurementsAndQualitativeEvaluations,
)
from numpy.typing import NDArray
from pydicom import dcmread
from pydicom.dataset import Dataset
from pydicom.sr.coding import Code

from modic_annotate.domain.reading import LesionMask, Reading
from modic_annotate.domain.series import SeriesUsed
from modic_annotate.domain.spine import Endplate
from modic_annotate.evidence.contents import Contents
from modic_annotate.evidence.formats.dicom import codes as c
from modic_annotate.evidence.formats.dicom.anatomy import TOPOGRAPHY, VERTEBRAE
from modic_annotate.evidence.formats.dicom.context import DicomContext
from modic_annotate.evidence.formats.dicom.multiframe import as_source, restore_frame_numbers
from modic_annotate.evidence.formats.dicom.sources import SourceSeries

Masks = dict[Endplate, list[LesionMask]]


def plan(contents: Contents) -> dict[str, Callable[[], bytes]]:
    """Return one segmentation per reading and painted series."""
    return {
        f"{one.folder}seg-{name}.dcm": partial(segmentation, one, used, number)
        for one in DicomContext.each(contents)
        for number, (name, used) in enumerate(painted_series(one.reading), start=1)
    }


def painted_series(reading: Reading) -> Iterator[tuple[str, SeriesUsed]]:
    """Yield each series that was painted on, under a name of its own.

    A series without frame of reference is left out: a segmentation cannot be placed without.
    """
    taken: set[str] = set()
    for used in reading.series:
        if used.frame_of_reference_uid is None or not masks_on(reading, used):
            continue
        name, n = str(used.role), 1
        while name in taken:
            n += 1
            name = f"{used.role}-{n}"
        taken.add(name)
        yield name, used


def masks_on(reading: Reading, used: SeriesUsed) -> Masks:
    """Return what was painted on one stack by endplate, head to foot; empty masks are nothing."""
    slices = {(i.sop_instance_uid, i.frame) for i in used.instances}
    painted = [m for m in reading.masks if m.runs and (m.sop_instance_uid, m.frame) in slices]
    order = dict.fromkeys((*reading.numbering.scope, *(m.endplate for m in painted)))
    found = {e: [m for m in painted if m.endplate == e] for e in order}
    return {endplate: masks for endplate, masks in found.items() if masks}


def pixels_of(mask: LesionMask) -> NDArray[np.uint8]:
    """Return a mask as an array (row, column) of 0 and 1."""
    flat = np.zeros(mask.rows * mask.columns, dtype=np.uint8)
    for run in mask.runs:
        flat[run.start : run.start + run.length] = 1
    return flat.reshape(mask.rows, mask.columns)


def segmentation(context: DicomContext, used: SeriesUsed, number: int) -> bytes:
    """Return what was painted on one series as a file, the `number`-th of its kind."""
    source, masks = context.sources.of(used), masks_on(context.reading, used)
    ds = Segmentation(
        source_images=as_source(source),
        pixel_array=_frames(used, masks),
        segmentation_type="BINARY",
        segment_descriptions=[
            _segment(context, place, endplate) for place, endplate in enumerate(masks, start=1)
        ],
        content_label="MODIC",
        content_description="Painted vertebral endplate changes",
        series_description=f"Painted changes, reading {context.reading.reading_id}",
        **context.common("seg", number),
    )
    restore_frame_numbers(ds, source)
    _fix_dimension(ds, context, used)
    return context.finished(ds)


def segmentations(context: DicomContext) -> tuple[Dataset, ...]:
    """Return all segmentations of a reading as data sets, to be referred to."""
    series = enumerate(painted_series(context.reading), start=1)
    made = (segmentation(context, used, number) for number, (_, used) in series)
    return tuple(dcmread(io.BytesIO(content)) for content in made)


def painted_groups(
    context: DicomContext, painted: Sequence[Dataset]
) -> Iterator[VolumetricROIMeasurementsAndQualitativeEvaluations]:
    """Yield one TID 1411 group per segment: tracked as its endplate, with the painted volume."""
    series = [used for _, used in painted_series(context.reading)]
    for ds, used in zip(painted, series, strict=False):
        for number, (endplate, masks) in enumerate(
            masks_on(context.reading, used).items(), start=1
        ):
            yield _painted_group(context, ds, context.sources.of(used), (number, endplate, masks))


def _painted_group(
    context: DicomContext,
    ds: Dataset,
    source: SourceSeries,
    segment: tuple[int, Endplate, list[LesionMask]],
) -> VolumetricROIMeasurementsAndQualitativeEvaluations:
    number, endplate, masks = segment
    voxel_mm3 = float(np.prod(source.used.grid.spacing_mm))
    n_painted = sum(run.length for mask in masks for run in mask.runs)
    site = FindingSite(
        _concept(VERTEBRAE[endplate.vertebra]),
        topographical_modifier=_concept(TOPOGRAPHY[endplate.surface]),
    )
    return VolumetricROIMeasurementsAndQualitativeEvaluations(
        tracking_identifier=TrackingIdentifier(
            uid=context.uid("endplate", str(endplate)), identifier=str(endplate)
        ),
        referenced_segment=ReferencedSegment(
            ds.SOPClassUID, ds.SOPInstanceUID, number, source_images=_images(source, masks)
        ),
        finding_type=_concept(c.PAINTED),
        finding_sites=[site],
        measurements=[
            Measurement(
                _concept(c.VOLUME), round(n_painted * voxel_mm3, 4), _concept(c.CUBIC_MILLIMETRE)
            )
        ],
    )


def _images(source: SourceSeries, masks: list[LesionMask]) -> list[SourceImageForSegmentation]:
    """Return the images that were painted on, each once, an enhanced one with its frames."""
    frames: dict[str, list[int]] = {}
    for mask in masks:
        frames.setdefault(mask.sop_instance_uid, []).append(mask.frame + 1)
    return [
        SourceImageForSegmentation(
            source.sop_class_uid, uid, sorted(numbers) if source.is_multiframe else None
        )
        for uid, numbers in frames.items()
    ]


def _frames(used: SeriesUsed, masks: Masks) -> NDArray[np.uint8]:
    """Return (slice acquired, row, column, segment)."""
    _, rows, columns = used.grid.shape
    place = {(i.sop_instance_uid, i.frame): n for n, i in enumerate(used.instances)}
    frames = np.zeros((len(used.instances), rows, columns, len(masks)), dtype=np.uint8)
    for segment, painted in enumerate(masks.values()):
        for mask in painted:
            at = place[mask.sop_instance_uid, mask.frame]
            frames[at, :, :, segment] |= pixels_of(mask)
    return frames


def _segment(context: DicomContext, number: int, endplate: Endplate) -> SegmentDescription:
    made = SegmentDescription(
        segment_number=number,
        segment_label=str(endplate),
        segmented_property_category=_concept(c.ABNORMAL_STRUCTURE),
        segmented_property_type=_concept(c.LESION),
        algorithm_type="MANUAL",
        tracking_uid=context.uid("endplate", str(endplate)),
        tracking_id=str(endplate),
        anatomic_regions=[_concept(VERTEBRAE[endplate.vertebra])],
    )
    made.AnatomicRegionSequence[0].AnatomicRegionModifierSequence = [
        _concept(TOPOGRAPHY[endplate.surface])
    ]
    return made


def _fix_dimension(ds: Dataset, context: DicomContext, used: SeriesUsed) -> None:
    """Replace the dimension organisation's UID, which the library draws by chance."""
    uid = context.uid("dimension", used.series_uid, str(used.stack))
    for item in (*ds.DimensionOrganizationSequence, *ds.DimensionIndexSequence):
        item.DimensionOrganizationUID = uid


def _concept(code: Code) -> CodedConcept:
    return CodedConcept.from_code(code)
