"""The table of readings: what a statistician can rely on."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest

from modic_annotate.domain.finding import Finding
from modic_annotate.domain.modic import Confidence
from modic_annotate.domain.reading import Reading, SignatureClass
from modic_annotate.domain.spine import Endplate
from modic_annotate.evidence.readings_csv import codebook_csv, columns, readings_csv
from modic_annotate.evidence.signed import SignedReading

GOLDEN = Path(__file__).parent / "golden"

MakeReading = Callable[..., Reading]
Sign = Callable[..., SignedReading]


def rows_of(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8"), newline="")))


@pytest.mark.parametrize("name", ["readings.csv", "codebook.csv"])
def test_golden(make_reading: MakeReading, signed: Sign, name: str) -> None:
    """Table and codebook are the bytes that are kept as golden files."""
    made = {"readings.csv": readings_csv([signed(make_reading())]), "codebook.csv": codebook_csv()}
    assert made[name] == (GOLDEN / name).read_bytes()


def test_one_row_per_reader_and_endplate(make_reading: MakeReading, signed: Sign) -> None:
    """Two readers of twelve endplates give twenty-four rows, each pair once."""
    first = make_reading()
    second = make_reading(reading_id="reader-b-1", reader=first.reader.replace(id="reader-b"))
    rows = rows_of(readings_csv([signed(second), signed(first)]))
    assert len({(row["reader_id"], row["endplate"]) for row in rows}) == len(rows) == 24
    assert [row["reader_id"] for row in rows] == ["reader-a"] * 12 + ["reader-b"] * 12


def test_bulk_copied_and_macro_values_are_flagged(make_reading: MakeReading, signed: Sign) -> None:
    """A value that no key was pressed for says how it came about."""
    rows = {row["endplate"]: row for row in rows_of(readings_csv([signed(make_reading())]))}
    assert rows["L3-inferior"]["bulk_fields"] == "modic"
    assert rows["L4-inferior"]["macro_fields"] == "contour|attribution"
    assert rows["L4-inferior"]["copy_fields"] == "confidence"
    assert rows["L4-inferior"]["bulk_fields"] == ""


def test_not_read_none_seen_and_cannot_be_read_differ(
    make_reading: MakeReading, signed: Sign
) -> None:
    """The three states are three values; an empty cell is none of them."""
    made = make_reading()
    unread = Finding(endplate=Endplate.parse("T12-inferior"))
    made = made.replace(findings=(unread, *made.findings[1:]))
    rows = {row["endplate"]: row for row in rows_of(readings_csv([signed(made)]))}
    assert rows["T12-inferior"]["modic"] == "not_read"
    assert rows["L3-inferior"]["modic"] == "absent"
    assert rows["L1-superior"]["assessment"] == "not_assessable"
    assert rows["L1-superior"]["assessment_reason"] == "motion"


def test_an_amendment_replaces_and_flags_what_changed(
    make_reading: MakeReading, signed: Sign
) -> None:
    """Only the superseding reading has rows; the changed fields are named."""
    first = make_reading()
    findings = tuple(
        f.replace(confidence=Confidence.POSSIBLE) if f.confidence else f for f in first.findings
    )
    second = make_reading(
        reading_id="reader-a-2",
        supersedes="reader-a-1",
        amendment_reason="second look",
        findings=findings,
    )
    rows = rows_of(readings_csv([signed(first), signed(second)]))
    assert {row["reading_id"] for row in rows} == {"reader-a-2"}
    assert {row["amended"] for row in rows} == {"true"}
    changed = {row["endplate"]: row["amended_fields"] for row in rows if row["amended_fields"]}
    assert changed == {"L4-inferior": "confidence"}
    assert rows[0]["amendment_reason"] == "second look"


def test_scripted_signatures_stand_in_every_row(make_reading: MakeReading, signed: Sign) -> None:
    """A demonstration cannot pass for a reading once it is in a table."""
    made = signed(make_reading(scripted=True), SignatureClass.SCRIPTED_DEMO)
    rows = rows_of(readings_csv([made]))
    assert {(row["scripted"], row["signature_class"]) for row in rows} == {
        ("true", "scripted-demo")
    }


def test_every_field_of_a_finding_has_a_column(make_reading: MakeReading, signed: Sign) -> None:
    """A field added to the finding comes into table and codebook by itself."""
    names = [column.name for column in columns()]
    assert len(names) == len(set(names))
    for field in Finding.model_fields:
        assert field == "origins" or any(n == field or n.startswith(f"{field}_") for n in names)
    described = [row["column"] for row in rows_of(codebook_csv())]
    assert described == names == list(rows_of(readings_csv([signed(make_reading())]))[0])


def test_units_stand_in_the_codebook() -> None:
    """Millimetres, percent and seconds say so."""
    units = {row["column"]: row["unit"] for row in rows_of(codebook_csv())}
    assert units["height_mm"] == "mm"
    assert units["height_percent"] == "%"
    assert units["active_seconds"] == "s"
    assert units["modic"] == ""


def test_allowed_values_stand_in_the_codebook() -> None:
    """Enumerations list their values, also inside lists and optional fields."""
    values = {row["column"]: row["values"] for row in rows_of(codebook_csv())}
    assert values["confidence"] == "definite|probable|possible"
    assert values["components_modic_type"] == "1|2|3"
    assert values["zones"].count("|") == 8
    assert values["equal_shares"] == "true|false"


def test_text_with_quotes_and_lines_survives(make_reading: MakeReading, signed: Sign) -> None:
    """A note comes back from CSV as it was written."""
    rows = {row["endplate"]: row for row in rows_of(readings_csv([signed(make_reading())]))}
    assert rows["L4-inferior"]["note"] == 'Says "partly", over two\nlines'
