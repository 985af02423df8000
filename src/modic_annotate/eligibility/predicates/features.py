"""Statements about features asked by name, with what the readings say of them."""

from __future__ import annotations

from typing import Literal, NamedTuple

from modic_annotate.domain.determination import Reason
from modic_annotate.domain.modic import Mimic
from modic_annotate.domain.reading import RedFlagKind
from modic_annotate.domain.screening import ExclusionKey as Key
from modic_annotate.domain.screening import PainPattern
from modic_annotate.eligibility.compare import Operator, comparison
from modic_annotate.eligibility.discs import feature_at_any_level, measure_at_any_level
from modic_annotate.eligibility.inputs import Inputs, of_reading, take
from modic_annotate.eligibility.kleene import Answer, agree, all_of, any_of, decided, review
from modic_annotate.eligibility.predicates.base import Predicate, Some

FEATURE_WORDS = {
    Key.RADICULAR_PAIN: "radicular pain",
    Key.NERVE_COMPRESSION_ON_IMAGING: "nerve compression on imaging",
    Key.PRIOR_LUMBAR_SURGERY: "previous lumbar surgery",
    Key.PRIOR_SURGERY_DISCECTOMY_ONLY: "previous surgery was discectomy or laminectomy only",
    Key.RADICULAR_PAIN_RESOLVED: "radicular pain resolved after surgery",
    Key.NEUROGENIC_CLAUDICATION: "neurogenic claudication",
    Key.SPINAL_STENOSIS_ON_IMAGING: "spinal stenosis on imaging",
    Key.METABOLIC_BONE_DISEASE: "metabolic bone disease",
    Key.FRAGILITY_FRACTURE: "history of fragility fracture",
    Key.TRAUMA_OR_COMPRESSION_FRACTURE: "trauma or compression fracture",
    Key.SPINAL_CANCER: "spinal cancer",
    Key.SPINE_INFECTION: "spine infection",
    Key.SYSTEMIC_INFECTION: "active systemic infection",
    Key.BLEEDING_DIATHESIS: "bleeding diathesis",
    Key.SPONDYLOLYSIS: "spondylolysis",
    Key.FACET_ARTHROSIS_OR_EFFUSION: "facet arthrosis or effusion",
    Key.FACET_PAIN_SUSPECTED: "clinically suspected facet pain",
    Key.COMPENSATED_INJURY_OR_LITIGATION: "compensated injury or litigation",
    Key.ER_OPIOID_ADDICTION_BEHAVIOUR: "extended-release opioids with addiction behaviours",
    Key.BEDBOUND_OR_NO_FOLLOW_UP: "bedbound or unable to follow up",
    Key.MRI_CONTRAINDICATION: "contraindication to MRI",
    Key.DEVICE_ALLERGY: "allergy to device components",
    Key.ACTIVE_IMPLANT: "active implantable device",
    Key.PREGNANT_OR_LACTATING: "pregnant or lactating",
    Key.SEVERE_CARDIAC_OR_PULMONARY: "severe cardiac or pulmonary compromise",
    Key.STRUCTURE_WITHIN_10_MM: "structure not to be ablated within 10 mm",
    Key.OTHER_BACK_PATHOLOGY: "other back pathology",
    Key.PHYSICIAN_JUDGES_UNSAFE: "physician judges unintended damage likely",
    Key.DERMATOMAL_LEG_DEFICIT: "pain or neurologic deficit in a dermatome at or below the thigh",
    Key.BIOLOGIC_INJECTION_INTO_BODY: "injection of biologic or medicament into the body",
    Key.LCD_LISTED_DIAGNOSIS: "diagnosis listed as contraindicating in the coverage article",
    Key.NSAID_AND_STEROID_CONTRAINDICATED: "contraindication to NSAID and steroid",
    Key.CARE_PHYSICIAN_SUPERVISED: "supervision of the conservative care by a physician",
    Key.CBT_BY_LICENSED_PROFESSIONAL: "cognitive behavioural therapy by a licensed professional",
    Key.FUNCTIONAL_IMPAIRMENT: "significant functional impairment",
    Key.MODIC_CHANGE_IN_MRI_REPORT: "the Modic change named in the radiologist's MRI report",
}

_ON_DISCS = {
    Key.SPONDYLOLYSIS: ("spondylolysis",),
    Key.SPINAL_STENOSIS_ON_IMAGING: ("stenosis",),
    Key.FACET_ARTHROSIS_OR_EFFUSION: ("facet_arthrosis", "facet_effusion"),
}
"""Features that a reading states per disc."""

_SUSPECTED_BY = {
    Key.SPINE_INFECTION: (RedFlagKind.INFECTION, Mimic.INFECTION),
    Key.SPINAL_CANCER: (RedFlagKind.TUMOUR, Mimic.METASTASIS_OR_INFILTRATION),
    Key.TRAUMA_OR_COMPRESSION_FRACTURE: (RedFlagKind.FRACTURE, Mimic.FRACTURE),
}
"""Features that a reader's red flag or mimic calls in question without asserting them."""


def feature(inputs: Inputs, key: Key) -> Answer:
    """Return whether one feature is present: as recorded, as read on the discs, or both."""
    words = FEATURE_WORDS[key]
    statements = [_recorded(inputs, f"/exclusions/features/{key}", words)]
    if key == Key.NEUROGENIC_CLAUDICATION:
        statements.append(_recorded(inputs, "/pain/claudication", words))
    if key in _ON_DISCS:
        statements.append(feature_at_any_level(inputs, _ON_DISCS[key], words.capitalize()))
    sentence = f"The sources contradict each other on {words}."
    merged = agree(statements, Reason.CONTRADICTION, sentence)
    return any_of([merged, *_doubts(inputs, key)])


def _recorded(inputs: Inputs, pointer: str, words: str) -> Answer:
    taken = take(inputs, pointer, words[0].upper() + words[1:], absent=False)
    if isinstance(taken, Answer):
        return taken
    return decided(taken.value, f"{words} {'present' if taken.value else 'absent'}", taken.operand)


def _doubts(inputs: Inputs, key: Key) -> list[Answer]:
    """Return what speaks against an absence: it makes a no, or an unknown, need review."""
    words = FEATURE_WORDS[key]
    doubts = []
    if key == Key.RADICULAR_PAIN:
        pattern = take(inputs, "/pain/pattern", "The pain pattern")
        if not isinstance(pattern, Answer) and pattern.value != PainPattern.AXIAL:
            sentence = f"The pain pattern is {pattern.value}; say whether there is {words}."
            doubts.append(review(Reason.CONTRADICTION, sentence, pattern.operand))
    for flag, mimic in [_SUSPECTED_BY[key]] if key in _SUSPECTED_BY else []:
        flagged = [
            of_reading(reading, f"/red_flags/{n}/kind", raised.kind)
            for reading in inputs.flagged
            for n, raised in enumerate(reading.red_flags)
            if raised.kind == flag
        ]
        seen = [
            of_reading(reading, f"/findings/{n}/mimics/{finding.mimics.index(mimic)}", mimic)
            for reading in inputs.readings
            for n, finding in enumerate(reading.findings)
            if mimic in finding.mimics
        ]
        sentence = f"A reader considers {words}; a person must say whether it is there."
        if flagged:
            doubts.append(review(Reason.RED_FLAG, sentence, *flagged))
        if seen:
            doubts.append(review(Reason.MIMIC, sentence, *seen))
    return doubts


class FeaturePresent(Predicate):
    """A feature is present."""

    kind: Literal["feature"] = "feature"
    feature: Key

    def evaluate(self, inputs: Inputs) -> Answer:
        """Return whether the feature is present."""
        return feature(inputs, self.feature)


class AnyFeature(Predicate):
    """At least one of several features is present."""

    kind: Literal["any_feature"] = "any_feature"
    features: Some[Key]

    def evaluate(self, inputs: Inputs) -> Answer:
        """Return whether any of the features is present."""
        return any_of([feature(inputs, key) for key in self.features])


class AllFeatures(Predicate):
    """Several features are present together."""

    kind: Literal["all_features"] = "all_features"
    features: Some[Key]

    def evaluate(self, inputs: Inputs) -> Answer:
        """Return whether all the features are present."""
        return all_of([feature(inputs, key) for key in self.features])


class Measure(NamedTuple):
    """Where a measure stands in the record and on the discs, and how a sentence names it."""

    pointer: str
    disc_fields: tuple[str, ...]
    words: str


MEASURES = {
    "disc_extrusion": Measure(
        "/exclusions/disc_extrusion_mm",
        ("extrusion_mm", "protrusion_mm"),
        "The disc extrusion or protrusion",
    ),
    "listhesis": Measure("/exclusions/listhesis_mm", ("listhesis_mm",), "The listhesis"),
}


class Millimetres(Predicate):
    """A measure at any level against a threshold, as recorded, as read, or both."""

    kind: Literal["millimetres"] = "millimetres"
    measure: Literal["disc_extrusion", "listhesis"]
    operator: Operator
    threshold_mm: float

    def evaluate(self, inputs: Inputs) -> Answer:
        """Return whether the measure compares as stated."""
        pointer, fields, words = MEASURES[self.measure]
        taken = take(inputs, pointer, words, absent=0.0)
        statements = [taken] if isinstance(taken, Answer) else []
        if not isinstance(taken, Answer):
            text = comparison(taken.value, self.operator, self.threshold_mm, "mm")
            holds = self.operator.holds(taken.value, self.threshold_mm)
            statements.append(decided(holds, text, taken.operand))
        statements.append(
            measure_at_any_level(inputs, fields, words, self.operator, self.threshold_mm)
        )
        sentence = f"{words}: record and reading contradict each other."
        return agree(statements, Reason.CONTRADICTION, sentence)
