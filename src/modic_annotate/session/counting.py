"""How many lumbar bodies a spine has, as stated or as the placed bodies imply."""

from __future__ import annotations

from modic_annotate.domain.numbering import Numbering
from modic_annotate.domain.spine import LUMBAR_BY_COUNT, Vertebra, spine_order

USUAL_COUNT = 5
"""Shown until something else is placed or stated; never signed as a presumption."""


def implied_count(numbering: Numbering) -> int | None:
    """Return the lumbar count that the placed bodies imply, or None where they leave it open."""
    placed = {body.vertebra for body in numbering.bodies}
    if Vertebra.L6 in placed:
        return 6
    if Vertebra.L5 in placed:
        return 5
    return 4 if {*LUMBAR_BY_COUNT[4], Vertebra.S1} <= placed else None


def count_of(numbering: Numbering) -> int:
    """Return the count as stated, else as implied, else the usual one."""
    return numbering.lumbar_count or implied_count(numbering) or USUAL_COUNT


def order_of(numbering: Numbering) -> tuple[Vertebra, ...]:
    """Return T12 .. S1 as counted, head to foot."""
    return spine_order(count_of(numbering))


def complete_count(numbering: Numbering) -> int | None:
    """Return the count where it is stated, or where every body of it is placed."""
    if numbering.lumbar_count is not None:
        return numbering.lumbar_count
    placed = {body.vertebra for body in numbering.bodies}
    implied = implied_count(numbering)
    return implied if implied is not None and set(spine_order(implied)) <= placed else None


def whole_order(count: int) -> tuple[Vertebra, ...]:
    """Return every label of a spine with this count, T9 to S2, head to foot."""
    thoracic = (Vertebra.T9, Vertebra.T10, Vertebra.T11)
    return (*thoracic, *spine_order(count), Vertebra.S2)
