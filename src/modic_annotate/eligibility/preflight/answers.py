"""Exclusions and mimics: answered, not blank."""

from __future__ import annotations

from collections.abc import Iterator

from modic_annotate.domain.determination import CriterionKind, Outcome
from modic_annotate.domain.screening import ExclusionKey
from modic_annotate.eligibility.preflight.filing import Check, Filing

GRAVE = {
    ExclusionKey.SPINE_INFECTION: "an infection of the spine",
    ExclusionKey.SPINAL_CANCER: "a tumour of the spine",
    ExclusionKey.TRAUMA_OR_COMPRESSION_FRACTURE: "a fracture",
}
"""What an endplate change can be instead, and reviewers ask about."""


def answer_checks(filing: Filing) -> Iterator[Check]:
    """Yield P8 (exclusions of the set that are not answered) and P9 (mimics that are not)."""
    for row in filing.determination.outcomes:
        if row.kind == CriterionKind.EXCLUSION and row.outcome == Outcome.UNKNOWN:
            sentence = row.missing[0] if row.missing else f"{row.title} is not answered."
            yield Check("P8", "stop", f"Row {row.criterion}: {sentence}")
    if not filing.positive:
        return
    for key, words in GRAVE.items():
        if not filing.screening.exclusions.feature(key).is_known:
            yield Check(
                "P9",
                "stop",
                f"Whether there is {words} is not recorded; answer it from its source.",
                field=f"exclusions.features.{key}",
            )
