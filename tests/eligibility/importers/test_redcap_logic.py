"""REDCap's branching logic with an unknown: never a wrong answer, sooner none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modic_annotate.eligibility.importers.redcap.logic import (
    Combined,
    Comparison,
    FieldRef,
    Logic,
    LogicError,
    evaluate,
    parse,
)

KNOWN = {"a": "1", "b": "2", "day": "2026-01-05", "word": "x", "sum": "10"}


def value(ref: FieldRef) -> str | None:
    if ref.option is not None:
        return {"1": "1", "-99": "0"}.get(ref.option)
    return KNOWN.get(ref.name) if ref.event in (None, "base") else None


CASES = {
    "[a] = '1'": True,
    '[a] = "1"': True,
    "[a]=1": True,
    "[a] = 1.0": True,
    "[a] <> '1'": False,
    "[a] != '2'": True,
    "[sum] > 9": True,
    "[sum] <= '9.5'": False,
    "[day] >= '2025-12-31'": True,
    "[word] > 'a'": None,
    "[gone] = '1'": None,
    "[gone] = '1' or [a] = '1'": True,
    "[gone] = '1' and [a] = '2'": False,
    "[gone] = '1' and [a] = '1'": None,
    "[a] = '2' or [b] = '2' and [a] = '1'": True,
    "([a] = '2' or [b] = '2') AND [a] = '2'": False,
    "[excl(1)] = '1'": True,
    "[excl(-99)] = '1'": False,
    "[base][a] = '1'": True,
    "[other][a] = '1'": None,
    "'1' = [a]": True,
    "[A] = '1'": True,
}


@pytest.mark.parametrize(("text", "holds"), CASES.items())
def test_logic_holds_or_not_or_is_not_known(text: str, holds: bool | None) -> None:
    """Comparisons, and/or, parentheses, checkboxes and events, in three values."""
    assert evaluate(parse(text), value) is holds


REFUSED = {
    "datediff([a],[b],'d') > 3": "'datediff' is not known",
    "[a] + 1 > 3": "'\\+'",
    "[event-name] = 'x'": "smart variable",
    "[current-instance] = 1": "smart variable",
    "not [a] = 1": "'not' is not known",
    "[a]": "the end",
    "([a] = 1": "parenthesis",
    "[a] = 1)": "not understood",
    "": "the end",
    "[a] = 'Meyer' 'Schulze'": "a text",
    "(" * 60 + "[a] = 1" + ")" * 60: "nests deeper",
    "[a] = 1 and " * 3000 + "[a] = 1": "longer than",
}


@pytest.mark.parametrize(("text", "words"), REFUSED.items(), ids=[t[:30] for t in REFUSED])
def test_what_is_not_known_is_named(text: str, words: str) -> None:
    """Functions, arithmetic and smart variables are refused, never half understood."""
    with pytest.raises(LogicError, match=words) as refused:
        parse(text)
    assert "Schulze" not in str(refused.value)


NAMES = ("a", "b", "c")
COMPARISONS = st.builds(
    Comparison,
    st.sampled_from(NAMES).map(FieldRef),
    st.sampled_from(("=", "<>", "<", ">=")),
    st.sampled_from(("0", "1", "2")),
)
LOGIC: st.SearchStrategy[Logic] = st.recursive(
    COMPARISONS,
    lambda inner: st.builds(
        Combined, st.sampled_from(("and", "or")), st.lists(inner, min_size=2, max_size=3).map(tuple)
    ),
    max_leaves=8,
)


@given(
    LOGIC,
    st.fixed_dictionaries(dict.fromkeys(NAMES, st.sampled_from("012"))),
    st.sets(st.sampled_from(NAMES)),
)
def test_an_answer_given_on_less_never_changes_on_more(logic, values, known) -> None:
    """What logic says while some fields are unknown it still says once they are known."""
    before = evaluate(logic, lambda ref: values[ref.name] if ref.name in known else None)
    after = evaluate(logic, lambda ref: values[ref.name])

    assert after is not None
    assert before in (None, after)


def written(logic: Logic) -> str:
    if isinstance(logic, Comparison):
        assert isinstance(logic.left, FieldRef)
        return f"[{logic.left.name}] {logic.sign} '{logic.right}'"
    return "(" + f" {logic.word} ".join(map(written, logic.parts)) + ")"


@given(LOGIC, st.fixed_dictionaries(dict.fromkeys(NAMES, st.sampled_from("012"))))
def test_logic_that_is_written_and_read_says_the_same(logic, values) -> None:
    """Reading keeps precedence and parentheses."""
    again = parse(written(logic))

    assert evaluate(again, lambda r: values[r.name]) == evaluate(logic, lambda r: values[r.name])
