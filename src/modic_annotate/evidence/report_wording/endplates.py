"""One endplate with a change as a line of a report."""

from __future__ import annotations

from collections.abc import Iterator

from modic_annotate.domain.finding import Finding
from modic_annotate.domain.modic import (
    Assessment,
    Attribution,
    Contour,
    Defect,
    ExtentCategory,
    FatSuppressedSignal,
    Signal,
)
from modic_annotate.domain.numbering import Numbering
from modic_annotate.domain.spine import disc_of
from modic_annotate.evidence.formats.summary_endplates import CATEGORY_WORDS
from modic_annotate.evidence.report_wording.types import type_words
from modic_annotate.evidence.wording import number, plain

SIGNAL_WORDS = {
    Signal.HYPO: "low",
    Signal.ISO: "isointense",
    Signal.HYPER: "high",
    Signal.MIXED: "mixed",
    Signal.NOT_AVAILABLE: "not available",
}

SUPPRESSED_WORDS = {
    FatSuppressedSignal.HIGH: "high with fat suppression",
    FatSuppressedSignal.ISO: "isointense with fat suppression",
    FatSuppressedSignal.SUPPRESSED: "suppressed with fat suppression",
    FatSuppressedSignal.PARTLY_SUPPRESSED: "partly suppressed with fat suppression",
    FatSuppressedSignal.NOT_AVAILABLE: "fat suppression not available",
}

CONTOUR_WORDS = {
    Contour.SMOOTH: "endplate contour smooth",
    Contour.IRREGULAR_INTACT: "endplate contour irregular but intact",
    Contour.BLURRED: "endplate contour blurred",
    Contour.DESTRUCTIVE: "endplate contour destroyed",
}

DEFECT_WORDS = {
    Defect.NONE: "no endplate defect",
    Defect.NOTCH: "endplate notch",
    Defect.SCHMORL: "Schmorl node",
    Defect.EROSION: "endplate erosion",
    Defect.FRACTURE: "endplate fracture",
}

CAUSE_WORDS = {
    Attribution.DEGENERATIVE: "held to be degenerative",
    Attribution.UNCERTAIN: "cause uncertain",
    Attribution.OTHER: "held to be of another cause than degeneration",
}


def endplate_line(finding: Finding, numbering: Numbering) -> str:
    """Return a change that is present in one line, led by its level."""
    disc = disc_of(finding.endplate, numbering.order)
    level = f"{disc}, " if disc else ""
    said = "; ".join((type_words(finding), *_details(finding)))
    return f"{level}{finding.endplate.words}: {said}."


def _details(finding: Finding) -> Iterator[str]:
    yield from _signals(finding)
    yield _extent(finding)
    if finding.contour is not None:
        yield CONTOUR_WORDS[finding.contour]
    if finding.defect is not None:
        yield DEFECT_WORDS[finding.defect]
    if finding.attribution is not None:
        yield CAUSE_WORDS[finding.attribution]
    if finding.mimics:
        yield f"considered besides: {', '.join(map(plain, finding.mimics))}"
    if finding.confidence is not None:
        yield f"confidence {finding.confidence.value}"
    if finding.assessment == Assessment.LIMITED:
        why = f" ({plain(finding.assessment_reason)})" if finding.assessment_reason else ""
        yield f"read under limits{why}"


def _signals(finding: Finding) -> Iterator[str]:
    said = [
        f"{series} {SIGNAL_WORDS[signal]}"
        for series, signal in (("T1", finding.t1_signal), ("T2", finding.t2_signal))
        if signal is not None
    ]
    if finding.fs_signal is not None:
        said.append(SUPPRESSED_WORDS[finding.fs_signal])
    if said:
        yield f"signal {', '.join(said)}"


def _extent(finding: Finding) -> str:
    said = (
        _size("of the body's height", finding.height_percent, finding.height_category),
        _size("of the endplate from front to back", finding.ap_percent, finding.ap_category),
    )
    return "extent " + (" and ".join(filter(None, said)) or "not recorded")


def _size(whole: str, percent: float | None, category: ExtentCategory | None) -> str:
    if percent is not None:
        return f"{number(percent)} % {whole}"
    if category == ExtentCategory.ENDPLATE_ONLY:
        return "at the endplate only"
    return f"{CATEGORY_WORDS[category]} {whole}" if category is not None else ""
