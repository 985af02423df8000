"""Modic changes at endplates and bodies: what counts, what stays open, what a person must judge."""

from __future__ import annotations

import itertools

import pytest

from modic_annotate.domain.determination import Reason
from modic_annotate.eligibility.compare import Operator
from modic_annotate.eligibility.predicates.modic import (
    ModicAt,
    ModicBodiesAdjacent,
    ModicBodyCount,
    ModicOutside,
)

INSIDE = ("L3", "L4", "L5", "S1")
RULE = {"bodies": INSIDE, "types": ("1", "2")}
AT = ModicAt.model_validate(RULE)
OUTSIDE = ModicOutside.model_validate({"bodies": INSIDE})
AT_MOST_3 = ModicBodyCount.model_validate(RULE | {"operator": "<=", "threshold": 3})
ADJACENT_3 = ModicBodiesAdjacent.model_validate(RULE | {"at_most": 3})


@pytest.mark.parametrize(
    ("policy", "words", "expected"),
    [
        ("review", "2 > 3", "review"),
        ("qualifies", "2 > 3", "yes"),
        ("disqualifies", "2 > 3", "no"),
        ("review", "3 > 1", "review"),
        ("qualifies", "3 > 1", "yes"),
        ("disqualifies", "1 > 2", "yes"),
        ("qualifies", "3", "no"),
    ],
)
def test_mixed_with_type_3_is_a_parameter(
    truth, make_reading, policy: str, words: str, expected: str
) -> None:
    """A set says what a mixture with type 3 counts; type 3 alone never counts as 1 or 2."""
    rule = ModicAt.model_validate(RULE | {"mixed_with_other_type": policy})
    assert truth(rule, {}, make_reading({"L4-inferior": words})) == expected


@pytest.mark.parametrize(
    ("rule", "words", "expected"),
    [
        ({}, "1, unstated", "unknown"),
        ({"not_stated": "accept"}, "1, unstated", "yes"),
        ({}, "1, possible", "review"),
        ({"least_confidence": "possible"}, "1, possible", "yes"),
        ({"least_confidence": "definite"}, "1, probable", "review"),
        ({}, "1, other", "review"),
        ({}, "1, hemangioma", "yes"),
        ({}, "1, metastasis_or_infiltration", "review"),
        ({}, "3, possible", "no"),
        ({}, "type undetermined, possible", "review"),
        ({}, "2, limited", "yes"),
        ({}, "none, limited", "no"),
    ],
)
def test_what_calls_a_change_in_question(
    truth, make_reading, rule: dict[str, str], words: str, expected: str
) -> None:
    """Cause, confidence and grave mimics decide whether a change counts; the set may relax them."""
    at = ModicAt.model_validate(RULE | rule)
    assert truth(at, {}, make_reading({"L4-inferior": words})) == expected


@pytest.mark.parametrize("endplate", ["L3-superior", "L5-inferior", "S1-superior"])
def test_a_body_counts_by_its_endplates(truth, make_reading, endplate: str) -> None:
    """Each endplate of L3 to S1 lies inside, the superior one of L3 included."""
    reading = make_reading({endplate: "2"})
    assert (truth(AT, {}, reading), truth(OUTSIDE, {}, reading)) == ("yes", "no")


@pytest.mark.parametrize("endplate", ["L2-inferior", "L1-superior", "T12-inferior"])
@pytest.mark.parametrize("words", ["2", "3", "type undetermined"])
def test_any_change_outside_counts_whatever_its_type(
    truth, make_reading, endplate: str, words: str
) -> None:
    """Endplates above L3 lie outside; a change there is one, also of type 3 or undetermined."""
    reading = make_reading({endplate: words})
    assert (truth(AT, {}, reading), truth(OUTSIDE, {}, reading)) == ("no", "yes")


def test_only_the_spine_that_is_there_must_be_read(truth, make_reading) -> None:
    """With four lumbar bodies there is no L5 to miss."""
    reading = make_reading(fields={"numbering.lumbar_count": 4})
    assert (truth(AT, {}, reading), truth(OUTSIDE, {}, reading)) == ("no", "no")


@pytest.mark.parametrize(
    ("words", "expected"), [("none", "no"), ("1", "review"), ("not read", "unknown")]
)
def test_an_extra_lumbar_body_needs_a_person(
    truth, make_reading, words: str, expected: str
) -> None:
    """A change at L6 is neither inside nor outside L3 to S1 by any published rule."""
    reading = make_reading({"L6-superior": words}, fields={"numbering.lumbar_count": 6})
    for predicate in (AT, OUTSIDE):
        assert truth(predicate, {}, reading) == expected
    assert truth(AT_MOST_3, {}, reading) == "yes"


def test_without_a_reading_everything_is_unknown(truth) -> None:
    """No reading is no statement."""
    assert {truth(p, {}) for p in (AT, OUTSIDE, AT_MOST_3, ADJACENT_3)} == {"unknown"}


def test_a_reading_that_says_nothing_yet_is_unknown(truth, make_reading) -> None:
    """A draft in which nothing is read lacks data, whatever its numbering."""
    empty = make_reading(others="not read", status="draft", fields={"numbering.confidence": None})
    assert truth(AT, {}, empty) == "unknown"


def test_an_endplate_without_a_finding_is_not_read(truth, make_reading) -> None:
    """An endplate in scope that the reading leaves out was not read."""
    whole = make_reading()
    short = whole.replace(findings=whole.findings[:-1])
    assert truth(AT, {}, short) == "unknown"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("numbering.confidence", "uncertain"),
        ("numbering.confidence", None),
        ("numbering.lstv_variant", "indeterminate"),
        ("numbering.signed_at", None),
    ],
)
@pytest.mark.parametrize("predicate", [AT, OUTSIDE, AT_MOST_3])
def test_uncertain_levels_turn_level_rows_into_review(
    make_inputs, make_reading, predicate, field: str, value: str | None
) -> None:
    """Level-based statements need review where levels are uncertain, indeterminate or unsigned."""
    reading = make_reading({"L4-inferior": "1"}, fields={field: value})
    assert predicate.evaluate(make_inputs({}, reading)).reasons == (Reason.NUMBERING_UNCERTAIN,)


def test_transitional_anatomy_that_is_determined_stands(truth, make_reading) -> None:
    """A sacralised L5 that the reader is sure of does not call the levels in question."""
    fields = {"numbering.lstv_variant": "sacralised_L5", "numbering.lstv_castellvi": "IIIb"}
    assert truth(AT, {}, make_reading({"L4-inferior": "1"}, fields=fields)) == "yes"


def series(role: str, uid: str) -> dict[str, object]:
    affine = [[1.0, 0, 0, 0], [0, 1.0, 0, 0], [0, 0, 1.0, 0], [0, 0, 0, 1.0]]
    technique = {"weighting": "T1", "fat": "none", "plane": "sagittal"}
    grid = {"shape": [1, 1, 1], "affine_lps": affine}
    return {
        "study_uid": "1.2",
        "series_uid": uid,
        "role": role,
        "grid": grid,
        "instances": [],
        **technique,
    }


@pytest.mark.parametrize(
    ("role", "rating", "expected"),
    [
        ("SAG_T1", "RID14", "review"),
        ("SAG_T2", "RID14", "review"),
        ("SAG_FS", "RID14", "yes"),
        ("SAG_T1", "RID13", "yes"),
    ],
)
def test_a_series_that_is_not_diagnostic(truth, make_reading, role, rating, expected) -> None:
    """A type rests on T1 and T2: one of them rated not diagnostic needs review."""
    fields = {
        "series": [series(role, "1.2.3")],
        "quality": [{"series_uid": "1.2.3", "quality": {"rating": rating}}],
    }
    assert truth(AT, {}, make_reading({"L4-inferior": "1"}, fields=fields)) == expected


@pytest.mark.parametrize(
    ("kind", "findings", "expected"),
    [
        ("infection", {"L4-inferior": "1"}, "review"),
        ("tumour", {"L4-inferior": "1"}, "review"),
        ("fracture", {}, "no"),
        ("other", {"L4-inferior": "1"}, "yes"),
    ],
)
def test_a_grave_red_flag_holds_a_yes_back(truth, make_reading, kind, findings, expected) -> None:
    """Infection, tumour or fracture raised by the reader keeps a change from counting by itself."""
    flag = {"kind": kind, "at": "2026-03-11T10:00:00Z", "origin": "key"}
    assert truth(AT, {}, make_reading(findings, fields={"red_flags": [flag]})) == expected


def test_readers_who_count_differently_need_review(make_inputs, make_reading) -> None:
    """Readings with different numbers of lumbar bodies do not name the same levels."""
    five = make_reading({"L4-inferior": "1"})
    six = make_reading({"L4-inferior": "1"}, name="R2", fields={"numbering.lumbar_count": 6})
    answer = AT.evaluate(make_inputs({}, five, six))
    assert answer.reasons == (Reason.READERS_DISAGREE,)


def test_an_adjudication_settles_a_disagreement(truth, make_reading) -> None:
    """An adjudicator's finding stands; endplates not adjudicated stay as they are."""
    first, second = make_reading({"L4-inferior": "1"}), make_reading(name="R2")
    assert truth(AT, {}, first, second) == "review"
    settled = make_reading(
        {"L4-inferior": "1"}, name="R3", others="not read", fields={"purpose": "adjudication"}
    )
    assert truth(AT, {}, first, second, settled) == "yes"
    against = make_reading(
        {"L4-inferior": "none"}, name="R3", others="not read", fields={"purpose": "adjudication"}
    )
    assert truth(AT, {}, first, second, against) == "no"


BODIES = ("L3-superior", "L4-superior", "L5-superior", "S1-superior")


@pytest.mark.parametrize(
    ("states", "count", "adjacent"),
    [
        (("none", "none", "none", "none"), "yes", "yes"),
        (("1", "2", "1", "none"), "yes", "yes"),
        (("1", "2", "1", "2"), "no", "no"),
        (("1", "none", "1", "none"), "yes", "no"),
        (("1", "not read", "1", "none"), "yes", "unknown"),
        (("1", "2", "1", "not read"), "unknown", "unknown"),
        (("1", "2", "1", "2 > 3"), "review", "review"),
        (("1", "none", "not read", "1"), "yes", "no"),
    ],
)
def test_more_than_three_and_adjacent_are_different_rules(
    truth, make_reading, states: tuple[str, ...], count: str, adjacent: str
) -> None:
    """Counting bodies and asking for neighbours differ; open bodies are tried both ways."""
    reading = make_reading(dict(zip(BODIES, states, strict=True)))
    assert (truth(AT_MOST_3, {}, reading), truth(ADJACENT_3, {}, reading)) == (count, adjacent)


PLACES = ("L2-inferior", "L4-inferior", "S1-superior")
WORDS = ("not read", "none", "1", "3")
PREDICATES = {
    "at": AT,
    "outside": OUTSIDE,
    "count": ModicBodyCount.model_validate(RULE | {"operator": ">", "threshold": 1}),
    "adjacent": ModicBodiesAdjacent.model_validate(RULE | {"at_most": 1}),
}


@pytest.fixture(scope="module")
def every_case(truth, make_reading):
    """The truth of each predicate for every way to read three endplates."""
    return {
        states: {
            name: truth(predicate, {}, make_reading(dict(zip(PLACES, states, strict=True))))
            for name, predicate in PREDICATES.items()
        }
        for states in itertools.product(WORDS, repeat=len(PLACES))
    }


@pytest.mark.parametrize("name", PREDICATES)
def test_reading_more_never_takes_a_decision_back(every_case, name: str) -> None:
    """Over all cases: what is decided with endplates unread stays so however they are read."""
    for states, found in every_case.items():
        choices = [WORDS[1:] if word == "not read" else (word,) for word in states]
        filled = {every_case[way][name] for way in itertools.product(*choices)}
        assert filled == {found[name]} or found[name] == "unknown"


@pytest.mark.parametrize("name", PREDICATES)
def test_nothing_is_left_open_without_need(every_case, name: str) -> None:
    """Over all cases: a statement is unknown only where reading on could decide it either way."""
    for states, found in every_case.items():
        choices = [WORDS[1:] if word == "not read" else (word,) for word in states]
        filled = {every_case[way][name] for way in itertools.product(*choices)}
        assert (found[name] == "unknown") == (filled == {"yes", "no"})


def test_operator_is_named_like_the_symbol() -> None:
    """A set writes operators as people do."""
    assert AT_MOST_3.operator is Operator.AT_MOST


def test_a_count_that_is_open_and_decided_says_both_ends(make_inputs, make_reading) -> None:
    """Where bodies are open and cannot change the result, the text gives fewest and most."""
    reading = make_reading({"L4-inferior": "1", "L5-superior": "2", "S1-superior": "not read"})
    inputs = make_inputs({}, reading)
    assert AT_MOST_3.evaluate(inputs).text == "2 to 3 bodies are <= 3 bodies"
    more = ModicBodyCount.model_validate(RULE | {"operator": ">", "threshold": 3})
    assert more.evaluate(inputs).text == "2 to 3 bodies are not > 3 bodies"
    assert ADJACENT_3.evaluate(inputs).text == (
        "L4, L5 are at most 3 neighbours, with or without S1"
    )
