"""When a reader first saw each endplate as the active one, and how long it stayed that.

All of it comes out of the journal (`Attend`); nothing is guessed from the times of other acts.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterable

from modic_annotate.domain.base import PointLps
from modic_annotate.domain.finding import Finding
from modic_annotate.domain.numbering import Numbering
from modic_annotate.domain.spine import Endplate
from modic_annotate.session.draft import Attention, Draft

SAME_BODY_MM = 15.0
"""A centre this near is the same body's, corrected; bodies lie more than twice as far apart."""


def added(before: tuple[Attention, ...], new: Attention) -> tuple[Attention, ...]:
    """Return what is known of all endplates with a further stretch; one entry for each place."""
    for n, one in enumerate(before):
        if (one.centre_lps_mm, one.surface) == (new.centre_lps_mm, new.surface):
            both = dataclasses.replace(
                one, since=min(one.since, new.since), seconds=one.seconds + new.seconds
            )
            return (*before[:n], both, *before[n + 1 :])
    return (*before, new)


def from_findings(findings: Iterable[Finding], numbering: Numbering) -> tuple[Attention, ...]:
    """Return the attention that findings of an amended reading hold."""
    return tuple(
        Attention(centre, f.endplate.surface, f.first_view_at, f.active_seconds or 0)
        for f in findings
        if f.first_view_at is not None
        and (centre := numbering.centre(f.endplate.vertebra)) is not None
    )


def with_times(draft: Draft) -> tuple[Finding, ...]:
    """Return the findings with when each endplate was first seen and how long it was active.

    An endplate that was never the active one in view has neither: graded in bulk, or by a file.
    """
    return tuple(_with_times(draft, finding) for finding in draft.findings.values())


def _with_times(draft: Draft, finding: Finding) -> Finding:
    found = [one for one in draft.attended if _is_of(draft, one, finding.endplate)]
    if not found:
        return finding
    return finding.replace(
        first_view_at=min(one.since for one in found),
        active_seconds=sum(one.seconds for one in found),
    )


def _is_of(draft: Draft, one: Attention, endplate: Endplate) -> bool:
    """Whether attention was given to this endplate: its surface, and its body the nearest."""
    if one.surface != endplate.surface:
        return False
    centre = draft.numbering.centre(endplate.vertebra)
    return centre is not None and _apart_mm(centre, one.centre_lps_mm) < SAME_BODY_MM


def _apart_mm(one: PointLps, other: PointLps) -> float:
    return math.dist(one, other)
