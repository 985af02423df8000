"""What earlier scans found, so that scanning the same folders again only looks at file states.

The cache holds nobody's name, id or birth date, and no path: a file is known by a keyed hash over
its path and state. A series is remembered as a whole, with the files it came from; where one of
them changed or went, or a new file may belong to it, it is read anew. `link` never asks it.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from time import time_ns
from typing import Any, Final

from modic_annotate.garbage import uncollected
from modic_annotate.imaging.assembly import Unit
from modic_annotate.imaging.cache.cache_folder import CacheFolder, user_folder
from modic_annotate.imaging.cache.series_rows import row_of, series_of, tells_who
from modic_annotate.imaging.headers.values import MALFORMED
from modic_annotate.imaging.model import Refused
from modic_annotate.imaging.sources.archives import ArchiveMember, ImageFile

MOST_FILES: Final = 200_000
"""A scan of more is not remembered: its cache would grow out of bounds."""

_SECOND_NS: Final = 10**9
_COARSE_NS: Final = 2 * _SECOND_NS
"""File systems without fractions of a second may step by two seconds (FAT)."""

_FINE_NS: Final = 50 * 10**6
"""Others step by the clock's tick, some milliseconds."""

_OF_CONTENT: Final = frozenset(
    ("absurd_size", "damaged_header", "empty_file", "frames_mismatch", "incomplete_header",
     "no_image", "not_dicom", "not_mr")
)  # fmt: skip
"""Refusals that rest on a file's content alone."""

_MIXED: Final = "mixed_patients"


@dataclass(frozen=True, slots=True)
class Recalled:
    """What is known of the files that were found, by their places among these."""

    units: tuple[Unit, ...] = ()
    refused: Mapping[int, Refused] = field(default_factory=dict)
    name: str = ""
    """Under which this scan is kept."""

    stamps: Mapping[int, str] = field(default_factory=dict)
    """What stands for each file in its present state."""

    young: frozenset[int] = frozenset()
    """Files changed just now: another change might not show in their state."""

    @property
    def files(self) -> set[int]:
        """The files that need not be read."""
        return {i for unit in self.units for i in unit.files}.union(self.refused)

    def without(self, units: Sequence[Unit]) -> Recalled:
        """Return the same without some series."""
        gone = {unit.order for unit in units}
        return replace(self, units=tuple(u for u in self.units if u.order not in gone))


class ScanCache:
    """Remembers scans in a folder of this user's."""

    def __init__(self, folder: Path) -> None:
        self._folder = CacheFolder(folder)

    @classmethod
    def of_user(cls) -> ScanCache:
        """Return the cache in the user's cache folder, or where MODIC_ANNOTATE_CACHE says."""
        return cls(user_folder())

    def recall(self, roots: Iterable[Path], found: Sequence[ImageFile | Refused]) -> Recalled:
        """Return what is known of files found below some paths."""
        if not self._folder.usable or len(found) > MOST_FILES:
            return Recalled()
        name = self._folder.keyed_hash("\0".join(os.path.abspath(root) for root in roots))  # noqa: PTH100 - a link stays one
        stamps, young = self._stamps(found)
        empty = Recalled(name=name, stamps=stamps, young=young)
        with uncollected():
            content = self._folder.read(name)
            try:
                return empty if content is None else _recalled(empty, content, found)
            except MALFORMED:  # under a right checksum: a fault of ours, and as good as none
                return empty

    def remember(
        self,
        recalled: Recalled,
        units: Iterable[Unit],
        results: Mapping[int, object],
        found: Sequence[ImageFile | Refused],
    ) -> None:
        """Keep what is known together with what was just read, where that is safe to keep."""
        if not recalled.name or not results:
            return
        refused = {i: r for i, r in results.items() if isinstance(r, Refused)}
        kept = [*recalled.units, *(u for u in units if _may_be_kept(u, recalled))]
        content = {
            "units": [_unit_row(unit, recalled.stamps, found) for unit in kept],
            "refused": [
                [recalled.stamps[i], r.code, r.reason]
                for i, r in (dict(recalled.refused) | refused).items()
                if r.code in _OF_CONTENT and i in recalled.stamps and i not in recalled.young
            ],
        }
        self._folder.write(recalled.name, content)

    def _stamps(
        self, found: Sequence[ImageFile | Refused]
    ) -> tuple[dict[int, str], frozenset[int]]:
        now_ns = time_ns()
        states: dict[Path, os.stat_result] = {}  # of archives: the same for all their members
        stamps: dict[int, str] = {}
        young: list[int] = []
        for i, file in enumerate(found):
            if isinstance(file, Refused):
                continue
            try:
                state = _state(file, states)
            except OSError:
                continue
            times = f"{state.st_mtime_ns} {state.st_ctime_ns}"
            text = f"{file}\0{state.st_size} {times} {state.st_ino} {state.st_dev}"
            stamps[i] = self._folder.keyed_hash(text)
            if _is_young(state, now_ns):
                young.append(i)
        return stamps, frozenset(young)


def _state(file: ImageFile, states: dict[Path, os.stat_result]) -> os.stat_result:
    if not isinstance(file, ArchiveMember):
        return os.stat(file)  # noqa: PTH116 - half the time, and asked for every file
    if file.archive not in states:
        states[file.archive] = file.archive.stat()
    return states[file.archive]


def _is_young(state: os.stat_result, now_ns: int) -> bool:
    if now_ns - max(state.st_mtime_ns, state.st_ctime_ns) >= _COARSE_NS:
        return False
    return any(
        now_ns - changed_ns < (_FINE_NS if changed_ns % _SECOND_NS else _COARSE_NS)
        for changed_ns in (state.st_mtime_ns, state.st_ctime_ns)
    )


def _recalled(empty: Recalled, content: Any, found: Sequence[ImageFile | Refused]) -> Recalled:  # noqa: ANN401 - JSON values of any kind
    place_of = {stamp: i for i, stamp in empty.stamps.items()}
    units = []
    for order, stamps, rows in content["units"]:
        places = tuple(place_of[stamp] for stamp in stamps if stamp in place_of)
        if len(places) == len(stamps):
            study, number, series = order
            units.append(Unit((study, number, series), places, _stacks(rows, places, found)))
    refused = {}
    for stamp, code, reason in content["refused"]:
        i = place_of.get(stamp)
        if i is not None:
            refused[i] = Refused(_file(found[i]), code, reason)
    return replace(empty, units=tuple(units), refused=refused)


def _stacks(
    rows: Iterable[Any], places: Iterable[int], found: Sequence[ImageFile | Refused]
) -> tuple[Any, ...]:
    files = [_file(found[i]) for i in places]
    return tuple(series_of(row, files) for row in rows)


def _file(found: ImageFile | Refused) -> ImageFile:
    return found.path if isinstance(found, Refused) else found


def _may_be_kept(unit: Unit, recalled: Recalled) -> bool:
    return all(i in recalled.stamps and i not in recalled.young for i in unit.files) and not any(
        tells_who(stack) or any(problem.code == _MIXED for problem in stack.problems)
        for stack in unit.stacks
    )


def _unit_row(
    unit: Unit, stamps: Mapping[int, str], found: Sequence[ImageFile | Refused]
) -> list[Any]:
    number_of = {_file(found[i]): n for n, i in enumerate(unit.files)}
    rows = [row_of(stack, number_of) for stack in unit.stacks]
    return [list(unit.order), [stamps[i] for i in unit.files], rows]
