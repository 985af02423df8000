"""Numbers against thresholds, and days against months."""

from __future__ import annotations

import operator
from collections.abc import Callable
from enum import StrEnum
from functools import cache

MONTH_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_FOUR_YEARS = MONTH_DAYS * 3 + (31, 29, *MONTH_DAYS[2:])


class Operator(StrEnum):
    """How a number is compared with a threshold."""

    AT_LEAST = ">="
    ABOVE = ">"
    AT_MOST = "<="
    BELOW = "<"

    def holds(self, value: float, threshold: float) -> bool:
        """Return whether ``value <operator> threshold``."""
        return _FUNCTIONS[self](value, threshold)


_FUNCTIONS: dict[Operator, Callable[[float, float], bool]] = {
    Operator.AT_LEAST: operator.ge,
    Operator.ABOVE: operator.gt,
    Operator.AT_MOST: operator.le,
    Operator.BELOW: operator.lt,
}


def comparison(value: float, how: Operator, threshold: float, unit: str = "") -> str:
    """Return what was compared in words, e.g. ``36 % >= 30 %`` or ``28 % is not >= 30 %``."""
    verb = "" if how.holds(value, threshold) else "is not "
    return f"{quantity(value, unit)} {verb}{how} {quantity(threshold, unit)}"


def quantity(value: float, unit: str) -> str:
    """Return a number with its unit, without a trailing ``.0``."""
    return f"{value:.10g} {unit}".strip()


@cache
def fewest_days(months: int) -> int:
    """Return the fewest days `months` successive calendar months can have (6 -> 181).

    Calendar months depend on where they begin, and a copy with shifted dates must give the same
    answer, so a span of months counts as full once its shortest form has passed. A span that is
    exactly full by the calendar is therefore always full.
    """
    return min(_spans(months))


@cache
def most_days(months: int) -> int:
    """Return the most days `months` successive calendar months can have (6 -> 184)."""
    return max(_spans(months))


def _spans(months: int) -> tuple[int, ...]:
    """Return the days of a span of months from each month of a leap cycle on."""
    cycles, rest = divmod(months, len(_FOUR_YEARS))
    twice, whole = _FOUR_YEARS * 2, cycles * sum(_FOUR_YEARS)
    return tuple(whole + sum(twice[start : start + rest]) for start in range(len(_FOUR_YEARS)))
