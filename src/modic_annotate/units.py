"""Units, as UCUM codes; field names end in the unit, this says how it is printed and coded."""

from __future__ import annotations

from enum import StrEnum


class Unit(StrEnum):
    """Unit of a number; the value is its UCUM code."""

    MILLIMETRE = "mm"
    PERCENT = "%"
    SECOND = "s"
    DAY = "d"
    MONTH = "mo"
    YEAR = "a"
    TESLA = "T"
    MILLISECOND = "ms"
    CENTIMETRE = "cm"
    KILOGRAM = "kg"
    KG_PER_M2 = "kg/m2"
