"""What cannot be done says so in one sentence, with exit code 2."""

from __future__ import annotations

import json
import shutil

import pytest


def one_sentence(ran) -> bool:
    """Return whether stderr is one line that names the program."""
    lines = ran.err.strip().splitlines()
    return len(lines) == 1 and lines[0].startswith("modic-annotate: ")


def refused(ran) -> None:
    """Assert the contract of a refusal."""
    assert ran.code == 2, (ran.code, ran.out, ran.err)
    assert one_sentence(ran), ran.err


def test_scan_of_an_empty_folder(run, tmp_path):
    """An empty folder has no series."""
    refused(run("scan", tmp_path))


def test_scan_of_a_jpeg(run, tmp_path):
    """A picture is refused by name, and nothing is left to read."""
    (tmp_path / "photo.jpg").write_bytes(b"\xff\xd8\xff\xe0" + bytes(200))
    refused(run("scan", tmp_path))


def test_scan_of_a_missing_folder(run, tmp_path):
    """A folder that is not there is named."""
    refused(run("scan", tmp_path / "nowhere"))


def test_apply_by_an_unregistered_reader(run, sample, linked):
    """A reader the workspace does not know cannot read."""
    acts = sample / "lesions.acts.jsonl"
    refused(run("apply", linked, "demo-001", "--reader", "R99", "--acts", acts))
    assert list(linked.rglob("*.journal.jsonl")) == []


def test_record_with_an_unknown_key(run, sample, linked, tmp_path):
    """A key the record does not have is named with its path, and nothing is imported."""
    content = json.loads((sample / "screening-record.json").read_text("utf-8"))
    content["scores"]["oddi"] = 40
    file = tmp_path / "typo.json"
    file.write_text(json.dumps(content), "utf-8")
    ran = run("screening", "import", file, "--into", linked)
    refused(ran)
    assert "$.scores.oddi" in ran.err


def test_mri_that_contradicts_its_record(run, sample, tmp_path):
    """A record of another sex is not linked without a reason; no image is copied."""
    content = json.loads((sample / "screening-record.json").read_text("utf-8"))
    content["subject"]["sex"]["value"] = "M"
    file = tmp_path / "other.json"
    file.write_text(json.dumps(content), "utf-8")
    ws = tmp_path / "ws"
    run("init", ws, "--trial", "demo-trial")
    run("screening", "import", file, "--into", ws)
    refused(run("link", ws, "demo-001", sample / "study"))
    assert list(ws.rglob("*.dcm")) == []


def test_study_that_is_linked_elsewhere(run, sample, linked, tmp_path):
    """One study cannot belong to two records."""
    content = json.loads((sample / "screening-record.json").read_text("utf-8"))
    content["record_id"] = "demo-002"
    file = tmp_path / "second.json"
    file.write_text(json.dumps(content), "utf-8")
    run("screening", "import", file, "--into", linked)
    refused(run("link", linked, "demo-002", sample / "study"))


def test_act_with_an_unknown_key(run, linked, tmp_path):
    """An acts file is refused at the line that is wrong; the lines before it stay."""
    acts = tmp_path / "acts.jsonl"
    acts.write_text('{"act":"note","text":"x"}\n{"act":"note","txt":"y"}\n', "utf-8")
    ran = run("apply", linked, "demo-001", "--reader", "R01", "--acts", acts)
    refused(ran)
    assert "line 2" in ran.err


def test_unknown_criteria_set(run, signed):
    """An unknown set is refused and the shipped ones are named."""
    ran = run("assess", signed, "demo-001", "--criteria", "nosuch", "--as-of", "2026-03-20")
    refused(ran)
    assert "fda_510k_bvna" in ran.err


def test_a_day_that_is_none(run, signed):
    """A date that is not one is refused with the form it should have."""
    ran = run("assess", signed, "demo-001", "--criteria", "fda_510k_bvna", "--as-of", "20.3.26")
    refused(ran)
    assert "YYYY-MM-DD" in ran.err


def test_package_that_cannot_be_opened(run, tmp_path):
    """A folder that is no package cannot be verified."""
    refused(run("verify", tmp_path))


@pytest.mark.parametrize("profile", ["trial", "payer"])
def test_scripted_reading_in_a_profile_for_others(run, signed, tmp_path, profile):
    """A reading signed from an acts file leaves the house in no profile but the internal one."""
    ran = run(
        "export", signed, "demo-001", "--criteria", "fda_510k_bvna", "--as-of", "2026-03-20",
        "--profile", profile, "--out", tmp_path / "out",
    )  # fmt: skip
    refused(ran)
    assert not (tmp_path / "out").exists() or list((tmp_path / "out").iterdir()) == []


def test_workspace_that_is_none(run, tmp_path):
    """A folder that is no workspace is refused by every command that needs one."""
    refused(run("status", tmp_path))


def test_series_with_a_slice_missing_is_blocked(run, sample, tmp_path):
    """A missing slice blocks its series by name; the others stay readable."""
    from modic_annotate import scan

    study = tmp_path / "study"
    shutil.copytree(sample / "study", study)
    t1 = next(s for s in scan(study).series if s.role == "SAG_T1")
    t1.slices[7].path.unlink()
    found = json.loads(run("scan", study, "--json").out)
    broken = next(s for s in found["series"] if s["series_uid"] == t1.series_uid)
    assert broken["blocked"]
    assert "missing_slice" in [p["code"] for p in broken["problems"]]


@pytest.mark.parametrize("reader_id", ["CON", "a/b", "", ".x", "nul.json", "a b", "x" * 65])
def test_reader_id_that_is_none(run, linked, reader_id):
    """An id that could not be a folder everywhere is refused."""
    refused(run("readers", linked, "add", reader_id))


@pytest.mark.parametrize(
    "arguments",
    [("scan",), ("foo",), ("apply", "WS"), ("audit", "WS", "bogus"), ("export", "--profile", "x")],
)
def test_wrong_command_lines(run, arguments):
    """A wrong command line is one sentence that says where the usage stands."""
    ran = run(*arguments)
    refused(ran)
    assert "--help" in ran.err


def test_change_without_a_reason(run, linked):
    """A record is not amended for a blank reason."""
    refused(
        run(
            "screening",
            "edit",
            linked,
            "demo-001",
            "--set",
            "scores.odi_percent=1",
            "--reason",
            " ",
        )
    )


def test_record_with_a_key_twice(run, sample, linked, tmp_path):
    """A JSON object that names a key twice is refused, for which one counts is a guess."""
    text = (sample / "screening-record.json").read_text("utf-8")
    file = tmp_path / "twice.json"
    file.write_text(text.replace("{", '{"record_id":"demo-001",', 1), "utf-8")
    refused(run("screening", "import", file, "--into", linked))


def test_demo_of_what_is_not_there(run, tmp_path, monkeypatch):
    """The demo looks for its files before it makes anything."""
    monkeypatch.chdir(tmp_path)
    refused(run("demo", "--headless", "--dicom", tmp_path, "--acts", tmp_path / "none.jsonl"))
    assert list(tmp_path.iterdir()) == []
