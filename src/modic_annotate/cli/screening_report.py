"""What an import would do or did, in lines and as JSON; rows and subject ids, no identity."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from modic_annotate.conduct.screening_files import ImportPlan, SubjectPlan


def lines(plan: ImportPlan, details: bool) -> Iterator[str]:
    """Yield what a plan says; with details also what is unknown and why, subject by subject."""
    yield from (f"note: {note}" for note in plan.notes)
    if details:
        yield from (f"map: {column} -> {field}" for column, field in plan.mapped)
    yield from plan.left_out
    if details and plan.unmapped:
        yield f"not in the map: {', '.join(plan.unmapped)}"
    for one in plan.subjects:
        yield f"{one.record_id} ({one.place}): {_action(one)}"
        yield from (f"  {c.field}: {c.before} -> {c.after}" for c in one.changes)
        yield from (f"  {field}: kept, blank in the file" for field in one.kept)
        yield from (f"  {kept.sentence}" for kept in one.corrected)
        if details:
            yield from _details(one)
    if plan.not_in_file:
        yield f"not in the file, unchanged: {', '.join(plan.not_in_file)}"


def _details(one: SubjectPlan) -> Iterator[str]:
    if one.action == "new":
        yield from (f"  {name}: {words}" for name, words in one.filled)
    groups: dict[str, list[str]] = {}
    for gap in one.unknown:
        state = "" if gap.state is None else f"{gap.state.replace('_', ' ')}, "
        groups.setdefault(f"unknown ({state}{gap.why})", []).append(gap.field)
    yield from (f"  {why}: {', '.join(fields)}" for why, fields in groups.items())


def _action(one: SubjectPlan) -> str:
    words = {"new": "new, revision 1", "same": "nothing to change"}
    return words.get(one.action, f"changes, revision {one.revision}")


def summary(plan: ImportPlan, dry_run: bool) -> str:
    """Say in one line how many records are new, changed and the same."""
    counts = Counter(one.action for one in plan.subjects)
    would = "would be " if dry_run else ""
    return (
        f"subjects: {len(plan.subjects)} ({counts['new']} {would}new, "
        f"{counts['changed']} {would}changed, {counts['same']} the same)"
    )


def as_json(plan: ImportPlan, dry_run: bool) -> dict[str, Any]:  # JSON-ready content
    """Return a plan for machines."""
    return {
        "dry_run": dry_run,
        "notes": list(plan.notes),
        "left_out": list(plan.left_out),
        "mapped": [{"from": column, "field": field} for column, field in plan.mapped],
        "unmapped": list(plan.unmapped),
        "not_in_file": list(plan.not_in_file),
        "subjects": [
            {
                "record_id": one.record_id,
                "place": one.place,
                "action": one.action,
                "revision": one.revision,
                "changes": [
                    {"field": c.field, "before": c.before, "after": c.after} for c in one.changes
                ],
                "kept": list(one.kept),
                "corrected": [asdict(kept) for kept in one.corrected],
                "filled": dict(one.filled),
                "unknown": [
                    {"field": u.field, "state": u.state, "why": u.why, "place": u.place}
                    for u in one.unknown
                ],
            }
            for one in plan.subjects
        ],
    }
