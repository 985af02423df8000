"""FHIR R4: what each resource says, checked on files that the R4B models accept."""

from __future__ import annotations

import json
from typing import Any

import pytest

from modic_annotate.errors import InvalidRecordError
from tests.eligibility.importers.given import (
    FHIR_MAP,
    ODI,
    bundle,
    concept,
    observation,
    only,
    read,
    state_of,
    why,
)

r4b = pytest.importorskip("fhir.resources.R4B", reason="fhir.resources is not installed")

FIELD = "scores.odi_percent"
PATIENT = {"reference": "Patient/p1"}
SNOMED, ICD = "http://snomed.info/sct", "http://hl7.org/fhir/sid/icd-10-cm"
VERIFIED = "http://terminology.hl7.org/CodeSystem/condition-ver-status"
CLINICAL = "http://terminology.hl7.org/CodeSystem/condition-clinical"
ABSENT = "http://terminology.hl7.org/CodeSystem/data-absent-reason"


def valid(content: str) -> str:
    """Return a bundle after the independent R4B models took every resource of it."""
    for entry in json.loads(content)["entry"]:
        r4b.get_fhir_model_class(entry["resource"]["resourceType"]).model_validate(
            entry["resource"]
        )
    return content


PERCENT = {"valueQuantity": {"value": 44, "unit": "%", "code": "%"}}
OBSERVATIONS = {
    "a quantity": (observation(PERCENT), "asserted"),
    "an integer": (observation({"valueInteger": 44}), "asserted"),
    "a score without a unit": (
        observation({"valueQuantity": {"value": 44, "code": "{score}"}}),
        "asserted",
    ),
    "preliminary": (observation(PERCENT, status="preliminary"), "not_available"),
    "in error": (observation(PERCENT, status="entered-in-error"), "not_asked"),
    "a bound": (
        observation({"valueQuantity": {"value": 44, "comparator": ">"}}),
        "not_available",
    ),
    "not asked": (observation({"dataAbsentReason": concept(ABSENT, "not-asked")}), "not_asked"),
    "not applicable": (
        observation({"dataAbsentReason": concept(ABSENT, "not-applicable")}),
        "not_applicable",
    ),
    "declined": (
        observation({"dataAbsentReason": concept(ABSENT, "asked-declined")}),
        "not_available",
    ),
    "no value": (observation({}), "not_asked"),
    "a range": (
        observation({"valueRange": {"low": {"value": 1}, "high": {"value": 2}}}),
        "not_available",
    ),
    "another meaning": (
        observation(PERCENT, modifierExtension=[{"url": "http://x.test", "valueBoolean": True}]),
        "not_asked",
    ),
}


@pytest.mark.parametrize(("resource", "state"), OBSERVATIONS.values(), ids=OBSERVATIONS)
def test_an_observation_says_what_its_status_lets_it_say(resource: dict[str, Any], state) -> None:
    """Only a final value without a bound is a value."""
    draft = only(read(valid(bundle(resource)), FHIR_MAP + ODI))

    assert draft.record_id == "S-001"
    assert state_of(draft, FIELD) == state
    if state == "asserted":
        held = draft.values[FIELD]
        assert (held["value"], held["observed_on"]) == (44.0, "2026-01-05")
        assert held["source_document"] == "fhir:Observation:http://loinc.org|97909-6"


def test_several_observations_are_not_chosen_from_unless_stated() -> None:
    """Scores of several days are refused, or the latest taken where the map says so."""
    early = observation({"valueInteger": 50}, "2025-01-05")
    content = bundle(early, observation(PERCENT))
    with pytest.raises(InvalidRecordError, match="answered 2 times"):
        read(content, FHIR_MAP + ODI)
    latest = only(read(content, FHIR_MAP + ODI + 'pick = "latest"\n'))
    assert latest.values[FIELD]["value"] == 44.0


def test_a_unit_that_does_not_fit_is_refused() -> None:
    """A height in inches is converted, a weight is no height."""
    stated = '[fields."subject.height_cm"]\nfrom = "Observation:http://loinc.org|8302-2"\n'

    def height(unit: str) -> str:
        value = {"valueQuantity": {"value": 66, "code": unit}}
        return bundle(observation(value, code=concept("http://loinc.org", "8302-2")))

    draft = only(read(height("[in_i]"), FHIR_MAP + stated))
    assert draft.values["subject.height_cm"]["value"] == pytest.approx(167.64)
    with pytest.raises(InvalidRecordError, match="the unit is not cm"):
        read(height("kg"), FHIR_MAP + stated)


def condition(verified: str = "confirmed", clinical: str = "active", **more: Any) -> dict[str, Any]:
    found = {
        "resourceType": "Condition",
        "subject": PATIENT,
        "code": concept(SNOMED, "1"),
        "recordedDate": "2026-01-07",
    }
    if verified:
        found["verificationStatus"] = concept(VERIFIED, verified)
    if clinical:
        found["clinicalStatus"] = concept(CLINICAL, clinical)
    return found | more


CONDITIONS = {
    "confirmed and active": (condition(), "asserted"),
    "a relapse": (condition(clinical="relapse"), "asserted"),
    "refuted": (condition("refuted", ""), "asserted_absent"),
    "provisional": (condition("provisional"), "not_available"),
    "resolved": (condition(clinical="resolved"), "not_available"),
    "without a clinical status": (condition(clinical=""), "not_available"),
    "in error": (condition("entered-in-error", ""), "not_asked"),
    "another code": (condition(code=concept(SNOMED, "2")), "not_asked"),
}
INFECTION = "exclusions.features.spine_infection"


@pytest.mark.parametrize(("resource", "state"), CONDITIONS.values(), ids=CONDITIONS)
def test_a_condition_is_present_absent_or_not_known(resource, state) -> None:
    """A condition that is not in the file is not known to be absent."""
    stated = f'[fields."{INFECTION}"]\nfrom = "Condition:{SNOMED}|1"\n'
    draft = only(read(valid(bundle(resource)), FHIR_MAP + stated))

    assert state_of(draft, INFECTION) == state


def test_the_onset_of_a_condition_is_a_day_or_not_known() -> None:
    """A month is not a day, and not a fault either."""
    stated = f'[fields."pain.low_back_pain_since"]\nfrom = "Condition:{ICD}|M54.51.onset"\n'
    for onset, state in (("2024-02-01", "asserted"), ("2024-02", "not_available")):
        content = bundle(condition(code=concept(ICD, "M54.51"), onsetDateTime=onset))
        draft = only(read(valid(content), FHIR_MAP + stated))
        assert state_of(draft, "pain.low_back_pain_since") == state


def test_care_is_listed_from_procedures_and_medication() -> None:
    """What was not done or not taken is left out; so are kinds the map does not list."""

    def procedure(code: str, status: str = "completed") -> dict[str, Any]:
        return {
            "resourceType": "Procedure",
            "status": status,
            "subject": PATIENT,
            "code": concept(SNOMED, code),
            "performedPeriod": {"start": "2025-01-02", "end": "2025-07-02"},
        }

    drug = {
        "resourceType": "MedicationStatement",
        "status": "completed",
        "subject": PATIENT,
        "medicationCodeableConcept": concept(SNOMED, "7"),
        "effectivePeriod": {"start": "2025-02-02"},
    }
    stated = f"""
[[lists]]
target = "care.episodes"
instrument = "Procedure"
unlisted = "leave_out"
fields.kind = {{ from = "Procedure.code", values = {{ "{SNOMED}|5" = "physical_therapy" }} }}
fields.started_on = {{ from = "Procedure.start" }}
fields.ended_on = {{ from = "Procedure.end" }}
[[lists]]
target = "care.episodes"
instrument = "MedicationStatement"
fields.kind = {{ from = "MedicationStatement.code", values = {{ "{SNOMED}|7" = "nsaid" }} }}
fields.started_on = {{ from = "MedicationStatement.start" }}
"""
    content = bundle(
        procedure("5"),
        procedure("5", "not-done"),
        procedure("6"),
        drug,
        drug | {"status": "not-taken"},
    )
    draft = only(read(valid(content), FHIR_MAP + stated))

    assert [(e["kind"], e["started_on"], e["ended_on"]) for e in draft.lists["care.episodes"]] == [
        ("physical_therapy", "2025-01-02", "2025-07-02"),
        ("nsaid", "2025-02-02", None),
    ]
    assert why(draft, "care.episodes") == "of a kind the map leaves out"


def response(status: str = "completed", **answers: list[dict[str, Any]]) -> dict[str, Any]:
    items = [{"linkId": link, "answer": found} for link, found in answers.items()]
    return {
        "resourceType": "QuestionnaireResponse",
        "status": status,
        "questionnaire": "http://trial.test/Questionnaire/screen|1.0",
        "subject": PATIENT,
        "authored": "2026-01-09T10:00:00+01:00",
        "item": [{"linkId": "group", "item": items}],
    }


@pytest.mark.parametrize(
    ("resource", "state"),
    [
        (response(inf=[{"valueBoolean": True}]), "asserted"),
        (response(inf=[{"valueBoolean": False}]), "asserted_absent"),
        (response(other=[{"valueBoolean": False}]), "not_asked"),
        (response("in-progress", inf=[{"valueBoolean": False}]), "not_available"),
        (response("entered-in-error", inf=[{"valueBoolean": False}]), "not_asked"),
    ],
    ids=["yes", "no", "not answered", "in progress", "in error"],
)
def test_an_answer_counts_on_a_completed_questionnaire(resource, state) -> None:
    """No is an absence only as an answer that was given and is final."""
    stated = f'[fields."{INFECTION}"]\nfrom = "QuestionnaireResponse:inf"\n'
    draft = only(read(valid(bundle(resource)), FHIR_MAP + stated))

    assert state_of(draft, INFECTION) == state
    if state == "asserted":
        assert draft.values[INFECTION]["observed_on"] == "2026-01-09"


def test_of_a_patient_only_sex_and_year_are_taken() -> None:
    """Name, number and birth date never reach a record, and the reader of the plan is told."""
    stated = """
[fields."subject.sex"]
from = "Patient.gender"
values = { female = "F", male = "M", other = "O", unknown = "not_available" }
[fields."subject.birth_year"]
from = "Patient.birthDate"
"""
    found = read(valid(bundle()), FHIR_MAP + stated)
    draft = only(found)

    assert draft.values["subject.birth_year"]["value"] == 1970
    assert draft.values["subject.sex"]["value"] == "F"
    assert "column Patient.name: left out, identifies" in found.left_out
    assert not {"Musterfrau", "MRN-777", "1970-05-06"} & set(str(draft.values).split("'"))
    with pytest.raises(InvalidRecordError, match=r"Patient.birthDate identifies"):
        read(bundle(), FHIR_MAP + '[fields."screened_on"]\nfrom = "Patient.birthDate"\n')


REFUSED = {
    "a history": ('{"resourceType": "Bundle", "type": "history", "entry": []}', "type 'history'"),
    "no resources": ('{"resourceType": "Bundle", "type": "collection"}', "no FHIR resources"),
    "another JSON": ("[1, 2]", "no FHIR resources"),
    "no JSON": ("<Bundle/>", "no JSON"),
    "not a number": ('{"resourceType": "Observation", "valueInteger": NaN}', "no JSON"),
    "half a character": ('{"resourceType": "\\ud800"}', "no JSON"),
    "nested too deep": ("[" * 100_000, "no JSON"),
    "no id of the trial": (
        bundle().replace("http://trial.test/ids", "http://other.test"),
        "the subject's id is blank",
    ),
}


@pytest.mark.parametrize(("content", "words"), REFUSED.values(), ids=REFUSED)
def test_what_is_no_fhir_of_the_trial_is_refused(content, words) -> None:
    """One sentence, and no name in it."""
    with pytest.raises(InvalidRecordError, match=words) as refused:
        read(content, FHIR_MAP + ODI)
    assert "Musterfrau" not in str(refused.value)


def test_one_resource_a_line_reads_like_a_bundle() -> None:
    """Bulk exports write newline-delimited JSON."""
    entries = json.loads(bundle(observation(PERCENT)))["entry"]
    lines = "\n".join(json.dumps(entry["resource"]) for entry in entries)

    assert only(read(lines, FHIR_MAP + ODI)).values == only(
        read(bundle(observation(PERCENT)), FHIR_MAP + ODI)
    ).values  # fmt: skip


def test_what_is_not_read_is_counted() -> None:
    """Resources of other kinds, of nobody, or with another meaning are told by number."""
    stray = {"resourceType": "Encounter", "subject": PATIENT}
    nobody = observation(PERCENT) | {"subject": {"display": "Erika"}}
    found = read(bundle(stray, nobody), FHIR_MAP + ODI)

    assert "resources not read: 1 (Encounter)" in found.notes
    assert "resources not read: 1 (of no patient)" in found.notes
    assert "Erika" not in str(found.notes)


def test_a_number_of_the_hospital_is_never_the_subjects_id() -> None:
    """A system of the study may name the subject, a medical record number may not."""
    own = FHIR_MAP.replace("ResearchSubject.identifier", "Patient.identifier")
    content = bundle().replace("http://hospital.test/mrn", "http://trial.test/ids")
    assert only(read(content, own)).record_id == "MRN-777"

    typed = json.loads(content)
    typed["entry"][0]["resource"]["identifier"][0]["type"] = concept("http://hl7.test/0203", "MR")
    with pytest.raises(InvalidRecordError, match="may be a hospital's number") as refused:
        read(json.dumps(typed), own)
    assert "MRN-777" not in str(refused.value)


def test_a_question_that_asks_for_identity_is_left_out() -> None:
    """The item's text says so, whatever its link id is."""
    asked = response(q1=[{"valueString": "Erika Musterfrau"}])
    asked["item"][0]["item"][0]["text"] = "Patient name"
    with pytest.raises(InvalidRecordError, match="QuestionnaireResponse:q1 identifies") as refused:
        read(
            valid(bundle(asked)),
            FHIR_MAP + '[fields."consent.version"]\nfrom = "QuestionnaireResponse:q1"\n',
        )
    assert "Musterfrau" not in str(refused.value)


def test_the_other_resources_say_their_dates_and_states() -> None:
    """Place in the trial, consent, imaging, and the parts of an observation."""
    consent = {
        "resourceType": "Consent",
        "status": "active",
        "scope": concept("http://terminology.hl7.org/CodeSystem/consentscope", "research"),
        "category": [concept("http://loinc.org", "59284-0")],
        "patient": PATIENT,
        "dateTime": "2026-01-02",
        "policyRule": concept("http://x.test", "y"),
    }
    imaging = {
        "resourceType": "ImagingStudy",
        "status": "available",
        "subject": PATIENT,
        "started": "2026-01-03T08:00:00Z",
        "modality": [{"system": "http://dicom.nema.org/resources/ontology/DCM", "code": "MR"}],
    }
    part = {
        "code": concept("http://x.test", "bdi"),
        "valueQuantity": {"value": 6, "code": "{score}"},
    }
    scores = observation({}, code=concept("http://x.test", "form"), component=[part])
    stated = """
[fields."consent.given_on"]
from = "Consent.dateTime"
[fields."status"]
from = "ResearchSubject.status"
[fields."scores.bdi"]
from = "Observation:http://x.test|form/http://x.test|bdi"
[[lists]]
target = "mri"
instrument = "ImagingStudy"
fields.study_date = { from = "ImagingStudy.started" }
"""
    draft = only(read(valid(bundle(consent, imaging, scores)), FHIR_MAP + stated))

    assert draft.values["consent.given_on"]["value"] == "2026-01-02"
    assert draft.values["scores.bdi"]["value"] == 6.0
    assert draft.values["status"] == "screening"
    assert [one["study_date"] for one in draft.lists["mri"]] == ["2026-01-03"]
    withdrawn = only(read(bundle(consent | {"status": "inactive"}), FHIR_MAP + stated))
    assert state_of(withdrawn, "consent.given_on") == "not_available"


def test_a_repeated_group_of_a_questionnaire_becomes_a_list() -> None:
    """Each repeat of the group is an entry; an option chosen is a code."""

    def care(code: str) -> dict[str, Any]:
        answer = {"valueCoding": {"system": "http://x.test", "code": code}}
        return {"linkId": "care", "item": [{"linkId": "kind", "answer": [answer]}]}

    asked = response() | {"item": [care("a"), care("b")]}
    stated = """
[[lists]]
target = "care.episodes"
instrument = "care"
[lists.fields.kind]
from = "QuestionnaireResponse:kind"
values = { "http://x.test|a" = "cbt", "http://x.test|b" = "nsaid" }
"""
    draft = only(read(valid(bundle(asked)), FHIR_MAP + stated))
    assert [one["kind"] for one in draft.lists["care.episodes"]] == ["cbt", "nsaid"]


def test_several_chosen_bodies_are_all_taken() -> None:
    """A question that takes several answers fills a field that takes several."""
    chosen = response(plan=[{"valueString": "L4"}, {"valueString": "L5"}])
    stated = '[fields."plan.planned_bodies"]\nfrom = "QuestionnaireResponse:plan"\n'
    draft = only(read(valid(bundle(chosen)), FHIR_MAP + stated))
    assert draft.values["plan.planned_bodies"]["value"] == ["L4", "L5"]
