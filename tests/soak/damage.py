"""Damage a package in every small way and see that ``verify`` says so, by the file's name.

Every byte of the tag files is changed once, a sample of the bytes of every other file; then files
are added, removed, renamed, swapped, and replaced by links.
"""

from __future__ import annotations

import random
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from unittest.mock import patch

from modic_annotate.cli import main as command_line
from modic_annotate.conduct import demo
from modic_annotate.evidence import write_evidence
from modic_annotate.evidence.bag import TAG_FILES
from modic_annotate.session.apply import apply_acts

FAULT_FOUND = 1
FLIPS_PER_FILE = 200
SEED = 20260310


@dataclass
class Damage:
    """How often a package was damaged, by kind, and what was not found."""

    counts: dict[str, int] = field(default_factory=dict)
    unseen: list[str] = field(default_factory=list)

    @property
    def words(self) -> str:
        """The counts in one line."""
        counts = ", ".join(f"{n} {kind}" for kind, n in self.counts.items())
        return f"{sum(self.counts.values())} damages ({counts}), {len(self.unseen)} not found"

    def judge(self, kind: str, bag: Path, name: str, where: str = "") -> None:
        """Verify a damaged package; note where the exit code or the name is not as it must be."""
        self.counts[kind] = self.counts.get(kind, 0) + 1
        code, said = verified(bag)
        if code != FAULT_FOUND or name not in said:
            self.unseen.append(f"{kind} {name} {where}: exit {code}")


def verified(bag: Path) -> tuple[int, str]:
    """Run ``modic-annotate verify`` in this process; return its exit code and its words."""
    words = StringIO()
    with (
        patch.object(sys, "argv", ["modic-annotate", "verify", str(bag)]),
        redirect_stdout(words),
        redirect_stderr(words),
    ):
        try:
            command_line()
        except SystemExit as end:
            return int(end.code or 0), words.getvalue()
    return 0, words.getvalue()


def sample_package(folder: Path) -> Path:
    """Read the sample by its acts and export it, all formats, as the demo does."""
    given = demo.sample_input()
    ws, record = demo.prepare(folder / "workspace", given, say=lambda _text: None)
    apply_acts(ws, record, demo.READER.id, given.acts, lambda _line: None)
    return write_evidence(ws, record, demo.PACKAGED, demo.AS_OF, folder / "package").path


def damaged(bag: Path, flips: int = FLIPS_PER_FILE, tag_flips: int | None = None) -> Damage:
    """Damage a package in all ways.

    Parameters
    ----------
    bag
        A package folder that verifies; it is as it was afterwards.
    flips
        How many bytes of each file that is no tag file are changed.
    tag_flips
        How many bytes of each tag file; None is every one.
    """
    damage, chance = Damage(), random.Random(SEED)  # noqa: S311 - places, not secrets
    names = sorted(str(p.relative_to(bag)) for p in bag.rglob("*") if p.is_file())
    for name in names:
        content = (bag / name).read_bytes()
        most = tag_flips if name in TAG_FILES else flips
        places = range(len(content))
        if most is not None and most < len(content):
            places = chance.sample(places, most)
        kind = "bytes of tag files" if name in TAG_FILES else "bytes of other files"
        for place in places:
            with _replaced(bag / name, _flipped(content, place, chance.randrange(1, 256))):
                damage.judge(kind, bag, name, f"byte {place}")
    for name in names:
        _restructured(damage, bag, name, names)
    return damage


def _restructured(damage: Damage, bag: Path, name: str, names: list[str]) -> None:
    """Add, remove, rename, swap and link one file after the other."""
    path, content = bag / name, (bag / name).read_bytes()
    beside = path.with_name(f"{path.name}.copy")
    with _added(beside, content):
        damage.judge("files added", bag, f"{name}.copy")
    with _moved(path, bag.parent / "aside"):
        damage.judge("files removed", bag, name)
        path.symlink_to(bag.parent / "aside")
        damage.judge("files replaced by links", bag, name)
        path.unlink()
    with _moved(path, path.with_name(f"moved-{path.name}")):
        damage.judge("files renamed", bag, name)
    other = bag / names[names.index(name) - 1]
    with _replaced(path, other.read_bytes()), _replaced(other, content):
        damage.judge("files swapped", bag, name)


def _flipped(content: bytes, place: int, mask: int) -> bytes:
    return content[:place] + bytes([content[place] ^ mask]) + content[place + 1 :]


@contextmanager
def _replaced(path: Path, content: bytes) -> Iterator[None]:
    before = path.read_bytes()
    path.write_bytes(content)
    try:
        yield
    finally:
        path.write_bytes(before)


@contextmanager
def _added(path: Path, content: bytes) -> Iterator[None]:
    path.write_bytes(content)
    try:
        yield
    finally:
        path.unlink()


@contextmanager
def _moved(path: Path, to: Path) -> Iterator[None]:
    path.rename(to)
    try:
        yield
    finally:
        to.rename(path)


def main(_arguments: list[str]) -> int:
    """Damage the package of the sample; return an exit code."""
    folder = Path(tempfile.mkdtemp(prefix="modic-annotate-damage-"))
    damage = damaged(sample_package(folder))
    for line in damage.unseen:
        sys.stdout.write(f"NOT FOUND {line}\n")
    sys.stdout.write(f"soak: {damage.words}\n")
    shutil.rmtree(folder, ignore_errors=True)
    return FAULT_FOUND if damage.unseen else 0
