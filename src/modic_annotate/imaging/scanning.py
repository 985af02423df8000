"""Folders and files in, a catalogue of series stacks out."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from modic_annotate.imaging.assembly import Unit, order_of, series_groups, stacks_of
from modic_annotate.imaging.cache.scan_cache import Recalled, ScanCache
from modic_annotate.imaging.catalogue import Catalogue
from modic_annotate.imaging.copies import Frames, Settled, settle_copies
from modic_annotate.imaging.geometry.extent import with_extent_problems
from modic_annotate.imaging.headers.reading import read_headers
from modic_annotate.imaging.model import Refused
from modic_annotate.imaging.sources.archives import ImageFile
from modic_annotate.imaging.sources.dicomdir import index_refusals, place_of
from modic_annotate.imaging.sources.files import walk

StrPath = str | os.PathLike[str]
Found = Sequence[ImageFile | Refused]
Results = dict[int, Frames | Refused]
"""What each file gave, by its place among those found."""

Progress = Callable[[int], None]


def scan(
    *paths: StrPath | Iterable[StrPath],
    progress: Progress | None = None,
    cache: ScanCache | None = None,
) -> Catalogue:
    """Find the MR series below some paths, from headers alone.

    Parameters
    ----------
    paths
        Files, folders and zip archives, or iterables of them; a DICOMDIR stands for its folder.
    progress
        Called with the number of files looked at so far.
    cache
        Where earlier scans are remembered. Nobody's identity is kept there, so the catalogue
        then knows of no patient.

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
    roots = _flat(paths)
    found = list(walk(roots))
    recalled = Recalled() if cache is None else cache.recall(roots, found)
    results = _read(found, recalled.files, progress)
    recalled = recalled.without(_touched(recalled, results))
    results |= _read(found, recalled.files | results.keys(), None)
    settled = settle_copies([r for r in _in_order(results) if not isinstance(r, Refused)])
    fresh = _units(found, settled)
    if cache is not None:
        clean = [unit for unit in fresh if _is_clean(unit, settled)]
        cache.remember(recalled, clean, results, found)
        fresh = [unit.anonymous() for unit in fresh]
    units = sorted((*recalled.units, *fresh), key=lambda unit: unit.order)
    series = [stack for unit in units for stack in unit.stacks]
    refused = (*_refused(found, {**recalled.refused, **results}), *settled.refused)
    return Catalogue(with_extent_problems(series), refused)


def _flat(paths: Iterable[StrPath | Iterable[StrPath]]) -> list[Path]:
    flat: list[Path] = []
    for path in paths:
        if isinstance(path, (str, os.PathLike)):
            flat.append(Path(path))
        else:
            flat.extend(Path(part) for part in path)
    return flat


def _read(found: Found, known: Collection[int], progress: Progress | None) -> Results:
    """Read the headers of every file that is not known yet."""
    results: Results = {}
    for i, file in enumerate(found):
        if i not in known and not isinstance(file, Refused):
            results[i] = read_headers(file)
        if progress is not None:
            progress(i + 1)
    return results


def _in_order(results: Results) -> list[Frames | Refused]:
    return [results[i] for i in sorted(results)]


def _touched(recalled: Recalled, results: Results) -> list[Unit]:
    """Return remembered series that a newly read file may belong to, or claims an image of."""
    headers = [h for r in results.values() if not isinstance(r, Refused) for h in r]
    series = {(header.study_uid, header.series_uid) for header in headers}
    instances = {header.sop_instance_uid for header in headers}
    return [
        unit
        for unit in (recalled.units if headers else ())
        if (unit.order[0], unit.order[2]) in series
        or any(ref.sop_instance_uid in instances for s in unit.stacks for ref in s.slices)
    ]


def _units(found: Found, settled: Settled) -> list[Unit]:
    index_of = {file: i for i, file in enumerate(found) if not isinstance(file, Refused)}
    return [
        Unit(
            order=order_of(group),
            files=tuple(dict.fromkeys(index_of[header.path] for header in group)),
            stacks=stacks_of(group, settled.conflicts),
        )
        for group in series_groups(settled.headers)
    ]


def _is_clean(unit: Unit, settled: Settled) -> bool:
    """Whether a series holds no image that another file claims too."""
    return not any(r.sop_instance_uid in settled.doubled for s in unit.stacks for r in s.slices)


def _refused(found: Found, results: Mapping[int, Frames | Refused]) -> Iterator[Refused]:
    """Yield what was refused, in the order in which it was found."""
    places: set[str] = set()
    for i, file in enumerate(found):
        result = file if isinstance(file, Refused) else results.get(i)
        if not isinstance(result, Refused):
            continue
        if result.code != "dicomdir":
            yield result
            continue
        places = places or {place_of(f) for f in found if not isinstance(f, Refused)}
        yield from index_refusals(result.path, places)
