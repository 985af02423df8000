"""Which relative paths a package may hold: the same file on every system, and nowhere else."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

from modic_annotate.domain.base import WINDOWS_RESERVED

SAFE_PART = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
"""ASCII letters, digits, dot, underscore, hyphen: needs no escape in a manifest, zip or shell."""

MAX_LENGTH = 200
"""Longest path inside a package; leaves Windows room for the folder it is unpacked into."""


def path_problem(path: str) -> str | None:
    """Return why `path` may not stand in a package, or None where it may."""
    if len(path) > MAX_LENGTH:
        return f"{path[:40]}...: the path is longer than {MAX_LENGTH} characters"
    for part in path.split("/"):
        if not SAFE_PART.fullmatch(part) or part.endswith(".") or WINDOWS_RESERVED.match(part):
            return f"{path!r}: not a safe relative path"
    return None


def path_problems(paths: Iterable[str]) -> tuple[str, ...]:
    """Return every unsafe path, and all that would be one file where case does not count."""
    known = tuple(paths)
    unsafe = [problem for path in known if (problem := path_problem(path))]
    return (*unsafe, *_collisions(known))


def _collisions(paths: Iterable[str]) -> Iterator[str]:
    spellings: dict[str, set[str]] = defaultdict(set)
    for path in paths:
        for name in (path, *map(str, PurePosixPath(path).parents)):
            spellings[name.casefold()].add(name)
    for names in spellings.values():
        if len(names) > 1:
            yield f"{' and '.join(sorted(names))}: the same name where case does not count"
