"""What speaks against values of a reading, and what makes them less sure.

Contradictions are values that do not go together: shown as warnings, stored with the reading,
never corrected. Notices contradict nothing: they are shown, follow from what is stored, and are
not stored themselves.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator

import numpy as np

from modic_annotate.domain.finding import Finding
from modic_annotate.domain.modic import (
    Attribution,
    Contour,
    ExtentCategory,
    FatSuppressedSignal,
    Mimic,
    ModicType,
    Signal,
)
from modic_annotate.domain.reading import RedFlagKind
from modic_annotate.session.draft import Draft
from modic_annotate.session.mask_doubts import beyond_the_body, disagreeing, painted_on_none
from modic_annotate.session.reduce.findings import named

EXPECTED = {
    ModicType.TYPE_1: ({Signal.HYPO}, {Signal.HYPER}),
    ModicType.TYPE_2: ({Signal.HYPER}, {Signal.ISO, Signal.HYPER}),
    ModicType.TYPE_3: ({Signal.HYPO}, {Signal.HYPO}),
}
"""T1 and T2 signal of each type (Modic 1988; type 3 after Jensen 2009)."""

Rule = Callable[[Finding], Iterator[str]]
"""Says nothing, or sentences without the endplate's name, of one finding."""

BOUNDARIES_PERCENT = (25, 50)
NEAR = "from the boundary"
"""Words of a notice that a size lies near a boundary; a view that shows the distance itself may
leave it out."""

FAR_APART = 1.7
"""Distance of neighbouring centres, over the median, from which a skipped body is suspected."""

DANGEROUS = (Mimic.INFECTION, Mimic.METASTASIS_OR_INFILTRATION)


def contradictions(draft: Draft) -> tuple[str, ...]:
    """Return every contradiction of a draft, in sentences, endplates head to foot."""
    said = _said_of(draft, CONTRADICTIONS)
    return (*_spacing(draft), *said, *painted_on_none(draft), *_flags(draft))


def notices(draft: Draft) -> tuple[str, ...]:
    """Return where a value is less sure than it looks, in sentences, endplates head to foot."""
    return tuple(_said_of(draft, NOTICES))


def _said_of(draft: Draft, rules: tuple[Rule, ...]) -> Iterator[str]:
    for finding in draft.findings.values():
        for rule in rules:
            yield from (f"{named(finding.endplate)}: {text}" for text in rule(finding))


def _signals(finding: Finding) -> Iterator[str]:
    types = sorted(finding.types)
    if not types:
        return
    for index, (name, value) in enumerate((("T1", finding.t1_signal), ("T2", finding.t2_signal))):
        expected = set().union(*(EXPECTED[t][index] for t in types))
        if len(types) > 1:
            expected.add(Signal.MIXED)
        if value not in (None, Signal.NOT_AVAILABLE) and value not in expected:
            words = " or ".join(sorted(expected))
            yield f"{finding.words} is {words} on {name}, recorded is {value}"
    if types == [ModicType.TYPE_3] and Signal.NOT_AVAILABLE in (
        finding.t1_signal,
        finding.t2_signal,
    ):
        yield "type 3 rests on T1 and T2, and one of them is not available"


def _fat_suppressed(finding: Finding) -> Iterator[str]:
    value = finding.fs_signal
    if value in (None, FatSuppressedSignal.NOT_AVAILABLE):
        return
    has_type_1 = ModicType.TYPE_1 in finding.types
    if has_type_1 and value in (FatSuppressedSignal.ISO, FatSuppressedSignal.SUPPRESSED):
        yield f"{finding.words} is high on a fat-suppressed series, recorded is {value}"
    if finding.types and not has_type_1 and value == FatSuppressedSignal.HIGH:
        yield f"{finding.words} without type 1, yet high on a fat-suppressed series"


def _boundary(finding: Finding) -> Iterator[str]:
    sizes = (
        ("height", finding.height_percent, finding.height_measurement),
        ("AP extent", finding.ap_percent, finding.ap_measurement),
        ("endplate area", finding.area_percent, finding.area_measurement),
    )
    for name, percent, measurement in sizes:
        error = measurement.error_percent if measurement else None
        if percent is None or error is None:
            continue
        for boundary in BOUNDARIES_PERCENT:
            if abs(percent - boundary) < error:
                yield (
                    f"{name} {percent:.0f} % lies {abs(percent - boundary):.1f} {NEAR} "
                    f"{boundary} %, within its error of {error:.1f}"
                )


def _endplate_only(finding: Finding) -> Iterator[str]:
    percent = finding.height_percent
    said = finding.height_category == ExtentCategory.ENDPLATE_ONLY
    if said and percent is not None and percent >= BOUNDARIES_PERCENT[0]:
        yield f"height category is endplate only, yet the height is {percent:.0f} %"


def _cause(finding: Finding) -> Iterator[str]:
    if finding.attribution != Attribution.DEGENERATIVE:
        return
    for mimic in finding.mimics:
        if mimic in DANGEROUS:
            yield f"cause degenerative, yet {mimic.replace('_', ' ')} was considered"
    if finding.contour in (Contour.BLURRED, Contour.DESTRUCTIVE):
        yield f"cause degenerative, yet the contour is {finding.contour}"


def _spacing(draft: Draft) -> Iterator[str]:
    pairs = list(itertools.pairwise(draft.numbering.bodies))
    gaps = [
        float(np.linalg.norm(np.subtract(a.centroid_lps_mm, b.centroid_lps_mm))) for a, b in pairs
    ]
    for (upper, lower), gap in zip(pairs, gaps, strict=True):
        if gap > FAR_APART * float(np.median(gaps)):
            yield (
                f"{upper.vertebra} and {lower.vertebra} lie {gap:.0f} mm apart: "
                "check that no body was skipped"
            )


def _flags(draft: Draft) -> Iterator[str]:
    kinds = {flag.kind for flag in draft.red_flags}
    causes = {f.attribution for f in draft.findings.values()}
    for kind in (RedFlagKind.INFECTION, RedFlagKind.TUMOUR):
        if kind in kinds and Attribution.DEGENERATIVE in causes:
            yield f"the site was notified of {kind}, yet a change is called degenerative"


CONTRADICTIONS: tuple[Rule, ...] = (_signals, _fat_suppressed, _endplate_only, _cause)
NOTICES: tuple[Rule, ...] = (_boundary, disagreeing, beyond_the_body)
