"""Labels of published schemes, derived from findings; never stored as input, never asked for.

None means that a finding does not determine the label; nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from modic_annotate.domain.finding import Finding
from modic_annotate.domain.modic import ExtentCategory, ModicType, Presence
from modic_annotate.domain.spine import INDICATED_VERTEBRAE, Vertebra
from modic_annotate.eligibility.inputs import Inputs
from modic_annotate.eligibility.kleene import Answer
from modic_annotate.eligibility.predicates.modic import ModicAt

ROMAN = {ModicType.TYPE_1: "I", ModicType.TYPE_2: "II", ModicType.TYPE_3: "III"}
FAYAD = ("I", "I-2", "II-1", "II")
"""The ordered scale of Fayad 2009 (10.1016/j.jbspin.2008.09.012): oedema to fat."""

UDBY = {
    ExtentCategory.ENDPLATE_ONLY: "A",
    ExtentCategory.UNDER_25: "A",
    ExtentCategory.FROM_25_TO_50: "B",
    ExtentCategory.FROM_50: "C",
}
"""Height category -> grade of Udby 2024: below 25 %, 25 to 50 %, above 50 % of body height."""


def nordic_type(finding: Finding) -> str | None:
    """Return the Nordic type, e.g. ``0``, ``II`` or ``I/III``."""
    if finding.modic == Presence.ABSENT:
        return "0"
    return "/".join(ROMAN[kind] for kind in sorted(finding.types)) or None


def fayad_type(finding: Finding) -> str | None:
    """Return the modified type after Fayad; None with type 3, equal shares or no type."""
    order = tuple(component.modic_type for component in finding.components)
    if finding.equal_shares:
        return None
    one, two = ModicType.TYPE_1, ModicType.TYPE_2
    known = {(one,): "I", (one, two): "I-2", (two, one): "II-1", (two,): "II"}
    return known.get(order)


def aim_group(findings: Iterable[Finding]) -> Literal["MC1", "MC2", "MC3"] | None:
    """Return the group of a set of endplates: any type 1, else any type 2, else type 3 alone.

    Source: AIM trial, Storheim 2017, doi 10.1186/s13063-017-2306-8.
    """
    types = frozenset(kind for finding in findings for kind in finding.types)
    if ModicType.TYPE_1 in types:
        return "MC1"
    if ModicType.TYPE_2 in types:
        return "MC2"
    return "MC3" if types else None


def udby_grade(findings: Iterable[Finding]) -> str | None:
    """Return the grade of a level by the largest height among its changed endplates."""
    heights = []
    for finding in findings:
        if finding.height_percent is not None:
            heights.append(UDBY[ExtentCategory.of_percent(finding.height_percent)])
        elif finding.height_category is not None:
            heights.append(UDBY[finding.height_category])
        elif finding.modic != Presence.ABSENT:
            return None
    return max(heights, default=None)


def vertebra_evidence(inputs: Inputs) -> dict[Vertebra, Answer]:
    """Return for L3, L4, L5 and S1 whether a degenerative type 1 or 2 change is evident."""
    rule = ModicAt(bodies=INDICATED_VERTEBRAE, types=(ModicType.TYPE_1, ModicType.TYPE_2))
    if not inputs.readings:
        return dict.fromkeys(INDICATED_VERTEBRAE, rule.evaluate(inputs))
    return {body: rule.at_body(inputs, body) for body in INDICATED_VERTEBRAE}
