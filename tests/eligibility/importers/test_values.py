"""Numbers, days and ids as files write them: taken as stated, or refused by the kind of fault."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modic_annotate.eligibility.importers import values
from modic_annotate.eligibility.importers.identity import identifying
from modic_annotate.eligibility.importers.ids import subject_id, without_zeros
from modic_annotate.eligibility.importers.mapping import SubjectRule
from modic_annotate.eligibility.importers.problems import CellError

DAYS = {
    ("2026-03-04", "YMD"): date(2026, 3, 4),
    ("2026-03-04", "MDY"): date(2026, 3, 4),
    ("03/04/2026", "MDY"): date(2026, 3, 4),
    ("03/04/2026", "DMY"): date(2026, 4, 3),
    ("3.4.2026", "DMY"): date(2026, 4, 3),
    ("2026/03/04", "YMD"): date(2026, 3, 4),
    ("2026-03-04 13:45", "YMD"): date(2026, 3, 4),
    ("2024-02-29", "YMD"): date(2024, 2, 29),
}


@pytest.mark.parametrize(("written", "day"), DAYS.items(), ids=str)
def test_a_day_is_read_in_the_stated_order(written, day) -> None:
    """A year in front needs no order; everything else is read as the map says."""
    assert values.day(*written) == day


BAD_DAYS = {
    ("03/04/2026", "YMD"): "order of day and month",
    ("31/04/2026", "DMY"): "no such day",
    ("13/13/2026", "MDY"): "no such day",
    ("03/04/26", "MDY"): "no four digits",
    ("45321", "YMD"): "spreadsheet's day number",
    ("45321.5", "MDY"): "spreadsheet's day number",
    ("2026-03", "YMD"): "the day is missing",
    ("2026", "YMD"): "the day is missing",
    ("yesterday", "YMD"): "not a date",
    ("2026-03/04", "YMD"): "not a date",
    ("\u0662\u0660\u0662\u0666-03-04", "YMD"): "not a date",  # Arabic-Indic digits
}


@pytest.mark.parametrize(("written", "words"), BAD_DAYS.items(), ids=str)
def test_what_could_be_another_day_is_refused(written, words) -> None:
    """Two orders, two digits, day numbers and parts of dates are named, not guessed."""
    with pytest.raises(CellError, match=words) as refused:
        values.day(*written)
    assert written[0] not in str(refused.value)


@given(st.dates(min_value=date(1900, 1, 1)), st.sampled_from(("YMD", "MDY", "DMY")))
def test_a_day_written_in_an_order_is_read_in_it(day, order) -> None:
    """Writing and reading in one order gives the day again."""
    pattern = {"YMD": "%Y-%m-%d", "MDY": "%m/%d/%Y", "DMY": "%d.%m.%Y"}[order]
    assert values.day(day.strftime(pattern), order) == day


@pytest.mark.parametrize(
    ("text", "decimal", "number"),
    [("4", ".", 4), ("4.5", ".", 4.5), ("4,5", ",", 4.5), ("-2.5", ".", -2.5), ("+1", ",", 1)],
)
def test_a_plain_number_is_read(text, decimal, number) -> None:
    """The decimal mark is the stated one."""
    assert values.number(text, decimal) == number


@pytest.mark.parametrize(
    ("text", "decimal", "words"),
    [
        ("4,5", ".", "decimal mark"),
        ("4.5", ",", "decimal mark"),
        ("1.234,5", ",", "plain number"),
        ("1,234", ".", "decimal mark"),
        ("1.2E+05", ".", "scientific"),
        ("42 %", ".", "plain number"),
        ("NaN", ".", "plain number"),
        ("inf", ".", "plain number"),
        ("Smith", ".", "plain number"),
        ("1e400", ".", "scientific"),
        ("9" * 400, ".", "plain number"),
    ],
)
def test_what_is_no_plain_number_is_refused(text, decimal, words) -> None:
    """Codes, units, words and spreadsheet notation are named without being quoted."""
    with pytest.raises(CellError, match=words) as refused:
        values.number(text, decimal)
    assert text not in str(refused.value)


def test_units_are_converted_or_refused() -> None:
    """An inch has 2.54 cm and a pound 0.45359237 kg; a unit that does not fit is named."""
    assert values.converted(70, "in", "cm") == pytest.approx(177.8)
    assert values.converted(180, "lb", "kg") == pytest.approx(81.646627, abs=1e-6)
    assert values.converted(1.7, "m", "cm") == pytest.approx(170)
    assert values.converted(5, "", "cm") == 5
    with pytest.raises(CellError, match="unit is not cm"):
        values.converted(5, "kg", "cm")


def rule(**stated: object) -> SubjectRule:
    return SubjectRule.model_validate({"from": "id"} | stated)


@pytest.mark.parametrize(
    ("text", "stated", "identifier"),
    [
        ("001", {}, "001"),
        ("1", {"width": 3}, "001"),
        ("1234", {"width": 3}, "1234"),
        ("7", {"width": 2, "prefix": "S-"}, "S-07"),
        ("MAR-01", {"as_written": True}, "MAR-01"),
        ("A.b_c-9", {}, "A.b_c-9"),
    ],
)
def test_an_id_is_spelt_as_stated(text, stated, identifier) -> None:
    """Zeros that a spreadsheet dropped come back where the map states the width."""
    assert subject_id(text, rule(**stated)) == identifier


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "blank"),
        ("1.23457E+11", "scientific"),
        ("1E5", "scientific"),
        ("12.0", "decimals"),
        ("3-Mar", "as a date"),
        ("Mar-24", "as a date"),
        ("3/1/2026", "as a date"),
        ("Smith, John", "other characters"),
        ("\u00c4-1", "other characters"),
        ("con", "other characters"),
        ("x" * 65, "too long"),
    ],
)
def test_an_id_that_a_spreadsheet_rewrote_is_refused(text, words) -> None:
    """The fault is named; an id that is none is not quoted, since it may be a name."""
    with pytest.raises(CellError, match=words) as refused:
        subject_id(text, rule())
    assert not text or text not in str(refused.value)


def test_ids_that_differ_by_zeros_or_case_are_one() -> None:
    """001, 1 and, apart from that, S-01 and s-1 are the same subject."""
    assert without_zeros("001") == without_zeros("1")
    assert without_zeros("S-01") == without_zeros("s-1")
    assert without_zeros("10") != without_zeros("1")
    assert without_zeros("0") == "0"


@pytest.mark.parametrize(
    "name",
    [
        *("name", "Patient_Name", "firstName", "last_name", "MRN", "dob", "DOB_1", "email"),
        *("date_of_birth", "phone", "Street", "zip", "member_id", "Nachname", "Geburtsdatum"),
        "redcap_survey_identifier",
    ],
)
def test_a_column_called_so_identifies(name) -> None:
    """What is called a name, a number of the hospital or an address is never taken."""
    assert identifying(name)


@pytest.mark.parametrize("name", ["record_id", "odi_score", "sex", "birth_year", "excl___1"])
def test_a_column_of_the_study_does_not_identify(name) -> None:
    """The study's own columns are free."""
    assert not identifying(name)
    assert not identifying("x", "Was the name of the drug asked, and which dose was given?")
    assert identifying("x", "Patient name")
