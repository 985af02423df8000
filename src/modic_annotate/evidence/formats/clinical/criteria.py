"""What the criteria set says, row by row, as recorded."""

from __future__ import annotations

from collections.abc import Iterator

from reportlab.platypus import Flowable

from modic_annotate.domain.determination import (
    PROVENANCE_WORDS,
    ROLL_UP_WORDS,
    CriterionKind,
    CriterionOutcome,
    Outcome,
)
from modic_annotate.domain.resolution import DeterminationSignature
from modic_annotate.evidence.contents import Contents
from modic_annotate.evidence.deid.fields import WITHHELD
from modic_annotate.evidence.formats.clinical import look
from modic_annotate.evidence.wording import RESULT_ONLY, plain

HEAD = ("Row", "Criterion", "As recorded", "What was compared", "Source of the row")
WIDTHS = (0.065, 0.275, 0.1, 0.345, 0.215)

QUIET = (Outcome.MET, Outcome.NOT_APPLICABLE)
"""Outcomes that stop nothing; the other rows stand out."""

MOST_COMPARED = 3
"""Comparisons that are printed of a row; the rest stands in the trace."""

LABELS = "Source of the row: " + "; ".join(
    f"{plain(one)} = {words}" for one, words in PROVENANCE_WORDS.items()
)


def criteria_section(contents: Contents) -> Iterator[Flowable]:
    """Yield the result, every row with its outcome and provenance, and what limits it."""
    determination, rules = contents.determination, contents.criteria
    roll_up = ROLL_UP_WORDS[determination.roll_up]
    yield from look.heading("Criteria as recorded")
    yield look.line(f"{rules.title} ({rules.id}, version {rules.version})")
    yield look.strong(f"Result: {roll_up}")
    yield look.line(RESULT_ONLY)
    yield from _listed("Needed to conclude", determination.missing)
    yield from _listed("What limits this statement", determination.caveats)
    rows = determination.outcomes
    for title, shown in (
        ("Inclusion criteria and limits", [r for r in rows if r.kind != CriterionKind.EXCLUSION]),
        ("Exclusion criteria", [r for r in rows if r.kind == CriterionKind.EXCLUSION]),
    ):
        if shown:
            yield from look.small_heading(title)
            stressed = [n for n, row in enumerate(shown) if row.outcome not in QUIET]
            yield look.table(HEAD, [_row(row) for row in shown], WIDTHS, stressed)
    yield look.small(LABELS)
    yield from _signed(contents.determination_signature)


def _listed(title: str, sentences: tuple[str, ...]) -> Iterator[Flowable]:
    if sentences:
        yield from look.small_heading(title)
        yield from (look.line(f"\N{EN DASH} {sentence}") for sentence in sentences)


def _row(row: CriterionOutcome) -> tuple[str, ...]:
    because = ", ".join(plain(reason) for reason in row.reasons)
    provisional = "rests on an unsigned reading" if row.provisional else ""
    small = "; ".join(part for part in (provisional, because) if part)
    verified = f" by {row.verified_by}" if row.verified_by else ""
    return (
        row.criterion,
        row.title,
        f"{row.finding} ({small})" if small else row.finding,
        ". ".join((_compared(row), *_more(row))),
        f"{row.source}: {plain(row.provenance)}{verified}",
    )


def _compared(row: CriterionOutcome) -> str:
    """Return what was compared; of a row that stops nothing no more than its beginning."""
    parts = row.comparison.split("; ")
    if row.outcome not in QUIET or len(parts) <= MOST_COMPARED + 1:
        return row.comparison
    n = len(parts) - MOST_COMPARED
    return f"{'; '.join(parts[:MOST_COMPARED])}; and {n} more in determination.json"


def _more(row: CriterionOutcome) -> Iterator[str]:
    yield from (sentence for sentence in row.missing if sentence not in row.comparison)
    if row.resolved:
        made = row.resolved
        asked = " ".join(made.asked)
        yield f"Needed review ({asked}); decided by {made.by}, {made.resolution_id}."


def _signed(signature: DeterminationSignature | None) -> Iterator[Flowable]:
    if signature is None:
        yield look.line("Nobody has signed this determination.")
        return
    names = (signature.signer_display_name, signature.signer_title)
    named = ", ".join(name for name in names if name and name != WITHHELD)
    who = f"{named} ({signature.signer_id})" if named else signature.signer_id
    yield look.line(f"Determination signed by {who}, {signature.local_time}: {signature.meaning}")
