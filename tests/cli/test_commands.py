"""The straight line through the command line, and its exit codes."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import jsonschema
import pydicom
import pytest

AS_OF = ("--as-of", "2026-03-20")
FDA = ("--criteria", "fda_510k_bvna", *AS_OF)
SERIES_KEYS = {
    "study_uid", "series_uid", "stack", "description", "role", "role_evidence", "weighting",
    "fat", "plane", "shape", "spacing_mm", "affine_lps", "transfer_syntax", "n_files", "blocked",
    "problems",
}  # fmt: skip


def test_scan_prints_the_contract_as_json(run, sample):
    """`scan --json` prints each series with its role, geometry and evidence, and nothing else."""
    found = json.loads(run("scan", sample / "study", "--json").out)
    assert {series["role"] for series in found["series"]} == {"SAG_T1", "SAG_T2", "SAG_FS"}
    assert all(set(series) == SERIES_KEYS for series in found["series"])
    assert found["refused"] == []


def test_scan_says_why_a_series_was_taken(run, sample, tmp_path):
    """Of two series for one slot the listing names the one taken, and why."""
    study = Path(shutil.copytree(sample / "study", tmp_path / "study"))
    for path in sorted(p for p in study.rglob("*") if p.is_file()):
        ds = pydicom.dcmread(path)
        if float(ds.RepetitionTime) < 1000:
            ds.SOPInstanceUID = ds.file_meta.MediaStorageSOPInstanceUID = f"{ds.SOPInstanceUID}.9"
            ds.SeriesInstanceUID, ds.SeriesNumber = f"{ds.SeriesInstanceUID}.9", 99
            ds.save_as(path.with_name(f"again-{path.name}"))
    said = " ".join(run("scan", study).out.split())
    assert "SAG_T1: series 99 taken before series" in said
    assert "repeats the same protocol later" in said
    assert "confidence high" in said


def test_apply_acknowledges_every_line(run, sample, linked):
    """`apply` prints one `ack n` for each line of the acts file, in order."""
    acts = sample / "lesions.acts.jsonl"
    ran = run("apply", linked, "demo-001", "--reader", "R01", "--acts", acts)
    lines = len(acts.read_text("utf-8").splitlines())
    assert ran.out.split() == [word for n in range(1, lines + 1) for word in ("ack", str(n))]


def test_applying_a_finished_file_again_changes_nothing(run, sample, signed):
    """A file that is wholly applied is not applied twice."""
    journal = next(signed.rglob("*.journal.jsonl"))
    before = journal.read_bytes()
    acts = sample / "lesions.acts.jsonl"
    ran = run("apply", signed, "demo-001", "--reader", "R01", "--acts", acts)
    assert ran.out == ""
    assert journal.read_bytes() == before


@pytest.mark.parametrize(
    ("criteria", "roll_up"),
    [("fda_510k_bvna", "criteria_met"), ("trial_intracept", "criteria_not_met")],
)
def test_assess_prints_the_determination(run, signed, criteria, roll_up):
    """The sample meets the FDA indications and, for its L1 lesion, not the trial's criteria."""
    ran = run("assess", signed, "demo-001", "--criteria", criteria, *AS_OF, "--json")
    assert (ran.code, json.loads(ran.out)["roll_up"]) == (0, roll_up)


@pytest.mark.parametrize(
    ("record", "roll_up"),
    [("not-met-record.json", "criteria_not_met"), ("incomplete-record.json", "incomplete")],
)
def test_record_variants_conclude_otherwise(run, sample, tmp_path, record, roll_up):
    """The two example records beside the sample reach not met, and incomplete."""
    ws = tmp_path / "ws"
    content = json.loads((sample / record).read_text("utf-8"))
    run("init", ws, "--trial", content["trial_id"])
    run("readers", ws, "add", "R01")
    run("screening", "import", sample / record, "--into", ws)
    assert run("link", ws, content["record_id"], sample / "study").code == 0
    acts = sample / "lesions.acts.jsonl"
    run("apply", ws, content["record_id"], "--reader", "R01", "--acts", acts)
    ran = run("assess", ws, content["record_id"], *FDA, "--json")
    assert json.loads(ran.out)["roll_up"] == roll_up


def test_signed_reading_fits_its_schema(run, signed):
    """The signed reading validates against the committed schema with an independent validator."""
    schema = json.loads(run("schema", "reading").out)
    reading = json.loads((signed / "readings/demo-001/R01/R01-1.json").read_bytes())
    jsonschema.Draft202012Validator(schema).validate(reading)


def test_link_file_lists_the_reading_with_its_hash(signed):
    """`links/<record>.jsonl` ends with the signed reading and the sha256 of its bytes."""
    import hashlib

    link = json.loads((signed / "links/demo-001.jsonl").read_text("utf-8").splitlines()[-1])
    content = (signed / link["path"]).read_bytes()
    assert (link["kind"], link["sha256"]) == ("reading", hashlib.sha256(content).hexdigest())


def test_export_verifies_and_a_changed_byte_does_not(run, signed, tmp_path):
    """A fresh package verifies with exit 0; one changed byte is exit 1 and names the file."""
    ran = run("export", signed, "demo-001", *FDA, "--out", tmp_path / "out")
    assert ran.code == 0, ran.err
    bag = Path(ran.out.splitlines()[0].split(maxsplit=1)[1])
    root = ran.out.splitlines()[1].split()[1]
    assert run("verify", bag, "--root", root).code == 0
    victim = bag / "data" / "determination.json"
    content = bytearray(victim.read_bytes())
    content[len(content) // 2] ^= 1
    victim.write_bytes(content)
    faulty = run("verify", bag)
    assert faulty.code == 1
    assert "data/determination.json" in faulty.out


def test_audit_verifies_and_a_cut_tail_is_found(run, signed, tmp_path):
    """`audit verify` is exit 0 on a whole trail and exit 1 once five lines are cut off its end."""
    run("export", signed, "demo-001", *FDA, "--out", tmp_path / "out")
    assert run("audit", signed, "verify").code == 0
    chain = signed / "audit" / "demo-001.jsonl"
    chain.write_bytes(b"".join(chain.read_bytes().splitlines(keepends=True)[:-5]))
    assert run("audit", signed, "verify").code == 1


def test_worklist_and_status_show_the_signed_case(run, signed):
    """Both lists say that the case is signed."""
    assert "signed" in run("worklist", signed).out
    assert "R01-1" in json.dumps(json.loads(run("status", signed, "--json").out))


def test_amended_record_is_information_and_changed_bytes_are_a_fault(run, signed):
    """An audited edit after the reading is told with exit 0; an unaudited one is exit 1."""
    edit = ("screening", "edit", signed, "demo-001", "--set", "scores.odi_percent=46")
    assert run(*edit, "--reason", "typing error").code == 0
    amended = run("assess", signed, "demo-001", *FDA)
    assert (amended.code, "1 field changed after reading" in amended.err) == (0, True)
    first = signed / "screening" / "demo-001" / "r1.json"
    first.write_bytes(first.read_bytes().replace(b'"F"', b'"M"', 1))
    changed = run("assess", signed, "demo-001", *FDA)
    assert changed.code == 1


def test_a_vanished_value_is_not_erased(run, sample, signed, tmp_path):
    """Importing a file in which a recorded value is blank is refused and names the field."""
    content = json.loads((sample / "screening-record.json").read_text("utf-8"))
    content["scores"]["odi_percent"] = {"state": "not_asked"}
    file = tmp_path / "later.json"
    file.write_text(json.dumps(content), "utf-8")
    ran = run("screening", "import", file, "--into", signed)
    assert (ran.code, "scores.odi_percent" in ran.err) == (2, True)


def test_importing_the_same_record_again_changes_nothing(run, sample, signed):
    """Import is idempotent."""
    ran = run("screening", "import", sample / "screening-record.json", "--into", signed)
    assert (ran.code, "nothing to change" in ran.out) == (0, True)
    assert not (signed / "screening/demo-001/r2.json").exists()


def test_a_reading_changed_on_disk_is_a_fault(run, signed):
    """A signed reading whose bytes are not those its link names is exit 1 in `assess`."""
    reading = signed / "readings/demo-001/R01/R01-1.json"
    content = json.loads(reading.read_bytes())
    for finding in content["findings"]:
        for component in finding["components"]:
            component["modic_type"] = "3"
        finding["components"] = finding["components"][:1]
        finding["equal_shares"] = False
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    reading.write_text(text + "\n", "utf-8")
    ran = run("assess", signed, "demo-001", *FDA)
    assert (ran.code, "R01-1.json was changed outside the tool" in ran.err) == (1, True)


@pytest.mark.parametrize("command", ["assess", "export", "audit"])
def test_a_missing_image_is_a_fault(run, signed, tmp_path, command):
    """Images that are not those that were linked are exit 1 wherever they matter."""
    next((signed / "images" / "demo-001").rglob("*.dcm")).unlink()
    arguments = {
        "assess": ("demo-001", *FDA),
        "export": ("demo-001", *FDA, "--out", tmp_path / "bag"),
        "audit": ("verify",),
    }
    assert run(command, signed, *arguments[command]).code == 1


def test_export_judges_by_the_newest_signature_unless_told(run, signed, tmp_path):
    """Without `--as-of` the day of the newest signature counts, and is printed."""
    link = json.loads((signed / "links/demo-001.jsonl").read_text("utf-8").splitlines()[-1])
    ran = run(
        "export", signed, "demo-001", "--criteria", "fda_510k_bvna", "--out", tmp_path / "bag"
    )
    assert ran.code == 0, ran.err
    assert ran.out.splitlines()[2].split() == ["As", "of", link["at"][:10]]


def test_equal_content_gives_equal_zips_under_any_name(run, signed, tmp_path):
    """Two zips of one content are the same bytes, whatever they are called."""
    zips = [tmp_path / "a.zip", tmp_path / "other.zip"]
    for path in zips:
        assert run("export", signed, "demo-001", *FDA, "--zip", "--out", path).code == 0
        assert run("verify", path).code == 0
    assert zips[0].read_bytes() == zips[1].read_bytes()


def test_link_shows_whose_images_they_are_on_a_terminal_only(
    run, sample, linked, tmp_path, monkeypatch
):
    """A coordinator at a terminal sees name and id even where the link is refused; a pipe not."""
    content = json.loads((sample / "screening-record.json").read_text("utf-8"))
    content["record_id"] = "demo-009"
    file = tmp_path / "other.json"
    file.write_text(json.dumps(content), "utf-8")
    run("screening", "import", file, "--into", linked)
    command = ("link", linked, "demo-009", sample / "study")
    assert "Phantom" not in run(*command).err
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    assert "Phantom" in run(*command).err
