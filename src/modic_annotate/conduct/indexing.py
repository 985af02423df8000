"""What stands in a record's image index: every stack with its role, grid and pixel hashes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from modic_annotate import imaging
from modic_annotate.conduct.cleaning import Cleaner
from modic_annotate.domain.images import BlockedSeries, IndexedSeries
from modic_annotate.domain.series import SAGITTAL_SLOTS, Fault, Instance, SeriesRole, SeriesUsed
from modic_annotate.errors import BlockedSeriesError, DecodeError, NotAnImageError
from modic_annotate.imaging import Choice, Series
from modic_annotate.imaging.sources.archives import ImageFile

ROLE_PROBLEMS = frozenset({"role_conflict", "contrast_agent"})
"""Codes of problems that make a role doubtful; the others are of geometry and completeness."""

Mode = Literal["deidentified", "verbatim", "in_place"]


@dataclass(frozen=True)
class HashedSeries:
    """A stack with the hash of every slice's stored pixels, or why there are none."""

    series: Series
    instances: tuple[Instance, ...]
    fault: str | None = None
    doubts: tuple[str, ...] = ()
    """What only the pixels tell, such as values beyond the range that the header states."""


def hashed(series: Series) -> HashedSeries:
    """Decode every slice of a stack and hash its pixels."""
    try:
        if not series.blocked:
            volume = imaging.load_series(series)
            doubts = tuple(problem.message for problem in volume.problems)
            return HashedSeries(series, volume.instances, doubts=doubts)
        return HashedSeries(series, tuple(_instance(series, i) for i in range(len(series.slices))))
    except (DecodeError, NotAnImageError) as error:
        return HashedSeries(series, (), str(error))


def same_images(source: HashedSeries, copy: HashedSeries) -> bool:
    """Whether a copy has the pixels, the order and the geometry of its source."""
    return (
        [i.pixel_sha256 for i in source.instances] == [i.pixel_sha256 for i in copy.instances]
        and source.series.blocked == copy.series.blocked
        and _same_grid(source.series, copy.series)
        and source.series.remedy == copy.series.remedy
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
    hints: Mapping[ImageFile, str],
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
    entry = _Entry(source, slotted, hints, cleaner)
    if not source.blocked and copy.series.grid is not None:
        return entry.readable(copy.series, copy.instances, copy.doubts)
    told = {problem.code: problem for problem in copy.series.problems if problem.blocking}
    others = (problem for problem in source.problems if problem.code not in told)
    return BlockedSeries(
        series_uid=copy.series.series_uid,
        stack=copy.series.stack,
        role=slotted.role,
        description=cleaner.text(source.description),
        instances=copy.instances,
        files=entry.files(copy.series),
        problems=(
            *(cleaner.text(p.message) for p in copy.series.problems if p.blocking),
            *(cleaner.text(p.message) for p in others),
        ),
        if_accepted=entry.accepted(copy),
    )


@dataclass(frozen=True)
class _Entry:
    """What is the same of a stack whether it is read as it is or with its faults accepted."""

    source: Series
    slotted: Slotted
    hints: Mapping[ImageFile, str]
    cleaner: Cleaner

    def files(self, copy: Series) -> tuple[str, ...]:
        return tuple(self.hints[ref.path] for ref in copy.slices)

    def accepted(self, copy: HashedSeries) -> IndexedSeries | None:
        """Return a blocked stack as it is read once its faults are accepted, if they may be."""
        try:
            form = imaging.accepted_form(copy.series)
        except BlockedSeriesError:
            return None
        hashes = {(i.sop_instance_uid, i.frame): i for i in copy.instances}
        kept = tuple(hashes[ref.sop_instance_uid, ref.frame] for ref in form.slices)
        return self.readable(form, kept)

    def readable(
        self, copy: Series, instances: tuple[Instance, ...], doubts: tuple[str, ...] = ()
    ) -> IndexedSeries:
        """Return a stack that makes a volume; role and technique are the source's."""
        source, clean = self.source, self.cleaner.text
        assert copy.grid is not None, "asked of a stack without a grid"  # noqa: S101
        used = SeriesUsed(
            study_uid=copy.study_uid,
            series_uid=copy.series_uid,
            stack=copy.stack,
            frame_of_reference_uid=copy.frame_of_reference_uid,
            role=self.slotted.role,
            role_evidence=tuple(map(clean, (*source.role_evidence, *self.slotted.remarks))),
            weighting=source.weighting,
            fat=source.fat,
            plane=source.plane,
            acquisition=copy.acquisition,
            grid=copy.grid,
            instances=instances,
            doubts=tuple(map(clean, (*self._doubts(), *doubts))),
            faults=tuple(Fault(code=p.code, message=clean(p.message)) for p in copy.accepted),
            not_acquired=copy.not_acquired,
        )
        return IndexedSeries(
            used=used,
            description=clean(source.description),
            files=self.files(copy),
        )

    def _doubts(self) -> tuple[str, ...]:
        """Return what does not block; doubts about the role stand in its evidence."""
        return tuple(
            problem.message
            for problem in self.source.problems
            if not problem.blocking and problem.code not in ROLE_PROBLEMS
        )


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
