"""Text to values: numbers, days, words; what could mean two things is refused, never guessed.

Messages name the kind of fault and what to state or correct, never the text itself: a column
given by mistake may hold a name.
"""

from __future__ import annotations

import re
from datetime import date

from modic_annotate.eligibility.importers.mapping import DateOrder
from modic_annotate.eligibility.importers.problems import CellError

_NUMBER = re.compile(r"[+-]?\d{1,15}(\.\d{1,15})?", re.ASCII)
_SCIENTIFIC = re.compile(r"[+-]?\d+([.,]\d+)?[eE][+-]?\d+", re.ASCII)
_DAY_NUMBER = re.compile(r"[1-9]\d{4}(\.\d+)?", re.ASCII)
_DAY = re.compile(r"(\d{1,4})([-/.])(\d{1,2})\2(\d{1,4})(?:[ T]\d{1,2}:\d{2}.*)?", re.ASCII)
_PART_OF_DAY = re.compile(r"\d{4}(-\d{2})?", re.ASCII)
_PLACES = {"YMD": (0, 1, 2), "MDY": (2, 0, 1), "DMY": (2, 1, 0)}
_WRITTEN = {"YMD": "2026-03-31", "MDY": "03/31/2026", "DMY": "31/03/2026"}

CONVERSIONS = {
    ("m", "cm"): 100.0,
    ("in", "cm"): 2.54,
    ("[in_i]", "cm"): 2.54,
    ("mm", "cm"): 0.1,
    ("cm", "mm"): 10.0,
    ("lb", "kg"): 0.45359237,
    ("[lb_av]", "kg"): 0.45359237,
    ("g", "kg"): 0.001,
    ("wk", "mo"): 12 / 52,
    ("a", "mo"): 12.0,
}
"""Unit of the file, unit of the field -> factor. UCUM codes, and lb and in as people write them;
international inch and pound (exact since 1959)."""

PLAUSIBLE = {
    "subject.height_cm": (90, 250),
    "subject.weight_kg": (20, 400),
    "subject.bmi_kg_m2": (8, 100),
    "scores.bdi": (0, 63),
    "scores.waddell_signs": (0, 5),
    "scores.odi_items_answered": (0, 10),
    "scores.pain_score": (0, 100),
    "scores.dexa_t_score": (-7, 7),
    "scores.life_expectancy_years": (0, 120),
    "pain.low_back_pain_months": (0, 960),
    "care.months_without_response": (0, 960),
    "mri.magnetic_field_strength_t": (0.05, 15),
}
"""What a number must lie within not to be another unit or another column."""


def number(text: str, decimal: str) -> float:
    """Return a number written plainly, with the decimal mark the map states."""
    plain = text.translate({ord(","): ".", ord("."): ","}) if decimal == "," else text
    if _NUMBER.fullmatch(plain):
        return float(plain)
    if _SCIENTIFIC.fullmatch(text):
        raise CellError(
            "scientific notation, as a spreadsheet writes; give the cell a plain number"
        )
    if re.fullmatch(r"[+-]?\d+[.,]\d+", text):
        raise CellError(f"the decimal mark is not {decimal!r}; state it in the map (file.decimal)")
    raise CellError("not a plain number; a code must be stated in the map (values or file.missing)")


def whole(value: float) -> int:
    """Return a whole number; a fraction is refused, not rounded."""
    if value != int(value):
        raise CellError("a whole number is needed here, this has a fraction")
    return int(value)


def converted(value: float, given: str, wanted: str) -> float:
    """Return a number in the field's unit."""
    if given == wanted or not given:
        return value
    factor = CONVERSIONS.get((given, wanted))
    if factor is None:
        raise CellError(f"the unit is not {wanted or 'none'}; state it in the map (unit)")
    return round(value * factor, 6)


def check_plausible(path: str, value: float) -> None:
    """Refuse a number that can only be another unit or another column."""
    low, high = PLAUSIBLE.get(path, (float("-inf"), float("inf")))
    if not low <= value <= high:
        raise CellError(f"lies outside {low:g} to {high:g}; check the column and its unit")


def day(text: str, order: DateOrder) -> date:
    """Return a day in the stated order; a time after it is dropped."""
    match = _DAY.fullmatch(text)
    if match is None:
        raise CellError(_why_no_day(text))
    parts = (match[1], match[3], match[4])
    if len(parts[0]) == 4:  # noqa: PLR2004 - a year of four digits comes first in ISO 8601 alone
        year, month, of_month = parts
    else:
        if order == "YMD":
            raise CellError("the order of day and month is not stated; say so (file.dates)")
        year, month, of_month = (parts[i] for i in _PLACES[order])
    if len(year) != 4:  # noqa: PLR2004
        raise CellError("the year has no four digits; write it out")
    try:
        return date(int(year), int(month), int(of_month))
    except ValueError:
        raise CellError(f"no such day when written like {_WRITTEN[order]}") from None


def _why_no_day(text: str) -> str:
    if _DAY_NUMBER.fullmatch(text):
        return "a spreadsheet's day number; format the column as text, written 2026-03-31"
    if _PART_OF_DAY.fullmatch(text):
        return "the day is missing; only a full date is taken"
    return "not a date; write it like 2026-03-31, or state the order in the map (file.dates)"


def year(text: str, order: DateOrder) -> int:
    """Return the year of a year or a date; what else the date says is not looked at."""
    if _PART_OF_DAY.fullmatch(text):
        return int(text[:4])
    return day(text, order).year
