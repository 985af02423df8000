"""What a reader says against what mask or callipers give: it stands until it is taken back."""

from __future__ import annotations

from modic_annotate.domain.finding import Finding, Measurement, MeasurementMethod
from modic_annotate.domain.modic import ExtentCategory
from modic_annotate.session.acts import SetField
from modic_annotate.session.deriving import AREA, GROUPS, LEFT_RIGHT, SLICES
from modic_annotate.session.draft import Draft
from modic_annotate.session.reduce.step import Step

ESTIMATED = Measurement(method=MeasurementMethod.ESTIMATED)

OVERRIDES = ("area_percent", "area_category", "left_right_mm", "left_right_percent")
"""Fields whose group holds a measurement that a value said by eye ends."""

TOGETHER = {name: group for group in (LEFT_RIGHT, AREA) for name in group} | {
    name: (name, "sop_instance_uids") for name in SLICES[:2]
}
"""What goes when one field of a group is taken back."""

ALONE = ("height_category", "ap_category")
"""Categories that may differ in kind from the measured share they stand beside."""


def no_longer_derived(finding: Finding, field: str) -> tuple[str, ...]:
    """Return which fields still follow the geometry once the reader has set one."""
    own = (field,) if field in ALONE else next((g for g in GROUPS if field in g), (field,))
    return tuple(name for name in finding.derived if name not in own)


def overriding(draft: Draft, finding: Finding, act: SetField, _step: Step) -> dict[str, object]:
    """Return the fields of a group that a value said by eye sets; a derived share goes."""
    group = LEFT_RIGHT if act.field in LEFT_RIGHT else AREA
    before = draft.findings[finding.endplate]
    if not set(group) & set(before.derived):
        return {act.field: act.value}
    blank: dict[str, object] = dict.fromkeys(group[:-1])
    if act.field == "area_percent" and isinstance(act.value, int | float):
        blank["area_category"] = ExtentCategory.of_percent(float(act.value))
    return blank | {act.field: act.value, group[-1]: ESTIMATED}
