"""Rules of the straight line that only the commands as a whole can keep."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import pytest

from modic_annotate.eligibility import list_criteria

AS_OF = ("--as-of", "2026-03-20")
IDENTITY = ("Phantom", "SYNTHETIC-1")
"""Name and id in the sample's images."""


def record_file(sample: Path, tmp_path: Path, **changed: object) -> Path:
    """Write the sample's record with some parts replaced."""
    content = json.loads((sample / "screening-record.json").read_text("utf-8"))
    file = tmp_path / "record.json"
    file.write_text(json.dumps(content | changed), "utf-8")
    return file


@pytest.fixture(name="recorded")
def _recorded(run, sample: Path, tmp_path: Path) -> Path:
    """Return a workspace with the sample record, nothing linked yet."""
    ws = tmp_path / "ws"
    run("init", ws, "--trial", "demo-trial")
    run("readers", ws, "add", "R01", "--name", "Demo Reader")
    run("screening", "import", sample / "screening-record.json", "--into", ws)
    return ws


@pytest.mark.parametrize("terminal", [False, True])
def test_name_and_id_are_shown_on_a_terminal_and_kept_nowhere(
    run, sample, recorded, monkeypatch, terminal
):
    """Linking shows whose images they are to a terminal alone; no file of the workspace says so."""
    monkeypatch.setattr("sys.stderr.isatty", lambda: terminal)
    ran = run("link", recorded, "demo-001", sample / "study")
    assert ran.code == 0
    for word in IDENTITY:
        assert word not in ran.out
        assert (word in ran.err) is terminal
        for path in recorded.rglob("*"):
            if path.is_file():
                assert word.encode() not in path.read_bytes(), path
                assert word not in str(path.relative_to(recorded))


def test_a_link_keeps_only_how_each_field_compared(linked):
    """Match, mismatch or not available per field, by whom and when; none of the values."""
    (line,) = (linked / "links/demo-001.jsonl").read_text("utf-8").splitlines()
    link = json.loads(line)
    check = link["check"]
    assert set(check) == {"birth_year", "sex", "study_date", "checked_by", "reason"}
    assert (check["birth_year"], check["sex"], check["study_date"]) == ("match",) * 3
    assert check["checked_by"] == link["by"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", link["at"])
    assert not re.search(r"1979|2026-?03-?10", line)


def test_an_import_can_be_looked_at_first(run, sample, linked, tmp_path):
    """With --dry-run the fields that would change are named, and nothing is written."""
    scores = json.loads((sample / "screening-record.json").read_text("utf-8"))["scores"]
    scores["odi_percent"]["value"] = 61
    file = record_file(sample, tmp_path, scores=scores)
    ran = run("screening", "import", file, "--into", linked, "--dry-run")
    assert (ran.code, "would become revision 2" in ran.out) == (0, True)
    assert "scores.odi_percent" in ran.out
    assert not (linked / "screening/demo-001/r2.json").exists()
    assert run("screening", "import", file, "--into", linked).out == ran.out.replace(
        "would become", "now"
    )
    assert (linked / "screening/demo-001/r2.json").exists()


def test_nothing_vanishes_from_within_a_list(run, sample, linked, tmp_path):
    """An entry less, or a blank cell within one, is refused like any other vanished value."""
    mri = json.loads((sample / "screening-record.json").read_text("utf-8"))["mri"]
    for fewer in ([], [mri[0] | {"study_date": None}]):
        file = record_file(sample, tmp_path, mri=fewer)
        ran = run("screening", "import", file, "--into", linked)
        assert (ran.code, "mri" in ran.err) == (2, True)
        assert not (linked / "screening/demo-001/r2.json").exists()


def test_a_record_that_became_another_mris_is_an_alarm(run, signed):
    """An audited edit that names another MRI than the one read is exit 1, not information."""
    link = json.loads((signed / "links/demo-001.jsonl").read_text("utf-8").splitlines()[0])
    same = [{"study_date": "2026-03-10", "study_uid": link["study_uid"]}]
    edit = ("screening", "edit", signed, "demo-001", "--reason", "named")
    assess = ("assess", signed, "demo-001", "--criteria", "fda_510k_bvna", *AS_OF)
    assert run(*edit, "--set", f"mri={json.dumps(same)}").code == 0
    assert run(*assess).code == 0
    other = [same[0] | {"study_date": "2026-03-11"}]
    assert run(*edit, "--set", f"mri={json.dumps(other)}").code == 0
    ran = run(*assess)
    assert (ran.code, "names another MRI" in ran.err) == (1, True)


def test_a_linked_record_stays_its_subjects(run, signed):
    """Another subject id is refused once images are linked, and nothing is written."""
    edit = ("screening", "edit", signed, "demo-001", "--reason", "x")
    ran = run(*edit, "--set", "subject.subject_id=demo-002")
    assert (ran.code, len(ran.err.splitlines())) == (2, 1)
    assert not (signed / "screening/demo-001/r2.json").exists()


def test_a_reading_points_at_trial_record_revision_and_images(signed):
    """Trial, record, revision with its hash, and the UIDs of study, series and images."""
    reading = json.loads((signed / "readings/demo-001/R01/R01-1.json").read_bytes())
    link = reading["screening"]
    assert (link["trial_id"], link["record_id"], link["revision"]) == ("demo-trial", "demo-001", 1)
    assert len(link["sha256"]) == 64
    index = json.loads((signed / "images/demo-001/index.json").read_bytes())
    known = {s["used"]["series_uid"]: s["used"] for s in index["series"]}
    assert {s["series_uid"] for s in reading["series"]} == set(known)
    for one in reading["series"]:
        assert one["study_uid"] == known[one["series_uid"]]["study_uid"]
        assert one["instances"] == known[one["series_uid"]]["instances"]


@pytest.mark.parametrize("criteria", list_criteria())
@pytest.mark.parametrize(
    "record", ["screening-record.json", "not-met-record.json", "incomplete-record.json"]
)
def test_no_exclusion_is_met_in_what_assess_prints(
    run, sample, tmp_path, monkeypatch, record, criteria
):
    """Exclusions print as absent, present or unknown; inclusions as met, not met or unknown."""
    monkeypatch.setenv("COLUMNS", "240")
    ws = tmp_path / "ws"
    content = json.loads((sample / record).read_text("utf-8"))
    run("init", ws, "--trial", content["trial_id"])
    run("screening", "import", sample / record, "--into", ws)
    assess = ("assess", ws, content["record_id"], "--criteria", criteria, *AS_OF)
    rows = json.loads(run(*assess, "--json").out)["outcomes"]
    printed = run(*assess).out
    for row in rows:
        line = next(x for x in printed.splitlines() if f" {row['criterion']} " in x)
        exclusion = row["kind"] == "exclusion"
        said = ("absent", "present", "unknown") if exclusion else ("met", "not met", "unknown")
        assert row["finding"] in (*said, "needs review", "not applicable")
        assert row["finding"] in line
        assert not (exclusion and re.search(r"\bmet\b", line)), line


def test_the_head_of_the_audit_chain_stands_in_export_and_status(run, signed, tmp_path):
    """The digest in the package is the one `status` shows, in words and for machines."""
    export = ("export", signed, "demo-001", "--criteria", "fda_510k_bvna", *AS_OF)
    assert run(*export, "--out", tmp_path / "out").code == 0
    head = (tmp_path / "out/data/audit/head.txt").read_text("utf-8")
    (digest,) = re.findall(r"[0-9a-f]{64}", head)
    heads = json.loads(run("status", signed, "--json").out)["audit_heads"]
    assert heads["demo-001"]["sha256"] == digest
    assert digest in run("status", signed).out
    assert heads["workspace"]["sha256"] in run("status", signed).out


def test_a_scripted_signature_is_visible_everywhere(run, signed, tmp_path):
    """Status, determination, table, summary, reading, signature and package all say so."""
    criteria = ("--criteria", "fda_510k_bvna", *AS_OF)
    out = tmp_path / "out"
    assert run("export", signed, "demo-001", *criteria, "--out", out).code == 0
    assert "scripted-demo" in run("status", signed).out
    assert "acts came from a file" in run("assess", signed, "demo-001", *criteria).out
    table = csv.DictReader(io.StringIO((out / "data/readings.csv").read_text("utf-8")))
    assert {(r["scripted"], r["signature_class"]) for r in table} == {("true", "scripted-demo")}
    assert "Scripted demonstration" in (out / "data/summary.html").read_text("utf-8")
    folder = signed / "readings/demo-001/R01"
    assert json.loads((folder / "R01-1.json").read_bytes())["scripted"] is True
    signature = json.loads((folder / "R01-1.signature.json").read_bytes())
    assert signature["signature_class"] == "scripted-demo"
    assert '"scripted":true' in (out / "data/package.json").read_text("utf-8")


def test_the_account_stands_beside_the_claimed_id(signed):
    """Every entry of the trail names who is said to act and, by its hash, the account that did."""
    lines = (signed / "audit/demo-001.jsonl").read_text("utf-8").splitlines()
    entries = [json.loads(line) for line in lines]
    assert len(entries) >= 3
    accounts = {e["os_account_sha256"] for e in entries}
    assert len(accounts) == 1
    assert None not in accounts
    assert all(e["by"] for e in entries)
    assert "R01" in {e["by"] for e in entries}


def test_on_a_terminal_a_changed_record_is_written_only_after_a_yes(
    run, sample, linked, tmp_path, monkeypatch
):
    """The fields that would change are shown, then it is asked; without a yes nothing happens."""
    scores = json.loads((sample / "screening-record.json").read_text("utf-8"))["scores"]
    scores["odi_percent"]["value"] = 61
    file = record_file(sample, tmp_path, scores=scores)
    answers = io.StringIO("n\ny\n")
    answers.isatty = lambda: True
    monkeypatch.setattr("sys.stdin", answers)
    refused = run("screening", "import", file, "--into", linked)
    assert refused.code == 2
    assert "scores.odi_percent" in refused.out
    assert "would become revision 2; write it?" in refused.err
    assert not (linked / "screening/demo-001/r2.json").exists()
    agreed = run("screening", "import", file, "--into", linked)
    assert agreed.code == 0
    assert agreed.out.index("scores.odi_percent") < agreed.out.index("now revision 2")
    assert (linked / "screening/demo-001/r2.json").exists()
