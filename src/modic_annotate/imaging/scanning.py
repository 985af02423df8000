"""Folders and files in, a catalogue of series stacks out."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from modic_annotate.imaging.catalogue import Catalogue
from modic_annotate.imaging.checks import header_problems, series_problems
from modic_annotate.imaging.extent import with_extent_problems
from modic_annotate.imaging.files import walk
from modic_annotate.imaging.geometry import Placement, place
from modic_annotate.imaging.header import Header
from modic_annotate.imaging.headers import read_headers
from modic_annotate.imaging.model import Problem, Refused, Series
from modic_annotate.imaging.planes import plane_of
from modic_annotate.imaging.roles import role_of
from modic_annotate.imaging.stacks import split_stacks

StrPath = str | os.PathLike[str]


def scan(
    *paths: StrPath | Iterable[StrPath], progress: Callable[[int], None] | None = None
) -> Catalogue:
    """Find the MR series below some paths, from headers alone.

    Parameters
    ----------
    paths
        Files and folders, or iterables of them; a DICOMDIR stands for its folder.
    progress
        Called with the number of files looked at so far.

    Returns
    -------
    Catalogue
        Series stacks ordered by study, series number and stack; and every other file with the
        reason why it is part of none.

    Raises
    ------
    NothingReadableError
        When a path does not exist.
    """
    headers: list[Header] = []
    refused: list[Refused] = []
    for n, found in enumerate(walk(_flat(paths)), start=1):
        result = found if isinstance(found, Refused) else read_headers(found)
        if isinstance(result, Refused):
            refused.append(result)
        else:
            headers.extend(result)
        if progress is not None:
            progress(n)
    series = [stack for group in _series_groups(headers) for stack in _stacks(group)]
    return Catalogue(with_extent_problems(series), tuple(refused))


def _flat(paths: Iterable[StrPath | Iterable[StrPath]]) -> list[Path]:
    flat: list[Path] = []
    for path in paths:
        if isinstance(path, (str, os.PathLike)):
            flat.append(Path(path))
        else:
            flat.extend(Path(part) for part in path)
    return flat


def _series_groups(headers: Iterable[Header]) -> list[list[Header]]:
    groups: dict[tuple[str, str], list[Header]] = {}
    for header in headers:
        groups.setdefault((header.study_uid, header.series_uid), []).append(header)
    return sorted(groups.values(), key=_series_order)


def _series_order(headers: Sequence[Header]) -> tuple[str, int, str]:
    first = headers[0]
    return first.study_uid, first.series_number or 0, first.series_uid


def _stacks(headers: list[Header]) -> list[Series]:
    of_series = series_problems(headers)
    if any(header.is_mosaic for header in headers):
        return [_series(headers, 0, of_series)]
    return [_series(stack, i, of_series) for i, stack in enumerate(split_stacks(headers))]


def _series(headers: Sequence[Header], stack: int, of_series: Sequence[Problem]) -> Series:
    problems = header_problems(headers)
    mosaic = any(problem.code == "mosaic" for problem in problems)
    placed = Placement(tuple(headers), None, ()) if mosaic else place(headers)
    middle = placed.headers[len(placed.headers) // 2]
    technique = role_of(middle)
    return Series(
        study_uid=middle.study_uid,
        series_uid=middle.series_uid,
        stack=stack,
        description=middle.description or middle.protocol_name,
        role=technique.role,
        role_evidence=technique.evidence,
        role_confidence=technique.confidence,
        weighting=technique.weighting,
        fat=technique.fat,
        plane=plane_of(middle.orientation),
        grid=placed.grid,
        shape=(len(placed.headers), middle.rows, middle.columns),
        transfer_syntax=middle.transfer_syntax,
        n_files=len({header.path for header in placed.headers}),
        problems=(*problems, *placed.problems, *of_series, *technique.problems),
        acquisition=middle.acquisition,
        slices=tuple(header.slice_ref() for header in placed.headers),
        frame_of_reference_uid=middle.frame_of_reference_uid,
        series_number=middle.series_number,
        pixel_spacing_mm=middle.pixel_spacing,
        images_in_acquisition=middle.images_in_acquisition,
        remedy=placed.remedy,
        patient=middle.patient,
    )
