"""Packages of each profile with all there is: the same bytes anywhere, and no damage unseen.

The soak (``python -m tests.soak damage``) damages every file, and more of its bytes; here one file
of each class is damaged by the same code.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import nullcontext
from itertools import cycle
from pathlib import Path

import bagit
import pytest

from modic_annotate.evidence import document as doc
from modic_annotate.evidence import verify_evidence
from modic_annotate.evidence.bag_read import open_bag
from modic_annotate.evidence.contents import Contents
from modic_annotate.evidence.document import FORMAT_ROLES, FileRole, Profile
from modic_annotate.evidence.formats.registry import chosen, plan_of
from modic_annotate.evidence.renderings import renderings
from modic_annotate.store.workspace import Workspace
from tests.conftest import ROOT
from tests.soak.changes import STRUCTURAL, names_in
from tests.soak.damage import Tally, changes_of, class_of, judge
from tests.soak.remembered import NOT_READ, kind_of, remembering
from tests.soak.repaired import repaired
from tests.soak.whole import ALL_FORMATS, PROFILES, WholePackage, make_whole, write_package

SAMPLED = {
    "internal": {*FORMAT_ROLES, FileRole.DETERMINATION_SIGNATURE, "bagit.txt"},
    "trial": {FileRole.DEIDENTIFICATION, FileRole.AUDIT_HEAD, *FORMAT_ROLES[:3], "bagit.txt"},
}
"""Profile -> classes; all of a payer's package, which holds no formats and is verified fastest."""

WRITE_AGAIN = """
import os, sys
os.umask(0o077)
from pathlib import Path
from modic_annotate.store.workspace import Workspace
from tests.soak.whole import PROFILES, write_package
ws, out = Workspace.open(sys.argv[1]), Path(sys.argv[2])
for profile in PROFILES:
    print(write_package(ws, profile, out).path)
"""
ELSEWHERE = {
    "PYTHONHASHSEED": "4242",
    "TZ": "Pacific/Kiritimati",
    "LC_ALL": "C",
    "PYTHONUTF8": "0",
    "PYTHONCOERCECLOCALE": "0",
}
"""Another order of sets, a clock 14 hours ahead, and ASCII where nobody names an encoding."""


@pytest.fixture(scope="module", name="ws")
def _ws(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return make_whole(tmp_path_factory.mktemp("whole") / "ws")


@pytest.fixture(scope="module", name="packages")
def _packages(ws: Workspace, tmp_path_factory: pytest.TempPathFactory) -> dict[str, WholePackage]:
    """One package of each profile, as it is after each test."""
    folder = tmp_path_factory.mktemp("packages")
    return {profile: write_package(ws, profile, folder) for profile in PROFILES}


@pytest.fixture(params=PROFILES, name="package")
def _package(request: pytest.FixtureRequest, packages: dict[str, WholePackage]) -> WholePackage:
    return packages[request.param]


@pytest.fixture(scope="module", autouse=True)
def _remembered() -> Iterator[None]:
    with remembering():
        yield


def sample(package: WholePackage) -> list[str]:
    """Return a file of each class; where verifying takes longest, of some that others lack."""
    first = {class_of(name): name for name in reversed(names_in(package.path))}
    return [name for role, name in first.items() if role in SAMPLED.get(package.profile, first)]


def test_every_class_of_file_stands_in_a_package(packages: dict[str, WholePackage]) -> None:
    """Nothing a package can hold is left out of what is damaged here."""
    held = {doc.role_of(name) for one in packages.values() for name in names_in(one.path)}
    assert held - {None} == set(FileRole)
    made = {Path(name).name for name in names_in(packages["internal"].path)}
    assert {"sr.dcm", "seg-SAG_T1.dcm", "seg-SAG_T2.dcm", "kos.dcm", "pr-SAG_T1.dcm"} <= made


def test_other_tools_accept_each(package: WholePackage) -> None:
    """bagit.py validates it, and sha256sum alone checks every file."""
    assert bagit.Bag(str(package.path)).validate() is True
    if shutil.which("sha256sum") is None:
        pytest.skip("sha256sum is not installed")
    for manifest in ("manifest-sha256.txt", "tagmanifest-sha256.txt"):
        check = ["sha256sum", "--strict", "--quiet", "-c", manifest]
        subprocess.run(check, cwd=package.path, check=True)


def test_another_process_elsewhere_writes_the_same_bytes(
    ws: Workspace, packages: dict[str, WholePackage], tmp_path: Path
) -> None:
    """Hash seed, time zone, locale, umask and folders are no part of it; the payer's PDF neither.

    The workspace is a copy in which the first exports are recorded already.
    """
    copy = shutil.copytree(ws.root, tmp_path / "elsewhere" / "ws")
    out = tmp_path / "out"
    out.mkdir()
    environment = {**os.environ, **ELSEWHERE, "PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path])}
    command = [sys.executable, "-c", WRITE_AGAIN, copy, out]
    ran = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    again = [Path(line) for line in ran.stdout.splitlines()]
    for first, path in zip(packages.values(), again, strict=True):
        assert open_bag(path).files == open_bag(first.path).files, first.profile
    for name in ("payer.pdf", "trial.root.sig"):
        assert (out / name).read_bytes() == (packages["trial"].path.parent / name).read_bytes()


def test_verify_names_damage_to_each_class_of_file(package: WholePackage) -> None:
    """A byte changed, and one of the changes of whole files in turn; whole again, it is sound."""
    tally, kinds = Tally(), cycle(STRUCTURAL)
    for name in sample(package):
        wanted = {"bytes", next(kinds)}
        for kind, change in changes_of(package, name, most=1):
            if kind in wanted:
                judge(package, name, kind, change, tally)
    assert tally.unseen == []
    assert {kind for _, kind in tally.counts} == {"bytes", *STRUCTURAL}
    assert verify_evidence(package.path, key=package.key).ok


def test_manifests_made_anew_do_not_hide_it_from_the_root_digest(package: WholePackage) -> None:
    """Whatever the records themselves show, root digest and signature are of another package."""
    judged = repaired(package, sample(package)[::2], most=1)
    assert judged.unseen == []
    assert judged.total > 0
    assert verify_evidence(package.path, root=package.root_sha256, key=package.key).ok


def test_a_damage_that_is_not_named_is_noticed(packages: dict[str, WholePackage]) -> None:
    """The search itself can fail: a package that nothing was done to counts as not found."""
    tally = Tally()
    judge(packages["payer"], "bagit.txt", "bytes", lambda _bag, name: nullcontext(name), tally)
    (line,) = tally.unseen
    assert line.endswith("passed")


def test_what_is_taken_from_memory_follows_from_other_files(
    packages: dict[str, WholePackage],
) -> None:
    """With every file emptied that is said not to be read, the same bytes are made."""
    files = open_bag(packages["internal"].path).files
    payload = {path: content for path, content in files.items() if path.startswith("data/")}
    formats = chosen(Profile.INTERNAL, ALL_FORMATS)

    def emptied(what: str) -> Contents:
        unread = NOT_READ[what]
        return Contents({p: b"" if doc.role_of(p) in unread else c for p, c in payload.items()})

    for what in ("with pictures", "other formats"):
        planned = plan_of(formats, emptied(what))
        assert planned
        for path, make in planned.items():
            assert kind_of(path) != what or make() == payload[path], path
    for path, content in renderings(emptied("renderings")).items():
        assert content == payload[path], path
