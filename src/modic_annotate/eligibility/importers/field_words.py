"""What to write for each field of a screening record, as the template and the docs say it."""

from __future__ import annotations

from modic_annotate.domain.screening import ExclusionKey
from modic_annotate.eligibility.importers.targets import FEATURES, Kind, Target
from modic_annotate.eligibility.predicates.features import FEATURE_WORDS

WORDS = {
    "protocol_version": "version of the trial's protocol",
    "screened_on": "day of the screening visit",
    "status": "where the subject stands, as people decided",
    "screen_fail_reasons": "ids of the criteria that people named, separated by commas",
    "subject.screening_number": "number in the screening log",
    "subject.site_id": "the site, by its id",
    "subject.birth_year": "year of birth; of a date the year alone is kept",
    "subject.sex": "as in the MRI's header",
    "subject.skeletally_mature": "skeletally mature",
    "subject.height_cm": "height",
    "subject.weight_kg": "weight",
    "subject.bmi_kg_m2": "body-mass index, where height and weight are not at hand",
    "consent.given_on": "day consent was signed",
    "consent.version": "version of the consent form",
    "consent.completes_questionnaires": "able and willing to complete the questionnaires",
    "pain.low_back_pain_since": "day the low back pain began",
    "pain.low_back_pain_months": "whole months of low back pain on the day observed",
    "pain.pattern": "where the pain is felt",
    "pain.leg_pain": "leg pain",
    "pain.claudication": "claudication",
    "care.months_without_response": "months of conservative care without response",
    "scores.odi_percent": "Oswestry Disability Index",
    "scores.odi_version": "version of the ODI form",
    "scores.odi_items_answered": "ODI items that were answered",
    "scores.pain_score": "pain score, in the unit of its instrument",
    "scores.pain_instrument": "the scale the pain score was taken on",
    "scores.bdi": "Beck Depression Inventory",
    "scores.waddell_signs": "number of Waddell signs",
    "scores.dexa_t_score": "lowest DEXA T-score",
    "scores.life_expectancy_years": "life expectancy as the clinician judges",
    "exclusions.surgery_on": "day of the last lumbar surgery",
    "exclusions.disc_extrusion_mm": "largest disc extrusion or protrusion",
    "exclusions.listhesis_mm": "largest spondylolisthesis",
    "plan.planned_bodies": "bodies planned for ablation, separated by commas",
    "plan.prior_ablation_bodies": "bodies ablated before, separated by commas",
    "care.episodes.kind": "kind of conservative care",
    "care.episodes.started_on": "first day of the care",
    "care.episodes.ended_on": "last day of the care; blank while it runs",
    "care.episodes.months": "months of the care, where no days are known",
    "care.episodes.sessions": "number of sessions",
    "care.episodes.outcome": "what the care did",
    "care.episodes.source_document": "document that shows it, without a name",
    "mri.study_date": "day of the MRI",
    "mri.magnetic_field_strength_t": "field strength in tesla",
    "mri.sequences": "sequences as the report lists them, separated by commas",
    "mri.radiologist_id": "the reporting radiologist, by id",
    "mri.report_document": "the report's file or number, without a name",
    "mri.report_pages": "pages of the report",
}
"""Field -> what it is; the features to exclude have their words in FEATURE_WORDS."""

HOW = {
    Kind.DATE: "a date like 2026-03-31",
    Kind.YEAR: "a year",
    Kind.INTEGER: "a whole number",
    Kind.NUMBER: "a number",
    Kind.YES_NO: "yes or no",
    Kind.BODIES: "such as L4, L5, S1",
}
STATES = "not asked, not available, illegible, not applicable"


def what_it_is(target: Target) -> str:
    """Return what a field is, in a few words."""
    if target.path.startswith(FEATURES):
        return FEATURE_WORDS[ExclusionKey(target.path.removeprefix(FEATURES))]
    return WORDS[target.path]


def what_to_write(target: Target) -> str:
    """Return what a field is and how it is written, as one line."""
    how = HOW.get(target.kind, "")
    if target.kind == Kind.CHOICE:
        how = f"one of {', '.join(target.choices)}"
    if target.kind == Kind.YES_NO and target.no_is_absent:
        how = "present or absent"
    unit = f" in {target.unit}" if target.unit and target.kind in (Kind.NUMBER,) else ""
    states = f"; or {STATES}" if target.holder else ""
    return f"{what_it_is(target)}{f': {how}{unit}' if how else ''}{states}"
