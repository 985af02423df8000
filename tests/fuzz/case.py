"""One input through the ingest, and what came of it."""

from __future__ import annotations

import json
import random
import traceback
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from modic_annotate.errors import ModicAnnotateError
from modic_annotate.imaging import Series, Volume, load_series, pixel_sha256, scan
from tests.fuzz.havoc import havoc
from tests.fuzz.mutate import damaged
from tests.fuzz.seeds import Study
from tests.fuzz.tlv import File, parse

HASHED = 4
"""Of a stack that is not loaded, so many frames are hashed one by one."""

ALL_DAMAGED, HAVOC_ALONE = 0.5, 0.25
"""How often every file of a study is damaged, and a file's bytes without a look at its elements."""


LOADED = "loaded"


class Wrong(Exception):  # noqa: N818 - a finding, no error of a program
    """Something came out that must not."""


@dataclass(frozen=True)
class Input:
    """A study to be ingested."""

    seed: str
    files: Study
    damaged: int
    """How many of the files are not as they were."""


class Cases:
    """The inputs of a run: one for each number, the same whenever it is asked for."""

    def __init__(self, studies: list[tuple[str, Study]], seed: int) -> None:
        self._studies = studies
        self._seed = seed
        self._parsed: dict[bytes, File] = {}

    def input(self, number: int) -> Input:
        """Return a sound study with faults in one of its files, or in all."""
        chance = random.Random(self._seed * 10**9 + number)  # noqa: S311
        name, study = chance.choice(self._studies)
        _, other = chance.choice(self._studies)
        every = chance.random() < ALL_DAMAGED
        victims = list(study) if every else [chance.choice(list(study))]
        others = list(other.values())
        changed = {
            file: self._damaged(study[file], chance.choice(others), chance) for file in victims
        }
        damaged = sum(study[file] != content for file, content in changed.items())
        return Input(name, {**study, **changed}, damaged)

    def _damaged(self, content: bytes, other: bytes, chance: random.Random) -> bytes:
        file, second = self._file(content), self._file(other)
        if file is None or second is None or chance.random() < HAVOC_ALONE:
            return havoc(content, chance)
        return damaged(file, second, chance)

    def _file(self, content: bytes) -> File | None:
        """Return the elements of a sound file; None where it is an archive."""
        if content[128:132] != b"DICM":
            return None
        if content not in self._parsed:
            self._parsed[content] = parse(content)
        return self._parsed[content]


class One:
    """A single study as the only case there is."""

    def __init__(self, study: Study) -> None:
        self._study = study

    def input(self, _: int) -> Input:
        """Return the study, whatever the number."""
        return Input("found", self._study, 0)


def write(study: Study, folder: Path) -> None:
    """Write files into an empty folder."""
    for name, content in study.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def ingest(folder: Path) -> Counter[str]:
    """Scan, load and hash whatever there is; return how often each outcome came.

    Raises
    ------
    Exception
        Whatever is no error of the product's own tree: a finding.
    """
    outcomes: Counter[str] = Counter()
    catalogue = scan(folder)
    outcomes.update(f"refused: {refused.code}" for refused in catalogue.refused)
    for refused in catalogue.refused:
        json.dumps(refused.to_json(), allow_nan=False)
    for series in catalogue.series:
        json.dumps(series.to_json(), allow_nan=False)
        outcomes.update(f"hint: {p.code}" for p in series.problems if not p.blocking)
        outcome = _loaded(series)
        outcomes.update([outcome])
        for ref in series.slices[: 1 if outcome == LOADED else HASHED]:
            outcomes.update([_hashed(ref.path, ref.frame)])
    return outcomes


def _loaded(series: Series) -> str:
    if series.blocked:
        return f"blocked: {next(p.code for p in series.problems if p.blocking)}"
    try:
        volume = load_series(series)
    except ModicAnnotateError as error:
        return f"not loaded: {type(error).__name__}"
    _check(series, volume)
    return LOADED


def _hashed(path: Path, frame: int) -> str:
    try:
        digest = pixel_sha256(path, frame)
    except ModicAnnotateError as error:
        return f"not hashed: {type(error).__name__}"
    if len(digest) != 64:
        raise Wrong(f"a hash of {len(digest)} signs")
    return "hashed"


def _check(series: Series, volume: Volume) -> None:
    array = volume.array
    if array.shape != series.shape or volume.grid.shape != series.shape:
        raise Wrong(f"a volume of {array.shape} for a series of {series.shape}")
    if array.dtype.kind not in "iuf" or not np.isfinite(array).all():
        raise Wrong(f"a volume of {array.dtype} with values that are no numbers")
    if not np.isfinite(volume.affine_lps).all():
        raise Wrong("a volume without a place")
    volume.series_used()


def signature(error: BaseException) -> str:
    """Return what tells one finding from another: the error's type and where it arose."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [f for f in frames if "modic_annotate" in f.filename]
    places = [ours[-1], frames[-1]] if ours else [frames[-1]]
    where = " < ".join(f"{Path(f.filename).name}:{f.name}:{f.lineno}" for f in places)
    return f"{type(error).__name__} at {where}: {str(error)[:80]}"
