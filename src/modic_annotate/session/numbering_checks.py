"""What stands between a numbering and its signature."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from modic_annotate.domain.numbering import Castellvi, Numbering, TransitionalVariant
from modic_annotate.domain.series import SeriesUsed
from modic_annotate.domain.spine import Vertebra
from modic_annotate.session import counting, places
from modic_annotate.session.draft import Draft
from modic_annotate.session.spine_geometry import expected_centre, reference_series

QUESTIONS = {
    "method": "say how the levels were counted",
    "confidence": "say how sure the numbering is",
    "lstv_castellvi": "say whether there is transitional anatomy",
}


def numbering_missing(draft: Draft, series: Sequence[SeriesUsed]) -> tuple[str, ...]:
    """Return what a numbering still needs, one sentence part each."""
    numbering = draft.numbering
    missing = [text for name, text in QUESTIONS.items() if getattr(numbering, name) is None]
    if leans_unsaid(numbering):
        missing.append("say which way the transitional vertebra leans")
    if counting.complete_count(numbering) is None:
        missing.append("state how many lumbar bodies there are")
    missing += [f"place {v}" for v in _bodies_missing(draft, series)]
    if numbering.presumed:
        presumed = ", ".join(numbering.presumed)
        missing.append(f"confirm or correct the presumed centres of {presumed}")
    missing += _disordered(numbering)
    return tuple(missing)


def leans_unsaid(numbering: Numbering) -> bool:
    """Whether a transitional vertebra is stated, and not which way it leans."""
    is_there = numbering.lstv_castellvi not in (None, Castellvi.NONE, Castellvi.NOT_ASSESSABLE)
    return is_there and numbering.lstv_variant in (None, TransitionalVariant.NONE)


def _bodies_missing(draft: Draft, series: Sequence[SeriesUsed]) -> list[Vertebra]:
    """Bodies of the scope that are not placed; T12 may lie above the images."""
    absent = [v for v in draft.order if draft.numbering.centre(v) is None]
    if absent != [Vertebra.T12]:
        return absent
    used = reference_series(draft, series)
    expected = expected_centre(draft.numbering, Vertebra.T12)
    outside = used is not None and expected is not None and not places.is_inside(used, expected)
    return [] if outside else absent


def _disordered(numbering: Numbering) -> list[str]:
    return [
        f"{upper.vertebra} does not lie above {lower.vertebra}; correct the labels"
        for upper, lower in itertools.pairwise(numbering.bodies)
        if upper.centroid_lps_mm[2] <= lower.centroid_lps_mm[2]
    ]
