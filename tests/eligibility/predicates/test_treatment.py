"""Bodies planned and treated before: levels, neighbours, a lifetime, repeats."""

from __future__ import annotations

import itertools

import pytest

from modic_annotate.eligibility.predicates.treatment import (
    LifetimeBodies,
    PlannedAdjacent,
    PlannedLevels,
    TreatedBefore,
)

PLAN, PRIOR = "plan.planned_bodies", "plan.prior_ablation_bodies"
BODIES = ("L3", "L4", "L5", "S1")
TWO_LEVELS = PlannedLevels(at_most=2)
THREE_ADJACENT = PlannedAdjacent(at_most=3)
FOUR_EVER = LifetimeBodies(at_most=4)
REPEAT = TreatedBefore(elsewhere="ignored")
REPEAT_OR_ASK = TreatedBefore(elsewhere="review")


@pytest.mark.parametrize(
    ("planned", "levels", "adjacent"),
    [
        ([], "yes", "yes"),
        (["L4"], "yes", "yes"),
        (["L4", "L5"], "yes", "yes"),
        (["S1", "L4", "L5"], "yes", "yes"),
        (["L3", "L5"], "yes", "no"),
        (["L3", "L4", "S1"], "yes", "no"),
        (["L3", "L5", "S1"], "yes", "no"),
        (["L3", "L4", "L5", "S1"], "review", "no"),
        (["L2", "L3", "L4", "L5", "S1"], "no", "no"),
        (["L1", "L3", "L5"], "no", "no"),
        (["L6"], "review", "review"),
    ],
)
def test_levels_and_neighbours_of_a_plan(truth, planned, levels: str, adjacent: str) -> None:
    """Levels and neighbouring bodies are different counts of one plan."""
    record = {PLAN: planned}
    assert truth(TWO_LEVELS, record) == levels
    assert truth(THREE_ADJACENT, record) == adjacent


def _levels_covering(bodies: tuple[str, ...]) -> set[int]:
    """Every number of levels one can count: sets of discs between planned bodies that cover them.

    A body without a planned neighbour is a level by itself.
    """
    places = [BODIES.index(body) for body in bodies]
    discs = [(p, p + 1) for p in places if p + 1 in places]
    alone = [p for p in places if not any(p in disc for disc in discs)]
    paired = set(places) - set(alone)
    return {
        len(chosen) + len(alone)
        for n in range(len(discs) + 1)
        for chosen in itertools.combinations(discs, n)
        if {p for disc in chosen for p in disc} == paired
    }


PLANS = [c for n in range(5) for c in itertools.combinations(BODIES, n)]


@pytest.mark.parametrize("at_most", [0, 1, 2, 3])
@pytest.mark.parametrize("planned", PLANS)
def test_levels_hold_where_every_way_of_counting_does(truth, planned, at_most: int) -> None:
    """Over all plans: decided where all ways of counting agree, and put to a person elsewhere."""
    ways = {count <= at_most for count in _levels_covering(planned)}
    expected = "review" if len(ways) > 1 else "yes" if ways == {True} else "no"
    assert truth(PlannedLevels(at_most=at_most), {PLAN: list(planned)}) == expected


def test_neighbours_follow_the_spine_that_was_counted(truth, make_reading) -> None:
    """Over an L6, L5 and S1 are no neighbours; in a spine of four lumbar bodies L4 and S1 are."""
    six = make_reading(fields={"numbering.lumbar_count": 6})
    four = make_reading(fields={"numbering.lumbar_count": 4})
    assert truth(THREE_ADJACENT, {PLAN: ["L5", "S1"]}, six) == "no"
    assert truth(THREE_ADJACENT, {PLAN: ["L5", "L6", "S1"]}, six) == "yes"
    assert truth(THREE_ADJACENT, {PLAN: ["L4", "S1"]}, four) == "yes"
    assert truth(THREE_ADJACENT, {PLAN: ["L5", "S1"]}, four) == "review"


@pytest.mark.parametrize(
    ("planned", "prior", "expected"),
    [
        (["L4", "L5"], "absent", "yes"),
        (["L4", "L5"], ["L3", "S1"], "yes"),
        (["L4", "L5"], ["L4", "L5"], "yes"),
        (["L4", "L5"], ["L2", "L3", "S1"], "no"),
        (["L4", "L5"], "not asked", "unknown"),
        ("not asked", ["L3"], "unknown"),
        ("not asked", ["L1", "L2", "L3", "L4", "L5"], "no"),
        ("not asked", "not asked", "unknown"),
    ],
)
def test_bodies_in_a_lifetime(truth, planned, prior, expected: str) -> None:
    """Each body counts once; one list that is too long suffices for a no."""
    assert truth(FOUR_EVER, {PLAN: planned, PRIOR: prior}) == expected


@pytest.mark.parametrize(
    ("planned", "prior", "ignored", "asked"),
    [
        (["L4", "L5"], "absent", "no", "no"),
        (["L4", "L5"], ["L4"], "yes", "yes"),
        (["L4", "L5"], ["L3"], "no", "review"),
        (["L4", "L5"], "not asked", "unknown", "unknown"),
        ("not asked", "absent", "no", "no"),
        ("not asked", ["L3"], "unknown", "unknown"),
    ],
)
def test_an_earlier_ablation(truth, planned, prior, ignored: str, asked: str) -> None:
    """A body treated twice is a repeat; one elsewhere counts as the set says."""
    record = {PLAN: planned, PRIOR: prior}
    assert (truth(REPEAT, record), truth(REPEAT_OR_ASK, record)) == (ignored, asked)


@pytest.mark.parametrize("rule", [TWO_LEVELS, THREE_ADJACENT, FOUR_EVER, REPEAT])
def test_every_value_is_in_the_trace(make_inputs, rule) -> None:
    """Plan and history are named by pointer, whether they are there or not."""
    for record in ({PLAN: ["L4"], PRIOR: ["L3"]}, {PRIOR: ["L3"]}, {}):
        pointers = {o.pointer.split("/")[2] for o in rule.evaluate(make_inputs(record)).operands}
        assert pointers
        assert pointers <= {"planned_bodies", "prior_ablation_bodies"}
