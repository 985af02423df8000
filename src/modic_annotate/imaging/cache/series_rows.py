"""A series stack as plain values, and back again: what the scan cache keeps of it.

Who the images are of is left out, and a stack whose texts repeat it is not kept at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from modic_annotate.domain.grid import Grid
from modic_annotate.domain.series import (
    Acquisition,
    FatTechnique,
    Plane,
    SeriesRole,
    Weighting,
)
from modic_annotate.imaging.model import PatientIdentity, Problem, Remedy, Series, SliceRef
from modic_annotate.imaging.sources.archives import ImageFile

Row = dict[str, Any]  # JSON values of any kind

_PLAIN: Final = (
    "study_uid", "series_uid", "stack", "description", "role_confidence", "transfer_syntax",
    "n_files", "frame_of_reference_uid", "series_number", "images_in_acquisition",
)  # fmt: skip
_WORD: Final = re.compile(r"[^\W_]+")
_NOWHERE: Final = (None, None, None)
_FEWEST_LETTERS: Final = 3
"""Shorter parts of a name count only as a word of their own: they stand in any text."""

_OF_THE_SCANNER: Final = ("manufacturer", "manufacturer_model_name")
"""Set at the factory, where nobody knows a patient; and a model may share a person's name."""

_FEWEST_DIGITS: Final = 5
"""Shorter numbers stand in any UID."""


def row_of(series: Series, number_of: Mapping[ImageFile, int]) -> Row:
    """Return a stack as JSON values; its files by their numbers."""
    grid, spacing = series.grid, series.pixel_spacing_mm
    return {
        **{name: getattr(series, name) for name in _PLAIN},
        "role": series.role.value,
        "role_evidence": list(series.role_evidence),
        "weighting": series.weighting.value,
        "fat": series.fat.value,
        "plane": series.plane.value,
        "grid": None if grid is None else grid.model_dump(mode="json"),
        "shape": list(series.shape),
        "problems": [[p.code, p.message, p.blocking] for p in series.problems],
        "acquisition": series.acquisition.model_dump(mode="json", exclude_defaults=True),
        "pixel_spacing_mm": None if spacing is None else list(spacing),
        "remedy": _remedy_row(series.remedy),
        "slices": _columns(series.slices, number_of),
    }


def _columns(slices: Sequence[SliceRef], number_of: Mapping[ImageFile, int]) -> list[list[Any]]:
    """Return slices as columns: many short lists would take most of the time to read back."""
    return [
        [number_of[ref.path] for ref in slices],
        [ref.frame for ref in slices],
        [ref.sop_instance_uid for ref in slices],
        [ref.instance_number for ref in slices],
        *([(ref.position_lps or _NOWHERE)[axis] for ref in slices] for axis in range(3)),
    ]


def series_of(row: Row, files: Sequence[ImageFile]) -> Series:
    """Return a stack from its row; raise ValueError, TypeError or LookupError where it is none."""
    grid = row["grid"]
    slices, n_rows, n_columns = row["shape"]
    return Series(
        **{name: row[name] for name in _PLAIN},
        role=SeriesRole(row["role"]),
        role_evidence=tuple(row["role_evidence"]),
        weighting=Weighting(row["weighting"]),
        fat=FatTechnique(row["fat"]),
        plane=Plane(row["plane"]),
        grid=None if grid is None else Grid.model_validate(grid),
        shape=(slices, n_rows, n_columns),
        problems=tuple(Problem(*problem) for problem in row["problems"]),
        acquisition=Acquisition.model_validate(row["acquisition"]),
        pixel_spacing_mm=_pair(row["pixel_spacing_mm"]),
        remedy=_remedy(row["remedy"]),
        slices=_slices(row["slices"], files),
    )


def _remedy_row(remedy: Remedy | None) -> list[Any] | None:
    if remedy is None:
        return None
    return [remedy.grid.model_dump(mode="json"), list(remedy.kept), list(remedy.places)]


def _remedy(row: Sequence[Any] | None) -> Remedy | None:
    if row is None:
        return None
    grid, kept, places = row
    return Remedy(Grid.model_validate(grid), tuple(kept), tuple(places))


def _pair(values: Sequence[float] | None) -> tuple[float, float] | None:
    if values is None:
        return None
    first, second = values
    return first, second


def _slices(columns: Sequence[Sequence[Any]], files: Sequence[ImageFile]) -> tuple[SliceRef, ...]:
    return tuple(
        SliceRef(files[n], frame, uid, number, None if x is None else (x, y, z))
        for n, frame, uid, number, x, y, z in zip(*columns, strict=True)
    )


def tells_who(series: Series) -> bool:
    """Whether a text of a stack repeats who it is of, as free texts sometimes do."""
    texts = "\n".join(_texts(series)).casefold()
    words = set(_WORD.findall(texts))
    uid_parts = {part for uid in _uids(series) for part in uid.split(".")}
    return any(
        part in words
        or (len(part) >= _FEWEST_LETTERS and part in texts)
        or (len(part) >= _FEWEST_DIGITS and part in uid_parts)
        for part in _identifying(series.patient)
    )


def _texts(series: Series) -> Iterator[str]:
    yield series.description
    yield from series.role_evidence
    yield from (problem.message for problem in series.problems)
    yield from (
        value
        for name, value in series.acquisition
        if isinstance(value, str) and name not in _OF_THE_SCANNER
    )


def _uids(series: Series) -> Iterator[str]:
    yield from (series.study_uid, series.series_uid, series.frame_of_reference_uid or "")
    yield from (ref.sop_instance_uid for ref in series.slices)


def _identifying(patient: PatientIdentity) -> Iterator[str]:
    for value in (patient.name, patient.patient_id):
        yield from (part for part in _WORD.findall((value or "").casefold()) if len(part) > 1)
    if patient.birth_year is not None:
        yield str(patient.birth_year)
