"""Tables for statisticians: one row per thing, one codebook over all, the same as Parquet."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from modic_annotate.domain.finding import DiscFinding
from modic_annotate.domain.screening import ExclusionKey
from modic_annotate.evidence import document as doc
from modic_annotate.evidence.bag import Files
from modic_annotate.evidence.contents import Contents
from modic_annotate.evidence.document import Profile
from modic_annotate.evidence.formats.tables.csv_files import TABLES, codebook, plan
from modic_annotate.evidence.formats.tables.of_record import unit_of
from modic_annotate.store.canonical import canonical_bytes
from tests.evidence.dicom.conftest import changed, rich

GOLDEN = Path(__file__).parent / "golden"

Rows = list[dict[str, str]]


def rows_of(content: bytes) -> Rows:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8"), newline="")))


def table(contents: Contents, name: str) -> Rows:
    return rows_of(plan(contents)[f"{doc.TABLES}{name}.csv"]())


@pytest.fixture(name="contents")
def _contents(sample_bag: Files) -> Contents:
    return Contents(sample_bag)


@pytest.fixture(name="rich_contents")
def _rich_contents(sample_bag: Files) -> Contents:
    return changed(sample_bag, rich)


@pytest.mark.parametrize("name", ["criteria", "screening", "care", "codebook"])
def test_golden(contents: Contents, name: str) -> None:
    """What follows from record and set alone is the bytes that are kept as golden files."""
    made = plan(contents)[f"{doc.TABLES}{name}.csv"]()
    assert made == (GOLDEN / f"tables-{name}.csv").read_bytes()


def test_every_column_is_described_once(contents: Contents) -> None:
    """Codebook and headers name the same columns in the same order, none twice in a table."""
    described: dict[str, list[str]] = {}
    for row in rows_of(codebook()):
        described.setdefault(row["table"], []).append(row["column"])
        assert row["title"]
    for one in TABLES:
        header = one.csv(contents).decode().splitlines()[0].split(",")
        assert header == described[one.name], one.name
        assert len(set(header)) == len(header), one.name


def test_rows_are_as_many_as_things(contents: Contents) -> None:
    """Discs of the spine, one count, series read, criteria of the set, courses of care."""
    reading = contents.signed[0].reading
    assert [row["disc"] for row in table(contents, "discs")] == [
        "T12/L1", "L1/2", "L2/3", "L3/4", "L4/5", "L5/S1",
    ]  # fmt: skip
    assert len(table(contents, "numbering")) == 1
    roles = [row["role"] for row in table(contents, "series")]
    assert roles == [one.role for one in reading.series]
    ids = [row["criterion"] for row in table(contents, "criteria")]
    assert ids == [row.id for row in contents.criteria.criterion]
    assert len(table(contents, "care")) == len(contents.screening.care.episodes)


def test_a_disc_nobody_spoke_of_is_not_read(sample_bag: Files) -> None:
    """It has its row and says so; the values are empty, not zero."""
    spoken = (DiscFinding(disc="L4/5", assessment="assessed", extrusion_mm=5.5),)
    rows = table(changed(sample_bag, lambda r: r.replace(discs=spoken)), "discs")
    said = {row["disc"]: (row["assessment"], row["extrusion_mm"]) for row in rows}
    assert said["L4/5"] == ("assessed", "5.5")
    assert {value for disc, value in said.items() if disc != "L4/5"} == {("not_read", "")}


def test_values_that_nobody_entered_one_by_one_are_flagged(contents: Contents) -> None:
    """The sample's discs were said in one act for all."""
    row = table(contents, "discs")[0]
    assert "stenosis" in row["bulk_fields"]
    assert row["key_fields"] == row["copy_fields"] == ""


def test_exclusions_are_present_or_absent(contents: Contents) -> None:
    """No exclusion is "met" or "not met"; the evaluator's own word for the outcome is not there."""
    rows = table(contents, "criteria")
    found = {row["finding"] for row in rows if row["kind"] == "exclusion"}
    assert {"absent", "present"} <= found <= {
        "absent", "present", "unknown", "needs review", "not applicable",
    }  # fmt: skip
    assert "outcome" not in rows[0]


def test_a_blank_is_told_from_an_absence(contents: Contents) -> None:
    """Every feature has its row; not asked and asked-and-absent are two states."""
    states = {row["item"]: row["state"] for row in table(contents, "screening")}
    assert states["exclusions.spine_infection"] == "asserted_absent"
    assert states["exclusions.dermatomal_leg_deficit"] == "not_asked"
    assert {f"exclusions.{key}" for key in ExclusionKey} <= set(states)


@pytest.mark.parametrize(
    ("item", "unit"),
    [
        ("subject.bmi_kg_m2", "kg/m2"),
        ("subject.weight_kg", "kg"),
        ("scores.odi_percent", "%"),
        ("care.months_without_response", "mo"),
        ("scores.life_expectancy_years", "a"),
        ("scores.bdi", ""),
    ],
)
def test_units_follow_from_names(item: str, unit: str) -> None:
    """A field says its unit in its name; the table says it in UCUM."""
    assert unit_of(item) == unit


def test_free_text_stays_within_the_site(rich_contents: Contents) -> None:
    """Outside the internal profile notes and documents are empty; the columns stay."""
    document = rich_contents.document.replace(profile=Profile.TRIAL)
    trial = Contents({**rich_contents.files, doc.PACKAGE: canonical_bytes(document)})
    for name, words in (("discs", "see report"), ("care", "therapy log"), ("screening", "form")):
        inside, outside = table(rich_contents, name), table(trial, name)
        assert words in str(inside)
        assert words not in str(outside)
        assert list(inside[0]) == list(outside[0])


def test_parquet_says_the_same(rich_contents: Contents) -> None:
    """Same rows, columns of the stated types, nulls for empty cells, the same bytes twice."""
    pytest.importorskip("pyarrow", reason="pyarrow is not installed (extra: tables)")
    import pyarrow.parquet as pq

    from modic_annotate.evidence.formats.tables.parquet_files import TYPES, parquet

    for one in TABLES:
        content = parquet(one, rich_contents)
        assert content == parquet(one, rich_contents)
        back = pq.read_table(io.BytesIO(content))
        kinds = {column.name: TYPES[column.kind] for column in one.columns}
        shown = {field.name: str(field.type).replace("double", "float64") for field in back.schema}
        assert shown == kinds
        rows = rows_of(one.csv(rich_contents))
        assert len(rows) == back.num_rows
        for row, typed in zip(rows, back.to_pylist(), strict=True):
            for name, text in row.items():
                assert (text == "") == (typed[name] is None), (one.name, name)
                if kinds[name] in ("float64", "int64") and text:
                    assert float(text) == pytest.approx(typed[name], abs=1e-4)
