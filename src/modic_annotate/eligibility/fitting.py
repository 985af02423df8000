"""A made-up screening record that fits a study, to show the tool on images without a record.

Everything in it is synthetic and says so; its dates follow from the study date, so that the same
study always gets the same record.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import TypeVar

from modic_annotate.domain.screening import (
    Care,
    CareEpisode,
    CareKind,
    Change,
    Consent,
    ExclusionKey,
    Exclusions,
    MriReference,
    Pain,
    PainInstrument,
    PainPattern,
    Plan,
    Recorded,
    Scores,
    ScreeningRecord,
    Sex,
    Subject,
    ValueState,
)
from modic_annotate.domain.spine import Vertebra

T = TypeVar("T")

SOURCE = "synthetic"
DEFAULT_STUDY_DATE = date(2026, 3, 10)
"""Stands in where a study has no date."""

PAIN_DAYS = 491
CARE_DAYS = (400, 95)
"""Days before the study on which conservative care began and ended."""


def fitting_record(
    trial_id: str,
    record_id: str,
    birth_year: int | None,
    sex: str | None,
    study_date: date | None,
) -> ScreeningRecord:
    """Return a synthetic record that agrees with a study's identity fields.

    Parameters
    ----------
    trial_id, record_id
        Where the record belongs.
    birth_year, sex, study_date
        As the study's headers say (sex as DICOM ``F``, ``M`` or ``O``); None, or a sex that is
        none of these, is recorded as not asked.
    """
    day = study_date or DEFAULT_STUDY_DATE
    written = Change(by="synthetic", at=datetime.combine(day, time(9), UTC), reason=None)
    return ScreeningRecord(
        trial_id=trial_id,
        record_id=record_id,
        screened_on=day,
        subject=_subject(record_id, birth_year, sex, day),
        consent=Consent(
            given_on=_said(day - timedelta(days=8), day),
            version=_said("1.0", day),
            completes_questionnaires=_said(True, day),
        ),
        pain=_pain(day),
        care=_care(day),
        scores=_scores(day),
        exclusions=_nothing_excluded(day),
        plan=Plan(
            planned_bodies=_said((Vertebra.L4, Vertebra.L5), day),
            prior_ablation_bodies=_absent(day),
        ),
        mri=(MriReference(study_date=study_date),),
        change=written,
        synthetic=True,
    )


def _said(value: T, day: date) -> Recorded[T]:
    return Recorded(state=ValueState.ASSERTED, value=value, observed_on=day, source_document=SOURCE)


def _absent(day: date) -> Recorded[T]:
    return Recorded(state=ValueState.ASSERTED_ABSENT, observed_on=day, source_document=SOURCE)


def _subject(record_id: str, birth_year: int | None, sex: str | None, day: date) -> Subject:
    known_sex = next((known for known in Sex if known == sex), None)
    return Subject(
        subject_id=record_id,
        birth_year=Recorded() if birth_year is None else _said(birth_year, day),
        sex=Recorded() if known_sex is None else _said(known_sex, day),
        skeletally_mature=_said(True, day),
        height_cm=_said(168.0, day),
        weight_kg=_said(74.0, day),
        bmi_kg_m2=_said(26.2, day),
    )


def _pain(day: date) -> Pain:
    return Pain(
        low_back_pain_since=_said(day - timedelta(days=PAIN_DAYS), day),
        low_back_pain_months=_said(16, day),
        pattern=_said(PainPattern.AXIAL, day),
        leg_pain=_absent(day),
        claudication=_absent(day),
    )


def _care(day: date) -> Care:
    began, ended = (day - timedelta(days=n) for n in CARE_DAYS)
    episode = CareEpisode(
        kind=CareKind.SUPERVISED_EXERCISE,
        started_on=began,
        ended_on=ended,
        sessions=24,
        outcome="no_response",
        source_document=SOURCE,
    )
    return Care(episodes=(episode,), months_without_response=_said(10.0, day))


def _scores(day: date) -> Scores:
    return Scores(
        odi_percent=_said(44.0, day),
        odi_version="2.1a",
        odi_items_answered=10,
        pain_score=_said(6.4, day),
        pain_instrument=PainInstrument.VAS_CM,
        bdi=_said(9.0, day),
        waddell_signs=_said(0, day),
        life_expectancy_years=_said(30.0, day),
    )


def _nothing_excluded(day: date) -> Exclusions:
    return Exclusions(
        features={key: _absent(day) for key in ExclusionKey},
        disc_extrusion_mm=_absent(day),
        listhesis_mm=_absent(day),
    )
