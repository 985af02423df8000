"""Tables in the shape of TI and IE: all criteria in one, exceptions alone in the other."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modic_annotate.domain.determination import Outcome
from modic_annotate.eligibility.criteria import list_criteria, load_criteria
from modic_annotate.evidence import document as doc
from modic_annotate.evidence.bag import Files
from modic_annotate.evidence.contents import Contents
from modic_annotate.evidence.formats.sdtm import COLUMNS, IE, TI, plan, short_codes
from modic_annotate.store.canonical import canonical_bytes

GOLDEN = Path(__file__).parent / "golden"


def rows_of(contents: Contents, name: str) -> list[dict[str, str]]:
    text = plan(contents)[f"{doc.SDTM}{name}.csv"]().decode("utf-8")
    return list(csv.DictReader(io.StringIO(text, newline="")))


@pytest.mark.parametrize("name", ["ti", "ie", "columns"])
def test_golden(sample_bag: Files, name: str) -> None:
    """The sample's tables are the bytes that are kept as golden files."""
    made = plan(Contents(sample_bag))[f"{doc.SDTM}{name}.csv"]()
    assert made == (GOLDEN / f"sdtm-{name}.csv").read_bytes()


IDS = st.lists(
    st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,15}", fullmatch=True),
    unique_by=str.casefold,
    max_size=40,
)


@given(IDS)
def test_short_codes_are_short_and_unique(ids: list[str]) -> None:
    """Whatever a set's ids: at most 8 capitals and digits, a letter first, no two alike."""
    codes = short_codes(ids)
    assert list(codes) == ids
    assert len(set(codes.values())) == len(ids)
    for code in codes.values():
        assert 1 <= len(code) <= 8
        assert code[0].isalpha()
        assert code.isalnum()
        assert code == code.upper()
        assert code.isascii()


@pytest.mark.parametrize(
    ("ids", "codes"),
    [
        (["IN-1", "IN-X16"], ["IN1", "INX16"]),
        (["A-1", "A1"], ["A11", "A12"]),
        (["long-criterion-a", "long-criterion-b"], ["LONGCRI1", "LONGCRI2"]),
        (["A1234567-x", "A1234561"], ["A1234562", "A1234561"]),
        (["1a"], ["C1A"]),
    ],
)
def test_short_codes_stay_readable(ids: list[str], codes: list[str]) -> None:
    """An id that fits keeps its letters; no made code takes the place of one that fits."""
    assert list(short_codes(ids).values()) == codes


@pytest.mark.parametrize("name", list_criteria())
def test_shipped_sets_keep_their_ids(name: str) -> None:
    """Every shipped criterion is told by its own id without signs."""
    codes = short_codes(row.id for row in load_criteria(name).criterion)
    assert all(code == one.upper().replace("-", "") for one, code in codes.items()), codes


def with_outcomes(bag: Files, **changes: dict[str, object]) -> Contents:
    """Return the sample with rows of its determination changed, by criterion."""
    payload = {path: content for path, content in bag.items() if path.startswith("data/")}
    determination = Contents(payload).determination
    rows = tuple(
        row.replace(**changes.get(row.criterion.replace("-", ""), {}))
        for row in determination.outcomes
    )
    changed = determination.replace(outcomes=rows)
    return Contents({**payload, doc.DETERMINATION: canonical_bytes(changed)})


def test_exceptions_alone_are_in_ie(sample_bag: Files) -> None:
    """A failed inclusion is N, an exclusion that is present Y; nothing open is an exception."""
    contents = with_outcomes(
        sample_bag,
        IN1={"outcome": Outcome.NOT_MET},
        IN2={"outcome": Outcome.UNKNOWN},
        IN3={"outcome": Outcome.NOT_MET, "provisional": True},
        IN5={"outcome": Outcome.NOT_MET, "provenance": "unverified"},
        INX2={"outcome": Outcome.NOT_MET},
        INX3={"outcome": Outcome.NEEDS_REVIEW},
    )
    rows = rows_of(contents, "ie")
    assert [(r["IESEQ"], r["IETESTCD"], r["IECAT"], r["IEORRES"]) for r in rows] == [
        ("1", "IN1", "INCLUSION", "N"),
        ("2", "INX1", "EXCLUSION", "Y"),
        ("3", "INX2", "EXCLUSION", "Y"),
    ]
    assert all(r["IEORRES"] == r["IESTRESC"] and r["DOMAIN"] == "IE" for r in rows)


def test_every_criterion_is_in_ti(sample_bag: Files) -> None:
    """One record each, and the same short code in both tables."""
    contents = Contents(sample_bag)
    rows = rows_of(contents, "ti")
    assert [row["CRITERION"] for row in rows] == [one.id for one in contents.criteria.criterion]
    codes = {row["CRITERION"]: row["IETESTCD"] for row in rows}
    assert all(codes[row["CRITERION"]] == row["IETESTCD"] for row in rows_of(contents, "ie"))


def test_every_column_is_explained() -> None:
    """Each column of both tables says what it holds, and whether SDTM knows it."""
    assert {name for name, _ in COLUMNS} == {*TI, *IE}
