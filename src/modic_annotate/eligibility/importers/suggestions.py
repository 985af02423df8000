"""Which field a column probably fills, by its name; a proposal for a person to correct.

Only names and labels are looked at, never what the cells hold.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from modic_annotate.domain.screening import ExclusionKey
from modic_annotate.eligibility.importers.source import Column, ColumnKind
from modic_annotate.eligibility.importers.targets import FEATURES, Kind, Target, targets
from modic_annotate.eligibility.predicates.features import FEATURE_WORDS

SUBJECT_NAMES = (
    *("record_id", "subject_id", "subjid", "usubjid", "subject", "participant_id", "study_id"),
    *("screening_id", "screening_no"),
)
NAMES: Mapping[str, tuple[str, ...]] = {
    "protocol_version": ("protocol_version", "tivers"),
    "screened_on": ("screen_date", "screened_date", "screening_date"),
    "status": ("screen_status", "screening_status"),
    "screen_fail_reasons": ("screen_fail_reasons",),
    "subject.screening_number": ("screening_no", "screening_number"),
    "subject.site_id": ("redcap_data_access_group", "siteid", "site"),
    "subject.birth_year": ("birth_year", "brthdtc", "yob", "year_of_birth", "patient_birthdate"),
    "subject.sex": ("sex", "gender", "patient_gender"),
    "subject.skeletally_mature": ("mature", "skeletal_maturity"),
    "subject.height_cm": ("height", "8302_2"),
    "subject.weight_kg": ("weight", "29463_7"),
    "subject.bmi_kg_m2": ("bmi", "39156_5"),
    "consent.given_on": ("consent_date", "rficdtc"),
    "consent.version": ("consent_version",),
    "pain.low_back_pain_since": ("lbp_onset_date", "lbp_onset", "lbp_since"),
    "pain.low_back_pain_months": ("lbp_months", "lbp_duration_months", "clbp_months"),
    "pain.pattern": ("pain_pattern",),
    "pain.leg_pain": ("leg_pain",),
    "pain.claudication": ("claudication",),
    "care.months_without_response": ("conservative_months", "care_months"),
    "scores.odi_percent": ("odi_score", "odi_pct", "odi", "97909_6"),
    "scores.odi_version": ("odi_version",),
    "scores.odi_items_answered": ("odi_items_answered", "odi_items"),
    "scores.pain_score": ("vas", "vas_cm", "vas_mm", "nrs", "pain_score"),
    "scores.pain_instrument": ("pain_instrument",),
    "scores.bdi": ("bdi", "bdi_score"),
    "scores.waddell_signs": ("waddell",),
    "scores.dexa_t_score": ("dexa_tscore", "t_score", "tscore"),
    "scores.life_expectancy_years": ("life_expectancy",),
    "exclusions.surgery_on": ("surgery_date", "last_surgery_date"),
    "exclusions.disc_extrusion_mm": ("disc_mm", "disc_extrusion_mm"),
    "exclusions.listhesis_mm": ("listhesis", "listhesis_mm"),
    "plan.planned_bodies": ("planned_bodies", "planned_levels"),
    "plan.prior_ablation_bodies": ("prior_bvna_bodies", "prior_bvna"),
}
"""Field -> what forms call it: the names suggested for REDCap, SDTM's, and LOINC codes.

LOINC 8302-2, 29463-7 and 39156-5 as in the FHIR R4 vital signs profile; 97909-6 for the ODI."""

DAYS = {
    "scores.odi_percent": ("odi_date",),
    "scores.pain_score": ("vas_date", "pain_date", "nrs_date"),
    "scores.dexa_t_score": ("dexa_date",),
    "scores.bdi": ("bdi_date",),
}
"""Field -> what forms call the day its value was taken."""

SEX_WORDS = {"female": "F", "male": "M", "other": "O", "f": "F", "m": "M"}
INSTRUMENTS = {"vas_cm": "VAS_cm", "vas_mm": "VAS_mm", "nrs": "NRS"}


def plain(text: str) -> str:
    """Return a name as it is compared: lower case, one underscore between its words."""
    return "_".join(re.findall(r"[a-z0-9]+", text.lower()))


def _known() -> dict[str, str]:
    known = {plain(name): path for path, names in NAMES.items() for name in names}
    for path in targets():
        known.setdefault(plain(path), path)
        known.setdefault(plain(path.rpartition(".")[2]), path)
    for key in ExclusionKey:
        known.setdefault(plain(FEATURE_WORDS[key]), f"{FEATURES}{key}")
    return known


def subject_column(columns: Mapping[str, Column]) -> str | None:
    """Return the column that probably holds the subject's id."""
    names = {plain(name): name for name, column in columns.items() if not column.identifies}
    return next((names[wanted] for wanted in SUBJECT_NAMES if wanted in names), None)


def suggested(columns: Mapping[str, Column]) -> dict[str, Column]:
    """Return field -> column for columns whose name says what they hold; each field once."""
    known = _known()
    found: dict[str, Column] = {}
    for column in columns.values():
        names = (column.name, column.name.rpartition("|")[2], column.label)
        path = next((known[n] for name in names if (n := plain(name)) in known), None)
        is_allowed = not column.identifies or path == "subject.birth_year"
        if path and is_allowed and _fits(targets()[path], column):
            found.setdefault(path, column)
    return found


def _fits(target: Target, column: Column) -> bool:
    """Whether a column's kind can fill a field: a tick answers yes or no, ticks name bodies."""
    if column.kind == ColumnKind.TICKS:
        return target.kind in (Kind.BODIES, Kind.TEXTS)
    return column.kind != ColumnKind.TICK or target.kind == Kind.YES_NO


def day_column(path: str, columns: Mapping[str, Column]) -> str | None:
    """Return the column that probably holds the day a field's value was taken."""
    names = {plain(name): name for name in columns}
    return next((names[n] for n in DAYS.get(path, ()) if n in names), None)


def words_for(target: Target, column: Column) -> tuple[dict[str, str], dict[str, str]]:
    """Return code -> word for options whose label is a word of the field, and the others."""
    words = {plain(choice): choice for choice in target.choices}
    if target.path == "subject.sex":
        words |= SEX_WORDS
    given = {code: words.get(plain(label)) for code, label in column.options.items()}
    listed = {code: word for code, word in given.items() if word}
    others = {code: column.options[code] for code, word in given.items() if not word}
    return listed, others
