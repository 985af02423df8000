"""The radiologist's report against the readings: where they contradict each other, a person judges.

Only contradictions count. A report that does not mention an endplate, names no type or does not
use the word Modic leaves the reading as it stands; those lacks stop the sending, not the judging.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from modic_annotate.domain.attachment import ReportedChange, Statement, Transcription
from modic_annotate.domain.determination import Operand, Reason
from modic_annotate.domain.finding import Finding
from modic_annotate.domain.modic import Component, Presence
from modic_annotate.domain.reading import Reading
from modic_annotate.domain.spine import Endplate
from modic_annotate.eligibility.inputs import Inputs
from modic_annotate.eligibility.kleene import Answer, any_of, review

Judge = Callable[[Finding, str], Answer]
"""Whether a change that is present counts, given the finding and its words."""


def report_doubt(inputs: Inputs, endplate: Endplate, judge: Judge) -> Answer | None:
    """Return that report and reading contradict each other at an endplate; None where not.

    Where a reader recorded that the report numbers the levels otherwise, places cannot be
    compared and nothing is said.
    """
    found = None if inputs.report is None else inputs.report.said_of(endplate)
    if inputs.report is None or found is None:
        return None
    index, said = found
    doubts = [
        review(Reason.REPORT_DISAGREES, sentence, *_operands(inputs.report, index, said))
        for reading in inputs.readings
        if not reading.numbering.report_offset
        for sentence in _contradictions(reading, endplate, said, judge)
    ]
    return any_of(doubts) if doubts else None


def _contradictions(
    reading: Reading, endplate: Endplate, said: Statement, judge: Judge
) -> Iterator[str]:
    finding = reading.finding(endplate)
    if finding is None or finding.modic not in (Presence.ABSENT, Presence.PRESENT):
        return
    if said.change == ReportedChange.NOT_CALLED_MODIC:
        return
    here, there = finding.modic == Presence.PRESENT, said.change != ReportedChange.ABSENT
    if here == there and not (here and _counts_otherwise(finding, said, judge)):
        return
    if not here and _is_elsewhere_at_disc(reading, said):
        return
    own = finding.words if here else "no change"
    yield (
        f"The reading has {own} at the {endplate.words}, the report {_words(said)}; a person must "
        "judge which holds."
    )


def _counts_otherwise(finding: Finding, said: Statement, judge: Judge) -> bool:
    """Whether the types the report names would count otherwise than those of the reading."""
    if not said.types or finding.type_undetermined:
        return False
    named = tuple(Component(modic_type=one) for one in said.types)
    other = finding.replace(components=named, equal_shares=False)
    return judge(other, "").truth != judge(finding, "").truth


def _is_elsewhere_at_disc(reading: Reading, said: Statement) -> bool:
    """Whether the report names a disc and the reading has its change at the other endplate."""
    ends = said.disc.endplates if said.disc is not None else ()
    return any((f := reading.finding(e)) and f.modic == Presence.PRESENT for e in ends)


def _words(said: Statement) -> str:
    if said.change == ReportedChange.ABSENT:
        return "no change"
    return f"type {'/'.join(said.types)}" if said.types else "a change"


def _operands(report: Transcription, index: int, said: Statement) -> Iterator[Operand]:
    document, place = f"transcription:{report.attachment_id}", f"/statements/{index}"
    yield Operand(document=document, pointer=f"{place}/change", value=said.change)
    for number, one in enumerate(said.types):
        yield Operand(document=document, pointer=f"{place}/types/{number}", value=one)
