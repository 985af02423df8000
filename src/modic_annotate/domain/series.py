"""What an imaging series is used for and how it was acquired."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, model_validator

from modic_annotate.domain.base import PositiveMm, Record, Sha256, Uid, is_empty
from modic_annotate.domain.grid import Grid


class SeriesRole(StrEnum):
    """The slot a series fills in the reading room; the true technique stands beside it."""

    SAG_T1 = "SAG_T1"
    SAG_T2 = "SAG_T2"
    SAG_FS = "SAG_FS"
    AX_T1 = "AX_T1"
    AX_T2 = "AX_T2"
    OTHER = "OTHER"


SAGITTAL_SLOTS = (SeriesRole.SAG_T1, SeriesRole.SAG_T2, SeriesRole.SAG_FS)

CLOSED_BY_CONTRAST = frozenset({SeriesRole.SAG_T1, SeriesRole.SAG_FS, SeriesRole.AX_T1})
"""Slots that no series after a contrast agent fills: enhancement brightens marrow on T1 and, as
its T1 then nears that of fat, darkens it on STIR."""


class Weighting(StrEnum):
    """What the contrast rests on."""

    T1 = "T1"
    T2 = "T2"
    PD = "PD"
    OTHER = "other"
    UNKNOWN = "unknown"


class FatTechnique(StrEnum):
    """How fat is suppressed or separated, if at all."""

    NONE = "none"
    STIR = "STIR"
    FS = "FS"
    WATER = "water"
    FAT = "fat"
    IN_PHASE = "in_phase"
    OPPOSED = "opposed"
    UNKNOWN = "unknown"


class Plane(StrEnum):
    """Anatomical plane nearest to the slice plane."""

    SAGITTAL = "sagittal"
    CORONAL = "coronal"
    AXIAL = "axial"
    OBLIQUE = "oblique"


QUALITY_REASONS = (
    "motion",
    "noise",
    "metal",
    "fold-over",
    "not covered",
    "thick slices",
    "fat not suppressed",
)
"""Reasons with words of their own; any other is in a reader's words."""


class QualityRating(StrEnum):
    """Diagnostic quality, as RadLex (DICOM CID 7036)."""

    DIAGNOSTIC = "RID12"
    LIMITED = "RID13"
    NON_DIAGNOSTIC = "RID14"


class Quality(Record):
    """A reader's judgement of one series; None is not judged."""

    rating: QualityRating | None = None
    reasons: tuple[str, ...] = ()


class Acquisition(Record):
    """How a series was acquired, as its headers say; None is not stated there."""

    manufacturer: str | None = None
    manufacturer_model_name: str | None = None
    magnetic_field_strength_t: float | None = None
    scanning_sequence: str | None = None
    sequence_variant: str | None = None
    scan_options: str | None = None
    image_type: str | None = None
    repetition_time_ms: float | None = None
    echo_time_ms: float | None = None
    inversion_time_ms: float | None = None
    echo_train_length: int | None = None
    flip_angle_deg: float | None = None
    slice_thickness_mm: PositiveMm | None = None
    spacing_between_slices_mm: PositiveMm | None = None
    in_plane_phase_encoding_direction: str | None = None
    patient_position: str | None = None
    contrast_agent: bool | None = None


class Instance(Record):
    """One slice image: its SOP instance, frame (from 0) and the hash of its stored pixels."""

    sop_instance_uid: Uid
    frame: int = 0
    instance_number: int | None = None
    """InstanceNumber, the image number a PACS shows."""

    pixel_sha256: Sha256
    """Over stored values before rescale, little-endian 16 bit, C order, one frame."""


class Fault(Record):
    """What keeps a stack from being read until a reader accepts it (see ``imaging.accepting``)."""

    code: str
    message: str


def instance_at(
    instances: Sequence[Instance], not_acquired: Sequence[int], index: int
) -> Instance | None:
    """Return the image of a slice of a grid, or None where none was acquired.

    Parameters
    ----------
    instances
        Images in slice order, one per slice acquired.
    not_acquired
        Slice indices of the grid that no image fills.
    index
        Slice index in the grid, from 0.
    """
    if index in not_acquired:
        return None
    return instances[index - sum(missing < index for missing in not_acquired)]


class SeriesUsed(Record):
    """One stack of a series as a reading used it."""

    study_uid: Uid
    series_uid: Uid
    stack: int = 0
    frame_of_reference_uid: Uid | None = None
    role: SeriesRole
    role_evidence: tuple[str, ...] = ()
    role_set_by: str | None = None
    """Reader who overrode the role, None where it stands as found."""

    role_reason: str | None = None
    weighting: Weighting
    fat: FatTechnique
    plane: Plane
    acquisition: Acquisition = Acquisition()
    grid: Grid
    instances: tuple[Instance, ...]
    """One per slice acquired, in slice order; see ``instance_at``."""

    doubts: Annotated[tuple[str, ...], Field(exclude_if=is_empty)] = ()
    """What was found doubtful when the images were linked; the stack can be read all the same."""

    faults: Annotated[tuple[Fault, ...], Field(exclude_if=is_empty)] = ()
    """What kept the stack from being read, until a reader accepted it; regular ones have none."""

    accepted_by: Annotated[str | None, Field(exclude_if=is_empty)] = None
    """Reader who accepted the faults; None while nobody has."""

    accepted_reason: Annotated[str | None, Field(exclude_if=is_empty)] = None
    not_acquired: Annotated[tuple[int, ...], Field(exclude_if=is_empty)] = ()
    """Slice indices of the grid, from 0, that no image fills: never interpolated."""

    @model_validator(mode="after")
    def _lies_within(self) -> Self:
        inside = range(1, self.grid.shape[0] - 1)
        if any(i not in inside for i in self.not_acquired):
            raise ValueError("a slice not acquired lies between two that were")
        if self.not_acquired and not self.faults:
            raise ValueError("a slice not acquired is a fault that must be named")
        return self

    @property
    def acquired(self) -> tuple[int, ...]:
        """Slice indices of the grid that were acquired, ascending."""
        return tuple(i for i in range(self.grid.shape[0]) if i not in self.not_acquired)

    def instance_at(self, index: int) -> Instance | None:
        """Return the image of a slice of the grid, or None where none was acquired."""
        return instance_at(self.instances, self.not_acquired, index)
