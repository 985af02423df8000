"""What an act did, in the few words that stand in the footer.

Each sentence is whole: its reader adds how to take the act back, and no verb.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from modic_annotate.domain.base import Record
from modic_annotate.domain.finding import DiscFinding, Finding
from modic_annotate.domain.numbering import Castellvi, TransitionalVariant
from modic_annotate.session import acts
from modic_annotate.session.draft import Draft
from modic_annotate.session.values import value_words, zone_words

Teller = Callable[[Any, Draft], str]
"""Takes one kind of act (Any: each teller knows its own) and the draft after it."""

UNSPOKEN = {
    "note": "changed",
    "components": "changed",
    "first_sop_instance_uid": "set",
    "last_sop_instance_uid": "set",
}
"""Fields whose value is not told, with what is: too long, or of no meaning to a reader."""

NAMES = {
    "height_category": "height",
    "ap_category": "AP extent",
    "area_category": "endplate area",
    "area_percent": "endplate area",
    "assessment_reason": "cannot be read",
}
"""Names that read better than a field's own title."""

UNITS = {"_mm": " mm", "_percent": " %"}
NO_LSTV = "no transitional features"


def words_of(act: acts.Act, draft: Draft) -> str:
    """Return what an act did, e.g. ``L4 inf: type 1 > 2``; empty where there is nothing to say."""
    return TELLERS[type(act)](act, draft)


def _finding(act: Any, draft: Draft) -> str:  # noqa: ANN401 - any act on an endplate
    finding = draft.findings[act.endplate]
    reason = finding.assessment_reason
    why = f", {value_words('assessment_reason', reason)}" if reason else ""
    return f"{act.endplate.short}: {finding.words}{why}"


def _field(act: acts.SetField, draft: Draft) -> str:
    value = getattr(draft.findings[act.endplate], act.field)
    return f"{act.endplate.short}: {_said(Finding, act.field, value)}"


def _disc_field(act: acts.SetDiscField, draft: Draft) -> str:
    return f"{act.disc}: {_said(DiscFinding, act.field, getattr(draft.discs[act.disc], act.field))}"


def _said(kind: type[Record], field: str, value: object) -> str:
    """Return a field and its value, e.g. ``AP extent under 25 %`` or ``no defect``."""
    name = field_words(field, kind)
    if value is None or value in ((), ""):
        return f"{name} cleared"
    if field in UNSPOKEN:
        return f"{name} {UNSPOKEN[field]}"
    if isinstance(value, float):
        unit = next((unit for end, unit in UNITS.items() if field.endswith(end)), "")
        return f"{name} {value:g}{unit}"
    words = _value(field, value)
    return f"no {name}" if words == "none" else f"{name} {words}"


def field_words(field: str, kind: type[Record] = Finding) -> str:
    """Return what a field is called within a sentence, e.g. ``T1 signal`` or ``height``."""
    return NAMES.get(field) or _in_sentence(kind.model_fields[field].title or field)


def _value(field: str, value: object) -> str:
    if isinstance(value, tuple):
        one_by_one = (value_words(field, one) for one in value)
        return zone_words(value) if field == "zones" else ", ".join(one_by_one)
    return value_words(field, value)


def _in_sentence(title: str) -> str:
    """Return a title as it stands within a sentence; ``AP extent`` and ``T1 signal`` stay."""
    return title if title[1:2].isupper() or title[1:2].isdigit() else title[:1].lower() + title[1:]


def _size(act: acts.Measure, draft: Draft) -> str:
    finding = draft.findings[act.endplate]
    share = "" if finding.height_percent is None else f", {finding.height_percent:.0f} %"
    return f"{act.endplate.short}: height {finding.height_mm:.1f} mm{share}"


def _painted(act: acts.BrushStroke | acts.GrowRegion, draft: Draft) -> str:
    erased = isinstance(act, acts.BrushStroke) and act.erase
    grown = isinstance(act, acts.GrowRegion)
    did = "erased" if erased else "region added" if grown else "painted"
    finding = draft.findings[act.endplate]
    if finding.height_mm is None or "height_mm" not in finding.derived:
        return f"{act.endplate.short}: {did}"
    share = "" if finding.height_percent is None else f", {finding.height_percent:.0f} %"
    return f"{act.endplate.short}: {did}, height {finding.height_mm:.1f} mm{share}"


def _quality(act: acts.RateQuality, _draft: Draft) -> str:
    reasons = f" ({', '.join(act.reasons)})" if act.reasons else ""
    return f"{value_words('role', act.role)}: {value_words('quality', act.rating)}{reasons}"


def _stated(act: acts.StateNumbering, _draft: Draft) -> str:
    return "numbering: " + ", ".join(dict.fromkeys(_stated_parts(act)))


def _stated_parts(act: acts.StateNumbering) -> Iterator[str]:
    if act.method is not None:
        yield value_words("method", act.method)
    if act.confidence is not None:
        yield value_words("numbering_confidence", act.confidence)
    if act.lumbar_count is not None:
        yield f"{value_words('lumbar_count', act.lumbar_count)} lumbar bodies"
    if act.lstv_castellvi is not None:
        yield _castellvi(act.lstv_castellvi)
    if act.lstv_variant is not None:
        yield _variant(act.lstv_variant)
    if act.report_offset is not None:
        yield _offset(act.report_offset)


def _castellvi(grade: Castellvi) -> str:
    if grade == Castellvi.NONE:
        return NO_LSTV
    named = grade in (Castellvi.PRESENT_UNGRADED, Castellvi.NOT_ASSESSABLE)
    words = value_words("lstv_castellvi", grade)
    return (
        f"transitional vertebra {words}" if named else f"transitional vertebra, Castellvi {words}"
    )


def _variant(variant: TransitionalVariant) -> str:
    if variant == TransitionalVariant.NONE:
        return NO_LSTV
    if variant == TransitionalVariant.INDETERMINATE:
        return "transitional vertebra of indeterminate kind"
    return value_words("lstv_variant", variant)


def _offset(bodies: int) -> str:
    if bodies == 0:
        return "same labels as the report"
    many = "one body" if abs(bodies) == 1 else f"{abs(bodies)} bodies"
    return f"the report's labels lie {many} {'lower' if bodies > 0 else 'higher'}"


def _slid(act: acts.ShiftLabels, _draft: Draft) -> str:
    return f"labels moved one body towards the {'head' if act.by > 0 else 'foot'}"


def _presumed(act: acts.PresumeBodies, _draft: Draft) -> str:
    count = value_words("lumbar_count", act.lumbar_count)
    return f"{count} lumbar bodies; the centres between the clicks are presumed, not confirmed"


TELLERS: dict[type[Record], Teller] = {
    acts.Show: lambda _act, _draft: "",
    acts.Attend: lambda _act, _draft: "",
    acts.RateQuality: _quality,
    acts.AcceptSeries: lambda _act, _draft: "series accepted in spite of its faults",
    acts.AssignRole: lambda act, _: f"series used as {value_words('role', act.role)}",
    acts.PlaceBody: lambda act, _: f"{act.vertebra} centre placed",
    acts.PresumeBodies: _presumed,
    acts.ConfirmBodies: lambda _act, _draft: "presumed centres confirmed",
    acts.RemoveBody: lambda act, _: f"{act.vertebra} centre removed",
    acts.ShiftLabels: _slid,
    acts.StateNumbering: _stated,
    acts.SignNumbering: lambda _, draft: f"numbering signed, {len(draft.scope)} endplates to read",
    acts.ReopenNumbering: lambda _act, _draft: "numbering reopened",
    acts.PlaceEndplate: lambda act, _: f"{act.endplate.short}: endplate drawn",
    acts.PlaceCorners: lambda act, _: f"{act.vertebra} corners placed",
    acts.BrushStroke: _painted,
    acts.GrowRegion: _painted,
    acts.ClearMask: lambda act, _: f"{act.endplate.short}: mask cleared",
    acts.Grade: _finding,
    acts.AddComponent: _finding,
    acts.EqualShares: _finding,
    acts.TypeUndetermined: _finding,
    acts.CannotRead: _finding,
    acts.ClearFinding: _finding,
    acts.SetField: _field,
    acts.Measure: _size,
    acts.ApplyUsual: lambda act, _: f"{act.endplate.short}: usual values filled in",
    acts.CopyFacing: _finding,
    acts.AllRemainingNone: lambda _act, _draft: "all remaining endplates: none",
    acts.SetDiscField: _disc_field,
    acts.DiscsNone: lambda _act, _draft: "all remaining discs: none of these",
    acts.MarkKeyImage: lambda act, _: f"{act.endplate.short}: key image marked",
    acts.Note: lambda act, _: f"note on the reading {'changed' if act.text else 'cleared'}",
    acts.RaiseRedFlag: lambda act, _: f"Site notified: {act.kind.replace('_', ' ')}",
    acts.ReturnToSite: lambda _act, _draft: "Returned to the site",
    acts.Undo: lambda _act, _draft: "undone",
    acts.Redo: lambda _act, _draft: "done again",
    acts.Sign: lambda _act, _draft: "Signed",
}
