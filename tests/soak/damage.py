"""Damage packages in every small way and see that ``verify`` says so, by the file's name.

One package of each profile, with everything there is in them: every file is doubled, removed,
renamed, swapped and replaced by a link; a sample of the bytes of each is changed. Then the same
under manifests that were computed anew, as whoever changes a package on purpose would do.
"""

from __future__ import annotations

import random
import shutil
import sys
import tempfile
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from multiprocessing import get_context
from pathlib import Path

from modic_annotate.evidence import verify_evidence
from modic_annotate.evidence.bag import TAG_FILES
from modic_annotate.evidence.document import role_of
from tests.soak import repaired
from tests.soak.changes import STRUCTURAL, Change, flips, names_in
from tests.soak.remembered import remembering
from tests.soak.whole import PROFILES, WholePackage, make_whole, write_package

FAULT_FOUND = 1
WORKERS = 2
FLIPS = 12
"""Bytes changed of each file; five times as many of each tag file, half under manifests anew."""

SEED = 20260310
BYTES = "bytes"
KINDS = (BYTES, *STRUCTURAL)


@dataclass
class Tally:
    """How often what was done to which class of file, and what was not found."""

    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    unseen: list[str] = field(default_factory=list)

    def add(self, other: Tally) -> None:
        """Take another's counts."""
        self.counts += other.counts
        self.unseen += other.unseen

    @property
    def total(self) -> int:
        """How many damages."""
        return self.counts.total()

    def lines(self) -> Iterator[str]:
        """Yield a table: one row per class of file, one column per kind of damage."""
        yield f"{'class of file':<26}" + "".join(f"{kind:>9}" for kind in KINDS)
        for name in sorted({name for name, _ in self.counts}):
            numbers = "".join(f"{self.counts[name, kind]:>9}" for kind in KINDS)
            yield f"{name:<26}{numbers}"


def class_of(name: str) -> str:
    """Return what a file of a package is: its role, or its own name where it is a tag file."""
    role = role_of(name)
    return role.value if role else name


def judge(package: WholePackage, name: str, kind: str, change: Change, tally: Tally) -> None:
    """Verify a damaged package; note where it passes, or where the file is not named."""
    tally.counts[class_of(name), kind] += 1
    with change(package.path, name) as told:
        try:
            found = verify_evidence(package.path, key=package.key)
        except Exception as error:  # noqa: BLE001 - a crash is what is searched for
            tally.unseen.append(f"{kind} {name} {change}: {type(error).__name__}")
            return
    named = any(told in problem for check in found.checks for problem in check.problems)
    if found.ok or not named:
        tally.unseen.append(f"{kind} {name} {change}: {'not named' if not found.ok else 'passed'}")


def changes_of(package: WholePackage, name: str, most: int) -> Iterator[tuple[str, Change]]:
    """Yield what is done to a file: a sample of its bytes, the same each time, then the whole."""
    chance = random.Random(SEED ^ zlib.crc32(name.encode()))  # noqa: S311 - places, not secrets
    content = (package.path / name).read_bytes()
    for flip in flips(content, most * 5 if name in TAG_FILES else most, chance):
        yield BYTES, flip
    yield from STRUCTURAL.items()


def damaged(package: WholePackage, names: Sequence[str], most: int) -> Tally:
    """Damage some files of a package in every way; it is as it was afterwards."""
    tally = Tally()
    for name in names:
        for kind, change in changes_of(package, name, most):
            judge(package, name, kind, change, tally)
    return tally


def copied(package: WholePackage, folder: Path) -> WholePackage:
    """Return a package of its own to damage, its signature beside it."""
    for path in package.path.parent.glob(f"{package.path.name}*.sig"):
        shutil.copyfile(path, folder / path.name)
    return replace(package, path=shutil.copytree(package.path, folder / package.path.name))


def _part(package: WholePackage, names: Sequence[str], most: int) -> tuple[Tally, repaired.Judged]:
    """Do all of one process's share."""
    folder = Path(tempfile.mkdtemp(prefix="modic-annotate-damage-"))
    own = copied(package, folder)
    with remembering():
        tally = damaged(own, names, most)
        judged = repaired.repaired(own, names, max(1, most // 2))
    shutil.rmtree(folder)
    return tally, judged


def soak(
    packages: Iterable[WholePackage], most: int = FLIPS
) -> Iterator[tuple[WholePackage, Tally, repaired.Judged]]:
    """Yield what came of each package, its files shared among processes."""
    with ProcessPoolExecutor(WORKERS, mp_context=get_context("fork")) as pool:
        for package in packages:
            names = names_in(package.path)
            shares = [names[n::WORKERS] for n in range(WORKERS)]
            tally, judged = Tally(), repaired.Judged()
            for part, second in pool.map(_part, [package] * WORKERS, shares, [most] * WORKERS):
                tally.add(part)
                judged.add(second)
            yield package, tally, judged


def main(arguments: list[str]) -> int:
    """Damage one package of each profile, a number of bytes of each file; return an exit code."""
    most = int(arguments[0]) if arguments else FLIPS
    folder = Path(tempfile.mkdtemp(prefix="modic-annotate-damage-"))
    ws = make_whole(folder / "ws")
    packages = [write_package(ws, profile, folder) for profile in PROFILES]
    whole, faults = 0, 0
    for package, tally, judged in soak(packages, most):
        files = len(names_in(package.path))
        _tell(f"{package.profile}: {files} files, {tally.total} damages", tally.lines())
        _tell("  under manifests made anew, found without the root digest:", judged.lines())
        unseen = [*tally.unseen, *judged.unseen]
        _tell("", (f"NOT FOUND {line}" for line in unseen))
        whole, faults = whole + tally.total + judged.total, faults + len(unseen)
    sys.stdout.write(f"soak: {whole} damages, {faults} not found\n")
    shutil.rmtree(folder, ignore_errors=True)
    return FAULT_FOUND if faults else 0


def _tell(title: str, lines: Iterable[str]) -> None:
    sys.stdout.write("".join(f"{line}\n" for line in (title, *lines) if line))
    sys.stdout.flush()
