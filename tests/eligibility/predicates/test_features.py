"""Features asked by name and measured on the discs, from the record and from the readings."""

from __future__ import annotations

import itertools

import pytest

from modic_annotate.domain.screening import ExclusionKey as Key
from modic_annotate.eligibility.compare import Operator
from modic_annotate.eligibility.predicates.features import (
    FEATURE_WORDS,
    AllFeatures,
    AnyFeature,
    FeaturePresent,
    Millimetres,
)

LEVELS = ("T12/L1", "L1/2", "L2/3", "L3/4", "L4/5", "L5/S1")
LISTHESIS = Millimetres(measure="listhesis", operator=Operator.ABOVE, threshold_mm=2)
EXTRUSION = Millimetres(measure="disc_extrusion", operator=Operator.ABOVE, threshold_mm=5)
STATES = {"yes": True, "no": "absent", "unknown": "not asked"}


def key(name: Key) -> str:
    return f"exclusions.features.{name}"


def test_every_feature_has_words() -> None:
    """No feature prints as a variable name."""
    assert set(FEATURE_WORDS) == set(Key)


@pytest.mark.parametrize("pair", list(itertools.product(STATES, repeat=2)))
def test_conjunction_and_alternative_are_kleene(truth, pair: tuple[str, str]) -> None:
    """Both-present and any-present follow Kleene logic over present, absent and not asked."""
    keys = (Key.METABOLIC_BONE_DISEASE, Key.FRAGILITY_FRACTURE)
    record = {key(k): STATES[state] for k, state in zip(keys, pair, strict=True)}
    both = "no" if "no" in pair else "unknown" if "unknown" in pair else "yes"
    either = "yes" if "yes" in pair else "unknown" if "unknown" in pair else "no"
    assert truth(AllFeatures(features=keys), record) == both
    assert truth(AnyFeature(features=keys), record) == either


def test_an_asserted_false_is_absent(truth) -> None:
    """A box answered with no means asked and absent."""
    assert (
        truth(FeaturePresent(feature=Key.DEVICE_ALLERGY), {key(Key.DEVICE_ALLERGY): False}) == "no"
    )


@pytest.mark.parametrize(
    ("record", "disc", "expected"),
    [
        ("absent", None, "no"),
        ("not asked", "present", "yes"),
        ("not asked", "absent", "unknown"),
        ("absent", "absent", "no"),
        ("absent", "present", "review"),
        (True, "present", "yes"),
        ("absent", "undetermined", "review"),
    ],
)
def test_record_and_discs_together(truth, make_reading, record, disc, expected: str) -> None:
    """One source that knows suffices, a contradiction needs review, one disc is not all discs."""
    discs = {} if disc is None else {"L5/S1": {"spondylolysis": disc}}
    predicate = FeaturePresent(feature=Key.SPONDYLOLYSIS)
    assert truth(predicate, {key(Key.SPONDYLOLYSIS): record}, make_reading(discs=discs)) == expected


def test_absent_at_every_disc_is_absent(truth, make_reading) -> None:
    """A feature read as absent at all levels needs no other source."""
    discs = {level: {"facet_arthrosis": "absent", "facet_effusion": "absent"} for level in LEVELS}
    predicate = FeaturePresent(feature=Key.FACET_ARTHROSIS_OR_EFFUSION)
    assert truth(predicate, {}, make_reading(discs=discs)) == "no"
    discs["L4/5"] = {"facet_arthrosis": "absent"}
    assert truth(predicate, {}, make_reading(discs=discs)) == "unknown"
    discs["L4/5"] = {"facet_effusion": "present"}
    assert truth(predicate, {}, make_reading(discs=discs)) == "yes"


def test_readers_who_differ_on_a_disc_need_review(truth, make_reading) -> None:
    """A disc feature seen by one reader and denied by the other is put to a person."""
    first = make_reading(discs={"L4/5": {"stenosis": "present"}})
    second = make_reading(name="R2", discs={"L4/5": {"stenosis": "absent"}})
    predicate = FeaturePresent(feature=Key.SPINAL_STENOSIS_ON_IMAGING)
    assert truth(predicate, {}, first, second) == "review"


@pytest.mark.parametrize(
    ("asked", "claudication", "expected"),
    [("not asked", True, "yes"), ("not asked", "absent", "no"), ("absent", True, "review")],
)
def test_claudication_is_asked_twice(truth, asked, claudication, expected: str) -> None:
    """Claudication stands under pain too; either place suffices, a contradiction is reviewed."""
    record = {key(Key.NEUROGENIC_CLAUDICATION): asked, "pain.claudication": claudication}
    assert truth(FeaturePresent(feature=Key.NEUROGENIC_CLAUDICATION), record) == expected


@pytest.mark.parametrize(
    ("pattern", "asked", "expected"),
    [
        ("axial", "absent", "no"),
        ("axial", "not asked", "unknown"),
        ("mixed", "absent", "review"),
        ("radicular", "not asked", "review"),
        ("radicular", True, "yes"),
    ],
)
def test_a_radicular_pattern_calls_an_absence_in_question(truth, pattern, asked, expected) -> None:
    """A pattern that is not axial never lets radicular pain count as absent."""
    record = {key(Key.RADICULAR_PAIN): asked, "pain.pattern": pattern}
    assert truth(FeaturePresent(feature=Key.RADICULAR_PAIN), record) == expected


FLAG = {"at": "2026-03-11T10:00:00Z", "origin": "key"}


@pytest.mark.parametrize(
    ("feature", "flag", "mimic"),
    [
        (Key.SPINE_INFECTION, "infection", "infection"),
        (Key.SPINAL_CANCER, "tumour", "metastasis_or_infiltration"),
        (Key.TRAUMA_OR_COMPRESSION_FRACTURE, "fracture", "fracture"),
    ],
)
def test_a_suspicion_calls_an_absence_in_question(
    truth, make_reading, feature, flag, mimic
) -> None:
    """A red flag or a mimic turns a recorded absence into review, and no other feature's."""
    record = {key(feature): "absent", key(Key.BLEEDING_DIATHESIS): "absent"}
    flagged = make_reading(fields={"red_flags": [{"kind": flag, **FLAG}]})
    mimicked = make_reading({"L1-inferior": f"1, {mimic}"})
    for reading in (flagged, mimicked):
        assert truth(FeaturePresent(feature=feature), record, reading) == "review"
        other = FeaturePresent(feature=Key.BLEEDING_DIATHESIS)
        assert truth(other, record, reading) == "no"
    other_flag = make_reading(fields={"red_flags": [{"kind": "cauda_equina", **FLAG}]})
    assert truth(FeaturePresent(feature=feature), record, other_flag) == "no"


@pytest.mark.parametrize(
    ("predicate", "pointer", "value", "expected"),
    [
        (LISTHESIS, "exclusions.listhesis_mm", 2.0, "no"),
        (LISTHESIS, "exclusions.listhesis_mm", 2.1, "yes"),
        (EXTRUSION, "exclusions.disc_extrusion_mm", 5.0, "no"),
        (EXTRUSION, "exclusions.disc_extrusion_mm", 5.1, "yes"),
        (EXTRUSION, "exclusions.disc_extrusion_mm", "absent", "no"),
        (EXTRUSION, "exclusions.disc_extrusion_mm", "not available", "unknown"),
    ],
)
def test_measures_of_the_record(truth, predicate, pointer, value, expected: str) -> None:
    """A measure exactly at its threshold is not beyond it; absent is 0 mm."""
    assert truth(predicate, {pointer: value}) == expected


@pytest.mark.parametrize(
    ("extrusion", "protrusion", "expected"),
    [(5.0, 0.0, "no"), (0.0, 5.1, "yes"), (None, 3.0, "no"), (None, None, "unknown")],
)
def test_the_larger_of_extrusion_and_protrusion(
    truth, make_reading, extrusion, protrusion, expected: str
) -> None:
    """Extrusion and protrusion are one criterion; the larger one counts at each disc."""
    discs = {level: {"protrusion_mm": 0.0} for level in LEVELS}
    discs["L4/5"] = {"extrusion_mm": extrusion, "protrusion_mm": protrusion}
    assert truth(EXTRUSION, {}, make_reading(discs=discs)) == expected


def test_a_draft_of_the_discs_decides_provisionally(make_inputs, make_reading) -> None:
    """What rests on an unsigned reading says so; what the record says too does not."""
    draft = make_reading(status="draft", discs={"L4/5": {"listhesis_mm": 4.0}})
    assert LISTHESIS.evaluate(make_inputs({}, draft)).provisional
    record = {"exclusions.listhesis_mm": 4.0}
    assert not LISTHESIS.evaluate(make_inputs(record, draft)).provisional
