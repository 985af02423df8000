"""The image library of a report: every image that was read, one group per series (TID 1600)."""

from __future__ import annotations

from collections.abc import Iterator

from highdicom.sr import (
    CodeContentItem,
    ContainerContentItem,
    ContentItem,
    ContentSequence,
    ImageContentItem,
    RelationshipTypeValues,
    TextContentItem,
    UIDRefContentItem,
)
from pydicom.dataset import Dataset
from pydicom.sr.codedict import codes
from pydicom.sr.coding import Code

from modic_annotate.evidence.formats.dicom import codes as c
from modic_annotate.evidence.formats.dicom.context import DicomContext
from modic_annotate.evidence.formats.dicom.sources import SourceSeries
from modic_annotate.evidence.formats.dicom.sr_group import concept
from modic_annotate.evidence.wording import technique

CONTAINS = RelationshipTypeValues.CONTAINS
ACQUIRED = RelationshipTypeValues.HAS_ACQ_CONTEXT
SOURCE = Code("260753009", "SCT", "Source")
"""What PS3.3 C.17.3 suggests for items that need no purpose."""


def image_library(context: DicomContext) -> ContainerContentItem:
    """Return all images of a reading, with what they share said once per series."""
    library = ContainerContentItem(concept(codes.DCM.ImageLibrary), relationship_type=CONTAINS)
    library.ContentSequence = ContentSequence([_group(series) for series in context.sources.series])
    return library


def _group(series: SourceSeries) -> ContainerContentItem:
    group = ContainerContentItem(concept(codes.DCM.ImageLibraryGroup), relationship_type=CONTAINS)
    group.ContentSequence = ContentSequence(
        [*_shared(series), *(_entry(image) for image in series.by_uid.values())]
    )
    return group


def _shared(series: SourceSeries) -> Iterator[ContentItem]:
    """Yield what holds for all images of a series (TID 1602), and what it was read as."""
    used = series.used
    yield CodeContentItem(
        concept(codes.DCM.Modality),
        concept(codes.DCM.MagneticResonance),
        ACQUIRED,
    )
    if used.frame_of_reference_uid is not None:
        yield UIDRefContentItem(
            concept(codes.DCM.FrameOfReferenceUID), used.frame_of_reference_uid, ACQUIRED
        )
    yield TextContentItem(concept(c.SLOT), str(used.role), ACQUIRED)
    yield TextContentItem(concept(c.TECHNIQUE), technique(used), ACQUIRED)


def _entry(image: Dataset) -> ImageContentItem:
    return ImageContentItem(
        concept(SOURCE),
        referenced_sop_class_uid=image.SOPClassUID,
        referenced_sop_instance_uid=image.SOPInstanceUID,
        relationship_type=CONTAINS,
    )
