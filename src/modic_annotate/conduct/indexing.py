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
from modic_annotate.domain.series import SAGITTAL_SLOTS, Fault, Instance, SeriesRole, SeriesUsed
from modic_annotate.errors import BlockedSeriesError, DecodeError, NotAnImageError
from modic_annotate.imaging import Series

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
        and source.series.remedy == copy.series.remedy
    )


def roles_of(study: Sequence[Series]) -> dict[tuple[str, int], SeriesRole]:
    """Return the role of every stack; a sagittal slot is filled once, by the best series."""
    chosen = imaging.choose_slots(study)
    roles = {}
    for series in study:
        is_chosen = series is chosen.get(series.role)
        is_spare = series.role in SAGITTAL_SLOTS and not is_chosen and not series.blocked
        roles[series.series_uid, series.stack] = SeriesRole.OTHER if is_spare else series.role
    return roles


def index_entry(
    source: Series,
    copy: HashedSeries,
    role: SeriesRole,
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
    role
        The slot it fills.
    hints
        Name in the index of each file of the copy.
    cleaner
        Takes identity out of the texts.
    """
    entry = _Entry(source, role, hints, cleaner)
    if not source.blocked and copy.series.grid is not None:
        return entry.readable(copy.series, copy.instances)
    told = {problem.code: problem for problem in copy.series.problems if problem.blocking}
    others = (problem for problem in source.problems if problem.code not in told)
    return BlockedSeries(
        series_uid=copy.series.series_uid,
        stack=copy.series.stack,
        role=role,
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
    role: SeriesRole
    hints: Mapping[Path, str]
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

    def readable(self, copy: Series, instances: tuple[Instance, ...]) -> IndexedSeries:
        """Return a stack that makes a volume; role and technique are the source's."""
        source, clean = self.source, self.cleaner.text
        assert copy.grid is not None, "asked of a stack without a grid"  # noqa: S101
        used = SeriesUsed(
            study_uid=copy.study_uid,
            series_uid=copy.series_uid,
            stack=copy.stack,
            frame_of_reference_uid=copy.frame_of_reference_uid,
            role=self.role,
            role_evidence=tuple(clean(evidence) for evidence in source.role_evidence),
            weighting=source.weighting,
            fat=source.fat,
            plane=source.plane,
            acquisition=copy.acquisition,
            grid=copy.grid,
            instances=instances,
            faults=tuple(Fault(code=p.code, message=clean(p.message)) for p in copy.accepted),
            not_acquired=copy.not_acquired,
        )
        return IndexedSeries(
            used=used,
            description=clean(source.description),
            files=self.files(copy),
            problems=tuple(clean(problem.message) for problem in source.problems),
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
