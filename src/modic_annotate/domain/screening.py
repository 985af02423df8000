"""A subject's screening in a trial: pain, care, scores, exclusions, MRI references.

A record is an immutable revision; a later one names the hash of the one before. Each value says
whether it was asserted, asserted absent, not asked, not available or illegible: a blank never
turns into "no".
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated, Generic, Literal, Self, TypeVar

from pydantic import Field, model_validator

from modic_annotate.domain.base import Percent, PositiveMm, Record, RecordId, Sha256, Uid, Utc
from modic_annotate.domain.provenance import CriteriaReference, ImportSource
from modic_annotate.domain.spine import Vertebra

T = TypeVar("T")


class ValueState(StrEnum):
    """What is known about a value."""

    ASSERTED = "asserted"
    ASSERTED_ABSENT = "asserted_absent"
    NOT_ASKED = "not_asked"
    NOT_AVAILABLE = "not_available"
    ILLEGIBLE = "illegible"
    NOT_APPLICABLE = "not_applicable"
    """The source did not ask because its own rule says the question does not apply."""


class Recorded(Record, Generic[T]):
    """A value with its state and where it comes from; the unit stands in the field's name."""

    state: ValueState = ValueState.NOT_ASKED
    value: T | None = None
    observed_on: date | None = None
    source_document: str | None = None
    recorded_by: str | None = None
    recorded_at: Utc | None = None

    @model_validator(mode="after")
    def _value_fits_state(self) -> Self:
        if (self.value is not None) != (self.state == ValueState.ASSERTED):
            raise ValueError("a value stands with state 'asserted', and only with it")
        return self

    @property
    def is_known(self) -> bool:
        """Whether something was asserted, a value or its absence."""
        return self.state in (ValueState.ASSERTED, ValueState.ASSERTED_ABSENT)


class Sex(StrEnum):
    """As DICOM (0010,0040)."""

    FEMALE = "F"
    MALE = "M"
    OTHER = "O"


class PainPattern(StrEnum):
    """Where the pain is felt."""

    AXIAL = "axial"
    RADICULAR = "radicular"
    MIXED = "mixed"


class CareKind(StrEnum):
    """A kind of conservative care."""

    ANALGESIC = "analgesic"
    NSAID = "nsaid"
    SUPERVISED_EXERCISE = "supervised_exercise"
    CORE_STABILISATION = "core_stabilisation"
    PHYSICAL_THERAPY = "physical_therapy"
    """Not said whether active or passive."""

    PHYSICAL_THERAPY_ACTIVE = "physical_therapy_active"
    PHYSICAL_THERAPY_PASSIVE = "physical_therapy_passive"
    STEROID = "steroid"
    ACTIVITY_MODIFICATION = "activity_modification"
    HOME_EXERCISE = "home_exercise"
    CBT = "cbt"
    INJECTION = "injection"
    OTHER = "other"


class ScreeningStatus(StrEnum):
    """Where the subject stands in the trial's log; set by people, never by this tool."""

    POTENTIAL = "potential"
    SCREENING = "screening"
    ENROLLED = "enrolled"
    SCREEN_FAILED = "screen_failed"
    WITHDRAWN = "withdrawn"


class PainInstrument(StrEnum):
    """The scale a pain score was taken on; the score is held in that scale's own unit."""

    VAS_CM = "VAS_cm"
    VAS_MM = "VAS_mm"
    NRS = "NRS"


class Subject(Record):
    """Who is screened, without a name."""

    subject_id: RecordId
    screening_number: str | None = None
    site_id: str | None = None
    birth_year: Recorded[Annotated[int, Field(ge=1900, le=2100)]] = Recorded()
    sex: Recorded[Sex] = Recorded()
    skeletally_mature: Recorded[bool] = Recorded()
    height_cm: Recorded[float] = Recorded()
    weight_kg: Recorded[float] = Recorded()
    bmi_kg_m2: Recorded[float] = Recorded()


class Consent(Record):
    """Consent to the trial."""

    given_on: Recorded[date] = Recorded()
    version: Recorded[str] = Recorded()
    completes_questionnaires: Recorded[bool] = Recorded()


class Pain(Record):
    """Low back pain as recorded."""

    low_back_pain_since: Recorded[date] = Recorded()
    low_back_pain_months: Recorded[Annotated[int, Field(ge=0)]] = Recorded()
    pattern: Recorded[PainPattern] = Recorded()
    leg_pain: Recorded[bool] = Recorded()
    claudication: Recorded[bool] = Recorded()


class CareEpisode(Record):
    """One course of conservative care."""

    kind: CareKind
    started_on: date | None = None
    ended_on: date | None = None
    months: float | None = None
    sessions: int | None = None
    outcome: Literal["no_response", "partial", "relief", "not_stated"] = "not_stated"
    source_document: str | None = None


class Care(Record):
    """Conservative care; the episodes, and the recorded months without response."""

    episodes: tuple[CareEpisode, ...] = ()
    months_without_response: Recorded[Annotated[float, Field(ge=0)]] = Recorded()


class Scores(Record):
    """Questionnaire scores with the day they were taken (``observed_on``)."""

    odi_percent: Recorded[Percent] = Recorded()
    odi_version: str | None = None
    odi_items_answered: int | None = None
    pain_score: Recorded[float] = Recorded()
    pain_instrument: PainInstrument | None = None
    bdi: Recorded[float] = Recorded()
    waddell_signs: Recorded[int] = Recorded()
    dexa_t_score: Recorded[float] = Recorded()
    life_expectancy_years: Recorded[float] = Recorded()


class ExclusionKey(StrEnum):
    """A feature asked by name: most are excluded somewhere, some are asked for."""

    RADICULAR_PAIN = "radicular_pain"
    NERVE_COMPRESSION_ON_IMAGING = "nerve_compression_on_imaging"
    PRIOR_LUMBAR_SURGERY = "prior_lumbar_surgery"
    PRIOR_SURGERY_DISCECTOMY_ONLY = "prior_surgery_discectomy_only"
    RADICULAR_PAIN_RESOLVED = "radicular_pain_resolved"
    NEUROGENIC_CLAUDICATION = "neurogenic_claudication"
    SPINAL_STENOSIS_ON_IMAGING = "spinal_stenosis_on_imaging"
    METABOLIC_BONE_DISEASE = "metabolic_bone_disease"
    FRAGILITY_FRACTURE = "fragility_fracture"
    TRAUMA_OR_COMPRESSION_FRACTURE = "trauma_or_compression_fracture"
    SPINAL_CANCER = "spinal_cancer"
    SPINE_INFECTION = "spine_infection"
    SYSTEMIC_INFECTION = "systemic_infection"
    BLEEDING_DIATHESIS = "bleeding_diathesis"
    SPONDYLOLYSIS = "spondylolysis"
    FACET_ARTHROSIS_OR_EFFUSION = "facet_arthrosis_or_effusion"
    FACET_PAIN_SUSPECTED = "facet_pain_suspected"
    COMPENSATED_INJURY_OR_LITIGATION = "compensated_injury_or_litigation"
    ER_OPIOID_ADDICTION_BEHAVIOUR = "er_opioid_addiction_behaviour"
    BEDBOUND_OR_NO_FOLLOW_UP = "bedbound_or_no_follow_up"
    MRI_CONTRAINDICATION = "mri_contraindication"
    DEVICE_ALLERGY = "device_allergy"
    ACTIVE_IMPLANT = "active_implant"
    PREGNANT_OR_LACTATING = "pregnant_or_lactating"
    SEVERE_CARDIAC_OR_PULMONARY = "severe_cardiac_or_pulmonary"
    STRUCTURE_WITHIN_10_MM = "structure_within_10_mm"
    OTHER_BACK_PATHOLOGY = "other_back_pathology"
    PHYSICIAN_JUDGES_UNSAFE = "physician_judges_unsafe"
    DERMATOMAL_LEG_DEFICIT = "dermatomal_leg_deficit"
    BIOLOGIC_INJECTION_INTO_BODY = "biologic_injection_into_body"
    LCD_LISTED_DIAGNOSIS = "lcd_listed_diagnosis"
    NSAID_AND_STEROID_CONTRAINDICATED = "nsaid_and_steroid_contraindicated"
    CARE_PHYSICIAN_SUPERVISED = "care_physician_supervised"
    CBT_BY_LICENSED_PROFESSIONAL = "cbt_by_licensed_professional"
    FUNCTIONAL_IMPAIRMENT = "functional_impairment"
    MODIC_CHANGE_IN_MRI_REPORT = "modic_change_in_mri_report"


class Exclusions(Record):
    """Features asked for by name, and the measures some of them rest on."""

    features: dict[ExclusionKey, Recorded[bool]] = Field(default_factory=dict)
    """``asserted`` true = present; ``asserted_absent`` = asked and absent; missing = not asked."""

    surgery_on: Recorded[date] = Recorded()
    disc_extrusion_mm: Recorded[PositiveMm] = Recorded()
    listhesis_mm: Recorded[PositiveMm] = Recorded()

    def feature(self, key: ExclusionKey) -> Recorded[bool]:
        """Return what is recorded of one feature; not asked where nothing is."""
        return self.features.get(key, Recorded())


class Plan(Record):
    """Bodies planned for treatment, and bodies treated before."""

    planned_bodies: Recorded[tuple[Vertebra, ...]] = Recorded()
    prior_ablation_bodies: Recorded[tuple[Vertebra, ...]] = Recorded()


class MriReference(Record):
    """An MRI study the record rests on, as the site knows it."""

    study_date: date | None = None
    study_uid: Uid | None = None
    """UID in this workspace; where images were de-identified, not the hospital's."""

    magnetic_field_strength_t: float | None = None
    sequences: tuple[str, ...] = ()
    """As the report or the site lists them, e.g. ``T1 TSE``; the images say what they are."""

    radiologist_id: RecordId | None = None
    report_document: str | None = None
    report_pages: int | None = None


class Change(Record):
    """Who wrote this revision, when and why."""

    by: str
    at: Utc
    reason: str | None = None
    source: ImportSource | None = None


class ScreeningRecord(Record):
    """One revision of a subject's screening in a trial."""

    schema_id: Annotated[Literal["modic-annotate/screening/1"], Field(alias="schema")] = (
        "modic-annotate/screening/1"
    )
    trial_id: RecordId
    record_id: RecordId
    revision: Annotated[int, Field(ge=1)] = 1
    previous_sha256: Sha256 | None = None
    protocol_version: str | None = None
    screened_on: date | None = None
    status: ScreeningStatus = ScreeningStatus.SCREENING
    screen_fail_reasons: tuple[str, ...] = ()
    """Ids of the criteria that people named when they closed the screening."""

    criteria_set: CriteriaReference | None = None
    subject: Subject
    consent: Consent = Consent()
    pain: Pain = Pain()
    care: Care = Care()
    scores: Scores = Scores()
    exclusions: Exclusions = Exclusions()
    plan: Plan = Plan()
    mri: tuple[MriReference, ...] = ()
    change: Change
    synthetic: bool = False
    """Made up for demonstration; says so wherever the record is shown."""
