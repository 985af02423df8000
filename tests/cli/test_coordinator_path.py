"""The coordinator's whole path: from a REDCap export and a disc to a payer's document.

The scripted coordinator knows nothing but what lies on the desk: after every act `case` is asked,
and the command it names first is the next one done. The reading and its signature are the reader's
own work, done here key by key, and count as no act of the coordinator.
"""

from __future__ import annotations

import json
import shlex
import shutil
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader
from reportlab.pdfgen.canvas import Canvas

from modic_annotate.phantom.vendors.dicomdir import Listed, write_dicomdir
from modic_annotate.store.workspace import Workspace
from tests.cli.conftest import read_sample, sample_acts
from tests.eligibility.importers.given import dictionary, table

RECORD = "demo-001"
MOST_ACTS = 12
FDA = "fda_510k_bvna"
INTRACEPT = "trial_intracept"
IDENTITY = ("Musterfrau", "Phantom", "MRN-777", "SYNTHETIC-", "1979-05-14", "1993-08-22")
"""What names a person in the export or on the disc; no line of the tool may hold it."""

FEATURES = {"1": "Spine infection", "2": "Spinal cancer", "3": "Trauma or compression fracture"}
COLUMNS = {
    "record_id": RECORD,
    "pat_name": "Musterfrau",
    "mrn": "MRN-777",
    "birth_year": "1979",
    "sex": "2",
    "lbp_onset_date": "2024-11-04",
    "conservative_months": "12",
    "odi_score": "44",
    "odi_date": "2026-03-16",
    "vas_cm": "6.4",
    "vas_date": "2026-03-16",
    "mri_date": "2026-03-10",
    "planned_bodies___3": "0",
    "planned_bodies___4": "1",
    "planned_bodies___5": "1",
    "excl___0": "1",
    "excl___1": "0",
    "excl___2": "0",
    "excl___3": "0",
    "screening_complete": "2",
}
REPEATING = ("cc_kind", "cc_start", "cc_end", "cc_outcome")
CARE = (
    ("1", "2025-01-13", "2025-05-30", "no_response"),
    ("2", "2025-02-03", "2025-09-30", "no_response"),
)
FIELDS = dictionary(
    {"field_name": "pat_name", "identifier": "y"},
    {"field_name": "mrn", "identifier": "y"},
    {"field_name": "birth_year", "text_validation_type_or_show_slider_number": "integer"},
    {
        "field_name": "sex",
        "field_type": "radio",
        "select_choices_or_calculations": "1, Male | 2, Female",
    },
    *({"field_name": name} for name in ("lbp_onset_date", "conservative_months", "mri_date")),
    *({"field_name": name} for name in ("odi_score", "odi_date", "vas_cm", "vas_date")),
    {
        "field_name": "planned_bodies",
        "field_type": "checkbox",
        "select_choices_or_calculations": "3, L3 | 4, L4 | 5, L5",
    },
    {
        "field_name": "excl",
        "field_type": "checkbox",
        "select_choices_or_calculations": "0, None of these | "
        + " | ".join(f"{code}, {label}" for code, label in FEATURES.items()),
    },
    *({"field_name": name, "form_name": "care"} for name in REPEATING),
)
LISTS = """
[[lists]]
target = "mri"
fields.study_date = { from = "mri_date" }
[[lists]]
target = "care.episodes"
instrument = "care"
fields.kind = { from = "cc_kind", values = { "1" = "physical_therapy", "2" = "nsaid" } }
fields.started_on = { from = "cc_start" }
fields.ended_on = { from = "cc_end" }
fields.outcome = { from = "cc_outcome" }
"""
"""What the coordinator writes into the proposed map, once for the whole trial."""

REPORT = (
    "MRI lumbar spine. L4-5: Modic type 1/2 change of inferior L4, type 2 of superior L5.",
    "L1: Modic type 2 of the superior endplate. No infection, tumour or fracture.",
)
SAYS = {"L1-superior": "2", "L4-inferior": "1/2", "L5-superior": "2"}
WHO = {
    "name": "Erika Musterfrau",
    "birth_date": "1979-05-14",
    "member_id": "M-7788123",
    "payer": "Example Health Plan",
    "readers": {"R01": {"name": "Dr. Ottilie Zweig", "title": "MD, radiology"}},
}


def one_sentence(text: str) -> bool:
    """Whether a text is one sentence: one line, one full stop, at its end."""
    return text.count(". ") == 0 and text.endswith(".") and "\n" not in text


def export_of(**changed: str) -> str:
    """Return a REDCap records export of one subject, with some cells changed."""
    repeat = {"redcap_repeat_instrument": "", "redcap_repeat_instance": ""}
    first = COLUMNS | changed | repeat | dict.fromkeys(REPEATING, "")
    rows = [first]
    for number, cells in enumerate(CARE, 1):
        repeat = {"redcap_repeat_instrument": "care", "redcap_repeat_instance": str(number)}
        episode = dict(zip(REPEATING, cells, strict=True))
        rows.append(dict.fromkeys(first, "") | {"record_id": RECORD} | repeat | episode)
    return table(rows)


def write_report(path: Path, pages: tuple[int, ...] = (1, 2)) -> Path:
    """Write the pages of a report of two; another order or a page twice can be had."""
    canvas = Canvas(str(path), pagesize=(595, 842), invariant=True)
    for number in pages:
        canvas.drawString(72, 720, REPORT[number - 1])
        canvas.drawString(72, 60, f"page {number} of {len(REPORT)}")
        canvas.showPage()
    canvas.save()
    return path


@pytest.fixture(name="disc", scope="session")
def _disc(tmp_path_factory, sample) -> Path:
    """A disc as a hospital burns it: an index, and the studies of two people in nested folders."""
    import pydicom

    disc = tmp_path_factory.mktemp("disc")
    listed = []
    for number, study in enumerate(("normal-study", "study")):
        folder = disc / "DICOM" / f"PA{number:06}" / "ST000000"
        folder.mkdir(parents=True)
        for image, path in enumerate(sorted((sample / study).glob("*.dcm"))):
            kept = shutil.copy(path, folder / f"IM{image:06}")
            header = pydicom.dcmread(kept, stop_before_pixels=True)
            header.SpecificCharacterSet = "ISO_IR 192"
            for name in ("StudyTime", "StudyID", "AccessionNumber"):
                header.setdefault(name, "")
            listed.append(Listed(kept.relative_to(disc).as_posix(), header))
    write_dicomdir(disc / "DICOMDIR", listed, "disc")
    return disc


@dataclass
class Desk:
    """What lies before the coordinator, and the acts done so far."""

    run: Any
    folder: Path
    disc: Path
    sample: Path
    criteria: str = FDA
    acts: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    @property
    def ws(self) -> Path:
        """The workspace."""
        return self.folder / "ws"

    def do(self, *words: object) -> Any:
        """Do one act of the coordinator and keep what was printed."""
        ran = self.run(*words)
        self.acts.append(str(words[0]))
        self.said += [ran.out, ran.err]
        return ran

    def sets_up(self, *people: str) -> None:
        """Make the workspace and register who works in it."""
        assert self.do("init", self.ws, "--trial", "demo-trial").code == 0
        for person in people:
            assert self.do("readers", self.ws, "add", person, "--name", f"Demo {person}").code == 0

    def case(self) -> dict[str, Any]:
        """Ask what is next; looking changes nothing and is no act."""
        ran = self.run("case", self.ws, RECORD, "--criteria", self.criteria, "--json")
        self.said.append(ran.out)
        return json.loads(ran.out)

    def next(self, sentence: str) -> str:
        """Return the command `case` names first, whose sentence begins as given."""
        found = self.case()["next"]
        assert found["sentence"].startswith(sentence), found
        assert one_sentence(found["sentence"])
        return found["command"]

    def lines(self) -> list[str]:
        """Return every line said, but for those that show a person to the eyes alone."""
        said = "\n".join(self.said).splitlines()
        return [line for line in said if not line.startswith("Patient ")]

    def stops(self) -> list[str]:
        """Return the sentences that stop the case."""
        return [step["sentence"] for step in self.case()["steps"] if step["stops"]]

    def follow(self, command: str, **filled: object) -> Any:
        """Do the command that `case` names, its capital words filled in from the desk."""
        here = {"WS": self.ws, **filled}
        return self.do(*(here.get(word, word) for word in shlex.split(command)))

    def grid(self, says: dict[str, str]) -> Path:
        """Fill the grid the tool prints."""
        empty = self.do("transcribe", self.ws, RECORD).out.splitlines()
        names = [line.partition(",")[0] for line in empty[1:]]
        path = self.folder / "grid.csv"
        lines = [empty[0], *(f"{name},{says.get(name, '')}," for name in names)]
        path.write_text("\n".join(lines), "utf-8")
        return path

    def identity(self) -> Path:
        """Write whom the document is about."""
        path = self.folder / "who.json"
        path.write_text(json.dumps(WHO), "utf-8")
        return path

    def links(self) -> Any:
        """Link the disc; it holds two studies, so name the one of the person sought by eye."""
        both = self.follow(self.next("No MRI study is linked."), PATH=self.disc)
        assert both.code == 2
        assert "Found 2 studies of 2 patients" in both.err
        assert "with --study; nothing was linked" in both.err
        (hers,) = (line for line in both.err.splitlines() if "born 1979, sex F" in line)
        ending = hers.rpartition("...")[2]
        return self.follow(f"link WS {RECORD} PATH --study {ending}", PATH=self.disc)

    def reads(self, acts: list[str] | None = None) -> None:
        """Let the reader read and sign: not the coordinator's act."""
        read_sample(Workspace.open(self.ws), RECORD, "R01", acts or sample_acts(self.sample))

    def imports(self, **changed: str) -> Any:
        """Propose a map, correct it in an editor, and import the export."""
        export, fields, stated = (self.folder / n for n in ("export.csv", "fields.csv", "map.toml"))
        export.write_text(export_of(**changed), "utf-8")
        fields.write_text(FIELDS, "utf-8")
        proposed = self.do("screening", "map", export, "--dictionary", fields)
        stated.write_text(proposed.out + LISTS, "utf-8")
        with_map = ("--map", stated, "--dictionary", fields)
        return self.do("screening", "import", export, "--into", self.ws, *with_map)


@pytest.fixture(name="desk")
def _desk(run, tmp_path, disc, sample) -> Desk:
    return Desk(run, tmp_path, disc, sample)


class Terminal:
    """Stands for a person at a terminal who says yes."""

    def isatty(self) -> bool:
        """Say that somebody is there."""
        return True


def check_document(pdf: Path) -> None:
    """Check who, which page of how many, the scores, the types by endplate and the report."""
    pages = [page.extract_text() for page in PdfReader(pdf).pages]
    whole = " ".join(" ".join(pages).split())
    for number, text in enumerate(pages, 1):
        assert f"{WHO['name']}, born {WHO['birth_date']}" in text
        assert f"Page {number} of {len(pages)}" in text
    for wanted in ("M-7788123", "44", "6.4", "L4 inferior", "type 1 > 2", "L5 superior", *REPORT):
        assert wanted in whole


def test_from_an_export_and_a_disc_to_a_document_a_payer_takes(desk, monkeypatch):
    """Twelve acts with one prompt; whatever `case` names first is done next, and it suffices."""
    prompts = []
    monkeypatch.setattr(sys, "stdin", Terminal())
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    monkeypatch.setattr("typer.confirm", lambda words, **_: prompts.append(words))
    desk.sets_up("R01", "I01")
    assert "import its screening record first" in desk.run("case", desk.ws, RECORD).err
    assert desk.imports().code == 0

    assert "birth year match, sex match, study date match" in desk.links().out
    assert desk.next("The MRI is not read.").startswith("read WS")
    desk.reads()
    report = write_report(desk.folder / "report.pdf")
    desk.follow(desk.next("No radiologist's report is attached"), FILE=report)
    command = desk.next("What report A1 says per endplate is not transcribed")
    assert desk.follow(command, FILE=desk.grid(SAYS)).code == 0
    assert desk.follow(desk.next("No person has signed"), ID="I01").code == 0
    pdf = desk.folder / "payer.pdf"
    sent = desk.follow(desk.next("Nothing is missing"), FILE=desk.identity(), PDF=pdf)

    assert sent.code == 0, sent.err
    assert len(prompts) == 1
    assert len(desk.acts) <= MOST_ACTS, desk.acts
    check_document(pdf)
    assert not any(word in line for word in IDENTITY for line in desk.lines())


@dataclass(frozen=True)
class Stop:
    """What goes wrong on the way after the reading, and the one sentence it comes to."""

    sentence: str
    command: str
    pages: tuple[int, ...] = (1, 2)
    says: dict[str, str] = field(default_factory=lambda: SAYS)
    edits: dict[str, Any] = field(default_factory=dict)
    criteria: str = FDA


STOPS = {
    "page 2 of 2 missing": Stop(
        "Page 2 of 2 of report A1 is missing; attach the whole report.",
        "attach WS demo-001 FILE --role report --replaces A1",
        pages=(1,),
    ),
    "page 1 twice for page 2": Stop(
        "Page 2 of 2 of report A1 is missing; attach the whole report.",
        "attach WS demo-001 FILE --role report --replaces A1",
        pages=(1, 1),
    ),
    "report without type": Stop(
        "The report names a Modic change at L4-inferior without its type; ask for it.",
        "addendum WS demo-001",
        says=SAYS | {"L4-inferior": "type not stated"},
    ),
    "planned L3 without a change": Stop(
        "L3 is planned; no signed reading has a type 1 or 2 change at it; correct the plan, or "
        "have the reader look again.",
        "screening edit WS demo-001 --set plan.planned_bodies=VALUE --reason WHY",
        edits={"plan.planned_bodies": ["L3", "L4", "L5"]},
    ),
    "NRS for VAS": Stop(
        "The pain score was taken on NRS; the set names the VAS; correct it at its source, or a "
        "named person resolves row IN-6 with a reason.",
        "resolve WS demo-001 IN-6 --criteria trial_intracept --as met --reason WHY --by ID",
        edits={"scores.pain_instrument": "NRS"},
        criteria=INTRACEPT,
    ),
}


@pytest.mark.parametrize("stop", STOPS.values(), ids=STOPS)
def test_what_goes_wrong_stops_in_one_sentence(desk, read_by_hand, stop):
    """`case` and the export stop with the same one sentence, and nothing is written."""
    shutil.copytree(read_by_hand, desk.ws)
    desk.criteria = stop.criteria
    for name, value in stop.edits.items():
        given = f"{name}={json.dumps(value)}"
        assert (
            desk.do("screening", "edit", desk.ws, RECORD, "--set", given, "--reason", "x").code == 0
        )
    report = write_report(desk.folder / "report.pdf", stop.pages)
    assert desk.do("attach", desk.ws, RECORD, report, "--role", "report").code == 0
    filled = ("--grid", desk.grid(stop.says))
    assert desk.do("transcribe", desk.ws, RECORD, "A1", *filled).code == 0

    check_stopped(desk, stop.sentence, stop.command)


def test_the_wrong_person_on_the_disc_stops_in_one_sentence(desk, disc):
    """The other study of the disc contradicts the record, and nothing is linked."""
    desk.do("init", desk.ws, "--trial", "demo-trial")
    assert desk.imports().code == 0
    ran = desk.do("link", desk.ws, RECORD, disc / "DICOM" / "PA000000")
    assert ran.code == 2
    assert ran.err.splitlines() == [
        "modic-annotate: The MRI contradicts record demo-001 in birth year and sex; check that it "
        "is the right study, or accept it with --reason"
    ]
    assert desk.next("No MRI study is linked.")
    assert not any(word in line for word in IDENTITY for line in desk.lines())


def test_an_uncertain_numbering_is_one_sentence_for_all_its_rows(desk):
    """Levels nobody is sure of stop once, whatever rows they touch; a person resolves them."""
    desk.sets_up("R01")
    desk.criteria = INTRACEPT
    record = desk.sample / "screening-record.json"
    assert desk.do("screening", "import", record, "--into", desk.ws).code == 0
    assert desk.do("link", desk.ws, RECORD, desk.sample / "study").code == 0
    sure, unsure = '"confidence": "probable", "lumbar', '"confidence": "uncertain", "lumbar'
    desk.reads([line.replace(sure, unsure) for line in sample_acts(desk.sample)])
    report = write_report(desk.folder / "report.pdf")
    assert desk.do("attach", desk.ws, RECORD, report, "--role", "report").code == 0
    filled = ("--grid", desk.grid(SAYS))
    assert desk.do("transcribe", desk.ws, RECORD, "A1", *filled).code == 0

    said = "The level numbering is uncertain, indeterminate or not signed; correct it at its source"
    resolve = "resolve WS demo-001 {} --criteria trial_intracept --as met --reason WHY --by ID"
    sentence = f"{said}, or a named person resolves rows IN-4 and IN-X1 with a reason."
    check_stopped(desk, sentence, resolve.format("IN-4"))
    why = {"WHY": "counted again on the whole-spine localiser", "ID": "R01"}
    assert desk.follow(desk.next(said), **why).code == 0
    again = desk.next(said)
    assert again == resolve.format("IN-X1")
    assert desk.follow(again, **why).code == 0
    assert desk.next("No person has signed the determination.")


def check_stopped(desk, sentence: str, command: str) -> None:
    """Check that `case` says one sentence and its command, and that the export says it too."""
    assert desk.stops() == [sentence]
    assert desk.case()["next"]["command"] == command
    assert one_sentence(sentence)
    out = desk.folder / "payer.pdf"
    where = ("--profile", "payer", "--identity", desk.identity(), "--out", out)
    ran = desk.do("export", desk.ws, RECORD, "--criteria", desk.criteria, *where)
    assert ran.code == 1
    told = [line for line in ran.err.splitlines() if "changed after reading" not in line]
    assert told == [f"modic-annotate: {sentence}"]
    assert not out.exists()
    assert not any(word in line for word in IDENTITY for line in desk.lines())
