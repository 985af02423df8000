"""Statements about Modic changes: at bodies, outside bodies, how many bodies, adjacent bodies."""

from __future__ import annotations

from typing import Literal

from modic_annotate.domain.determination import Reason
from modic_annotate.eligibility.compare import Operator, comparison
from modic_annotate.eligibility.endplates import endplates_in_scope, gated
from modic_annotate.eligibility.inputs import Inputs
from modic_annotate.eligibility.kleene import Answer, any_of, unknown
from modic_annotate.eligibility.predicates.base import Count
from modic_annotate.eligibility.predicates.modic_rules import (
    EXTRA_BODIES,
    NO_READING,
    Bodies,
    ModicRule,
    TypedModicRule,
    in_doubt_if_extra,
    said_none,
)


class ModicAt(TypedModicRule):
    """At least one endplate of the bodies shows a change of the types."""

    kind: Literal["modic_at"] = "modic_at"

    def evaluate(self, inputs: Inputs) -> Answer:
        """Return whether one such endplate is there."""
        return self.anywhere(inputs)


class ModicOutside(ModicRule):
    """Any endplate in scope outside the bodies shows a Modic change, of whatever type."""

    kind: Literal["modic_outside"] = "modic_outside"

    def evaluate(self, inputs: Inputs) -> Answer:
        """Return whether such a change is there; a no needs every such endplate read."""
        if not inputs.readings:
            return unknown(Reason.NO_READING, NO_READING)
        at = {b: a for b, a in self.by_body(inputs).items() if b not in self.bodies}
        found = any_of([in_doubt_if_extra(b, a) if b in EXTRA_BODIES else a for b, a in at.items()])
        return gated(inputs, said_none(inputs, found, f"no change at {', '.join(at)}"))


class ModicBodyCount(TypedModicRule):
    """The number of bodies with a change of the types compares as stated."""

    kind: Literal["modic_body_count"] = "modic_body_count"
    operator: Operator
    threshold: Count

    def evaluate(self, inputs: Inputs) -> Answer:
        """Return whether the count compares, where open bodies cannot change the result."""
        return self.over_completions(
            inputs, lambda bodies: self.operator.holds(len(bodies), self.threshold), self._words
        )

    def _words(self, least: Bodies, most: Bodies) -> str:
        if least == most:
            return comparison(len(least), self.operator, self.threshold, "bodies")
        verb = "are" if self.operator.holds(len(least), self.threshold) else "are not"
        return f"{len(least)} to {len(most)} bodies {verb} {self.operator} {self.threshold} bodies"


class ModicBodiesAdjacent(TypedModicRule):
    """The bodies with a change of the types are one run of neighbours, at most so many."""

    kind: Literal["modic_bodies_adjacent"] = "modic_bodies_adjacent"
    at_most: Count

    def evaluate(self, inputs: Inputs) -> Answer:
        """Return whether the bodies are neighbours and few enough."""
        order = tuple(dict.fromkeys(e.vertebra for e in endplates_in_scope(inputs)))

        def holds(bodies: Bodies) -> bool:
            places = [order.index(b) for b in bodies]
            in_a_row = not places or places[-1] - places[0] == len(places) - 1
            return in_a_row and len(bodies) <= self.at_most

        def words(least: Bodies, most: Bodies) -> str:
            verb = "are" if holds(least) else "are not"
            text = f"{', '.join(least) or 'no body'} {verb} at most {self.at_most} neighbours"
            return text if least == most else f"{text}, with or without {_rest(least, most)}"

        return self.over_completions(inputs, holds, words)


def _rest(least: Bodies, most: Bodies) -> str:
    return ", ".join(body for body in most if body not in least)
