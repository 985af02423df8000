"""Statements about the bodies planned and treated before: levels, neighbours, a lifetime, repeats.

Disc levels and bodies are not the same count: bodies L3 and L4 are one level, L3 to S1 are two
levels (L3/4 and L5/S1) or three. Where the count hangs on that, a person must say.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import Literal

from modic_annotate.domain.determination import Reason
from modic_annotate.domain.spine import Vertebra, spine_order
from modic_annotate.eligibility.inputs import Inputs, Taken, take
from modic_annotate.eligibility.kleene import Answer, decided, joined, replace_operands, review
from modic_annotate.eligibility.predicates.base import Count, Predicate

LUMBAR_BODIES = 5


def _planned(inputs: Inputs) -> Taken | Answer:
    return take(inputs, "/plan/planned_bodies", "The plan of bodies to treat", absent=())


def _treated(inputs: Inputs) -> Taken | Answer:
    words = "Which bodies were ablated before"
    return take(inputs, "/plan/prior_ablation_bodies", words, absent=())


def _runs(inputs: Inputs, bodies: Sequence[Vertebra]) -> list[int] | None:
    """Return the lengths of the runs of neighbouring bodies; None with a body not in the spine."""
    counted = next((r.numbering.order for r in inputs.readings), spine_order(LUMBAR_BODIES))
    if not set(bodies) <= set(counted):
        return None
    marks = "".join("x" if body in bodies else " " for body in counted)
    return [len(run) for run in marks.split()]


class _OfThePlan(Predicate):
    """A statement about the runs of neighbouring bodies in the plan."""

    at_most: Count

    def evaluate(self, inputs: Inputs) -> Answer:
        """Return whether the plan keeps within the limit."""
        taken = _planned(inputs)
        if isinstance(taken, Answer):
            return taken
        runs = _runs(inputs, taken.value)
        if runs is None:
            sentence = "A planned body is not one of this spine; a person must judge the plan."
            return review(Reason.EXTRA_BODY, sentence, taken.operand)
        return replace_operands(self._of_runs(runs), taken.operand)

    @abstractmethod
    def _of_runs(self, runs: list[int]) -> Answer:
        """Return whether runs of neighbouring bodies, by their lengths, keep within the limit."""


class PlannedLevels(_OfThePlan):
    """The plan covers at most so many disc levels; two neighbouring bodies make one."""

    kind: Literal["planned_levels"] = "planned_levels"

    def _of_runs(self, runs: list[int]) -> Answer:
        fewest = sum((run + 1) // 2 for run in runs)
        most = sum(max(run - 1, 1) for run in runs)
        if fewest <= self.at_most < most:
            sentence = (
                f"The planned bodies are {fewest} or {most} levels, as one counts; "
                f"a person must say whether that is at most {self.at_most}."
            )
            return review(Reason.AMBIGUOUS_SOURCE, sentence)
        holds = most <= self.at_most
        count = str(most) if fewest == most else f"{fewest} to {most}"
        verb = "<=" if holds else "is not <="
        return decided(holds, f"{count} planned levels {verb} {self.at_most}")


class PlannedAdjacent(_OfThePlan):
    """The planned bodies are one run of neighbours, at most so many."""

    kind: Literal["planned_adjacent"] = "planned_adjacent"

    def _of_runs(self, runs: list[int]) -> Answer:
        holds = len(runs) <= 1 and sum(runs) <= self.at_most
        verb = "are" if holds else "are not"
        text = f"{sum(runs)} planned bodies {verb} at most {self.at_most} neighbours"
        return decided(holds, text)


class LifetimeBodies(Predicate):
    """Bodies planned and treated before are together at most so many, each counted once."""

    kind: Literal["lifetime_bodies"] = "lifetime_bodies"
    at_most: Count

    def evaluate(self, inputs: Inputs) -> Answer:
        """Return whether the count holds; one list that is too long suffices for a no."""
        lists = (_planned(inputs), _treated(inputs))
        known = [one for one in lists if isinstance(one, Taken)]
        bodies = {body for one in known for body in one.value}
        operands = tuple(one.operand for one in known)
        holds = len(bodies) <= self.at_most
        missing = [one for one in lists if isinstance(one, Answer)]
        if holds and missing:
            first = next((a for a in missing if a.truth == "review"), missing[0])
            return replace_operands(first, *operands, *joined(missing))
        verb = "<=" if holds else "is not <="
        text = f"{len(bodies)} bodies planned or treated before {verb} {self.at_most}"
        return decided(holds, text, *operands)


class TreatedBefore(Predicate):
    """A planned body was treated before."""

    kind: Literal["treated_before"] = "treated_before"
    elsewhere: Literal["ignored", "review"]
    """What an ablation of another body than those planned counts."""

    def evaluate(self, inputs: Inputs) -> Answer:
        """Return whether it was; without any earlier ablation the plan does not matter."""
        treated = _treated(inputs)
        if isinstance(treated, Answer):
            return treated
        if not treated.value:
            return decided(False, "no earlier ablation", treated.operand)
        planned = _planned(inputs)
        if isinstance(planned, Answer):
            return replace_operands(planned, treated.operand, *planned.operands)
        again = [body for body in planned.value if body in treated.value]
        operands = (planned.operand, treated.operand)
        if not again and self.elsewhere == "review":
            sentence = "Other bodies were ablated before; a person must say whether that counts."
            return review(Reason.AMBIGUOUS_SOURCE, sentence, *operands)
        text = f"{', '.join(again)} treated before" if again else "no planned body treated before"
        return decided(bool(again), text, *operands)
