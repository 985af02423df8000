"""Statements about one number: questionnaire scores, pain, age, body-mass index."""

from __future__ import annotations

from typing import Literal, NamedTuple

from modic_annotate.domain.determination import Operand, Reason
from modic_annotate.domain.screening import PainInstrument
from modic_annotate.eligibility.compare import Operator, comparison, quantity
from modic_annotate.eligibility.inputs import SCREENING, Inputs, take
from modic_annotate.eligibility.kleene import Answer, agree, decided, review, unknown
from modic_annotate.eligibility.predicates.base import Predicate


class Quantity(NamedTuple):
    """Where a number stands, how a sentence names it, and its unit as printed."""

    pointer: str
    words: str
    unit: str


NUMBERS = {
    "odi_percent": Quantity("/scores/odi_percent", "The ODI score", "%"),
    "bdi": Quantity("/scores/bdi", "The BDI score", ""),
    "waddell_signs": Quantity("/scores/waddell_signs", "The number of Waddell signs", "signs"),
    "dexa_t_score": Quantity("/scores/dexa_t_score", "The DEXA T-score", ""),
    "life_expectancy_years": Quantity(
        "/scores/life_expectancy_years", "The life expectancy", "years"
    ),
}
NumberName = Literal["odi_percent", "bdi", "waddell_signs", "dexa_t_score", "life_expectancy_years"]

BMI_TOLERANCE_KG_M2 = 0.5
"""How far a recorded index may lie from height and weight: both are rounded when taken."""

DECIMALS = 4
"""Derived numbers are rounded so far before they are compared: 115.6 / 1.7^2 is 40, not more."""


class Number(Predicate):
    """A recorded number against a threshold, in the unit of the number's name."""

    kind: Literal["number"] = "number"
    value: NumberName
    operator: Operator
    threshold: float

    def evaluate(self, inputs: Inputs) -> Answer:
        """Return whether the number compares as stated."""
        pointer, words, unit = NUMBERS[self.value]
        taken = take(inputs, pointer, words)
        if isinstance(taken, Answer):
            return taken
        text = comparison(taken.value, self.operator, self.threshold, unit)
        return decided(self.operator.holds(taken.value, self.threshold), text, taken.operand)


_SCALES = {PainInstrument.VAS_CM: (1.0, 10.0), PainInstrument.VAS_MM: (0.1, 100.0)}
"""Instrument -> centimetres per unit of the scale, and the scale's upper end."""


class PainScore(Predicate):
    """Pain on a 10 cm visual analogue scale against a threshold.

    A score in millimetres is converted. A numeric rating is another instrument: a set that names
    the VAS does not say whether it accepts one, so it needs review.
    """

    kind: Literal["pain_score"] = "pain_score"
    instrument: Literal["VAS"] = "VAS"
    operator: Operator
    threshold_cm: float

    def evaluate(self, inputs: Inputs) -> Answer:
        """Return whether the pain score compares as stated."""
        taken = take(inputs, "/scores/pain_score", "The pain score")
        if isinstance(taken, Answer):
            return taken
        instrument = inputs.screening.scores.pain_instrument
        used = Operand(document=SCREENING, pointer="/scores/pain_instrument", value=instrument)
        operands = (taken.operand, used)
        if instrument is None:
            return unknown(Reason.NOT_RECORDED, "The pain instrument is not recorded.", *operands)
        if instrument not in _SCALES:
            text = f"{quantity(taken.value, instrument)} where the set names the VAS"
            sentence = f"The pain score was taken on {instrument}; the set names the VAS."
            return review(Reason.OTHER_INSTRUMENT, sentence, *operands, text=text)
        factor, top = _SCALES[instrument]
        if not 0 <= taken.value <= top:
            sentence = f"The pain score {taken.value:g} lies outside the scale {instrument}."
            return review(Reason.CONTRADICTION, sentence, *operands)
        centimetres = round(taken.value * factor, DECIMALS)
        text = comparison(centimetres, self.operator, self.threshold_cm, "cm")
        return decided(self.operator.holds(centimetres, self.threshold_cm), text, *operands)


class Age(Predicate):
    """Age in full years against a threshold; a birth year leaves one year open."""

    kind: Literal["age"] = "age"
    operator: Operator
    threshold_years: int

    def evaluate(self, inputs: Inputs) -> Answer:
        """Return whether the age compares as stated, unknown where only a birthday would tell."""
        low, high = inputs.frozen.age_years_min, inputs.frozen.age_years_max
        if low is None or high is None:
            taken = take(inputs, "/subject/birth_year", "The birth year")
            if isinstance(taken, Answer):
                return taken
            sentence = "The birth year lies after the as-of date."
            return review(Reason.CONTRADICTION, sentence, taken.operand)
        operands = tuple(
            Operand(document="frozen", pointer=f"/frozen/{name}", value=value, unit="a")
            for name, value in (("age_years_min", low), ("age_years_max", high))
        )
        holds = {self.operator.holds(age, self.threshold_years) for age in (low, high)}
        if len(holds) > 1:
            sentence = f"The age is {low} or {high} years; the birth year alone does not decide."
            return unknown(Reason.IMPRECISE, sentence, *operands)
        nearest = low if self.operator in (Operator.AT_LEAST, Operator.ABOVE) else high
        text = comparison(nearest, self.operator, self.threshold_years, "years")
        return decided(holds == {True}, text, *operands)


class Bmi(Predicate):
    """Body-mass index against a threshold, as recorded or from height and weight."""

    kind: Literal["bmi"] = "bmi"
    operator: Operator
    threshold_kg_m2: float

    def evaluate(self, inputs: Inputs) -> Answer:
        """Return whether the index compares as stated."""
        taken = take(inputs, "/subject/bmi_kg_m2", "The body-mass index")
        height = take(inputs, "/subject/height_cm", "The height")
        weight = take(inputs, "/subject/weight_kg", "The weight")
        statements = []
        if isinstance(taken, Answer):
            statements.append(taken)
        else:
            statements.append(self._compare(taken.value, taken.operand))
        if not isinstance(height, Answer) and not isinstance(weight, Answer):
            derived = round(weight.value / (height.value / 100) ** 2, DECIMALS)
            statements.append(self._compare(derived, height.operand, weight.operand))
            if not isinstance(taken, Answer) and abs(derived - taken.value) > BMI_TOLERANCE_KG_M2:
                statements.append(review(Reason.CONTRADICTION, _BMI_CONTRADICTS))
        return agree(statements, Reason.CONTRADICTION, _BMI_CONTRADICTS)

    def _compare(self, value: float, *operands: Operand) -> Answer:
        text = comparison(value, self.operator, self.threshold_kg_m2, "kg/m2")
        return decided(self.operator.holds(value, self.threshold_kg_m2), text, *operands)


_BMI_CONTRADICTS = "The recorded body-mass index contradicts height and weight."
