"""Small changes to the files of a folder, each undone again: bytes, files, names and links."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

Change = Callable[[Path, str], AbstractContextManager[str]]
"""Takes a package and a file's name; what it gives is the name that must be told."""


@dataclass(frozen=True, slots=True)
class Flip:
    """One byte of a file is another."""

    place: int
    mask: int

    @contextmanager
    def __call__(self, bag: Path, name: str) -> Iterator[str]:
        """Change it, and change it back."""
        content = (bag / name).read_bytes()
        changed = bytes([content[self.place] ^ self.mask])
        with replaced(bag / name, content[: self.place] + changed + content[self.place + 1 :]):
            yield name


def flips(content: bytes, most: int, chance: random.Random) -> Iterator[Flip]:
    """Yield changes of a sample of a file's bytes, each by any amount."""
    for place in sorted(chance.sample(range(len(content)), min(most, len(content)))):
        yield Flip(place, chance.randrange(1, 256))


@contextmanager
def replaced(path: Path, content: bytes) -> Iterator[None]:
    """Let a file hold other bytes."""
    before = path.read_bytes()
    path.write_bytes(content)
    try:
        yield
    finally:
        path.write_bytes(before)


@contextmanager
def added(bag: Path, name: str) -> Iterator[str]:
    """Let a copy of a file stand beside it."""
    copy = bag / f"{name}.copy"
    shutil.copyfile(bag / name, copy)
    try:
        yield f"{name}.copy"
    finally:
        copy.unlink()


@contextmanager
def moved(path: Path, to: Path) -> Iterator[None]:
    """Let a file lie elsewhere."""
    path.rename(to)
    try:
        yield
    finally:
        to.rename(path)


@contextmanager
def removed(bag: Path, name: str) -> Iterator[str]:
    """Let a file be gone."""
    with moved(bag / name, aside(bag)):
        yield name


@contextmanager
def renamed(bag: Path, name: str) -> Iterator[str]:
    """Let a file have another name in its folder."""
    path = bag / name
    with moved(path, path.with_name(f"moved-{path.name}")):
        yield name


@contextmanager
def linked(bag: Path, name: str) -> Iterator[str]:
    """Let a link to the very same bytes stand in a file's place."""
    path = bag / name
    with moved(path, aside(bag)):
        path.symlink_to(aside(bag))
        try:
            yield name
        finally:
            path.unlink()


@contextmanager
def swapped(bag: Path, name: str) -> Iterator[str]:
    """Let a file and the nearest one of other content hold each other's bytes."""
    path, content = bag / name, (bag / name).read_bytes()
    names = names_in(bag)
    at = names.index(name)
    others = (bag / other for other in (*names[at + 1 :], *names[:at]))
    other = next(one for one in others if one.read_bytes() != content)
    with replaced(path, other.read_bytes()), replaced(other, content):
        yield name


STRUCTURAL: dict[str, Change] = {
    "added": added,
    "removed": removed,
    "renamed": renamed,
    "swapped": swapped,
    "linked": linked,
}
"""Kind -> change of a whole file."""


def names_in(bag: Path) -> list[str]:
    """Return the files of a package by their names."""
    return sorted(path.relative_to(bag).as_posix() for path in bag.rglob("*") if path.is_file())


def aside(bag: Path) -> Path:
    """Return where a file of a package lies meanwhile, beside the package."""
    return bag.with_name(f"{bag.name}.aside")
