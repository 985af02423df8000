"""What stands in a record's image index: every stack with its role, grid and pixel hashes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from modic_annotate import imaging
from modic_annotate.conduct.cleaning import Cleaner
from modic_annotate.domain.images import BlockedSeries, IndexedSeries
from modic_annotate.domain.series import SAGITTAL_SLOTS, Instance, SeriesRole, SeriesUsed
from modic_annotate.errors import DecodeError, NotAnImageError
from modic_annotate.imaging import Series
from modic_annotate.imaging.archives import ImageFile

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
    role
        The slot it fills.
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
            role=role,
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
        role=role,
        role_evidence=tuple(cleaner.text(evidence) for evidence in source.role_evidence),
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
