"""What a scan finds: series stacks with their slices, and files that belong to none."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from modic_annotate.domain.grid import Grid
from modic_annotate.domain.series import (
    Acquisition,
    FatTechnique,
    Plane,
    SeriesRole,
    Weighting,
)
from modic_annotate.imaging.sources.archives import ImageFile


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong or doubtful about a stack; `blocking` means it must not be read."""

    code: str
    message: str
    blocking: bool = False

    def to_json(self) -> dict[str, str]:
        """Return the entry of the ``scan --json`` contract."""
        return {"code": self.code, "message": self.message}


@dataclass(frozen=True, slots=True)
class Remedy:
    """How a blocked stack makes a volume after all, should a reader accept its fault.

    Every slice keeps its true place; nothing is interpolated.
    """

    grid: Grid
    """The full regular grid, slices that were not acquired included."""

    kept: tuple[int, ...]
    """Indices of the stack's slices that are used; the others lie at a place taken already."""

    places: tuple[int, ...]
    """Slice index in the grid of each slice kept, ascending."""

    @property
    def not_acquired(self) -> tuple[int, ...]:
        """Slice indices of the grid that no image fills."""
        return tuple(sorted(set(range(self.grid.shape[0])) - set(self.places)))


@dataclass(frozen=True, slots=True)
class Refused:
    """A file that is part of no series, and why."""

    path: ImageFile
    code: str
    reason: str

    def to_json(self) -> dict[str, str]:
        """Return the entry of the ``scan --json`` contract."""
        return {"path": str(self.path), "code": self.code, "reason": self.reason}


@dataclass(frozen=True, slots=True)
class PatientIdentity:
    """Who the images say they are of; lives in memory only and never prints its values."""

    name: str | None = field(default=None, repr=False)
    patient_id: str | None = field(default=None, repr=False)
    birth_year: int | None = field(default=None, repr=False)
    sex: str | None = field(default=None, repr=False)
    study_date: str | None = field(default=None, repr=False)
    """``YYYY-MM-DD``, or None where the header has no valid date."""

    @property
    def key(self) -> tuple[str, str]:
        """What tells one patient from another on a medium: id and name, without case."""
        return (self.patient_id or "").strip().casefold(), (self.name or "").strip().casefold()


@dataclass(frozen=True, slots=True)
class SliceRef:
    """Where one slice of a stack is stored; `frame` counts from 0."""

    path: ImageFile
    frame: int
    sop_instance_uid: str
    instance_number: int | None
    position_lps: tuple[float, float, float] | None
    """Centre of the first stored pixel in LPS mm; None where the file does not say."""


@dataclass(frozen=True, slots=True)
class Series:
    """One stack of a DICOM series: parallel slices of one technique, lowest slice first."""

    study_uid: str
    series_uid: str
    stack: int
    description: str
    role: SeriesRole
    role_evidence: tuple[str, ...]
    role_confidence: str
    """``high`` numbers and words agree, ``moderate`` numbers alone, ``low`` words alone or
    a conflict, ``none`` without evidence."""

    weighting: Weighting
    fat: FatTechnique
    plane: Plane
    grid: Grid | None
    """None where the slices form no regular volume."""

    shape: tuple[int, int, int]
    transfer_syntax: str
    n_files: int
    problems: tuple[Problem, ...]
    acquisition: Acquisition
    slices: tuple[SliceRef, ...]
    frame_of_reference_uid: str | None = None
    series_number: int | None = None
    pixel_spacing_mm: tuple[float, float] | None = None
    """Distance of rows, then of columns."""

    images_in_acquisition: int | None = None
    remedy: Remedy | None = None
    """How it makes a volume should its fault be accepted; see ``accepting``."""

    accepted: tuple[Problem, ...] = ()
    """Faults that a person accepted; they block no longer."""

    accepted_reason: str | None = None
    not_acquired: tuple[int, ...] = ()
    """Slice indices of the grid that no image fills; only in an accepted stack."""

    patient: PatientIdentity = field(default_factory=PatientIdentity, repr=False)

    @property
    def blocked(self) -> bool:
        """Whether this stack was recognised but must not be read as a volume."""
        return any(problem.blocking for problem in self.problems)

    @property
    def acquired(self) -> tuple[int, ...]:
        """Slice index in the grid of each slice."""
        missing = set(self.not_acquired)
        return tuple(i for i in range(self.shape[0]) if i not in missing)

    @property
    def spacing_mm(self) -> tuple[float | None, float | None, float | None]:
        """Spacing along (slice, row, column) in mm; None where unknown or for one slice."""
        rows, columns = self.pixel_spacing_mm or (None, None)
        if self.grid is None or self.shape[0] == 1:
            return None, rows, columns
        return self.grid.spacing_mm

    def to_json(self) -> dict[str, Any]:  # JSON values of any kind
        """Return the entry of the ``scan --json`` contract."""
        return {
            "study_uid": self.study_uid,
            "series_uid": self.series_uid,
            "stack": self.stack,
            "description": self.description,
            "role": self.role.value,
            "role_evidence": list(self.role_evidence),
            "weighting": self.weighting.value,
            "fat": self.fat.value,
            "plane": self.plane.value,
            "shape": list(self.shape),
            "spacing_mm": list(self.spacing_mm),
            "affine_lps": None if self.grid is None else [list(r) for r in self.grid.affine_lps],
            "transfer_syntax": self.transfer_syntax,
            "n_files": self.n_files,
            "blocked": self.blocked,
            "problems": [problem.to_json() for problem in self.problems],
        }
