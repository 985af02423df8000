"""What stands in a record's image index: every stack with its role, grid and pixel hashes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from modic_annotate import imaging
from modic_annotate.conduct.cleaning import Cleaner
from modic_annotate.domain.images import BlockedSeries, IndexedSeries
from modic_annotate.domain.series import SAGITTAL_SLOTS, Instance, SeriesRole, SeriesUsed
from modic_annotate.errors import DecodeError, NotAnImageError
from modic_annotate.imaging import Choice, Series

ROLE_PROBLEMS = frozenset({"role_conflict", "contrast_agent"})
"""Codes of problems that make a role doubtful; the others are of geometry and completeness."""

Mode = Literal["deidentified", "verbatim", "in_place"]


@dataclass(frozen=True)
class HashedSeries:
    """A stack with the hash of every slice's stored pixels, or why there are none."""

    series: Series
    instances: tuple[Instance, ...]
    fault: str | None = None


def hashed(series: Series) -> HashedSeries:
    """Decode every slice of a stack and hash its pixels."""
    try:
        if not series.blocked:
            return HashedSeries(series, imaging.load_series(series).instances)
        return HashedSeries(series, tuple(_instance(series, i) for i in range(len(series.slices))))
    except (DecodeError, NotAnImageError) as error:
        return HashedSeries(series, (), str(error))


def same_images(source: HashedSeries, copy: HashedSeries) -> bool:
    """Whether a copy has the pixels, the order and the geometry of its source."""
    return (
        [i.pixel_sha256 for i in source.instances] == [i.pixel_sha256 for i in copy.instances]
        and source.series.blocked == copy.series.blocked
        and _same_grid(source.series, copy.series)
    )


@dataclass(frozen=True)
class Slotted:
    """The slot of one stack, and what a reader is told of it beside the evidence."""

    role: SeriesRole
    remarks: tuple[str, ...] = ()


def roles_of(study: Sequence[Series]) -> dict[tuple[str, int], Slotted]:
    """Return the slot of every stack; a sagittal slot is filled once, by the best series.

    Where several would do, each says why that one was taken; a doubtful role says what is
    doubtful about it.
    """
    choices = imaging.explain_slots(study)
    return {(s.series_uid, s.stack): _slotted(s, choices.get(s.role)) for s in study}


def _slotted(series: Series, choice: Choice | None) -> Slotted:
    doubts = tuple(p.message for p in series.problems if p.code in ROLE_PROBLEMS)
    sure = (f"confidence {series.role_confidence}",)
    if choice is None or series.blocked:
        return Slotted(series.role, (*sure, *doubts))
    chosen = choice.chosen
    if series.series_uid == chosen.series_uid:
        is_spare = series.role in SAGITTAL_SLOTS and series is not chosen
        role = SeriesRole.OTHER if is_spare else series.role
        return Slotted(role, (*sure, *choice.reasons, *doubts))
    lost = [why for other, why in choice.others if other.series_uid == series.series_uid]
    because = f": that one {lost[0]}" if lost else ""
    taken = imaging.name_of(chosen)
    text = f"{imaging.name_of(series)} could be {series.role}, taken is {taken}{because}"
    spare = SeriesRole.OTHER if series.role in SAGITTAL_SLOTS else series.role
    return Slotted(spare, (*sure, text, *doubts))


def index_entry(
    source: Series,
    copy: HashedSeries,
    slotted: Slotted,
    hints: Mapping[Path, str],
    cleaner: Cleaner,
) -> IndexedSeries | BlockedSeries:
    """Return what the index says of one stack.

    Parameters
    ----------
    source
        The stack as it came; its role and technique count.
    copy
        The same stack as the workspace will read it.
    slotted
        The slot it fills, and why.
    hints
        Name in the index of each file of the copy.
    cleaner
        Takes identity out of the texts.
    """
    files = tuple(hints[ref.path] for ref in copy.series.slices)
    description = cleaner.text(source.description)
    problems = tuple(cleaner.text(problem.message) for problem in source.problems)
    if source.blocked or copy.series.grid is None:
        return BlockedSeries(
            series_uid=copy.series.series_uid,
            stack=copy.series.stack,
            role=slotted.role,
            description=description,
            instances=copy.instances,
            files=files,
            problems=problems,
        )
    used = SeriesUsed(
        study_uid=copy.series.study_uid,
        series_uid=copy.series.series_uid,
        stack=copy.series.stack,
        frame_of_reference_uid=copy.series.frame_of_reference_uid,
        role=slotted.role,
        role_evidence=tuple(map(cleaner.text, (*source.role_evidence, *slotted.remarks))),
        weighting=source.weighting,
        fat=source.fat,
        plane=source.plane,
        acquisition=copy.series.acquisition,
        grid=copy.series.grid,
        instances=copy.instances,
    )
    return IndexedSeries(used=used, description=description, files=files, problems=problems)


def _instance(series: Series, position: int) -> Instance:
    ref = series.slices[position]
    return Instance(
        sop_instance_uid=ref.sop_instance_uid,
        frame=ref.frame,
        instance_number=ref.instance_number,
        pixel_sha256=imaging.pixel_sha256(ref.path, ref.frame),
    )


def _same_grid(one: Series, other: Series) -> bool:
    if one.grid is None or other.grid is None:
        return one.grid is other.grid
    return one.grid.shape == other.grid.shape and np.array_equal(one.grid.matrix, other.grid.matrix)
