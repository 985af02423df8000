"""A signature over a determination lapses with what it covers; no package holds a lapsed one."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from modic_annotate.conduct.deciding import Signer, gathered, sign_determination
from modic_annotate.conduct.next_step import Step, next_steps
from modic_annotate.evidence import verify_evidence
from modic_annotate.evidence.assembling import assemble
from modic_annotate.evidence.checks.records import signature_problems
from modic_annotate.evidence.contents import Contents
from modic_annotate.evidence.document import Profile
from modic_annotate.evidence.gather import Gathered
from modic_annotate.evidence.package import PackageResult, write_evidence
from modic_annotate.evidence.standing import Signable, Standing, standing
from modic_annotate.store.canonical import canonical_bytes
from modic_annotate.store.workspace import Workspace
from tests.cli.conftest import run_command
from tests.soak.whole import (
    AS_OF,
    CRITERIA,
    JUDGED,
    RECORD,
    amend_reading,
    amend_record,
    make_whole,
)

SIGNATURE = "data/determination.signature.json"
SIGNER = "R01"


@pytest.fixture(scope="module", name="made")
def _made(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A workspace whose determination is signed; never changed."""
    return make_whole(tmp_path_factory.mktemp("standing") / "ws")


@pytest.fixture(name="ws")
def _ws(made: Workspace, tmp_path: Path) -> Workspace:
    return Workspace.open(shutil.copytree(made.root, tmp_path / "ws"))


@pytest.fixture(scope="module", name="found")
def _found(made: Workspace) -> Gathered:
    return gathered(made, RECORD, JUDGED)


def export(ws: Workspace, out: Path, as_of: date = AS_OF) -> PackageResult:
    """Write the payer's bag, which makes the fewest files, into a folder."""
    return write_evidence(ws, RECORD, CRITERIA, as_of, out, profile="payer")


def remark(ws: Workspace) -> None:
    amend_reading(ws, "one more remark")


AMENDED = [(amend_record, ("the screening record",)), (remark, ("reading R01-2", "reading R01-3"))]


@pytest.mark.parametrize(("amend", "changed"), AMENDED)
def test_an_amendment_lapses_the_signature_and_the_package_says_so(
    ws: Workspace, tmp_path: Path, amend: Callable[[Workspace], None], changed: tuple[str, ...]
) -> None:
    """Whether or not the determination changed: it is left out, said, and the package verifies."""
    before = gathered(ws, RECORD, JUDGED)
    amend(ws)
    after = gathered(ws, RECORD, JUDGED)
    same_bytes = before.signable.content == after.signable.content
    assert same_bytes is (amend is amend_record)
    package = export(ws, tmp_path / "out")
    assert package.lapsed is not None
    assert package.lapsed.changed == changed
    assert not (package.path / SIGNATURE).exists()
    told = json.loads((package.path / "data/package.json").read_text("utf-8"))["not_included"]
    assert told[-1].startswith("signature D1 of the determination (since it was made there changed")
    assert verify_evidence(package.path).ok


def test_signed_again_it_is_packaged(ws: Workspace, tmp_path: Path) -> None:
    """The new signature covers the amended record; the earlier one stays in the workspace."""
    amend_record(ws)
    sign_determination(ws, RECORD, JUDGED, Signer(SIGNER))
    package = export(ws, tmp_path / "out")
    assert package.lapsed is None
    signature = json.loads((package.path / SIGNATURE).read_text("utf-8"))
    assert signature["determination_id"] == "D2"
    assert verify_evidence(package.path).ok
    assert ws.store.exists(f"determinations/{RECORD}/D1.signature.json")


def test_the_trial_s_package_leaves_it_out_too_and_names_no_day(
    ws: Workspace, tmp_path: Path
) -> None:
    """What is said is the id and the kind of document."""
    amend_record(ws)
    out = tmp_path / "out"
    write_evidence(ws, RECORD, CRITERIA, AS_OF, out, profile="trial", by="C01")
    contents = Contents({p.relative_to(out).as_posix(): p.read_bytes() for p in files_in(out)})
    assert contents.determination_signature is None
    assert contents.document.not_included[-1].endswith("changed: the screening record)")


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_the_command_line_tells_who_exports(
    ws: Workspace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One sentence on stderr: which signature, what changed, what to do."""
    amend_record(ws)
    judged = ("--criteria", CRITERIA, "--as-of", AS_OF.isoformat())
    ran = run_command(
        capsys, "export", ws.root, RECORD, *judged, "--profile", "trial", "--out", tmp_path / "out"
    )
    assert ran.code == 0
    assert (
        "Signature D1 of the determination is not in the package: since it was made there changed "
        "the screening record; look at it again and sign it anew with sign-determination"
    ) in ran.err


def test_the_next_step_is_to_sign_again(ws: Workspace) -> None:
    """The walk through a case does not take a lapsed signature for one that stands."""

    def to_do() -> list[Step]:
        return [step for step in next_steps(ws, RECORD, JUDGED) if step.command]

    assert to_do() == []
    amend_record(ws)
    (step,) = to_do()
    assert step.sentence == (
        "Since signature D1 of the determination was made there changed the screening record; "
        "it has lapsed."
    )
    assert step.command.startswith("sign-determination")


def test_a_package_with_a_lapsed_signature_is_a_fault(ws: Workspace, found: Gathered) -> None:
    """Whoever packages it all the same is found by what the signature rests on."""
    amend_record(ws)
    amended = gathered(ws, RECORD, JUDGED)
    stale = replace(amended, standing=Standing(signature=found.standing.signature))
    bag = assemble(stale, Profile.PAYER)
    payload = {path: content for path, content in bag.items() if path.startswith("data/")}
    problems = list(signature_problems(Contents(payload)))
    assert problems == [f"{SIGNATURE}: it rests on another screening than the package holds"]


def test_a_signature_the_audit_trail_does_not_know_is_a_fault(found: Gathered) -> None:
    """Another signer's name under fitting manifests, or a document left out, is found."""
    bag = assemble(found, Profile.PAYER)
    payload = {path: content for path, content in bag.items() if path.startswith("data/")}
    assert list(signature_problems(Contents(payload))) == []
    told = json.loads(payload[SIGNATURE])
    told["signer_display_name"] = "Somebody Else"
    told["inputs"] = told["inputs"][1:]
    changed = Contents({**payload, SIGNATURE: canonical_bytes(told)})
    assert list(signature_problems(changed)) == [
        f"{SIGNATURE}: the record's audit chain does not know it",
        f"{SIGNATURE}: it does not name criteria, which the package rests on",
    ]


def with_hash(signable: Signable, name: str, digest: str) -> Signable:
    return replace(signable, hashes={**signable.hashes, name: digest})


def without_reading(signable: Signable) -> Signable:
    kept = {name: h for name, h in signable.hashes.items() if not name.startswith("reading:")}
    return replace(signable, hashes=kept)


OTHER = "0" * 64
CASES = {
    "nothing": (lambda s: s, None),
    "record": (lambda s: with_hash(s, "screening", OTHER), ("the screening record",)),
    "set": (lambda s: with_hash(s, "criteria", OTHER), ("the criteria set",)),
    "further reading": (lambda s: with_hash(s, "reading:R02-1", OTHER), ("reading R02-1",)),
    "reading gone": (without_reading, ("reading R01-2",)),
    "day": (
        lambda s: replace(s, as_of=AS_OF + timedelta(days=1)),
        ("the day it is judged by",),
    ),
    "judgement": (
        lambda s: replace(s, determination=s.determination.replace(semantics=99)),
        ("the determination itself",),
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_what_lapses_a_signature(made: Workspace, found: Gathered, case: str) -> None:
    """Each thing that a signature covers, changed alone, is named; unchanged it stands."""
    change, changed = CASES[case]
    signature = found.standing.signature
    assert signature is not None
    judged = standing((signature,), change(found.signable))
    assert (judged.signature == signature) is (changed is None)
    assert (judged.lapsed.changed if judged.lapsed else None) == changed


def test_an_earlier_signature_of_the_same_day_may_stand(found: Gathered) -> None:
    """Signed for two days, each day has its own; signatures under other sets are none of it."""
    first = found.standing.signature
    assert first is not None
    later = first.replace(determination_id="D2", as_of=AS_OF + timedelta(days=1))
    assert standing((first, later), found.signable).signature == first
    other = first.replace(criteria_id="fda_510k_bvna")
    assert standing((other,), found.signable) == Standing()
