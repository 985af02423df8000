"""Damage a package as somebody who knows how it is made: with every manifest computed anew.

What is left to find it are the hashes inside the records, the signatures, the judgement made
again and the files made again; and always the root digest, where it is known from elsewhere.
"""

from __future__ import annotations

import json
import random
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from modic_annotate.evidence import verify_evidence
from modic_annotate.evidence.bag import (
    BAG_INFO,
    HASHED_TAG_FILES,
    MANIFEST,
    PAYLOAD,
    TAG_FILES,
    TAG_MANIFEST,
    BagInfo,
    hashes_of,
    manifest_bytes,
    oxum,
)
from modic_annotate.evidence.document import role_of
from modic_annotate.evidence.verify import ROOT_DIGEST, ROOT_SIGNATURE, Verification
from modic_annotate.store.canonical import canonical_bytes
from tests.soak.changes import STRUCTURAL, Change, flips, names_in, replaced
from tests.soak.whole import WholePackage

SEED = 20261127
ANCHORS = {ROOT_DIGEST, ROOT_SIGNATURE}


@dataclass
class Judged:
    """Per class of file and kind of change: how many, and how many were found from within."""

    tried: Counter[tuple[str, str]] = field(default_factory=Counter)
    found: Counter[tuple[str, str]] = field(default_factory=Counter)
    by: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Class of file, check -> how often that check found it."""

    unseen: list[str] = field(default_factory=list)
    """What not even the root digest, or the signature over it, shows."""

    def add(self, other: Judged) -> None:
        """Take another's counts."""
        self.tried += other.tried
        self.found += other.found
        self.by += other.by
        self.unseen += other.unseen

    @property
    def total(self) -> int:
        """How many damages."""
        return self.tried.total()

    def lines(self) -> Iterator[str]:
        """Yield a row per class: found of tried, by kind, and the checks that found them."""
        for name in sorted({name for name, _ in self.tried}):
            kinds = sorted(kind for one, kind in self.tried if one == name)
            counts = ", ".join(
                f"{kind} {self.found[name, kind]}/{self.tried[name, kind]}" for kind in kinds
            )
            checks = sorted(check for one, check in self.by if one == name)
            yield f"  {name:<26} {counts}; by {', '.join(checks) or 'none'}"


def repaired(package: WholePackage, names: Sequence[str], most: int) -> Judged:
    """Change files of a package in every way and compute its manifests anew each time."""
    judged = Judged()
    for name in names:
        for kind, change in _changes(package.path, name, most):
            with change(package.path, name), manifests_anew(package.path):
                try:
                    found = verify_evidence(package.path, root=package.root_sha256, key=package.key)
                except Exception as error:  # noqa: BLE001 - a crash is what is searched for
                    judged.unseen.append(f"repaired {kind} {name}: {type(error).__name__}")
                    continue
            _note(judged, package, name, kind, found)
    return judged


def _note(judged: Judged, package: WholePackage, name: str, kind: str, found: Verification) -> None:
    role = role_of(name)
    which = (role.value if role else name, kind)
    checks = {check.name for check in found.checks if check.problems}
    judged.tried[which] += 1
    if checks - ANCHORS:
        judged.found[which] += 1
    judged.by.update((which[0], check) for check in checks - ANCHORS)
    needed = {ROOT_DIGEST} | ({ROOT_SIGNATURE} if package.key else set())
    if needed - checks and kind != "linked":  # a link to the same bytes has the same digest
        judged.unseen.append(f"repaired {kind} {name}: {', '.join(sorted(needed - checks))} holds")


def _changes(bag: Path, name: str, most: int) -> Iterator[tuple[str, Change]]:
    """Yield values of JSON changed so that it stays canonical, bytes of other files, then files."""
    if name in (MANIFEST, TAG_MANIFEST):
        return  # these are what is made anew
    chance = random.Random(SEED ^ zlib.crc32(name.encode()))  # noqa: S311 - places, not secrets
    content = (bag / name).read_bytes()
    if name.endswith(".json"):
        yield from (("value", _as_change(other)) for other in values_changed(content, most, chance))
    else:
        yield from (("byte", flip) for flip in flips(content, most, chance))
    if name not in TAG_FILES:
        yield from STRUCTURAL.items()


def _as_change(content: bytes) -> Change:
    @contextmanager
    def change(bag: Path, name: str) -> Iterator[str]:
        with replaced(bag / name, content):
            yield name

    return change


def values_changed(content: bytes, most: int, chance: random.Random) -> Iterator[bytes]:
    """Yield a JSON file with one value another each time, still in canonical form."""
    leaves = list(_leaves(json.loads(content), ()))
    for steps in chance.sample(leaves, min(most, len(leaves))):
        told: Any = json.loads(content)
        place = told
        for step in steps[:-1]:
            place = place[step]
        place[steps[-1]] = _another(place[steps[-1]], chance)
        yield canonical_bytes(told)


def _leaves(value: object, steps: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else None
    inner = enumerate(value) if isinstance(value, list) else inner
    if inner is None:
        yield steps
        return
    for step, held in inner:
        yield from _leaves(held, (*steps, step))


def _another(value: object, chance: random.Random) -> object:
    """Return a value of the same kind: a character, a number or an answer is another."""
    if isinstance(value, bool) or value is None:
        return not value
    if isinstance(value, int | float):
        return value + 1
    text = str(value)
    at = chance.randrange(len(text)) if text else 0
    old = text[at : at + 1]
    new = str((int(old) + 1) % 10) if old.isdecimal() else "a" if old != "a" else "b"
    return text[:at] + new + text[at + 1 :]


@contextmanager
def manifests_anew(bag: Path) -> Iterator[None]:
    """Let manifests and oxum fit what lies in the folder."""
    kept = {name: (bag / name).read_bytes() for name in TAG_FILES}
    files = {name: (bag / name).read_bytes() for name in names_in(bag)}
    payload = {name: content for name, content in files.items() if name.startswith(PAYLOAD)}
    info = BagInfo.parse(files[BAG_INFO])
    if info is not None:
        fitting = BagInfo(info.agent, info.bagging_date, info.identifier, oxum(payload))
        (bag / BAG_INFO).write_bytes(fitting.to_bytes())
    (bag / MANIFEST).write_bytes(manifest_bytes(hashes_of(payload)))
    tags = {name: (bag / name).read_bytes() for name in HASHED_TAG_FILES}
    (bag / TAG_MANIFEST).write_bytes(manifest_bytes(hashes_of(tags)))
    try:
        yield
    finally:
        for name, content in kept.items():
            (bag / name).write_bytes(content)
