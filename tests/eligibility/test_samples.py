"""The shipped records and the fitting record say what they are made to say."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from modic_annotate.domain.determination import Outcome, RollUp
from modic_annotate.domain.screening import ScreeningRecord
from modic_annotate.eligibility import assess, load_criteria
from modic_annotate.eligibility.fitting import DEFAULT_STUDY_DATE, fitting_record
from modic_annotate.store.canonical import canonical_bytes, parse_record

SAMPLES = Path(__file__).parents[2] / "sample_dicom"
AS_OF = date(2026, 3, 20)
LESIONS = {"L4-inferior": "1 > 2", "L5-superior": "2", "L1-superior": "2, probable"}


def sample(name: str) -> ScreeningRecord:
    return parse_record(ScreeningRecord, (SAMPLES / name).read_bytes(), name)


def judged(record: ScreeningRecord, reading, name: str, as_of: date = AS_OF):
    link = {"trial_id": record.trial_id, "record_id": record.record_id}
    own = reading.replace(screening=reading.screening.replace(**link))
    return assess(record, [own], load_criteria(name), as_of)


@pytest.mark.parametrize(
    ("name", "fda"),
    [
        ("screening-record.json", RollUp.CRITERIA_MET),
        ("not-met-record.json", RollUp.CRITERIA_NOT_MET),
        ("incomplete-record.json", RollUp.INCOMPLETE),
    ],
)
def test_samples_reach_what_they_are_named_after(make_reading, name: str, fda: RollUp) -> None:
    """With the lesions of the sample images each record reaches its roll-up."""
    record = sample(name)
    assert record.synthetic
    assert judged(record, make_reading(LESIONS), "fda_510k_bvna").roll_up == fda


def test_the_sample_fails_the_trial_by_its_upper_lesion_alone(make_reading) -> None:
    """Every row of the trial is met but the change outside L3 to S1."""
    found = judged(sample("screening-record.json"), make_reading(LESIONS), "trial_intracept")
    assert found.roll_up == RollUp.CRITERIA_NOT_MET
    not_met = [row.criterion for row in found.outcomes if row.outcome != Outcome.MET]
    assert not_met == ["IN-X1"]


def test_the_sample_fits_its_images() -> None:
    """Birth year, sex and study date are those of the sample images."""
    record = sample("screening-record.json")
    assert (record.trial_id, record.record_id) == ("demo-trial", "demo-001")
    found = (record.subject.birth_year.value, record.subject.sex.value, record.mri[0].study_date)
    assert found == (1979, "F", date(2026, 3, 10))


def test_a_fitting_record_agrees_with_the_study_and_meets_the_indications(make_reading) -> None:
    """It carries the study's own identity fields, is synthetic, and reaches criteria met."""
    record = fitting_record("demo-trial", "demo-001", 1960, "M", date(2014, 10, 30))
    found = (record.subject.birth_year.value, record.subject.sex.value, record.mri[0].study_date)
    assert (*found, record.synthetic) == (1960, "M", date(2014, 10, 30), True)
    for name in ("fda_510k_bvna", "trial_intracept"):
        reading = make_reading({"L4-inferior": "1"})
        assert judged(record, reading, name, date(2014, 10, 30)).roll_up == RollUp.CRITERIA_MET


@pytest.mark.parametrize("sex", [None, "", "X"])
def test_a_fitting_record_without_identity_leaves_it_open(sex: str | None) -> None:
    """What the study does not say is not asked, never made up."""
    record = fitting_record("demo-trial", "demo-001", None, sex, None)
    assert not record.subject.sex.is_known
    assert not record.subject.birth_year.is_known
    assert (record.mri[0].study_date, record.screened_on) == (None, DEFAULT_STUDY_DATE)


def test_a_fitting_record_is_always_the_same() -> None:
    """The same study gets the same bytes."""
    made = [fitting_record("t", "r", 1979, "F", date(2026, 3, 10)) for _ in range(2)]
    assert canonical_bytes(made[0]) == canonical_bytes(made[1])
