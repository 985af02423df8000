"""Labels of schemes that count by the disc: both endplates of a disc in one record.

In these schemes "upper" is the endplate above the disc: the inferior one of the upper vertebra.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from modic_annotate.domain.finding import Finding
from modic_annotate.domain.modic import ModicType, Presence
from modic_annotate.domain.reading import Reading
from modic_annotate.domain.spine import DiscLevel, disc_levels, spine_order
from modic_annotate.eligibility.derived import ROMAN, Label, is_determined, not_determined

GENODISC_NOT_GRADED = -100
"""What SpineNet's tables hold for a flag that was not graded."""

RDES300_ABSENT, RDES300_INDETERMINATE, RDES300_UNKNOWN = "absent", "indeterminate", "unknown"
RDES300_CODES: Mapping[str, str] = MappingProxyType(
    {
        RDES300_ABSENT: "OIFMA_CDE_001517.0",
        "I": "OIFMA_CDE_001517.1",
        "II": "OIFMA_CDE_001517.2",
        "III": "OIFMA_CDE_001517.3",
        RDES300_INDETERMINATE: "OIFMA_CDE_001517.4",
        RDES300_UNKNOWN: "OIFMA_CDE_001517.5",
    }
)
"""Value -> its code in the finding model."""

RDES300_DISCS = disc_levels(spine_order(5))
"""The discs the set names: T12-L1 to L5-S1, none with an L6."""

Pair = tuple[Finding, Finding]
"""What is read above a disc and below it."""


def around_disc(reading: Reading, disc: DiscLevel) -> Pair:
    """Return the findings above and below a disc; what has no finding is not read."""
    above, below = disc.endplates
    return (
        reading.finding(above) or Finding(endplate=above),
        reading.finding(below) or Finding(endplate=below),
    )


def genodisc_flags(pair: Pair) -> dict[str, int]:
    """Return the eight flags of a disc: Upper and Lower by types 1, 2, 3 and M.

    A mixed change sets the flag of each of its types, and M, which is taken to mean mixed.
    """
    flags: dict[str, int] = {}
    for side, finding in zip(("Upper", "Lower"), pair, strict=True):
        known = is_determined(finding)
        present = {f"Modic{kind}": kind in finding.types for kind in ModicType}
        present["ModicM"] = len(finding.types) > 1
        flags |= {
            f"{side}{name}": int(there) if known else GENODISC_NOT_GRADED
            for name, there in present.items()
        }
    return flags


def rdes300_value(pair: Pair) -> Label:
    """Return the one value of a disc: absent, I, II, III, indeterminate or unknown.

    A type stands where every change has it. Otherwise the type of the lowest number among all
    components stands, as the element has no mixed value. Lossy wherever the pair says more than
    the value: another type, the other endplate without that change, or not read.
    """
    if DiscLevel(*(finding.endplate.vertebra for finding in pair)) not in RDES300_DISCS:
        return not_determined("the set has no such disc")
    types = sorted({kind for finding in pair for kind in finding.types})
    if types:
        same = all(finding.types == {types[0]} for finding in pair)
        return Label(ROMAN[types[0]], "" if same else _what_is_lost(pair), lossy=not same)
    if all(finding.modic == Presence.ABSENT for finding in pair):
        return Label(RDES300_ABSENT)
    lost = len({finding.words for finding in pair}) > 1
    is_open = any(f.modic in (Presence.PRESENT, Presence.INDETERMINATE) for f in pair)
    value = RDES300_INDETERMINATE if is_open else RDES300_UNKNOWN
    return Label(value, _what_is_lost(pair) if lost else "", lossy=lost)


def _what_is_lost(pair: Pair) -> str:
    above, below = (finding.words for finding in pair)
    return f"above the disc {above}, below it {below}"
