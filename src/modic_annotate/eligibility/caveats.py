"""What limits a determination although it stands: one sentence each, without free text or dates."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from modic_annotate.domain.determination import Provenance
from modic_annotate.domain.finding import Origin
from modic_annotate.domain.modic import Assessment
from modic_annotate.domain.numbering import Numbering, NumberingConfidence, NumberingMethod
from modic_annotate.domain.reading import Reading
from modic_annotate.eligibility.criteria import CriteriaSet
from modic_annotate.eligibility.endplates import TYPING_SLOTS
from modic_annotate.eligibility.inputs import Inputs

_METHOD_WORDS = {
    NumberingMethod.WHOLE_SPINE_COUNT_C2: "on a whole-spine localiser from C2",
    NumberingMethod.THORACOLUMBAR_RIB: "from the last rib",
    NumberingMethod.L5_NERVE_MORPHOLOGY: "by the L5 nerve",
    NumberingMethod.ILIOLUMBAR_LIGAMENT: "by the iliolumbar ligament",
    NumberingMethod.ASSUMED_FROM_SACRUM: "from the sacrum",
    NumberingMethod.EXTERNAL_REPORT: "after an external report",
}
_PRESUMED = (NumberingMethod.ASSUMED_FROM_SACRUM, NumberingMethod.EXTERNAL_REPORT)
FULL_PERCENT = 100


def caveats_of(
    inputs: Inputs, criteria: CriteriaSet, readings: Sequence[Reading]
) -> tuple[str, ...]:
    """Return the caveats of the set, the record and the readings in use."""
    left_out = len(readings) - len(inputs.readings)
    found = [*_of_set(inputs, criteria)]
    if inputs.screening.synthetic:
        found.append("The screening record is synthetic.")
    if left_out:
        noun = "reading was" if left_out == 1 else "readings were"
        found.append(f"{left_out} {noun} not used (unsigned, superseded, or for another purpose).")
    for reading in inputs.readings:
        found += [f"Reading {reading.reading_id}: {said}" for said in _of_reading(reading)]
    return tuple(found)


def _of_set(inputs: Inputs, criteria: CriteriaSet) -> Iterator[str]:
    yield from criteria.caveats
    if not inputs.frozen.set_in_force:
        yield "The criteria set was not in force on the as-of date."
    if inputs.frozen.set_stale:
        yield "The criteria set is past its review date: its source may have changed."
    if criteria.retrieved_on is None:
        yield "When the source of the criteria set was read is not recorded."
    if criteria.status == "incomplete":
        yield "The criteria set lacks rows of its source."
    for standing, words in (
        (Provenance.THIRD_PARTY, "rest on a third-party copy of the source"),
        (Provenance.UNVERIFIED, "rest on an unverified source and do not decide"),
        (Provenance.SITE_VERIFIED, "rest on a source that the site verified"),
    ):
        rows = [row.id for row in criteria.criterion if row.standing == standing]
        if rows:
            yield f"Rows {', '.join(rows)} {words}."


def _of_reading(reading: Reading) -> Iterator[str]:
    if reading.status == "draft":
        yield "not signed."
    if reading.scripted:
        yield "acts came from a file, not from a reader's hand."
    yield from _of_numbering(reading.numbering)
    shown = [c.shown_percent for c in reading.coverage]
    if reading.not_covered_reason is not None or any(p < FULL_PERCENT for p in shown):
        yield "not every slice of every series was shown."
    for slot in TYPING_SLOTS:
        if reading.series_in(slot) is None:
            yield f"no series filled the slot {slot}."
    limited = sum(f.assessment == Assessment.LIMITED for f in reading.findings)
    bulk = sum(f.origins.get("modic") == Origin.BULK for f in reading.findings)
    if limited:
        yield f"{limited} endplates were read under limits."
    if bulk:
        yield f"{bulk} endplates were graded as none by one act for all that remained."


def _of_numbering(numbering: Numbering) -> Iterator[str]:
    presumed = numbering.method in _PRESUMED
    if numbering.method is None:
        yield "how the levels were counted is not stated."
    elif presumed or numbering.confidence != NumberingConfidence.DEFINITE:
        confidence = numbering.confidence or "not stated"
        how = _METHOD_WORDS[numbering.method]
        yield f"levels were counted {how}, confidence {confidence}; no whole-spine count."
    if numbering.report_offset:
        side = "below" if numbering.report_offset > 0 else "above"
        yield f"the report's labels lie {abs(numbering.report_offset)} {side} these."
