"""Labels of published schemes, derived from findings; never stored as input, never asked for.

A label that a finding does not determine has no value and says why; nothing is guessed. What the
AIM trial calls STIR3 is not derived: it needs the largest rise in intensity, which is not read.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from modic_annotate.domain.finding import Finding
from modic_annotate.domain.modic import ExtentCategory, ModicType, Presence
from modic_annotate.domain.spine import INDICATED_VERTEBRAE, Vertebra
from modic_annotate.eligibility.inputs import Inputs
from modic_annotate.eligibility.kleene import Answer, any_of
from modic_annotate.eligibility.predicates.modic import ModicAt

ROMAN = {ModicType.TYPE_1: "I", ModicType.TYPE_2: "II", ModicType.TYPE_3: "III"}
WHOLE_TYPES = ("0", "I", "II", "III", "I/II", "II/III")
"""Labels used as categories of their own in Jensen RK 2012; 0 is no change."""

_FAYAD_BY_ORDER = {
    (ModicType.TYPE_1,): "I",
    (ModicType.TYPE_1, ModicType.TYPE_2): "I-2",
    (ModicType.TYPE_2, ModicType.TYPE_1): "II-1",
    (ModicType.TYPE_2,): "II",
}
FAYAD = tuple(_FAYAD_BY_ORDER.values())
"""The ordered scale of Fayad: oedema to fat."""

UDBY_FROM_PERCENT, UDBY_TO_PERCENT = 25, 50
"""Grade B; less is A, more is C."""

_UDBY_ESTIMATED = {
    ExtentCategory.ENDPLATE_ONLY: "A",
    ExtentCategory.UNDER_25: "A",
    ExtentCategory.FROM_25_TO_50: "B",
    ExtentCategory.FROM_50: "C",
}


class Scheme(NamedTuple):
    """Where a scheme is defined, and what of it was read there."""

    unit: Literal["endplate", "disc", "study"]
    source: str
    read: str


SCHEMES = {
    "nordic": Scheme(
        "endplate",
        "Jensen TS 2007, doi 10.1080/02841850701422112; Jensen RK 2012, "
        "doi 10.1007/s00586-012-2309-9",
        "types I, II, III, I/II and II/III; combinations of I with III are not verified",
    ),
    "fayad": Scheme("endplate", "Fayad 2009, doi 10.1016/j.jbspin.2008.09.012", "all four values"),
    "aim": Scheme(
        "study",
        "AIM trial, Storheim 2017, doi 10.1186/s13063-017-2306-8",
        "the groups of type 1 and of type 2; a group of type 3 alone is not verified",
    ),
    "udby": Scheme(
        "disc", "Validation of the Udby grades, Global Spine J 2024", "all three grades"
    ),
    "genodisc": Scheme(
        "disc",
        "SpineNet, gt_formatting.py (rwindsor1/SpineNet)",
        "the flags and that -100 is not graded; that M means mixed is not verified",
    ),
    "rdes300": Scheme(
        "disc",
        "RadElement set RDES300, element OIFMA_CDE_001517 (openimagingdata/findingmodels)",
        "the six values, from one copy",
    ),
}
"""Scheme -> where it is defined; a definition that was not read is not presented as one."""


@dataclass(frozen=True, slots=True)
class Label:
    """A scheme's label of a finding, a disc or a study."""

    value: str | None = None
    why: str = ""
    """Why there is no value, or what the value leaves out."""

    lossy: bool = False
    """Whether the scheme has no place for something that was read."""

    verified: bool = True
    """Whether the scheme's definition of this value was read in its source."""


def not_determined(why: str) -> Label:
    """Return a label without a value."""
    return Label(None, why)


def is_determined(finding: Finding) -> bool:
    """Return whether it is known which types, if any, are at an endplate."""
    return finding.modic == Presence.ABSENT or bool(finding.components)


def nordic_type(finding: Finding) -> Label:
    """Return the Nordic type, e.g. ``0``, ``II`` or ``I/II``."""
    if not is_determined(finding):
        return not_determined(finding.words)
    value = "/".join(ROMAN[kind] for kind in sorted(finding.types)) or "0"
    return Label(value, verified=value in WHOLE_TYPES)


def fayad_type(finding: Finding) -> Label:
    """Return the modified type after Fayad: which of types 1 and 2 predominates."""
    reasons = (
        (not is_determined(finding), finding.words),
        (finding.modic == Presence.ABSENT, "no change; the scale begins with one"),
        (ModicType.TYPE_3 in finding.types, "the scale has no type 3"),
        (finding.equal_shares, "equal shares; the scale needs the predominant type"),
    )
    for holds, why in reasons:
        if holds:
            return not_determined(why)
    order = tuple(c.modic_type for c in finding.components)
    return Label(_FAYAD_BY_ORDER[order])


def aim_group(findings: Iterable[Finding]) -> Label:
    """Return the group of a study's endplates: any type 1, else any type 2, else type 3 alone.

    An endplate that is not read, or whose type is open, may hold a type 1: only where one is
    known does it not matter.
    """
    given = tuple(findings)
    types = frozenset(kind for finding in given for kind in finding.types)
    if ModicType.TYPE_1 in types:
        return Label("MC1")
    n_open = sum(not is_determined(finding) for finding in given)
    if n_open:
        return not_determined(f"{n_open} endplates are not read or their type is open")
    if ModicType.TYPE_2 in types:
        return Label("MC2")
    if types:
        return Label("MC3", verified=False)
    return not_determined("no change")


def udby_grade(findings: Sequence[Finding]) -> Label:
    """Return the grade of a disc level by the largest height among its changed endplates."""
    changed = [f for f in findings if f.modic != Presence.ABSENT]
    graded = [grade for grade in map(_udby, changed) if grade is not None]
    largest = max(graded, key=lambda label: (label.value or "", not label.lossy), default=None)
    if largest is not None and (largest.value == "C" or len(graded) == len(changed)):
        return largest
    return not_determined("no change" if not changed else "the height of a change is not known")


def _udby(finding: Finding) -> Label | None:
    percent, category = finding.height_percent, finding.height_category
    if percent is not None:
        at_most_b = "A" if percent < UDBY_FROM_PERCENT else "B"
        return Label("C" if percent > UDBY_TO_PERCENT else at_most_b)
    if category is None:
        return None
    is_open = category == ExtentCategory.FROM_50
    why = "estimated; exactly 50 % would be B" if is_open else ""
    return Label(_UDBY_ESTIMATED[category], why, lossy=is_open)


def vertebra_evidence(inputs: Inputs) -> dict[Vertebra, Answer]:
    """Return for L3, L4, L5 and S1 whether a degenerative type 1 or 2 change is evident."""
    rule = ModicAt(bodies=INDICATED_VERTEBRAE, types=(ModicType.TYPE_1, ModicType.TYPE_2))
    if not inputs.readings:
        return dict.fromkeys(INDICATED_VERTEBRAE, rule.evaluate(inputs))
    at = rule.by_body(inputs)
    return {body: at.get(body) or any_of([]) for body in INDICATED_VERTEBRAE}
