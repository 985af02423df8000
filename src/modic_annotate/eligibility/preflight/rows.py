"""The rows of the set: what a person must still judge stops, what is not met is told."""

from __future__ import annotations

from collections.abc import Iterator

from modic_annotate.domain.determination import Outcome, Reason
from modic_annotate.eligibility.preflight.filing import Check, Filing

REVIEW = "review"
"""Id of the check on rows that need review."""


def row_checks(filing: Filing) -> Iterator[Check]:
    """Yield one stop per cause for which rows need review, and a note per row that is not met.

    One cause (an uncertain numbering) often holds for several rows; it is said once.
    """
    causes: dict[str, list[str]] = {}
    for row in filing.determination.outcomes:
        if row.outcome == Outcome.NEEDS_REVIEW and row.reasons == (Reason.REPORT_DISAGREES,):
            continue  # P1 and P5 say it, with the place and what to ask for
        if row.outcome == Outcome.NEEDS_REVIEW:
            for sentence in row.missing or (row.comparison,):
                causes.setdefault(sentence, []).append(row.criterion)
        elif row.outcome == Outcome.NOT_MET:
            yield Check("not_met", "note", f"Row {row.criterion} is {row.finding} as recorded.")
    for sentence, rows in causes.items():
        yield Check(REVIEW, "stop", _to_resolve(sentence, rows), tuple(rows))


def _to_resolve(sentence: str, rows: list[str]) -> str:
    *others, last = rows
    named = f"rows {', '.join(others)} and {last}" if others else f"row {last}"
    return (
        f"{sentence.rstrip('.')}; correct it at its source, or a named person resolves {named} "
        "with a reason."
    )
