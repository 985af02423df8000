"""What the readings say of the endplates: each merged over readers, with what calls it in doubt."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace

from modic_annotate.domain.determination import Operand, Reason
from modic_annotate.domain.finding import Finding
from modic_annotate.domain.modic import Assessment, Presence
from modic_annotate.domain.reading import Purpose, Reading, RedFlagKind
from modic_annotate.domain.series import QualityRating, SeriesRole
from modic_annotate.domain.spine import Endplate, Surface, Vertebra
from modic_annotate.eligibility.inputs import Inputs, of_reading
from modic_annotate.eligibility.kleene import (
    OPEN,
    Answer,
    agree,
    all_of,
    any_of,
    decided,
    review,
    unknown,
)
from modic_annotate.eligibility.reported import Judge, report_doubt

GRAVE_FLAGS = (RedFlagKind.INFECTION, RedFlagKind.TUMOUR, RedFlagKind.FRACTURE)
"""Red flags that can stand behind a signal change."""

TYPING_SLOTS = (SeriesRole.SAG_T1, SeriesRole.SAG_T2)
"""Series that the type of a change rests on."""

_ORDER = {Endplate(v, s): n for n, (v, s) in enumerate(itertools.product(Vertebra, Surface))}
"""Every endplate there is -> its place from head to foot."""


def endplates_in_scope(inputs: Inputs) -> tuple[Endplate, ...]:
    """Return every endplate the readings were to cover or do cover, head to foot."""
    scope = [e for r in inputs.readings for e in r.numbering.scope]
    found = [f.endplate for r in inputs.readings for f in r.findings]
    return tuple(sorted(set(scope + found), key=_ORDER.__getitem__))


def at_endplate(inputs: Inputs, endplate: Endplate, judge: Judge) -> Answer:
    """Return whether a change that counts is at one endplate, merged over the readings.

    An adjudicator's finding stands in place of those it adjudicates, and of the report.
    """
    said = {r.reading_id: _said(inputs, r, endplate, judge) for r in inputs.readings}
    settled = [
        said[r.reading_id]
        for r in inputs.readings
        if r.purpose == Purpose.ADJUDICATION and _is_read(r, endplate)
    ]
    sentence = f"The readers disagree on the {endplate.words}; it is not adjudicated."
    merged = agree(settled or list(said.values()), Reason.READERS_DISAGREE, sentence)
    doubt = None if settled else report_doubt(inputs, endplate, judge)
    if doubt is None or merged.truth in OPEN:
        return merged
    return replace(doubt, text=merged.text, operands=(*merged.operands, *doubt.operands))


def _is_read(reading: Reading, endplate: Endplate) -> bool:
    finding = reading.finding(endplate)
    return finding is not None and finding.is_read


def _said(inputs: Inputs, reading: Reading, endplate: Endplate, judge: Judge) -> Answer:
    for index, finding in enumerate(reading.findings):
        if finding.endplate == endplate:
            answer = _of_finding(finding, judge)
            operands = _operands(reading, index, finding)
            return replace(answer, operands=operands, provisional=inputs.draft)
    sentence = f"The {endplate.words} is not read."
    return unknown(Reason.NOT_READ, sentence, of_reading(reading, "/findings", None))


def _of_finding(finding: Finding, judge: Judge) -> Answer:
    words = finding.endplate.words
    if finding.assessment == Assessment.NOT_READ:
        return unknown(Reason.NOT_READ, f"The {words} is not read.")
    if finding.modic == Presence.NOT_READ:
        why = finding.assessment_reason or finding.assessment
        sentence = f"The {words} cannot be read ({why.replace('_', ' ')})."
        return unknown(Reason.CANNOT_BE_READ, sentence)
    if finding.modic == Presence.INDETERMINATE:
        sentence = f"Whether the {words} is changed could not be told."
        return review(Reason.PRESENCE_INDETERMINATE, sentence)
    if finding.modic == Presence.ABSENT:
        return decided(False, "")
    return judge(finding, f"{finding.words} at {words}")


def _operands(reading: Reading, index: int, finding: Finding) -> tuple[Operand, ...]:
    base = f"/findings/{index}"
    if finding.modic == Presence.NOT_READ:
        return (of_reading(reading, f"{base}/assessment", finding.assessment),)
    operands = [of_reading(reading, f"{base}/modic", finding.modic)]
    if finding.modic == Presence.PRESENT:
        operands += [
            of_reading(reading, f"{base}/components/{n}/modic_type", component.modic_type)
            for n, component in enumerate(finding.components)
        ]
        operands += [
            of_reading(reading, f"{base}/attribution", finding.attribution),
            of_reading(reading, f"{base}/confidence", finding.confidence),
        ]
    return tuple(operands)


def gated(inputs: Inputs, answer: Answer) -> Answer:
    """Return `answer`, or review where the levels or the images do not carry any answer."""
    if not any(f.is_read for r in inputs.readings for f in r.findings):
        return answer
    counted = [o for r in inputs.readings for o in _counted(r)]
    answer = replace(answer, operands=(*counted, *answer.operands))
    doubts = [doubt for r in inputs.readings for doubt in _doubts(r)]
    if len({len(r.numbering.order) for r in inputs.readings}) > 1:
        sentence = "The readers count different numbers of lumbar bodies."
        doubts.append(review(Reason.READERS_DISAGREE, sentence))
    if not doubts:
        return answer
    doubt = any_of(doubts)
    return replace(doubt, text=answer.text, operands=(*answer.operands, *doubt.operands))


def _counted(reading: Reading) -> Iterator[Operand]:
    for name in ("method", "confidence", "lumbar_count", "lstv_variant"):
        yield of_reading(reading, f"/numbering/{name}", getattr(reading.numbering, name))


def _doubts(reading: Reading) -> Iterator[Answer]:
    numbering = reading.numbering
    if numbering.signed_at is None or not numbering.is_level_certain:
        sentence = "The level numbering is uncertain, indeterminate or not signed."
        yield review(Reason.NUMBERING_UNCERTAIN, sentence)
    slots = {s.series_uid: s.role for s in reading.series if s.role in TYPING_SLOTS}
    for n, judged in enumerate(reading.quality):
        if judged.quality.rating == QualityRating.NON_DIAGNOSTIC and judged.series_uid in slots:
            rating = of_reading(reading, f"/quality/{n}/quality/rating", judged.quality.rating)
            sentence = f"The series in slot {slots[judged.series_uid]} was rated not diagnostic."
            yield review(Reason.NON_DIAGNOSTIC_SERIES, sentence, rating)


def unless_flagged(inputs: Inputs, answer: Answer) -> Answer:
    """Return `answer`, with a yes in need of review where a reader raised a grave red flag."""
    raised = [
        of_reading(reading, f"/red_flags/{n}/kind", flag.kind)
        for reading in inputs.flagged
        for n, flag in enumerate(reading.red_flags)
        if flag.kind in GRAVE_FLAGS
    ]
    if not raised:
        return answer
    kinds = ", ".join(dict.fromkeys(str(o.value) for o in raised))
    sentence = f"A reader raised a red flag ({kinds}); a person must judge the changes."
    return all_of([answer, review(Reason.RED_FLAG, sentence, *raised)])
