"""The radiologist's report against the reading: a contradiction needs a person, a lack does not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from modic_annotate.domain.attachment import ReportedChange, Statement, Transcription
from modic_annotate.domain.determination import Reason
from modic_annotate.domain.modic import ModicType
from modic_annotate.domain.reading import Purpose
from modic_annotate.domain.spine import DiscLevel, Endplate
from modic_annotate.eligibility.predicates.modic import ModicAt, ModicOutside

INSIDE = ("L3", "L4", "L5", "S1")
AT = ModicAt.model_validate({"bodies": INSIDE, "types": ("1", "2")})
OUTSIDE = ModicOutside.model_validate({"bodies": INSIDE})
WORDS = {
    "none": ReportedChange.ABSENT,
    "no type": ReportedChange.TYPE_NOT_STATED,
    "endplate changes": ReportedChange.NOT_CALLED_MODIC,
}


def report(says: dict[str, str]) -> Transcription:
    """Return what a report says, by endplate or disc, as types or one of `WORDS`."""
    statements = []
    for place, word in says.items():
        where = {"disc": DiscLevel.parse(place)} if "/" in place else {}
        where = where or {"endplate": Endplate.parse(place)}
        types = () if word in WORDS else tuple(ModicType(one) for one in word.split("/"))
        change = WORDS.get(word, ReportedChange.TYPED)
        statements.append(Statement(change=change, types=types, **where))
    return Transcription(
        attachment_id="A1",
        attachment_sha256="0" * 64,
        states_level=bool(says),
        statements=tuple(statements),
        by="C1",
        at=datetime(2026, 3, 1, tzinfo=UTC),
    )


@pytest.fixture(name="judged")
def _judged(make_inputs, make_reading):
    """Evaluate a predicate on one reading beside a report."""

    def evaluate(predicate, findings, says, **more):
        inputs = make_inputs({}, make_reading(findings, **more))
        return predicate.evaluate(replace(inputs, report=report(says)))

    return evaluate


@pytest.mark.parametrize(
    ("findings", "says", "expected"),
    [
        ({"L5-superior": "2"}, {}, "yes"),
        ({"L5-superior": "2"}, {"L4-inferior": "none"}, "yes"),
        ({"L5-superior": "2"}, {"L5-superior": "2"}, "yes"),
        ({"L5-superior": "2"}, {"L5-superior": "1"}, "yes"),
        ({"L5-superior": "2"}, {"L5-superior": "no type"}, "yes"),
        ({"L5-superior": "2"}, {"L5-superior": "endplate changes"}, "yes"),
        ({"L5-superior": "2"}, {"L5-superior": "none"}, "review"),
        ({"L5-superior": "2"}, {"L5-superior": "3"}, "review"),
        ({"L5-superior": "3"}, {"L5-superior": "2"}, "review"),
        ({"L5-superior": "3"}, {"L5-superior": "3"}, "no"),
        ({}, {"L5-superior": "2"}, "review"),
        ({}, {"L5-superior": "no type"}, "review"),
        ({}, {"L5-superior": "endplate changes"}, "no"),
        ({}, {"L5-superior": "none"}, "no"),
        ({}, {"L2-inferior": "2"}, "no"),
        ({"L5-superior": "2"}, {"L4/5": "2"}, "yes"),
        ({"L5-superior": "2"}, {"L4/5": "none"}, "review"),
        ({}, {"L4/5": "2"}, "review"),
        ({"L5-superior": "2", "L4-inferior": "1"}, {"L5-superior": "none"}, "yes"),
        ({"L5-superior": "not read"}, {"L5-superior": "2"}, "unknown"),
    ],
)
def test_only_a_contradiction_within_the_bodies_needs_review(judged, findings, says, expected):
    """One endplate on which both agree suffices; what a report leaves open contradicts nothing."""
    assert judged(AT, findings, says).truth.value == expected


def test_a_contradiction_says_both_and_leads_to_both(judged):
    """The sentence names place and both opinions; the operands stand in reading and report."""
    answer = judged(AT, {"L5-superior": "2"}, {"L4-inferior": "none", "L5-superior": "3"})

    assert answer.reasons == (Reason.REPORT_DISAGREES,)
    assert answer.missing == (
        "The reading has type 2 at the L5 superior endplate, the report type 3; a person must "
        "judge which holds.",
    )
    told = {(o.document, o.pointer): o.value for o in answer.operands}
    assert told["transcription:A1", "/statements/1/types/0"] == "3"
    assert any(document.startswith("reading:") for document, _ in told)


def test_a_change_outside_that_only_the_report_has_needs_review(judged):
    """That no change lies outside L3 to S1 is not said over a report that has one there."""
    assert judged(OUTSIDE, {}, {"L2-inferior": "2"}).truth.value == "review"
    assert judged(OUTSIDE, {}, {"L5-superior": "2"}).truth.value == "no"


def test_a_report_known_to_number_otherwise_is_not_compared_by_place(judged):
    """Where the reader recorded an offset, the same word is another body."""
    offset = {"fields": {"numbering.report_offset": 1}}
    assert judged(AT, {"L5-superior": "2"}, {"L5-superior": "none"}, **offset).truth.value == "yes"


def test_an_adjudicator_stands_in_place_of_the_report_too(make_inputs, make_reading):
    """Once a third reader has judged the endplate, the difference is settled."""
    first = make_reading({"L5-superior": "2"})
    third = make_reading({"L5-superior": "2"}, "R3", fields={"purpose": Purpose.ADJUDICATION})
    inputs = replace(make_inputs({}, first, third), report=report({"L5-superior": "none"}))
    assert AT.evaluate(inputs).truth.value == "yes"
