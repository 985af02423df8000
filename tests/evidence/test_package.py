"""Packages from a real workspace: complete, the same bytes each time, written whole."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import bagit
import pytest

from modic_annotate import evidence
from modic_annotate.domain.base import utc_now
from modic_annotate.domain.determination import Determination
from modic_annotate.domain.reading import Reading
from modic_annotate.domain.screening import Change, ScreeningRecord
from modic_annotate.eligibility import load_criteria
from modic_annotate.errors import (
    AlreadyExistsError,
    ExportError,
    ProfileRefusedError,
    RecordMismatchError,
    UnknownCriteriaSetError,
    UnknownRecordError,
)
from modic_annotate.evidence import verify_evidence, write_evidence
from modic_annotate.evidence.bag import Files, root_digest
from modic_annotate.evidence.bag_read import open_bag
from modic_annotate.evidence.bag_write import write_folder
from modic_annotate.evidence.criteria_file import criteria_file
from modic_annotate.evidence.document import PackageDocument
from modic_annotate.evidence.gather import gather, image_files
from modic_annotate.store.audit import head, read_chain
from modic_annotate.store.canonical import parse_record
from modic_annotate.store.record_state import reading_state
from modic_annotate.store.workspace import Workspace

RECORD = "demo-001"
AS_OF = date(2026, 3, 20)
CRITERIA = "trial_intracept"


def export(ws: Workspace, out: Path, **options: object) -> Path:
    return write_evidence(ws, RECORD, CRITERIA, AS_OF, out, **options).path


def document(bag: Files) -> PackageDocument:
    return parse_record(PackageDocument, bag["data/package.json"], "package.json")


def test_two_exports_of_one_content_are_the_same_bytes(
    sample_ws: Workspace, tmp_path: Path
) -> None:
    """Not even the first export shows in the second; a folder and a zip hold the same."""
    first = export(sample_ws, tmp_path / "a")
    second = export(sample_ws, tmp_path / "b", zip_it=True)
    assert open_bag(first).files == open_bag(second).files
    assert verify_evidence(second).ok


def test_a_copied_workspace_gives_the_same_package(
    full_bag: Files, sample_ws: Workspace, tmp_path: Path
) -> None:
    """Where the workspace lies on disk is no part of the evidence."""
    assert open_bag(export(sample_ws, tmp_path / "a")).files == full_bag


def test_other_tools_accept_it(sample_bag: Files, tmp_path: Path) -> None:
    """bagit.py validates the package, and sha256sum checks both manifests."""
    path = tmp_path / "a"
    write_folder(sample_bag, path)
    assert bagit.Bag(str(path)).validate() is True
    if shutil.which("sha256sum"):
        for manifest in ("manifest-sha256.txt", "tagmanifest-sha256.txt"):
            check = ["sha256sum", "--strict", "--quiet", "-c", manifest]
            subprocess.run(check, cwd=path, check=True)


def test_it_holds_everything_needed_to_judge_again(sample_bag: Files) -> None:
    """Record, readings, signatures, criteria, images by hash, audit, tables, summary."""
    payload = {path for path in sample_bag if path.startswith("data/")}
    crops = {
        f"data/imaging/key/R01-1/{name}-{role}{end}"
        for name in ("L1-superior", "L4-inferior", "L5-superior")
        for role in ("SAG_T1", "SAG_T2")
        for end in (".png", "-marked.png", ".json")
    }
    assert payload == crops | {
        "data/package.json",
        "data/determination.json",
        "data/criteria/trial_intracept.toml",
        "data/screening/record.json",
        "data/links.jsonl",
        "data/readings/R01-1.json",
        "data/readings/R01-1.signature.json",
        "data/readings.csv",
        "data/codebook.csv",
        "data/imaging/series.json",
        "data/imaging/key/R01-1/spine.png",
        "data/imaging/key/R01-1/spine.json",
        "data/audit/audit.jsonl",
        "data/audit/head.txt",
        "data/summary.html",
    }


def test_records_are_the_workspace_s_own_bytes(sample_bag: Files, sample_ws: Workspace) -> None:
    """Nothing is written again that was signed or hashed."""
    root = sample_ws.root
    same = {
        "data/screening/record.json": f"screening/{RECORD}/r1.json",
        "data/readings/R01-1.json": f"readings/{RECORD}/R01/R01-1.json",
        "data/readings/R01-1.signature.json": f"readings/{RECORD}/R01/R01-1.signature.json",
        "data/links.jsonl": f"links/{RECORD}.jsonl",
        "data/audit/audit.jsonl": f"audit/{RECORD}.jsonl",
    }
    for packaged, own in same.items():
        assert sample_bag[packaged] == (root / own).read_bytes()


def test_the_package_names_its_inputs_as_the_trace_does(sample_bag: Files) -> None:
    """Every document an operand points into has a path and a hash in ``package.json``."""
    named = {one.document for one in document(sample_bag).inputs}
    determination = parse_record(
        Determination, sample_bag["data/determination.json"], "determination"
    )
    pointed = {o.document for row in determination.outcomes for o in row.operands}
    assert pointed - {"frozen"} <= named
    assert named == {"screening", "criteria", "reading:R01-1"}


def test_scripted_and_synthetic_stand_in_the_document(sample_bag: Files) -> None:
    """What is a demonstration says so to machines too."""
    made = document(sample_bag)
    assert (made.scripted, made.synthetic) == (True, True)
    assert [state.state for state in made.record_states] == ["same"]


def test_the_export_stands_in_the_workspace_chain_alone(
    sample_ws: Workspace, tmp_path: Path
) -> None:
    """The workspace's chain holds root digest and head; the record's own is as before."""
    before = head(sample_ws.store, RECORD)
    result = write_evidence(sample_ws, RECORD, CRITERIA, AS_OF, tmp_path / "a", by="coordinator")
    last = read_chain(sample_ws.store, None).entries[-1]
    assert head(sample_ws.store, RECORD) == before
    assert (last.event, last.by) == ("evidence.exported", "coordinator")
    assert last.facts["root_sha256"] == result.root_sha256
    assert last.facts["heads"][RECORD]["sha256"] == before
    assert result.root_sha256 == root_digest(open_bag(result.path).files)


@pytest.mark.parametrize("profile", ["trial", "payer"])
def test_scripted_signatures_leave_only_internally(
    sample_ws: Workspace, tmp_path: Path, profile: str
) -> None:
    """Trial and payer profiles refuse a demonstration, and write nothing."""
    with pytest.raises(ProfileRefusedError, match="scripted-demo"):
        export(sample_ws, tmp_path / "a", profile=profile)
    assert not (tmp_path / "a").exists()


def test_a_profile_that_does_not_exist_says_so(unread_ws: Workspace, tmp_path: Path) -> None:
    """No profile is pretended."""
    with pytest.raises(ExportError, match="'x'"):
        export(unread_ws, tmp_path / "a", profile="x")


@pytest.fixture(name="unread_ws")
def _unread_ws(sample_ws: Workspace) -> Workspace:
    """The sample workspace before anything was linked or read."""
    for folder in ("links", "readings", "images"):
        shutil.rmtree(sample_ws.root / folder)
    return sample_ws


def test_a_record_without_reading_can_be_packaged(unread_ws: Workspace, tmp_path: Path) -> None:
    """It says what is missing, and verifies."""
    path = export(unread_ws, tmp_path / "a")
    files = open_bag(path).files
    assert json.loads(files["data/determination.json"])["roll_up"] == "incomplete"
    assert b"No signed reading is linked" in files["data/summary.html"]
    assert "data/imaging/series.json" not in files


def test_a_zip_is_named_as_one(unread_ws: Workspace, tmp_path: Path) -> None:
    """``--zip`` adds the ending where it is missing; a name that is taken is refused."""
    assert export(unread_ws, tmp_path / "a", zip_it=True) == tmp_path / "a.zip"
    with pytest.raises(AlreadyExistsError):
        export(unread_ws, tmp_path / "a.zip", zip_it=True)


def test_in_a_folder_of_other_things_the_package_names_itself(
    unread_ws: Workspace, tmp_path: Path
) -> None:
    """Packages of several records and sets can lie side by side; one is never put into another."""
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "letter.txt").write_text("x")
    name = "demo-001-trial_intracept-2026-03-20"
    assert export(unread_ws, tmp_path / "out") == tmp_path / "out" / name
    zipped = export(unread_ws, tmp_path / "out", zip_it=True)
    assert zipped == tmp_path / "out" / f"{name}.zip"
    with pytest.raises(AlreadyExistsError):
        export(unread_ws, tmp_path / "out")
    with pytest.raises(AlreadyExistsError):
        export(unread_ws, tmp_path / "out" / name)


def test_a_set_of_the_site_s_own_is_packaged_byte_for_byte(
    unread_ws: Workspace, tmp_path: Path
) -> None:
    """A set given as a file keeps its bytes; one made in memory is written canonically."""
    own = tmp_path / "own.toml"
    shipped = Path(load_criteria.__code__.co_filename).parent / "sets" / "fda_510k_bvna.toml"
    own.write_bytes(b"# the site's copy\n" + shipped.read_bytes())
    for given, name in ((own, "fda_510k_bvna.toml"), (load_criteria(own), "fda_510k_bvna.json")):
        out = tmp_path / name
        result = write_evidence(unread_ws, RECORD, given, AS_OF, out)
        content = open_bag(result.path).files[f"data/criteria/{name}"]
        assert (content == own.read_bytes()) is name.endswith(".toml")
        assert verify_evidence(out).ok


def test_unknown_records_and_sets_are_refused(sample_ws: Workspace, tmp_path: Path) -> None:
    """Nothing is written for what is not there."""
    with pytest.raises(UnknownRecordError):
        write_evidence(sample_ws, "nobody", CRITERIA, AS_OF, tmp_path / "a")
    with pytest.raises(UnknownCriteriaSetError):
        write_evidence(sample_ws, RECORD, "no_such_set", AS_OF, tmp_path / "a")
    assert not (tmp_path / "a").exists()


def amend(ws: Workspace, **changes: object) -> None:
    record, digest = ws.screening(RECORD)
    later = record.replace(
        revision=record.revision + 1,
        previous_sha256=digest,
        change=Change(by="coordinator", at=utc_now(), reason="corrected"),
        **changes,
    )
    ws.add_screening(later, by="coordinator")


def test_an_amended_record_is_packaged_with_its_history(
    sample_ws: Workspace, tmp_path: Path
) -> None:
    """The revision that was read for comes too, the changed fields are named, and all verifies."""
    amend(sample_ws, protocol_version="1.1")
    path = export(sample_ws, tmp_path / "a")
    made = document(open_bag(path).files)
    assert [(s.state, s.changed_fields) for s in made.record_states] == [
        ("amended", ("protocol_version",))
    ]
    assert made.revision == 2
    assert (path / "data/screening/revisions/r1.json").is_file()
    verification = verify_evidence(path)
    assert verification.ok
    assert "amended: protocol_version" in verification.text()


def test_a_record_changed_from_outside_is_packaged_as_such_and_fails(
    sample_ws: Workspace, tmp_path: Path
) -> None:
    """The package keeps what was found, and everyone who verifies it is told."""
    key = sample_ws.root / f"screening/{RECORD}/r1.json"
    record = parse_record(ScreeningRecord, key.read_bytes(), "r1")
    key.chmod(0o644)
    key.write_bytes(key.read_bytes().replace(b'"site-01"', b'"site-02"'))
    assert reading_state(sample_ws, sample_ws.reading(RECORD, "R01-1")[0]).state != "same"
    verification = verify_evidence(export(sample_ws, tmp_path / "a"))
    assert record.subject.site_id == "site-01"
    assert not verification.check("record state").ok
    assert not verification.check("links").ok
    assert not verification.ok


def spoil_pixels(root: Path) -> None:
    for path in (root / "images" / RECORD).glob("*/008.dcm"):
        content = bytearray(path.read_bytes())
        content[-2000] ^= 1
        path.chmod(0o644)
        path.write_bytes(content)


def remove_images(root: Path) -> None:
    shutil.rmtree(root / "images" / RECORD / "01")


def spoil_index(root: Path) -> None:
    path = root / "images" / RECORD / "index.json"
    path.chmod(0o644)
    path.write_bytes(path.read_bytes().replace(b'"instance_number":1,', b'"instance_number":9,'))


@pytest.mark.parametrize("spoil", [spoil_pixels, remove_images, spoil_index])
def test_other_images_than_were_read_are_refused(
    sample_ws: Workspace, tmp_path: Path, spoil: Callable[[Path], None]
) -> None:
    """No key image is drawn from pixels the reader did not see, and no package is left."""
    spoil(sample_ws.root)
    with pytest.raises((RecordMismatchError, UnknownRecordError)):
        export(sample_ws, tmp_path / "a")
    assert not (tmp_path / "a").exists()


def test_a_series_that_was_read_and_is_gone_is_named(
    sample_ws: Workspace, make_reading: Callable[..., Reading]
) -> None:
    """A reading of series the record does not hold gives no key image."""
    found = gather(sample_ws, RECORD, criteria_file(CRITERIA), AS_OF)
    stranger = replace(found.signed[0], reading=make_reading())
    with pytest.raises(ExportError, match="the record's images do not hold it"):
        image_files(replace(found, signed=(stranger,)))


def test_the_package_names_are_loaded_on_demand() -> None:
    """Unknown names fail as attributes do; known ones are listed."""
    assert set(dir(evidence)) >= {"write_evidence", "verify_evidence"}
    with pytest.raises(AttributeError, match="no attribute 'sign'"):
        _ = evidence.sign
