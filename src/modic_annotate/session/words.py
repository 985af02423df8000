"""What an act did, in the few words that stand in the footer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from modic_annotate.domain.base import Record
from modic_annotate.domain.finding import Finding
from modic_annotate.session import acts
from modic_annotate.session.draft import Draft

Teller = Callable[[Any, Draft], str]
"""Takes one kind of act (Any: each teller knows its own) and the draft after it."""


def words_of(act: acts.Act, draft: Draft) -> str:
    """Return what an act did, e.g. ``L4 inf: type 1 > 2``; empty where there is nothing to say."""
    teller = TELLERS.get(type(act))
    return teller(act, draft) if teller else act.act.replace("_", " ")


def _finding(act: Any, draft: Draft) -> str:  # noqa: ANN401 - any act on an endplate
    return f"{act.endplate.short}: {draft.findings[act.endplate].words}"


def _field(act: acts.SetField, draft: Draft) -> str:
    title = Finding.model_fields[act.field].title or act.field
    value = getattr(draft.findings[act.endplate], act.field)
    shown = ", ".join(map(str, value)) if isinstance(value, tuple) else value
    if act.field in ("note", "components") or value in (None, ()):
        return f"{act.endplate.short}: {title.lower()} {'changed' if value else 'cleared'}"
    return f"{act.endplate.short}: {title.lower()} {str(shown).replace('_', ' ')}"


def _size(act: acts.Measure, draft: Draft) -> str:
    finding = draft.findings[act.endplate]
    share = "" if finding.height_percent is None else f", {finding.height_percent:.0f} %"
    return f"{act.endplate.short}: height {finding.height_mm:.1f} mm{share}"


def _stated(act: acts.StateNumbering, _draft: Draft) -> str:
    said = act.model_dump(mode="json", exclude_none=True, exclude={"act"})
    names = {"lstv_castellvi": "transitional anatomy", "lumbar_count": "lumbar bodies"}
    return "numbering: " + ", ".join(
        f"{names.get(k, k.replace('_', ' '))} {str(v).replace('_', ' ')}" for k, v in said.items()
    )


TELLERS: dict[type[Record], Teller] = {
    acts.Show: lambda _act, _draft: "",
    acts.RateQuality: lambda act, _: f"quality of {act.role} {act.rating.name.lower()}",
    acts.AssignRole: lambda act, _: f"a series put into {act.role}",
    acts.PlaceBody: lambda act, _: f"{act.vertebra} placed",
    acts.RemoveBody: lambda act, _: f"{act.vertebra} removed",
    acts.ShiftLabels: lambda act, _: f"labels one body {'up' if act.by > 0 else 'down'}",
    acts.StateNumbering: _stated,
    acts.SignNumbering: lambda _, draft: f"numbering signed, {len(draft.scope)} endplates to read",
    acts.ReopenNumbering: lambda _act, _draft: "numbering reopened",
    acts.PlaceEndplate: lambda act, _: f"{act.endplate.short}: line",
    acts.Grade: _finding,
    acts.AddComponent: _finding,
    acts.EqualShares: _finding,
    acts.TypeUndetermined: _finding,
    acts.CannotRead: _finding,
    acts.ClearFinding: _finding,
    acts.SetField: _field,
    acts.Measure: _size,
    acts.ApplyUsual: lambda act, _: f"{act.endplate.short}: usual values",
    acts.CopyFacing: _finding,
    acts.AllRemainingNone: lambda _act, _draft: "all remaining endplates: none",
    acts.SetDiscField: lambda act, _: f"{act.disc}: {act.field.replace('_', ' ')} {act.value}",
    acts.DiscsNone: lambda _act, _draft: "all remaining discs: none of these",
    acts.MarkKeyImage: lambda act, _: f"{act.endplate.short}: key image",
    acts.Note: lambda _act, _draft: "note",
    acts.RaiseRedFlag: lambda act, _: f"Site notified: {act.kind.replace('_', ' ')}",
    acts.ReturnToSite: lambda _act, _draft: "Returned to the site",
    acts.Sign: lambda _act, _draft: "Signed",
}
