"""Reducers that describe a read endplate: single fields and key images."""

from __future__ import annotations

from collections.abc import Callable

from pydantic import TypeAdapter, ValidationError

from modic_annotate.domain.finding import Finding, KeyImage
from modic_annotate.domain.modic import Assessment, Component
from modic_annotate.errors import ActRefusedError
from modic_annotate.session import places
from modic_annotate.session.acts import MarkKeyImage, SetField
from modic_annotate.session.deriving import AP, HEIGHT
from modic_annotate.session.draft import Draft
from modic_annotate.session.reduce.findings import (
    changed,
    graded,
    is_blank,
    named,
    refusal,
    with_change,
)
from modic_annotate.session.reduce.grades import SIGNAL_SERIES
from modic_annotate.session.reduce.overrides import (
    ESTIMATED,
    OVERRIDES,
    TOGETHER,
    no_longer_derived,
    overriding,
)
from modic_annotate.session.reduce.slices import with_slices
from modic_annotate.session.reduce.step import Step

OF_ANY = (
    "assessment",
    "assessment_reason",
    "t1_signal",
    "t2_signal",
    "fs_signal",
    "contour",
    "defect",
    "endplate_score",
    "mimics",
    "confidence",
    "note",
)
"""Fields that a reader may set on any endplate that is read."""

OF_A_CHANGE = (
    "components",
    "height_category",
    "ap_category",
    "area_percent",
    "area_category",
    "left_right_mm",
    "left_right_percent",
    "zones",
    "first_sop_instance_uid",
    "last_sop_instance_uid",
    "attribution",
)
"""Fields that describe a change; the rest of a finding is graded, measured or derived."""

SETTABLE = (*OF_ANY, *OF_A_CHANGE)

SIZES = {
    "height_category": ("height_measurement", HEIGHT),
    "ap_category": ("ap_measurement", AP),
}
"""Where a category says how it was found, and what goes when it is taken back."""


def set_field(draft: Draft, act: SetField, step: Step) -> Draft:
    """Set one field of a read endplate; null takes it back."""
    if act.field not in SETTABLE:
        raise ActRefusedError(
            f"{act.field!r} is not a field to set; settable are {', '.join(sorted(SETTABLE))}"
        )
    find = with_change if act.field in OF_A_CHANGE else graded
    finding = find(draft, act.endplate)
    if is_blank(act.value):
        return draft.with_finding(_taken_back(finding, act.field))
    rule = RULES.get(act.field)
    fields = rule(draft, finding, act, step) if rule else {act.field: act.value}
    own = changed(
        finding.replace(derived=no_longer_derived(finding, act.field)), step.origin, **fields
    )
    return draft.with_finding(own)


def mark_key_image(draft: Draft, act: MarkKeyImage, step: Step) -> Draft:
    """Mark the slice through a point as a key image of a read endplate."""
    finding = graded(draft, act.endplate)
    used = step.need_at(draft, act.role, act.at_lps_mm)
    image = KeyImage(
        role=act.role,
        series_uid=used.series_uid,
        sop_instance_uid=places.sop_at(used, act.at_lps_mm),
    )
    if image in finding.key_images:
        raise ActRefusedError(f"{named(act.endplate)} has this key image already")
    images = (*finding.key_images, image)
    return draft.with_finding(changed(finding, step.origin, key_images=images))


def _taken_back(finding: Finding, field: str) -> Finding:
    if field in ("assessment", "components", "note"):
        raise ActRefusedError(f"{field} is never blank; give a value, or reopen the endplate")
    fields = SIZES[field][1] if field in SIZES else TOGETHER.get(field, (field,))
    defaults = {name: Finding.model_fields[name].default for name in fields}
    if field in SIZES:
        defaults["callipers"] = ()
    origins = {k: v for k, v in finding.origins.items() if k not in fields}
    kept = tuple(name for name in finding.derived if name not in fields)
    return finding.replace(**defaults, origins=origins, derived=kept)


def _signal(draft: Draft, finding: Finding, act: SetField, step: Step) -> dict[str, object]:
    role, not_available = SIGNAL_SERIES[act.field]
    if act.value != not_available and not step.has(draft, role):
        raise ActRefusedError(
            f"{named(finding.endplate)}: no series fills {role}, so {act.field} can only be "
            f"{not_available.value!r}"
        )
    return {act.field: act.value}


def _category(_draft: Draft, finding: Finding, act: SetField, _step: Step) -> dict[str, object]:
    source, _ = SIZES[act.field]
    percent = getattr(finding, act.field.replace("category", "percent"))
    return {act.field: act.value} | ({source: ESTIMATED} if percent is None else {})


def _assessment(_draft: Draft, finding: Finding, act: SetField, _step: Step) -> dict[str, object]:
    readable = (Assessment.ASSESSED, Assessment.LIMITED)
    if act.value not in readable or finding.assessment not in readable:
        raise ActRefusedError(
            f"{named(finding.endplate)}: only 'assessed' and 'limited' can be set here; "
            "say 'cannot be read' with its reason instead"
        )
    return {act.field: act.value}


COMPONENTS = TypeAdapter(tuple[Component, ...])


def _shares(_draft: Draft, finding: Finding, act: SetField, _step: Step) -> dict[str, object]:
    try:
        components = COMPONENTS.validate_python(act.value)
    except ValidationError as error:
        raise refusal(named(finding.endplate), error) from error
    if [c.modic_type for c in components] != [c.modic_type for c in finding.components]:
        raise ActRefusedError(
            f"{named(finding.endplate)} is {finding.words}; components set shares of these types, "
            "in this order"
        )
    return {act.field: components}


Rule = Callable[[Draft, Finding, SetField, Step], dict[str, object]]
RULES: dict[str, Rule] = {
    **dict.fromkeys(SIGNAL_SERIES, _signal),
    **dict.fromkeys(SIZES, _category),
    **dict.fromkeys(OVERRIDES, overriding),
    "assessment": _assessment,
    "components": _shares,
    "first_sop_instance_uid": with_slices,
    "last_sop_instance_uid": with_slices,
}
"""Fields that need more than their model's own check."""
