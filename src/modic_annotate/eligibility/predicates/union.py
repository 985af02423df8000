"""All predicates as one union, told apart by ``kind``, and how they combine."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from modic_annotate.eligibility.inputs import Inputs
from modic_annotate.eligibility.kleene import Answer, all_of, any_of, negate, one_meaning
from modic_annotate.eligibility.predicates.base import Predicate, Some
from modic_annotate.eligibility.predicates.care import (
    CareComponent,
    CareFailed,
    ConsecutiveCareMonths,
)
from modic_annotate.eligibility.predicates.duration import (
    CareMonths,
    PainMonths,
    SurgeryOlderThan,
)
from modic_annotate.eligibility.predicates.features import (
    AllFeatures,
    AnyFeature,
    FeaturePresent,
    Millimetres,
)
from modic_annotate.eligibility.predicates.modic import (
    ModicAt,
    ModicBodiesAdjacent,
    ModicBodyCount,
    ModicOutside,
)
from modic_annotate.eligibility.predicates.plan import (
    ConsentGiven,
    IsolatedLumbarPain,
    PlannedBodies,
    RecordedTrue,
    TargetBodies,
)
from modic_annotate.eligibility.predicates.scores import Age, Bmi, Number, PainScore
from modic_annotate.eligibility.predicates.treatment import (
    LifetimeBodies,
    PlannedAdjacent,
    PlannedLevels,
    TreatedBefore,
)


class Either(Predicate):
    """At least one of several statements holds."""

    kind: Literal["either"] = "either"
    of: Some[AnyPredicate]

    def evaluate(self, inputs: Inputs) -> Answer:
        """Return whether any part holds."""
        return any_of([part.evaluate(inputs) for part in self.of])


class Both(Predicate):
    """All of several statements hold."""

    kind: Literal["both"] = "both"
    of: Some[AnyPredicate]

    def evaluate(self, inputs: Inputs) -> Answer:
        """Return whether every part holds."""
        return all_of([part.evaluate(inputs) for part in self.of])


class NotSo(Predicate):
    """A statement does not hold."""

    kind: Literal["not"] = "not"
    of: AnyPredicate

    def evaluate(self, inputs: Inputs) -> Answer:
        """Return the opposite of the part."""
        return negate(self.of.evaluate(inputs))


class Unless(Predicate):
    """A statement holds, and none of its exceptions does."""

    kind: Literal["unless"] = "unless"
    holds: AnyPredicate
    excepted: AnyPredicate

    def evaluate(self, inputs: Inputs) -> Answer:
        """Return whether the statement holds without its exception."""
        return all_of([self.holds.evaluate(inputs), negate(self.excepted.evaluate(inputs))])


class Ambiguous(Predicate):
    """A text that can be read in several ways: where they differ, a person must judge."""

    kind: Literal["ambiguous"] = "ambiguous"
    of: Some[AnyPredicate]

    def evaluate(self, inputs: Inputs) -> Answer:
        """Return what every way of reading the text gives, or review where they differ."""
        sentence = "The source can be read in several ways that give different results here."
        return one_meaning([part.evaluate(inputs) for part in self.of], sentence)


AnyPredicate = Annotated[
    Age
    | AllFeatures
    | Ambiguous
    | AnyFeature
    | Bmi
    | Both
    | CareComponent
    | CareFailed
    | CareMonths
    | ConsecutiveCareMonths
    | ConsentGiven
    | Either
    | FeaturePresent
    | IsolatedLumbarPain
    | LifetimeBodies
    | Millimetres
    | ModicAt
    | ModicBodiesAdjacent
    | ModicBodyCount
    | ModicOutside
    | NotSo
    | Number
    | PainMonths
    | PainScore
    | PlannedAdjacent
    | PlannedBodies
    | PlannedLevels
    | RecordedTrue
    | SurgeryOlderThan
    | TargetBodies
    | TreatedBefore
    | Unless,
    Field(discriminator="kind"),
]
"""A predicate of any kind."""

for _compound in (Either, Both, NotSo, Unless, Ambiguous):
    _compound.model_rebuild()
