"""Statements about the plan, the consent and other plain recorded facts."""

from __future__ import annotations

from typing import Literal

from modic_annotate.domain.determination import Operand, Reason
from modic_annotate.domain.screening import PainPattern
from modic_annotate.domain.spine import Vertebra
from modic_annotate.eligibility.inputs import Inputs, take
from modic_annotate.eligibility.kleene import Answer, all_of, decided, review
from modic_annotate.eligibility.predicates.base import Count, Predicate, Some
from modic_annotate.eligibility.predicates.modic_rules import TypedModicRule

_PLANNED = "/plan/planned_bodies"


class PlannedBodies(Predicate):
    """The bodies planned for treatment lie within the bodies named, at most so many."""

    kind: Literal["planned_bodies"] = "planned_bodies"
    bodies: Some[Vertebra]
    at_most: Count | None = None

    def evaluate(self, inputs: Inputs) -> Answer:
        """Return whether the plan keeps within the limit."""
        taken = take(inputs, _PLANNED, "The plan of bodies to treat", absent=())
        if isinstance(taken, Answer):
            return taken
        return all_of(self._limits(taken.value, taken.operand))

    def _limits(self, planned: tuple[Vertebra, ...], operand: Operand) -> list[Answer]:
        outside = [body for body in planned if body not in self.bodies]
        verb = "within" if not outside else "not within"
        text = f"planned {', '.join(planned) or 'no body'} {verb} {', '.join(self.bodies)}"
        answers = [decided(not outside, text, operand)]
        if self.at_most is not None:
            count = len(set(planned))
            verb = "<=" if count <= self.at_most else "is not <="
            text = f"{count} planned bodies {verb} {self.at_most}"
            answers.append(decided(count <= self.at_most, text, operand))
        return answers


class TargetBodies(TypedModicRule):
    """The bodies to treat lie within the bodies named: as planned, else as the changes lie.

    Where no plan is recorded yet, the bodies with a change of the types are the target.
    """

    kind: Literal["target_bodies"] = "target_bodies"

    def evaluate(self, inputs: Inputs) -> Answer:
        """Return whether the target lies within the bodies."""
        if inputs.screening.plan.planned_bodies.is_known:
            return PlannedBodies(bodies=self.bodies).evaluate(inputs)
        return self.anywhere(inputs)


_FACTS = {
    "skeletally_mature": ("/subject/skeletally_mature", "Skeletal maturity"),
    "completes_questionnaires": (
        "/consent/completes_questionnaires",
        "The ability to complete questionnaires",
    ),
}


class RecordedTrue(Predicate):
    """A plain fact is recorded as true."""

    kind: Literal["recorded_true"] = "recorded_true"
    fact: Literal["skeletally_mature", "completes_questionnaires"]

    def evaluate(self, inputs: Inputs) -> Answer:
        """Return whether the fact is true."""
        pointer, words = _FACTS[self.fact]
        taken = take(inputs, pointer, words, absent=False)
        if isinstance(taken, Answer):
            return taken
        text = f"{words.lower()}: {'yes' if taken.value else 'no'}"
        return decided(bool(taken.value), text, taken.operand)


class ConsentGiven(Predicate):
    """Consent was given on or before the as-of date."""

    kind: Literal["consent_given"] = "consent_given"

    def evaluate(self, inputs: Inputs) -> Answer:
        """Return whether consent is recorded with its date."""
        taken = take(inputs, "/consent/given_on", "The date of consent", absent=False)
        if isinstance(taken, Answer):
            return taken
        given = taken.value is not False
        return decided(given, f"consent {'given' if given else 'not given'}", taken.operand)


class IsolatedLumbarPain(Predicate):
    """The pain is lumbar alone: axial is, radicular is not, mixed needs review."""

    kind: Literal["isolated_lumbar_pain"] = "isolated_lumbar_pain"

    def evaluate(self, inputs: Inputs) -> Answer:
        """Return whether the recorded pattern is axial."""
        taken = take(inputs, "/pain/pattern", "The pain pattern")
        if isinstance(taken, Answer):
            return taken
        if taken.value == PainPattern.MIXED:
            sentence = "The pain pattern is mixed; a person must say whether it is isolated."
            return review(Reason.BOUNDARY, sentence, taken.operand)
        text = f"pain pattern {taken.value}"
        return decided(taken.value == PainPattern.AXIAL, text, taken.operand)
