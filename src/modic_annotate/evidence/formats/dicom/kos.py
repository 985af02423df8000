"""The key images of a reading as a Key Object Selection (TID 2010)."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from highdicom.ko import KeyObjectSelection, KeyObjectSelectionDocument
from pydicom.dataset import Dataset

from modic_annotate.evidence.contents import Contents
from modic_annotate.evidence.formats.dicom import codes as c
from modic_annotate.evidence.formats.dicom.context import DicomContext
from modic_annotate.evidence.formats.dicom.sr_group import concept
from modic_annotate.evidence.key_slices import key_slices


def plan(contents: Contents) -> dict[str, Callable[[], bytes]]:
    """Return one selection per reading that has key images."""
    return {
        f"{one.folder}kos.dcm": partial(key_object_selection, one)
        for one in DicomContext.each(contents)
        if key_slices(one.reading)
    }


def key_object_selection(context: DicomContext) -> bytes:
    """Return the selection of one reading as a file."""
    frames = key_frames(context)
    images = [image for uid in frames if (image := context.sources.image(uid)) is not None]
    person, device = context.observers()
    content = KeyObjectSelection(
        document_title=concept(c.OF_INTEREST),
        referenced_objects=images,
        observer_person_context=person,
        observer_device_context=device,
        description=f"Key images of Modic reading {context.reading.reading_id}",
    )
    ds = KeyObjectSelectionDocument(
        evidence=images,
        content=content,
        series_description=f"Key images, reading {context.reading.reading_id}",
        **context.common("kos"),
    )
    _as_the_template_wants(ds, frames)
    return context.finished(ds)


def key_frames(context: DicomContext) -> dict[str, list[int]]:
    """Return each key image's UID with its frames, from 1; none where it has but one."""
    found: dict[str, list[int]] = {}
    for key in key_slices(context.reading):
        frames = found.setdefault(key.instance.sop_instance_uid, [])
        number = key.instance.frame + 1
        if context.sources.of(key.series).is_multiframe and number not in frames:
            frames.append(number)
    return found


def _as_the_template_wants(selection: Dataset, frames: dict[str, list[int]]) -> None:
    """Name the frames, and take off the purpose that TID 2010 does not allow on images."""
    for item in selection.ContentSequence:
        if item.ValueType != "IMAGE":
            continue
        del item.ConceptNameCodeSequence
        reference = item.ReferencedSOPSequence[0]
        numbers = frames[reference.ReferencedSOPInstanceUID]
        if numbers:
            reference.ReferencedFrameNumber = sorted(numbers)
