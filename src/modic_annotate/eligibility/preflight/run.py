"""All checks, those that stop first."""

from __future__ import annotations

from modic_annotate.eligibility.preflight.answers import answer_checks
from modic_annotate.eligibility.preflight.filing import Check, Filing
from modic_annotate.eligibility.preflight.plan import plan_checks
from modic_annotate.eligibility.preflight.report import report_checks
from modic_annotate.eligibility.preflight.rows import row_checks


def preflight(filing: Filing) -> tuple[Check, ...]:
    """Return every check that has something to say, stops before notes, in a fixed order."""
    found = (
        *report_checks(filing),
        *plan_checks(filing),
        *answer_checks(filing),
        *row_checks(filing),
    )
    unique = dict.fromkeys(found)
    return tuple(sorted(unique, key=lambda check: check.level == "note"))
