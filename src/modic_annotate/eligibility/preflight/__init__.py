"""Checks before evidence is sent: what reviewers have sent back, asked of the record first.

The checks P1 to P9 follow patterns of published external appeals (New York, 2021 to 2023); the
others compare the plan with what was read. Pure: no files, no clock.
"""

from modic_annotate.eligibility.preflight.filing import Check, Filing
from modic_annotate.eligibility.preflight.rows import REVIEW
from modic_annotate.eligibility.preflight.run import preflight

__all__ = ["REVIEW", "Check", "Filing", "preflight"]
