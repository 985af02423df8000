"""The payer's document: one PDF, two identifiers and its page count on every page, no leftovers."""

from __future__ import annotations

import io
import json
import re
import shutil
import subprocess

import pytest
from PIL import Image
from pypdf import PdfReader, PdfWriter
from reportlab.pdfgen.canvas import Canvas

RECORD = "demo-001"
JUDGED = ("--criteria", "fda_510k_bvna", "--as-of", "2026-04-01")
WHO = {
    "name": "Łucja Grünwald-Testperson",
    "birth_date": "1979-05-06",
    "member_id": "M-7788123",
    "payer": "Example Health Plan",
    "readers": {"R01": {"name": "Dr. Ottilie Zweig", "title": "MD, radiology"}},
}
REPORT = (
    "L4-5: Modic type 1/2 change of inferior L4, type 2 of superior L5.",
    "IMPRESSION: Modic changes as above. No infection, tumour or fracture.",
)
GRID = "place,report_says,page\nL1-superior,2,1\nL4-inferior,1/2,1\nL5-superior,2,1\n"


def report_pdf() -> bytes:
    """Return a two-page synthetic report."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(595, 842), invariant=True)
    for number, text in enumerate(REPORT, 1):
        canvas.drawString(72, 720, text)
        canvas.drawString(72, 60, f"page {number} of 2")
        canvas.showPage()
    canvas.save()
    return out.getvalue()


@pytest.fixture(name="ws")
def _ws(read_by_hand, tmp_path):
    return shutil.copytree(read_by_hand, tmp_path / "ws")


@pytest.fixture(name="ready")
def _ready(run, ws, tmp_path):
    """The workspace with the report attached and transcribed."""
    report, grid = tmp_path / "report.pdf", tmp_path / "grid.csv"
    report.write_bytes(report_pdf())
    grid.write_text(GRID, "utf-8")
    assert run("attach", ws, RECORD, report, "--role", "report").code == 0
    assert run("transcribe", ws, RECORD, "A1", "--grid", grid).code == 0
    return ws


def export(run, ws, tmp_path, out, *more, who=None):
    """Export for the payer."""
    identity = tmp_path / "identity.json"
    identity.write_text(json.dumps(who or WHO), "utf-8")
    profile = ("--profile", "payer", "--identity", identity, "--out", out)
    return run("export", ws, RECORD, *JUDGED, *profile, *more)


@pytest.fixture(name="document")
def _document(run, ready, tmp_path):
    out = tmp_path / "payer.pdf"
    ran = export(run, ready, tmp_path, out)
    assert ran.code == 0, ran.err
    return out


def texts(path) -> list[str]:
    """Return the text of each page."""
    return [page.extract_text() for page in PdfReader(path).pages]


def test_each_page_names_the_person_twice_and_its_number(document):
    """Name and birth date, and page n of m, stand on every page, the report's own too."""
    pages = texts(document)
    for number, text in enumerate(pages, 1):
        assert "Łucja Grünwald-Testperson, born 1979-05-06" in text
        assert f"Page {number} of {len(pages)}" in text


def test_the_report_is_there_word_for_word(document):
    """Both pages of the radiologist's report stand in order."""
    pages = texts(document)
    found = [next(n for n, text in enumerate(pages) if said in text) for said in REPORT]
    assert found == sorted(found)


def test_it_holds_what_a_reviewer_asks_for_and_no_inner_life(document):
    """Reader, types, extents, care and scores are there; no audit, origin, digest or draft is."""
    whole = "\n".join(texts(document))
    for wanted in ("Dr. Ottilie Zweig", "type 1 > 2", "physical therapy", "Oswestry"):
        assert wanted in whole
    assert "not a diagnostic report" in " ".join(whole.split())
    for unwanted in ("audit", "sha256", "journal", "not met", "origin", "seconds", "R01", "macro"):
        assert unwanted.casefold() not in whole.casefold()


def test_nothing_of_the_identity_is_kept(document, ready):
    """After the export no file of the workspace holds a name, number or birth date given for it."""
    planted = ("Grünwald", "Łucja", "M-7788123", "1979-05-06", "Ottilie", "Example Health")
    for path in ready.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert not any(word.encode() in content for word in planted), path


def test_the_package_stays_at_home_and_verifies(run, document, ready):
    """The bag lies in the workspace and verify finds nothing wrong with it."""
    bag = ready / "evidence" / RECORD / "payer-2026-04-01-1"
    assert run("verify", bag).code == 0
    assert run("audit", ready, "verify").code == 0


def test_two_documents_of_one_content_are_the_same_bytes(run, document, ready, tmp_path):
    """A second export gives the same document."""
    second = tmp_path / "second.pdf"
    assert export(run, ready, tmp_path, second).code == 0
    assert second.read_bytes() == document.read_bytes()


def test_every_font_is_embedded(document):
    """No page leans on a font of the reader's system, but for those of attached documents."""
    for page in PdfReader(document).pages:
        fonts = page["/Resources"].get_object().get("/Font", {})
        for font in fonts.values():
            face = font.get_object()
            if "NotoSans" in str(face.get("/BaseFont")):
                assert "/FontFile2" in face["/FontDescriptor"].get_object()


@pytest.mark.skipif(
    shutil.which("pdftoppm") is None or shutil.which("tesseract") is None,
    reason="pdftoppm or tesseract is not installed (poppler-utils, tesseract-ocr)",
)
def test_it_survives_a_fax(document, tmp_path):
    """On one bit at 200 dots per inch a machine still reads names, numbers, types and levels."""
    subprocess.run(
        ["pdftoppm", "-r", "200", "-mono", "-f", "1", "-l", "2", document, tmp_path / "fax"],
        check=True,
    )
    read = []
    for page in sorted(tmp_path.glob("fax*.pbm")):
        with Image.open(page) as image:
            assert image.mode == "1"
            image.convert("L").save(page.with_suffix(".png"))
        command = ["tesseract", page.with_suffix(".png"), "-", "--psm", "6"]
        read.append(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    cover, reading = read
    for said in ("1979-05-06", "M-7788123", "demo-001", "Recorded as met"):
        assert said in cover, cover
    for said in (r"L4 inferior type 1 ?> ?2 mixed hyper", r"L[5S] superior type 2 hyper hyper"):
        assert re.search(said, reading), reading  # a machine takes a printed 5 for an S
    assert re.search(r"Page 2 of \d", reading)


def test_what_a_reviewer_would_send_back_stops_it(run, ws, tmp_path):
    """Without a report nothing is written, the reason is said, and the exit code is 1."""
    out = tmp_path / "payer.pdf"
    ran = export(run, ws, tmp_path, out)
    assert ran.code == 1
    assert "No radiologist's report is attached" in ran.err
    assert not out.exists()
    assert not (ws / "evidence").exists()


def test_a_person_may_send_it_all_the_same_and_the_trail_says_why(run, ws, tmp_path):
    """With a reason it is sent, and the audit trail holds the reason."""
    out = tmp_path / "payer.pdf"
    assert export(run, ws, tmp_path, out, "--despite", "report follows by post").code == 0
    assert "report follows by post" in (ws / "audit" / "workspace.jsonl").read_text("utf-8")


def test_a_scripted_reading_is_never_sent(run, signed, tmp_path):
    """A signature made through an acts file is refused, with a reason to go on too."""
    out = tmp_path / "payer.pdf"
    ran = export(run, signed, tmp_path, out, "--despite", "demonstration")
    assert ran.code == 2
    assert "scripted-demo" in ran.err
    assert not out.exists()


@pytest.mark.parametrize(
    ("who", "told"),
    [
        ({"name": "Anna Beispiel"}, "second identifier"),
        ({"name": "Anna Beispiel", "mrn": "12345"}, "$.mrn"),
        ({"name": "", "member_id": "1"}, "$.name"),
        ({"name": "山田太郎", "member_id": "1"}, "U+"),
    ],
)
def test_an_identity_that_will_not_do_is_refused_without_repeating_it(
    run, ready, tmp_path, who, told
):
    """One identifier, a record number, no name and letters the font lacks are refused by field."""
    ran = export(run, ready, tmp_path, tmp_path / "payer.pdf", who=who)
    assert ran.code == 2
    assert told in ran.err
    assert "Beispiel" not in ran.err
    assert not (ready / "evidence").exists()


def test_the_document_never_lies_in_the_workspace_nor_over_another(run, ready, tmp_path):
    """A place inside the workspace, and a file that is there, are refused."""
    assert export(run, ready, tmp_path, ready / "payer.pdf").code == 2
    taken = tmp_path / "taken.pdf"
    taken.write_bytes(b"mine")
    assert export(run, ready, tmp_path, taken).code == 2
    assert taken.read_bytes() == b"mine"


def test_a_turned_page_stands_upright(run, ws, tmp_path):
    """A report page that is stored turned keeps its words and its place in the count."""
    writer = PdfWriter(clone_from=io.BytesIO(report_pdf()))
    for page in writer.pages:
        page.rotate(90)
    report, grid = tmp_path / "report.pdf", tmp_path / "grid.csv"
    writer.write(report)
    grid.write_text(GRID, "utf-8")
    assert run("attach", ws, RECORD, report, "--role", "report").code == 0
    assert run("transcribe", ws, RECORD, "A1", "--grid", grid).code == 0
    out = tmp_path / "payer.pdf"
    assert export(run, ws, tmp_path, out).code == 0
    sizes = {tuple(map(float, page.mediabox[2:])) for page in PdfReader(out).pages}
    assert sizes == {(612.0, 792.0)}
    assert all(any(said in text for text in texts(out)) for said in REPORT)
