"""A criteria set in one line: how far its sources are known, and how current it is."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import NamedTuple

from modic_annotate.domain.determination import Provenance
from modic_annotate.eligibility.criteria import CriteriaSet

NOT_RECORDED = "not recorded"


class Summary(NamedTuple):
    """What a list of sets shows of one."""

    id: str
    purpose: str
    rows: str
    """How many rows, by standing, e.g. ``4: 4 third party``."""

    status: str
    retrieved_on: str
    """The day the source was read, or that it is not recorded."""

    review_by: str
    """The day, with ``(stale)`` where the set is on the day asked for."""


def summary(criteria: CriteriaSet, on: date | None = None) -> Summary:
    """Return the line of a set; staleness is told where a day is given."""
    counted = Counter(row.standing for row in criteria.criterion)
    parts = [f"{counted[p]} {p.replace('_', ' ')}" for p in Provenance if counted[p]]
    read = criteria.retrieved_on
    stale = " (stale)" if on is not None and criteria.stale(on) else ""
    return Summary(
        id=criteria.id,
        purpose=criteria.purpose.value,
        rows=f"{len(criteria.criterion)}: {', '.join(parts) or 'none could be read'}",
        status=criteria.status,
        retrieved_on=NOT_RECORDED if read is None else read.isoformat(),
        review_by=f"{criteria.review_by.isoformat()}{stale}",
    )
