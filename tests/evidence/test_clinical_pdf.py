"""The clinical document: every endplate and row in words, embedded font, the same bytes again."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image
from pypdf import PdfReader

from modic_annotate.domain.determination import CriterionKind
from modic_annotate.domain.reading import Reading
from modic_annotate.errors import ExportError, InvalidRecordError
from modic_annotate.evidence import document as doc
from modic_annotate.evidence.bag import Files
from modic_annotate.evidence.contents import Contents
from modic_annotate.evidence.formats.clinical.document import TITLE, clinical_pdf
from modic_annotate.evidence.formats.clinical.reading import stacks_together
from modic_annotate.evidence.lint.texts import texts_of
from modic_annotate.evidence.pdf.png import read_png
from modic_annotate.evidence.wording import grade_words
from modic_annotate.store.canonical import canonical_bytes
from tests.evidence.dicom.conftest import changed, rich
from tests.evidence.test_summary_html import NEVER_SAID


@pytest.fixture(scope="module", name="contents")
def _contents(sample_bag: Files) -> Contents:
    return Contents(sample_bag)


@pytest.fixture(scope="module", name="pdf")
def _pdf(contents: Contents) -> bytes:
    return clinical_pdf(contents)


@pytest.fixture(scope="module", name="rich_pdf")
def _rich_pdf(sample_bag: Files) -> bytes:
    """Of a reading that says everything a reading can say."""
    return clinical_pdf(changed(sample_bag, rich))


def flat(text: str) -> str:
    """Return text with one blank for each run of white space."""
    return re.sub(r"\s+", " ", text)


def text_of(pdf: bytes) -> str:
    return flat("\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages))


def test_two_of_one_package_are_the_same_bytes(
    contents: Contents, pdf: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where zlib packs otherwise: nothing in the file was packed here."""
    pack = zlib.compress
    monkeypatch.setattr(zlib, "compress", lambda data, *_args: pack(data, 1))
    assert clinical_pdf(Contents(contents.files)) == pdf


def test_it_tells_every_endplate_with_its_type(contents: Contents, pdf: bytes) -> None:
    """Twelve endplates of a five-body spine, each with the words of its grade beside its name."""
    (signed,) = contents.signed
    text = text_of(pdf)
    scope = signed.reading.numbering.scope
    assert len(scope) == 12
    for endplate in scope:
        said = grade_words(signed.reading.finding(endplate))
        assert f"{endplate.vertebra} {endplate.surface} {said}" in text
        assert f"{endplate.vertebra} {endplate.surface}: {said}" in text  # by level


def test_it_tells_every_row_with_its_outcome(contents: Contents, pdf: bytes) -> None:
    """Inclusions are met or not, exclusions absent or present; each names how its text was seen."""
    text = text_of(pdf)
    rows = contents.determination.outcomes
    for row in rows:
        assert f"{row.criterion} {flat(row.title)} {row.finding}" in text
        assert flat(f"{row.source}: {row.provenance.replace('_', ' ')}") in text
    assert not {row.finding for row in rows if row.kind == CriterionKind.EXCLUSION} & {
        "met",
        "not met",
    }
    for sentence in contents.determination.caveats:
        assert flat(sentence) in text


def test_it_says_what_it_is_and_never_what_it_is_not(pdf: bytes, rich_pdf: bytes) -> None:
    """Criteria as recorded; synthetic and scripted are said; no verdict, promise or advice."""
    text = text_of(pdf)
    for said in (
        "criteria not met as recorded",
        "not diagnosis",
        "no radiology report",
        "SYNTHETIC RECORD",
        "SCRIPTED DEMONSTRATION",
        "Levels counted up from the sacrum, confidence probable",
    ):
        assert said in text
    for pattern in NEVER_SAID:
        assert not re.search(pattern, text + text_of(rich_pdf), re.IGNORECASE), pattern


def test_pages_are_few_and_numbered_and_name_the_reading(contents: Contents, pdf: bytes) -> None:
    """Each page has its number, the case, the reading's digest and the version that made it."""
    pages = [flat(page.extract_text()) for page in PdfReader(io.BytesIO(pdf)).pages]
    assert 1 <= len(pages) <= 3
    (signed,) = contents.signed
    tool = contents.document.tool
    for number, text in enumerate(pages, start=1):
        assert f"Page {number} of {len(pages)}" in text
        assert "Case demo-001" in text
        assert f"R01-1 sha256 {signed.signature.reading_sha256}" in text
        assert f"{tool.name} {tool.version}" in text


def test_the_file_says_nothing_of_itself_but_its_title(pdf: bytes) -> None:
    """No author, no clock, no file identifier; its language and its headings."""
    reader = PdfReader(io.BytesIO(pdf))
    assert dict(reader.metadata or {}) == {
        "/Title": "Modic changes as read, and criteria as recorded"
    }
    assert "/ID" not in reader.trailer
    assert reader.root_object["/Lang"] == "en-GB"
    assert [getattr(item, "title", "") for item in reader.outline] == [
        "Reading R01-1",
        "Key images of R01-1 (SYNTHETIC PHANTOM, no patient)",
        "Criteria as recorded",
    ]


def fonts(pdf: bytes) -> Iterator[dict[str, object]]:
    for page in PdfReader(io.BytesIO(pdf)).pages:
        yield from (font.get_object() for font in page["/Resources"]["/Font"].values())


def test_every_font_is_embedded(pdf: bytes, rich_pdf: bytes) -> None:
    """No page names a font the file does not hold."""
    held = [*fonts(pdf), *fonts(rich_pdf)]
    assert held
    assert all("/FontFile2" in font["/FontDescriptor"] for font in held)


def test_key_images_are_the_packaged_ones(contents: Contents, pdf: bytes) -> None:
    """Every marked picture is there as it was compressed; one is compared pixel for pixel."""
    marked = [p for p in contents.files if p.endswith(("-marked.png", "spine.png"))]
    assert len(marked) == 7
    assert all(read_png(path, contents.files[path]).content in pdf for path in marked)
    pages = [page for page in PdfReader(io.BytesIO(pdf)).pages if len(page.images)]
    image = pages[0].images[0]
    packaged = [Image.open(io.BytesIO(contents.files[path])) for path in marked]
    assert image.image is not None
    drawn = image.image.convert("RGB").tobytes()
    assert drawn in [one.convert("RGB").tobytes() for one in packaged]


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler is not installed")
def test_another_reader_opens_it(pdf: bytes, tmp_path: Path) -> None:
    """Poppler finds the words too and complains of nothing."""
    path = tmp_path / "clinical.pdf"
    path.write_bytes(pdf)
    ran = subprocess.run(
        ["pdftotext", "-layout", path, "-"], capture_output=True, check=True, text=True
    )
    assert ran.stderr == ""
    assert re.search(r"L4 inferior +type 1 > 2 ", ran.stdout)


def test_what_is_not_read_is_said_so(rich_pdf: bytes) -> None:
    """Unread, unreadable and typed otherwise are told apart, notes and notices are there."""
    text = text_of(rich_pdf)
    for said in (
        "T12 inferior type 3 = 1 > 2 (equal shares; motion; read under limits",
        "L1 superior cannot be read (hardware)",
        "L1 inferior not read",
        "extrusion 5.5 mm; stenosis undetermined; not stated: protrusion",
        "a lumbarised S1",
        "Note on the T12 inferior endplate: a note with \u00e9, <= and another line",
        "The site was notified: infection",
        "anterior L; posterior R",
    ):
        assert said in text


def test_two_readings_are_both_there_and_a_superseded_one_is_named(sample_bag: Files) -> None:
    """The foot counts them; the digests stand at the end; what is not used is said so."""
    (signed,) = Contents(sample_bag).signed
    files = dict(sample_bag)
    for name, supersedes in (("R02-1", None), ("R03-1", None), ("R03-2", "R03-1")):
        made = signed.reading.replace(reading_id=name, supersedes=supersedes)
        files[f"{doc.READINGS}{name}.json"] = canonical_bytes(made)
        signature = signed.signature.replace(reading_id=name)
        files[f"{doc.READINGS}{name}{doc.SIGNATURE_SUFFIX}"] = canonical_bytes(signature)
    text = text_of(clinical_pdf(Contents(files)))
    assert "3 readings, digests on the last page" in text
    assert [n for n in ("R01-1", "R02-1", "R03-1", "R03-2") if f"Reading {n} " in text] == [
        "R01-1", "R02-1", "R03-2",
    ]  # fmt: skip
    assert "Superseded, in the package and not used: R03-1" in text
    assert "This reading amends R03-1" in text


def test_equal_stacks_are_one_row() -> None:
    """An axial series of five stacks does not fill the page; their number is told."""
    axial, other = ("AX T2", "T2", "3 slices"), ("AX T2", "T2", "4 slices")
    assert stacks_together([axial, axial, other]) == [
        ("AX T2, 2 stacks", "T2", "3 slices"),
        other,
    ]


def test_images_are_called_made_up_only_where_their_headers_say_so(sample_bag: Files) -> None:
    """A made-up record beside images of another maker makes no phantom of them."""
    content = sample_bag[doc.SERIES].replace(
        b'"manufacturer":"modic-annotate"', b'"manufacturer":"X"'
    )
    content = content.replace(b'"manufacturer": "modic-annotate"', b'"manufacturer": "X"')
    text = text_of(clinical_pdf(Contents({**sample_bag, doc.SERIES: content})))
    assert "Key images of R01-1 (SYNTHETIC RECORD)" in text
    assert "PHANTOM" not in text


def noted(note: str) -> Callable[[Reading], Reading]:
    def change(reading: Reading) -> Reading:
        first, *others = reading.findings
        return reading.replace(findings=(first.replace(note=note), *others))

    return change


def test_letters_the_font_lacks_are_told_by_number(sample_bag: Files) -> None:
    """A note in any script keeps nobody from exporting, and no letter vanishes or is markup."""
    text = text_of(clinical_pdf(changed(sample_bag, noted("a \u6d4b <b>&amp; \U0001f600"))))
    assert "a [U+6D4B] <b>&amp; [U+1F600]" in text


def test_a_picture_that_is_none_is_named(sample_bag: Files) -> None:
    """A package with a spoilt picture is refused in words."""
    path = "data/imaging/key/R01-1/spine.png"
    whole = sample_bag[path]
    for spoilt in (b"", b"no picture", whole[:20], whole.replace(b"IDAT", b"iDAT")):
        with pytest.raises(InvalidRecordError, match=r"spine\.png"):
            clinical_pdf(Contents({**sample_bag, path: spoilt}))


def test_a_png_of_another_kind_is_refused() -> None:
    """Transparency and palettes are not what this program draws."""
    for mode in ("RGBA", "P", "1"):
        out = io.BytesIO()
        Image.new(mode, (3, 2)).save(out, "PNG")
        with pytest.raises(InvalidRecordError, match="no 8-bit PNG"):
            read_png("x.png", out.getvalue())


def test_a_row_longer_than_a_page_is_an_error_in_words(sample_bag: Files) -> None:
    """What cannot be laid out is refused as any other export is, without a traceback."""
    determination = Contents(sample_bag).determination
    first, *others = determination.outcomes
    row = first.replace(title="long " * 5000)
    longer = canonical_bytes(determination.replace(outcomes=(row, *others)))
    with pytest.raises(ExportError, match="too long for a page"):
        clinical_pdf(Contents({**sample_bag, doc.DETERMINATION: longer}))


def test_the_search_for_identities_reads_it(pdf: bytes) -> None:
    """Page texts, headings and title are searched; a broken file is searched as bytes."""
    found = [one.text for one in texts_of({doc.CLINICAL: pdf})]
    assert any("Demo Reader" in text for text in found)
    assert "Reading R01-1" in found
    assert TITLE in found
    broken = [one.text for one in texts_of({doc.CLINICAL: b"%PDF-1.3\nGruenwald"})]
    assert "Gruenwald" in broken
