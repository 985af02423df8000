"""Apply what named persons decided on rows that need review; the row's own outcome is kept."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence

from modic_annotate.domain.determination import (
    CriterionKind,
    CriterionOutcome,
    Determination,
    Outcome,
    ResolvedBy,
)
from modic_annotate.domain.resolution import Resolution
from modic_annotate.eligibility.criteria import CriteriaSet
from modic_annotate.eligibility.evaluate import Finding, roll_up

_WORDS: dict[tuple[bool, Outcome], Finding] = {
    (False, Outcome.MET): "met",
    (False, Outcome.NOT_MET): "not met",
    (True, Outcome.MET): "absent",
    (True, Outcome.NOT_MET): "present",
}


def basis_sha256(row: CriterionOutcome) -> str:
    """Return a hash over what a row says and rests on, the same on every later day.

    Days before the as-of date are left out: they grow by themselves.
    """
    operands = [
        (o.document, o.pointer, None if o.unit == "d" else o.value, o.unit) for o in row.operands
    ]
    content = [row.criterion, row.outcome, sorted(row.reasons), operands]
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def apply_resolutions(
    determination: Determination, criteria: CriteriaSet, resolutions: Sequence[Resolution]
) -> tuple[Determination, tuple[str, ...]]:
    """Return the determination with its resolved rows, and what was not applied, in sentences.

    The last resolution of a row counts. One whose row no longer needs review, or rests on other
    operands than those that were judged, is not applied.
    """
    wanted = {
        r.criterion: r
        for r in resolutions
        if (r.criteria_id, r.criteria_version)
        == (determination.criteria_id, determination.criteria_version)
    }
    rows, stale = [], []
    for row in determination.outcomes:
        made = wanted.get(row.criterion)
        if made is None or row.outcome != Outcome.NEEDS_REVIEW:
            rows.append(row)
        elif made.basis_sha256 != basis_sha256(row):
            rows.append(row)
            stale.append(
                f"Row {row.criterion} was resolved by {made.by} on other data than it rests on "
                "now; it needs review again."
            )
        else:
            rows.append(_resolved(row, made))
    return _with_rows(determination, criteria, rows), tuple(stale)


def _resolved(row: CriterionOutcome, made: Resolution) -> CriterionOutcome:
    outcome = Outcome(made.outcome)
    resolved = ResolvedBy(
        resolution_id=made.resolution_id,
        by=made.by,
        was=Outcome.NEEDS_REVIEW,
        asked=row.missing,
    )
    words = _WORDS[row.kind == CriterionKind.EXCLUSION, outcome]
    return row.replace(outcome=outcome, finding=words, missing=(), resolved=resolved)


def _with_rows(
    determination: Determination, criteria: CriteriaSet, rows: list[CriterionOutcome]
) -> Determination:
    if tuple(rows) == determination.outcomes:
        return determination
    concludes = determination.frozen.set_in_force and criteria.status == "current"
    return determination.replace(
        outcomes=tuple(rows),
        roll_up=roll_up(rows, concludes=concludes),
        missing=tuple(dict.fromkeys(m for row in rows for m in row.missing)),
    )
