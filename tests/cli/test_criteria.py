"""``criteria``: what sets there are, a site's own set, and rows that a site verifies."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from modic_annotate.eligibility import list_criteria, load_criteria
from modic_annotate.store.canonical import canonical_bytes, sha256_hex

LCD = "lcd_a59468"
CONTRA = "fda_510k_bvna_contraindications"
AS_OF = ("--as-of", "2026-03-20")


@pytest.fixture(name="ws")
def _ws(run, sample, tmp_path) -> Path:
    """A workspace with one reader and the sample's record, without images."""
    ws = tmp_path / "ws"
    for command in (
        ("init", ws, "--trial", "demo-trial"),
        ("readers", ws, "add", "R01", "--name", "Demo Reader"),
        ("screening", "import", sample / "screening-record.json", "--into", ws),
    ):
        assert run(*command).code == 0
    return ws


@pytest.fixture(name="source")
def _source(tmp_path) -> Path:
    path = tmp_path / "source.txt"
    path.write_text("the text that was read", "utf-8")
    return path


def row(run, ws, name: str, set_id: str = CONTRA) -> dict:
    """One row of the sample record's determination."""
    found = json.loads(run("assess", ws, "demo-001", "--criteria", set_id, *AS_OF, "--json").out)
    return next(r for r in found["outcomes"] if r["criterion"] == name)


def test_every_shipped_set_is_listed(run):
    """The list names each set, and says that the day its source was read is not recorded."""
    found = json.loads(run("criteria", "list", "--json").out)
    assert tuple(one["id"] for one in found) == list_criteria()
    assert {one["retrieved_on"] for one in found} == {"not recorded"}
    assert not any("stale" in one["review_by"] for one in found)


def test_a_set_past_its_review_is_listed_as_stale(run):
    """On a day after its review date a set is stale, in plain sight."""
    said = run("criteria", "list", "--as-of", "2027-07-01").out
    assert said.count("(stale)") == len(list_criteria())
    assert "(stale)" not in run("criteria", "list", "--as-of", "2027-06-30").out


def test_a_set_is_shown_with_the_standing_of_every_row(run):
    """Rows, notes and caveats of a set are shown with how far their sources are known."""
    said = " ".join(run("criteria", "show", LCD).out.split())
    assert "LCD-M1" in said
    assert "source not verified" in said
    assert "third-party copy" in said
    assert "modifier KX" in said
    shown = json.loads(run("criteria", "show", LCD, "--json").out)
    assert shown == json.loads(canonical_bytes(load_criteria(LCD)))


def test_a_verified_row_decides_and_says_by_whom(run, ws, source):
    """Before: shown and open. After: it decides, with the person's name, and the audit holds."""
    assert row(run, ws, "FDA-X1-6")["outcome"] == "unknown"
    ran = run("criteria", "verify-row", ws, CONTRA, "fda-x1-6", "--by", "R01", "--source", source)
    assert (ran.code, "Demo Reader (R01)" in ran.out) == (0, True)
    found = row(run, ws, "FDA-X1-6")
    assert (found["outcome"], found["provenance"]) == ("met", "site_verified")
    assert found["verified_by"] == "Demo Reader (R01)"
    assert "by Demo Reader (R01)" in " ".join(
        run("criteria", "show", CONTRA, "--workspace", ws).out.split()
    )
    assert run("audit", ws, "verify").code == 0


def test_a_withdrawn_verification_decides_no_longer(run, ws, source):
    """Taken back with a reason, the row is open again; verified again, it decides again."""
    verify = ("criteria", "verify-row", ws, CONTRA, "FDA-X1-6", "--by", "R01")
    assert run(*verify, "--source", source).code == 0
    assert run(*verify, "--withdraw", "an older text").code == 0
    assert row(run, ws, "FDA-X1-6")["outcome"] == "unknown"
    assert run(*verify, "--source", source).code == 0
    assert row(run, ws, "FDA-X1-6")["outcome"] == "met"
    assert run("audit", ws, "verify").code == 0


@pytest.mark.parametrize(
    ("what", "more", "said"),
    [
        ((CONTRA, "FDA-X1-6", "R09"), ("--source", "source"), "not registered"),
        ((CONTRA, "FDA-X1-99", "R01"), ("--source", "source"), "no row 'FDA-X1-99'"),
        (("fda_510k_bvna", "FDA-1", "R01"), ("--source", "source"), "needs no verification"),
        ((CONTRA, "FDA-X1-6", "R01"), ("--source", "nowhere.pdf"), "cannot be read"),
        ((CONTRA, "FDA-X1-6", "R01"), ("--source", "empty"), "is empty"),
        ((CONTRA, "FDA-X1-6", "R01"), (), "--source FILE"),
        ((CONTRA, "FDA-X1-6", "R01"), ("--source", "source", "--withdraw", "x"), "not both"),
        ((CONTRA, "FDA-X1-6", "R01"), ("--withdraw", "x"), "nothing to withdraw"),
        (("fda_9", "FDA-1", "R01"), ("--source", "source"), "No criteria set"),
    ],
)
def test_what_cannot_be_verified_is_refused(run, ws, source, what, more, said):
    """A reader, row, set or source that does not serve is refused in one sentence."""
    empty = source.with_name("empty")
    empty.write_bytes(b"")
    set_id, name, by = what
    given = [{"source": source, "empty": empty}.get(word, word) for word in more]
    ran = run("criteria", "verify-row", ws, set_id, name, "--by", by, *given)
    assert ran.code == 2
    assert said in ran.err
    assert not (ws / "criteria").exists()


def test_a_row_is_verified_once(run, ws, source):
    """A row that is verified is not verified over; a withdrawal needs words."""
    verify = ("criteria", "verify-row", ws, CONTRA, "FDA-X1-6", "--by", "R01")
    assert run(*verify, "--source", source).code == 0
    again = run(*verify, "--source", source)
    assert (again.code, "verified already, by Demo Reader (R01)" in again.err) == (2, True)
    assert "with a reason" in run(*verify, "--withdraw", " ").err


def test_a_verification_from_outside_is_a_fault(run, ws, source):
    """A verification that was copied in, or changed, is found by the audit."""
    run("criteria", "verify-row", ws, CONTRA, "FDA-X1-6", "--by", "R01", "--source", source)
    first = ws / "criteria" / CONTRA / "FDA-X1-6" / "r1.json"
    forged = ws / "criteria" / CONTRA / "FDA-X1-7" / "r1.json"
    forged.parent.mkdir()
    forged.write_bytes(first.read_bytes().replace(b"FDA-X1-6", b"FDA-X1-7"))
    ran = run("audit", ws, "verify")
    assert (ran.code, "put there from outside" in ran.out + ran.err) == (1, True)


def own(tmp_path: Path, **changes: object) -> Path:
    """A site's own set: the shipped indications with changes, under a name of its own."""
    content = json.loads(canonical_bytes(load_criteria("fda_510k_bvna")))
    path = tmp_path / "own.json"
    path.write_text(json.dumps({**content, "id": "our_clinic", **changes}), "utf-8")
    return path


def test_a_set_of_the_site_is_checked_and_used(run, ws, tmp_path):
    """A site's own file is checked by its examples, and judges under its own name."""
    path = own(tmp_path)
    assert "our_clinic 1: 4 rows, 38 examples" in run("criteria", "check", path).out
    found = json.loads(run("assess", ws, "demo-001", "--criteria", path, *AS_OF, "--json").out)
    assert found["criteria_id"] == "our_clinic"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"id": "fda_510k_bvna", "title": "ours"}, "give it an id of its own"),
        ({"example": [{"name": "odd", "expect": {"FDA-2": "unknown"}}]}, "odd: FDA-2 is met"),
        ({"titel": "x", "purpose": "y"}, "$.titel"),
    ],
)
def test_a_broken_set_of_the_site_is_refused(run, ws, tmp_path, changes, said):
    """A shipped name, an example that does not hold, or a wrong field: refused before judging."""
    path = own(tmp_path, **changes)
    for command in (("criteria", "check", path), ("assess", ws, "demo-001", "--criteria", path)):
        ran = run(*command, *(AS_OF if command[0] == "assess" else ()))
        assert (ran.code, said in ran.err) == (2, True)


def test_every_problem_of_a_broken_set_is_told_at_once(run, tmp_path):
    """Two wrong fields are two problems, each with its path."""
    said = run("criteria", "check", own(tmp_path, titel="x", purpose="y")).err
    assert "$.titel" in said
    assert "$.purpose" in said


def test_a_folder_is_no_set(run, tmp_path):
    """A folder, or a name that is nowhere, is refused with the names there are."""
    ran = run("criteria", "check", tmp_path)
    assert (ran.code, "cam394" in ran.err) == (2, True)


def test_a_verification_of_other_words_is_told(run, ws, source, tmp_path):
    """When a set's row reads otherwise than it did, its verification no longer counts."""
    rows = json.loads(canonical_bytes(load_criteria("fda_510k_bvna")))["criterion"]
    rows[1]["provenance"] = "unverified"
    path = own(tmp_path, criterion=rows, example=[])
    assert (
        run("criteria", "verify-row", ws, path, "FDA-2", "--by", "R01", "--source", source).code
        == 0
    )
    assert row(run, ws, "FDA-2", path)["outcome"] == "met"
    rows[1]["title"] = "Low back pain of half a year"
    own(tmp_path, criterion=rows, example=[])
    assert row(run, ws, "FDA-2", path)["outcome"] == "unknown"
    said = run("criteria", "show", path, "--workspace", ws).out
    assert "Row FDA-2 was verified in other words than it has now" in said


def test_a_package_holds_the_set_with_its_verified_rows(run, signed, source, tmp_path):
    """An exported package is judged again with the site's verifications, and verifies."""
    verify = ("criteria", "verify-row", signed, CONTRA, "FDA-X1-6", "--by", "R01")
    assert run(*verify, "--source", source).code == 0
    bag, on = tmp_path / "bag", ("--criteria", CONTRA, *AS_OF)
    assert run("sign-determination", signed, "demo-001", *on, "--by", "R01").code == 0
    assert run("export", signed, "demo-001", *on, "--out", bag).code == 0
    packaged = json.loads((bag / "data" / "criteria" / f"{CONTRA}.json").read_text("utf-8"))
    given = {r["id"]: r["verification"] for r in packaged["criterion"] if r["verification"]}
    assert [(name, v["by"]) for name, v in given.items()] == [("FDA-X1-6", "Demo Reader (R01)")]
    assert run("verify", bag).code == 0
    traced = run("assess", signed, "demo-001", "--criteria", "fda_510k_bvna", *AS_OF, "--trace").out
    assert "Where each value stands" in traced
    assert "/numbering/confidence" in traced
    for kept in (signed / "readings").rglob("R01-1.json"):
        assert f"reading:R01-1  {sha256_hex(kept.read_bytes())}" in traced
