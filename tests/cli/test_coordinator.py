"""The coordinator's path: one missing thing after the other, each one sentence."""

from __future__ import annotations

import json
import shutil

import pytest
from reportlab.pdfgen.canvas import Canvas

from modic_annotate.conduct.link import link_study
from modic_annotate.conduct.passphrase import set_passphrase
from modic_annotate.conduct.screening_import import import_record
from modic_annotate.domain.readers import Reader
from modic_annotate.samples import sample_folder
from modic_annotate.session.apply import apply_acts
from modic_annotate.store.workspace import Workspace

RECORD = "demo-001"
JUDGED = ("--criteria", "fda_510k_bvna", "--as-of", "2026-04-01")
WHOLE = "MRI lumbar spine\npage 1 of 2\n\fImpression\npage 2 of 2\n"
SAYS = {
    "L1-superior": "2",
    "L4-inferior": "1/2",
    "L5-superior": "2",
    "L5-inferior": "none",
}


@pytest.fixture(scope="module")
def signed(tmp_path_factory):
    """A workspace whose sample study is read and signed; made once, copied for each test."""
    folder = tmp_path_factory.mktemp("signed") / "ws"
    sample = sample_folder()
    ws = Workspace.create(folder, "demo-trial")
    ws.add_reader(Reader(id="R01", display_name="Demo Reader"))
    import_record(ws, sample / "screening-record.json", by="test")
    link_study(ws, RECORD, [sample / "study"], by="test")
    apply_acts(ws, RECORD, "R01", sample / "lesions.acts.jsonl", lambda _: None)
    return folder


@pytest.fixture(name="ws")
def _ws(signed, tmp_path):
    return shutil.copytree(signed, tmp_path / "ws")


def steps(run, ws) -> list[dict[str, object]]:
    """Return what `case` says is missing."""
    ran = run("case", ws, RECORD, *JUDGED, "--json")
    found = json.loads(ran.out)
    assert ran.code == (0 if found["ready"] else 1)
    return found["steps"]


def stops(run, ws) -> list[str]:
    """Return the sentences that stop a case from being sent."""
    return [step["sentence"] for step in steps(run, ws) if step["stops"]]


def attach(run, ws, tmp_path, text, *more) -> str:
    """Attach a report of this text and return its id."""
    file = tmp_path / "Mueller_Anna_report.txt"
    file.write_text(text, "utf-8")
    ran = run("attach", ws, RECORD, file, "--role", "report", "--json", *more)
    assert ran.code == 0, ran.err
    return json.loads(ran.out)["attachment_id"]


def transcribe(run, ws, tmp_path, report, says, *more):
    """Transcribe a report through the grid the tool prints."""
    empty = run("transcribe", ws, RECORD).out
    lines = [
        f"{line.split(',')[0]},{says.get(line.split(',')[0], '')},"
        for line in empty.splitlines()[1:]
    ]
    lines += [f"{place},{word}," for place, word in says.items() if "/" in place]
    grid = tmp_path / "grid.csv"
    grid.write_text("\n".join([empty.splitlines()[0], *lines]), "utf-8")
    return run("transcribe", ws, RECORD, report, "--grid", grid, *more)


def test_from_an_empty_workspace_to_a_signed_determination(run, sample, tmp_path):
    """Every command that `case` names brings the case one step on, to a signed determination."""
    ws = tmp_path / "new"
    commands = 0

    def do(*arguments) -> None:
        nonlocal commands
        commands += 1
        ran = run(*arguments)
        assert ran.code == 0, ran.err

    do("init", ws, "--trial", "demo-trial")
    do("readers", ws, "add", "R01", "--name", "Demo Reader")
    do("screening", "import", sample / "screening-record.json", "--into", ws)
    assert stops(run, ws) == ["No MRI study is linked."]
    do("link", ws, RECORD, sample / "study")
    assert stops(run, ws) == ["The MRI is not read."]
    do("apply", ws, RECORD, "--reader", "R01", "--acts", sample / "lesions.acts.jsonl")
    assert "No radiologist's report is attached" in stops(run, ws)[0]
    report = attach(run, ws, tmp_path, WHOLE)
    assert "not transcribed" in stops(run, ws)[0]
    assert transcribe(run, ws, tmp_path, report, SAYS).code == 0
    assert stops(run, ws) == ["No person has signed the determination."]
    do("sign-determination", ws, RECORD, *JUDGED, "--by", "R01")
    assert stops(run, ws) == []
    do("export", ws, RECORD, *JUDGED, "--out", tmp_path / "bag")
    do("verify", tmp_path / "bag")
    assert commands + 2 <= 12
    assert (tmp_path / "bag" / "data" / "determination.signature.json").is_file()


@pytest.mark.parametrize(
    ("says", "check"),
    [
        ({**SAYS, "L4-inferior": "type not stated"}, "without its type"),
        ({**SAYS, "L4-inferior": "endplate changes"}, "does not call them Modic"),
        ({**SAYS, "L4-inferior": "2"}, "have the difference adjudicated"),
        ({**SAYS, "L4-inferior": "none"}, "the report says there is no change"),
        ({k: v for k, v in SAYS.items() if k != "L1-superior"}, "does not mention it"),
        ({**SAYS, "L3-inferior": "1"}, "the reading has none there"),
        ({}, "names no level"),
    ],
)
def test_a_report_that_does_not_carry_the_reading_stops(run, ws, tmp_path, says, check):
    """What a report lacks, or says otherwise than the reading, is one sentence that stops."""
    report = attach(run, ws, tmp_path, WHOLE)
    assert transcribe(run, ws, tmp_path, report, says).code == 0
    assert any(check in sentence for sentence in stops(run, ws))


def test_a_disc_level_counts_for_both_its_endplates(run, ws, tmp_path):
    """A report that names L4/5 covers L4-inferior and L5-superior, and the coordinator knows."""
    report = attach(run, ws, tmp_path, WHOLE)
    says = {"L1-superior": "2", "L4/5": "1/2"}
    assert transcribe(run, ws, tmp_path, report, says).code == 0
    found = steps(run, ws)
    assert any("names the disc L4/5" in step["sentence"] for step in found if not step["stops"])
    assert any("L5 superior endplate, the report type 1/2" in s for s in stops(run, ws))


def test_page_one_of_three_is_not_a_report(run, ws, tmp_path):
    """A report that says it has three pages and has one stops until the whole one replaces it."""
    part = attach(run, ws, tmp_path, "MRI lumbar spine\nPage 1 of 3\n")
    assert "Pages 2, 3 of 3 of report A1 are missing; attach the whole report." in stops(run, ws)
    attach(run, ws, tmp_path, WHOLE, "--replaces", part)
    assert not any("missing" in sentence for sentence in stops(run, ws))


def test_an_addendum_letter_asks_and_does_not_lead(run, ws, tmp_path):
    """The letter names what the report lacks and nothing of what the reader found."""
    report = attach(run, ws, tmp_path, WHOLE)
    transcribe(run, ws, tmp_path, report, {**SAYS, "L4-inferior": "type not stated"})
    letter = run("addendum", ws, RECORD, *JUDGED)
    assert letter.code == 0
    assert "please state the type" in letter.out
    assert "L4 inferior" not in letter.out
    assert "type 1" not in letter.out


def test_a_letter_without_anything_to_ask_is_refused(run, ws, tmp_path):
    """A report that lacks nothing gets no letter."""
    report = attach(run, ws, tmp_path, WHOLE)
    transcribe(run, ws, tmp_path, report, SAYS)
    assert run("addendum", ws, RECORD, *JUDGED).code == 2


def edit(run, ws, field, value):
    """Amend one field of the record through the tool."""
    given = f"{field}={json.dumps(value)}"
    ran = run("screening", "edit", ws, RECORD, "--set", given, "--reason", "test")
    assert ran.code == 0, ran.err


def test_a_planned_body_without_a_change_stops(run, ws, tmp_path):
    """A planned L3 that no reading and no report supports is one sentence."""
    edit(run, ws, "plan.planned_bodies", ["L3", "L5"])
    report = attach(run, ws, tmp_path, WHOLE)
    transcribe(run, ws, tmp_path, report, SAYS)
    found = [s for s in stops(run, ws) if s.startswith("L3 is planned")]
    assert len(found) == 1
    assert "no signed reading has a type 1 or 2 change at it" in found[0]
    notes = [s["sentence"] for s in steps(run, ws) if not s["stops"]]
    assert "The planned bodies are not adjacent: L4 lies between." in notes


def test_what_is_not_answered_names_its_field_and_takes_a_word(run, ws, tmp_path):
    """A mimic and a score nobody answered are asked by field; one word or number answers each."""
    infection, odi = "exclusions.features.spine_infection", "scores.odi_percent"
    edit(run, ws, infection, {"state": "not_asked"})
    edit(run, ws, odi, {"state": "not_asked", "value": None})
    told = json.loads(run("case", ws, RECORD, *INTRACEPT, "--json").out)["steps"]
    commands = {
        step["command"].split()[5].partition("=")[0] for step in told if "--set" in step["command"]
    }
    assert {infection, odi} <= commands
    for given in (f"{infection}=absent", f"{odi}=44"):
        assert run("screening", "edit", ws, RECORD, "--set", given, "--reason", "asked").code == 0
    told = json.loads(run("case", ws, RECORD, *INTRACEPT, "--json").out)["steps"]
    assert not any(infection in step["command"] or odi in step["command"] for step in told)


def test_a_body_treated_before_stops(run, ws, tmp_path):
    """A planned body with an earlier ablation is told."""
    edit(run, ws, "plan.prior_ablation_bodies", ["L4"])
    assert "L4 is planned and was treated before; correct the plan." in stops(run, ws)


INTRACEPT = ("--criteria", "trial_intracept", "--as-of", "2026-04-01")


def row_of(run, ws, name) -> dict[str, object]:
    """Return one row of the trial's determination."""
    found = json.loads(run("assess", ws, RECORD, *INTRACEPT, "--json").out)
    return next(row for row in found["outcomes"] if row["criterion"] == name)


def test_a_numeric_score_for_a_visual_one_is_resolved_by_a_named_person(run, ws, tmp_path):
    """NRS where the set names VAS needs review; a person resolves it and the trace keeps both."""
    edit(run, ws, "scores.pain_instrument", "NRS")
    before = row_of(run, ws, "IN-6")
    assert before["outcome"] == "needs_review"
    ran = run(
        *("resolve", ws, RECORD, "IN-6", *INTRACEPT, "--as", "met", "--by", "R01"),
        *("--reason", "The protocol's amendment 2 accepts the numeric scale"),
    )
    assert ran.code == 0, ran.err
    after = row_of(run, ws, "IN-6")
    assert (after["outcome"], after["finding"]) == ("met", "met")
    assert after["resolved"]["was"] == "needs_review"
    assert after["resolved"]["by"] == "R01"
    assert after["resolved"]["asked"] == before["missing"]
    assert "amendment" not in json.dumps(after)


def test_a_resolution_does_not_outlive_what_it_was_made_on(run, ws, tmp_path):
    """A score changed after it was judged needs review again; the same on a later day does not."""
    edit(run, ws, "scores.pain_instrument", "NRS")
    resolve = ("resolve", ws, RECORD, "IN-6", *INTRACEPT, "--as", "met", "--by", "R01")
    assert run(*resolve, "--reason", "accepted").code == 0
    later = (*INTRACEPT[:3], "2026-04-20")
    found = json.loads(run("assess", ws, RECORD, *later, "--json").out)
    assert next(r for r in found["outcomes"] if r["criterion"] == "IN-6")["outcome"] == "met"
    edit(run, ws, "scores.pain_score", 5.0)
    assert row_of(run, ws, "IN-6")["outcome"] == "needs_review"


def test_only_what_needs_review_is_resolved(run, ws):
    """A row that is met, a row nobody knows, and a person nobody knows are refused."""
    base = ("--as", "met", "--reason", "because", "--as-of", "2026-04-01")
    sets = ("--criteria", "fda_510k_bvna")
    assert run("resolve", ws, RECORD, "FDA-2", *sets, *base, "--by", "R01").code == 2
    assert run("resolve", ws, RECORD, "FDA-99", *sets, *base, "--by", "R01").code == 2
    assert run("resolve", ws, RECORD, "FDA-2", *sets, *base, "--by", "R99").code == 2
    assert not (ws / "determinations" / RECORD).exists()


def test_a_package_carries_resolutions_and_they_are_verified(run, ws, tmp_path):
    """A resolved row is judged again from the packaged resolution; a changed one is found."""
    edit(run, ws, "scores.pain_instrument", "NRS")
    resolve = ("resolve", ws, RECORD, "IN-6", *INTRACEPT, "--as", "met", "--by", "R01")
    assert run(*resolve, "--reason", "accepted").code == 0
    bag = tmp_path / "bag"
    assert run("export", ws, RECORD, *INTRACEPT, "--out", bag).code == 0
    assert run("verify", bag).code == 0
    file = bag / "data" / "resolutions" / "V1.json"
    file.write_bytes(file.read_bytes().replace(b'"outcome":"met"', b'"outcome":"not_met"'))
    ran = run("verify", bag)
    assert ran.code == 1
    assert "resolutions/V1.json" in ran.out + ran.err


def test_a_report_that_contradicts_the_reading_needs_review_and_travels(run, ws, tmp_path):
    """The row is in doubt with its trace, is said once, and the package judges it again."""
    report = attach(run, ws, tmp_path, WHOLE)
    says = SAYS | {"L4-inferior": "none", "L5-superior": "none"}
    assert transcribe(run, ws, tmp_path, report, says).code == 0
    found = json.loads(run("assess", ws, RECORD, *JUDGED, "--json").out)
    row = next(one for one in found["outcomes"] if one["criterion"] == "FDA-4")
    assert (row["outcome"], row["reasons"]) == ("needs_review", ["report_disagrees"])
    assert "transcription:A1" in {one["document"] for one in row["operands"]}
    said = [s for s in stops(run, ws) if "L4 inferior endplate" in s]
    assert len(said) == 1
    assert "the report says there is no change" in said[0]

    bag = tmp_path / "bag"
    assert run("export", ws, RECORD, *JUDGED, "--out", bag).code == 0
    assert run("verify", bag).code == 0
    file = bag / "data" / "report" / "A1.json"
    file.write_bytes(file.read_bytes().replace(b'"change":"absent"', b'"change":"type_not_stated"'))
    ran = run("verify", bag)
    assert ran.code == 1
    assert "data/report/A1.json" in ran.out + ran.err


def test_the_name_of_an_attached_file_is_kept_nowhere(run, ws, tmp_path):
    """A file named after a person leaves that name in no file and no path of the workspace."""
    attach(run, ws, tmp_path, WHOLE)
    for path in ws.rglob("*"):
        assert "Mueller" not in path.name
        assert not path.is_file() or b"Mueller" not in path.read_bytes()


def test_attaching_the_same_report_twice_is_one_attachment(run, ws, tmp_path):
    """The same bytes in the same role are not kept a second time."""
    assert attach(run, ws, tmp_path, WHOLE) == attach(run, ws, tmp_path, WHOLE) == "A1"


@pytest.mark.parametrize(
    "content", [b"", b"\x00\x01\x02binary", b"PK\x03\x04zip", b"%PDF-1.7 broken", b"\xff\xfe\x00"]
)
def test_what_is_no_document_is_refused(run, ws, tmp_path, content):
    """A file whose pages cannot be counted is refused and nothing is kept."""
    file = tmp_path / "x.bin"
    file.write_bytes(content)
    ran = run("attach", ws, RECORD, file, "--role", "report")
    assert ran.code == 2
    assert len(ran.err.strip().splitlines()) == 1
    assert not (ws / "attachments").exists()


def test_the_audit_trail_names_every_attachment(run, ws, tmp_path):
    """An attachment changed on the disk is a fault of the audit."""
    attach(run, ws, tmp_path, WHOLE)
    assert run("audit", ws, "verify").code == 0
    (ws / "attachments" / RECORD / "A1.txt").write_text("another report", "utf-8")
    ran = run("audit", ws, "verify")
    assert ran.code == 1
    assert "A1.txt" in ran.out + ran.err


def test_a_document_of_another_record_is_refused(run, ws, tmp_path, sample):
    """One report on two records is a mistake that is named with the other record."""
    other = json.loads((sample / "screening-record.json").read_text("utf-8"))
    other["record_id"] = "demo-002"
    file = tmp_path / "other.json"
    file.write_text(json.dumps(other), "utf-8")
    assert run("screening", "import", file, "--into", ws).code == 0
    attach(run, ws, tmp_path, WHOLE)
    ran = run("attach", ws, "demo-002", tmp_path / "Mueller_Anna_report.txt", "--role", "report")
    assert ran.code == 2
    assert RECORD in ran.err


def test_signing_needs_the_passphrase_where_one_is_set(run, ws, monkeypatch):
    """A person with a passphrase signs with it, and the signature is of class electronic."""
    set_passphrase(Workspace.open(ws), "R01", "correct horse")
    sign = ("sign-determination", ws, RECORD, *JUDGED, "--by", "R01")
    for phrase, code in (("wrong horse!", 2), ("correct horse", 0)):
        monkeypatch.setattr("typer.prompt", lambda *_, phrase=phrase, **__: phrase)
        assert run(*sign).code == code
    files = list((ws / "determinations" / RECORD).glob("*.signature.json"))
    assert [json.loads(f.read_bytes())["signature_class"] for f in files] == ["electronic"]


@pytest.mark.parametrize(
    ("grid", "told"),
    [
        ("place,report_says,page\nL9-inferior,1,\n", "line 2"),
        ("place,report_says,page\nL4-inferior,four,\n", "is none of"),
        ("place,report_says,page\nL4-inferior,1,one\n", "is no number"),
        ("place,report_says,page\nL4-inferior,1,\nL4-inferior,2,\n", "more than once"),
        ("a,b\n", "first line"),
        ("", "first line"),
    ],
)
def test_a_grid_that_breaks_its_form_is_refused_by_line(run, ws, tmp_path, grid, told):
    """Every problem of a filled grid is named with its line, and nothing is kept."""
    report = attach(run, ws, tmp_path, WHOLE)
    file = tmp_path / "grid.csv"
    file.write_text(grid, "utf-8")
    ran = run("transcribe", ws, RECORD, report, "--grid", file)
    assert ran.code == 2
    assert told in ran.err
    assert not list((ws / "attachments").rglob("*.transcription.json"))


def test_a_grid_from_a_spreadsheet_is_read(run, ws, tmp_path):
    """Semicolons and a byte-order mark, as spreadsheets write them, are accepted."""
    report = attach(run, ws, tmp_path, WHOLE)
    file = tmp_path / "grid.csv"
    file.write_text("\ufeffplace;report_says;page\nL4-inferior;1/2;2\n", "utf-8")
    ran = run("transcribe", ws, RECORD, report, "--grid", file)
    assert ran.code == 0, ran.err
    assert "1 places" in ran.out


def test_a_pdf_is_counted_and_asked_how_many_pages_it_says_it_has(run, ws, tmp_path):
    """A PDF's own pages and its "page n of m" are both read; the bytes are kept as they are."""
    file = tmp_path / "report.pdf"
    drawing = Canvas(str(file), invariant=True)
    for number in (1, 2):
        drawing.drawString(72, 720, f"MRI lumbar spine, page {number} of 4")
        drawing.showPage()
    drawing.save()
    ran = run("attach", ws, RECORD, file, "--role", "report", "--dated", "2026-03-12", "--json")
    note = json.loads(ran.out)
    assert (note["pages"], note["pages_stated"], note["dated_on"]) == (2, 4, "2026-03-12")
    kept = ws / "attachments" / RECORD / "A1.pdf"
    assert kept.read_bytes() == file.read_bytes()


def test_the_submission_log_only_grows(run, ws):
    """What was sent and what came of it stands in order, in the audit trail too."""
    to = ("--to", "Payer A", "--by", "C1")
    assert run("submission", ws, RECORD, "sent", *to, "--on", "2026-04-02").code == 0
    assert run("submission", ws, RECORD, "denied", *to, "--on", "2026-04-20").code == 0
    log = json.loads(run("submission", ws, RECORD, "--json").out)
    assert [(one["event"], one["on"]) for one in log] == [
        ("sent", "2026-04-02"),
        ("denied", "2026-04-20"),
    ]
    assert run("submission", ws, RECORD, "approved", "--to", "Payer A").code == 2
    assert run("audit", ws, "verify").code == 0
