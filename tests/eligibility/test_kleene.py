"""Four-valued logic: the truth tables, and what an answer keeps."""

from __future__ import annotations

import itertools

import pytest

from modic_annotate.domain.determination import Operand, Reason
from modic_annotate.eligibility.kleene import (
    Answer,
    Truth,
    agree,
    all_of,
    any_of,
    decided,
    implies,
    negate,
    one_meaning,
    review,
    unknown,
)

YES, NO, UNKNOWN, REVIEW = Truth.YES, Truth.NO, Truth.UNKNOWN, Truth.REVIEW

# The logical operators of CQL (Clinical Quality Language, Logical Specification, section 13), as
# its conformance tests name them (CqlLogicalOperatorsTest: TrueAndTrue, TrueAndFalse, ...). CQL's
# null is unknown here. Each line: left, right, and, or, xor, implies.
CQL = """
true   true    true   true   false  true
true   false   false  true   true   false
true   null    null   true   null   null
false  true    false  true   true   true
false  false   false  false  false  true
false  null    false  null   null   true
null   true    null   true   null   true
null   false   false  null   null   null
null   null    null   null   null   null
"""
OF_CQL = {"true": YES, "false": NO, "null": UNKNOWN}
CQL_ROWS = [tuple(OF_CQL[word] for word in line.split()) for line in CQL.split("\n") if line]


@pytest.mark.parametrize("row", CQL_ROWS)
def test_logic_is_that_of_cql(row: tuple[Truth, ...]) -> None:
    """And, or and implies give CQL's values, and so does xor, made of and, or and not."""
    left, right = Answer(row[0]), Answer(row[1])
    either = all_of([left, negate(right)]), all_of([negate(left), right])
    found = (all_of([left, right]), any_of([left, right]), any_of(either), implies(left, right))
    assert tuple(answer.truth for answer in found) == row[2:]


def test_not_is_that_of_cql() -> None:
    """Not true is false, not false is true, not null is null."""
    assert [negate(Answer(t)).truth for t in (YES, NO, UNKNOWN)] == [NO, YES, UNKNOWN]


# The same with review, which stands between a deciding value and unknown.
AND = {
    (YES, YES): YES,
    (YES, NO): NO,
    (YES, UNKNOWN): UNKNOWN,
    (YES, REVIEW): REVIEW,
    (NO, NO): NO,
    (NO, UNKNOWN): NO,
    (NO, REVIEW): NO,
    (UNKNOWN, UNKNOWN): UNKNOWN,
    (UNKNOWN, REVIEW): REVIEW,
    (REVIEW, REVIEW): REVIEW,
}
OPPOSITE = {YES: NO, NO: YES, UNKNOWN: UNKNOWN, REVIEW: REVIEW}


@pytest.mark.parametrize(("pair", "expected"), AND.items())
def test_and_by_its_table_in_both_orders(pair: tuple[Truth, Truth], expected: Truth) -> None:
    """All-of follows strong Kleene logic and does not mind the order."""
    for order in (pair, pair[::-1]):
        assert all_of([Answer(t) for t in order]).truth == expected


@pytest.mark.parametrize(("pair", "expected"), AND.items())
def test_or_is_the_dual_of_and(pair: tuple[Truth, Truth], expected: Truth) -> None:
    """Any-of equals not all-of-not."""
    assert any_of([Answer(OPPOSITE[t]) for t in pair]).truth == OPPOSITE[expected]


@pytest.mark.parametrize(("truth", "expected"), OPPOSITE.items())
def test_not(truth: Truth, expected: Truth) -> None:
    """Negation swaps yes and no and leaves what is open."""
    assert negate(Answer(truth)).truth == expected


def test_nothing_at_all() -> None:
    """Any of nothing is no, all of nothing is yes."""
    assert (any_of([]).truth, all_of([]).truth) == (NO, YES)


@pytest.mark.parametrize("combine", [any_of, all_of])
def test_filling_in_an_unknown_never_takes_a_decision_back(combine) -> None:
    """Over all triples: what is decided stays so when an unknown becomes anything else."""
    for triple in itertools.product(Truth, repeat=3):
        before = combine([Answer(t) for t in triple]).truth
        if before not in (YES, NO):
            continue
        for filled in itertools.product(*[list(Truth) if t == UNKNOWN else [t] for t in triple]):
            assert combine([Answer(t) for t in filled]).truth == before


@pytest.mark.parametrize("triple", list(itertools.product(Truth, repeat=3)))
def test_grouping_and_order_do_not_matter(triple: tuple[Truth, ...]) -> None:
    """And and or are associative and commutative, and each is the other's mirror."""
    a, b, c = (Answer(t) for t in triple)
    for combine in (all_of, any_of):
        whole = combine([a, b, c]).truth
        assert combine([a, combine([b, c])]).truth == combine([combine([c, b]), a]).truth == whole
    assert negate(all_of([a, b, c])).truth == any_of([negate(x) for x in (a, b, c)]).truth


@pytest.mark.parametrize(
    ("truths", "expected"),
    [
        ((YES, YES), YES),
        ((NO, NO), NO),
        ((YES, NO), REVIEW),
        ((YES, UNKNOWN), UNKNOWN),
        ((NO, UNKNOWN), UNKNOWN),
        ((UNKNOWN, UNKNOWN), UNKNOWN),
        ((YES, REVIEW), REVIEW),
        ((NO, REVIEW), REVIEW),
        ((YES, NO, UNKNOWN), REVIEW),
    ],
)
def test_a_text_that_can_be_read_in_two_ways(truths, expected: Truth) -> None:
    """Where every way of reading gives the same that stands; a yes beside a no needs a person."""
    for order in itertools.permutations(truths):
        assert one_meaning([Answer(t) for t in order], "Which?").truth == expected


def operand(name: str) -> Operand:
    return Operand(document="screening", pointer=f"/{name}", value=1)


def test_open_answers_keep_reasons_and_decided_ones_do_not() -> None:
    """What is missing is listed where the whole is open, and nowhere else."""
    lacking = unknown(Reason.NOT_RECORDED, "A is missing.", operand("a"))
    whole = all_of([lacking, decided(True, "b", operand("b"))])
    assert (whole.truth, whole.missing, whole.text) == (UNKNOWN, ("A is missing.",), "b")
    refuted = all_of([lacking, decided(False, "b", operand("b"))])
    assert (refuted.truth, refuted.missing, refuted.reasons) == (NO, (), ())
    assert refuted.operands == (operand("a"), operand("b"))


def test_review_lists_its_own_reasons_and_all_that_is_missing() -> None:
    """Review wins over unknown, and the coordinator still hears of both."""
    doubt = review(Reason.MIMIC, "B is doubtful.")
    whole = any_of([unknown(Reason.NOT_READ, "A is missing."), doubt])
    assert whole.reasons == (Reason.MIMIC,)
    assert whole.missing == ("A is missing.", "B is doubtful.")


@pytest.mark.parametrize(
    ("combine", "holds", "drafts", "expected"),
    [
        (any_of, (True, True), (True, False), False),
        (any_of, (True, True), (True, True), True),
        (any_of, (False, False), (True, False), True),
        (all_of, (True, True), (True, False), True),
        (all_of, (False, True), (False, True), False),
        (all_of, (True, True), (False, False), False),
    ],
)
def test_provisional_only_where_the_draft_decides(combine, holds, drafts, expected: bool) -> None:
    """One signed statement that decides suffices; a weak result needs all of them signed."""
    parts = [decided(h, "", provisional=d) for h, d in zip(holds, drafts, strict=True)]
    assert combine(parts).provisional is expected


def test_sources_that_know_suffice() -> None:
    """One source's statement stands where the others know nothing."""
    merged = agree(
        [unknown(Reason.NOT_RECORDED, "?", operand("a")), decided(False, "no", operand("b"))],
        Reason.CONTRADICTION,
        "!",
    )
    assert (merged.truth, merged.text, merged.missing) == (NO, "no", ())
    assert merged.operands == (operand("a"), operand("b"))


def test_sources_that_differ_need_review() -> None:
    """Two sources that contradict each other are put to a person."""
    merged = agree(
        [decided(True, "a"), decided(False, "b")], Reason.READERS_DISAGREE, "They differ."
    )
    assert (merged.truth, merged.reasons, merged.missing) == (
        REVIEW,
        (Reason.READERS_DISAGREE,),
        ("They differ.",),
    )


def test_a_doubtful_source_makes_the_whole_doubtful() -> None:
    """A source in review keeps its own reason when merged."""
    merged = agree([review(Reason.MIMIC, "m"), decided(True, "a")], Reason.CONTRADICTION, "c")
    assert (merged.truth, merged.reasons) == (REVIEW, (Reason.MIMIC,))


def test_without_any_knowledge_the_first_source_says_what_is_missing() -> None:
    """The first source is where the coordinator would write it down."""
    merged = agree(
        [unknown(Reason.NOT_RECORDED, "first"), unknown(Reason.NOT_READ, "second")],
        Reason.CONTRADICTION,
        "c",
    )
    assert (merged.truth, merged.missing) == (UNKNOWN, ("first",))
