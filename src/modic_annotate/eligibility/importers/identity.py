"""Which columns identify a person: by the dictionary's mark, or by what they are called."""

from __future__ import annotations

import re
from collections.abc import Mapping

from modic_annotate.eligibility.importers.source import Column

_WORDS = (
    *("name", "firstname", "lastname", "surname", "forename", "givenname", "familyname"),
    *("fullname", "patientname", "initials", "mrn", "pid", "patientid", "dob", "birthdate"),
    *("birthday", "dateofbirth", "ssn", "nhs", "phone", "telephone", "mobile", "email", "mail"),
    *("address", "street", "postcode", "zip", "zipcode", "fax", "memberid", "insurance"),
    *("insuranceid", "accession", "passport", "nachname", "vorname", "geburtsdatum", "geburtstag"),
)
_PHRASES = (
    *("first_name", "last_name", "family_name", "given_name", "maiden_name", "patient_id"),
    *("birth_date", "date_of_birth", "medical_record", "record_number", "social_security"),
    *(
        "survey_identifier",
        "member_id",
        "patient_name",
        "birth_day",
        "hospital_number",
        "insurance_id",
    ),
)
_SHORT = 2
"""Words of a label that is a caption; a longer one may speak of the name of a drug."""

YEAR_ONLY = "subject.birth_year"
"""The one field an identifying column may fill: of a birth date, the year is kept."""


def identifying(name: str, label: str = "") -> str:
    """Return why a column's name or label says that it identifies a person; empty where not."""
    for text, may_be_prose in ((name, False), (label, True)):
        words = re.findall(r"[^\W_]+", re.sub(r"([a-z])([A-Z])", r"\1 \2", text).lower())
        is_short = not may_be_prose or len(words) <= _SHORT
        phrase = "_".join(words)
        if (is_short and set(words) & set(_WORDS)) or any(p in phrase for p in _PHRASES):
            return "identifies, by what it is called"
    return ""


def left_out(columns: Mapping[str, Column], named: frozenset[str]) -> tuple[str, ...]:
    """Return a sentence for each column that identifies and is therefore not taken."""
    return tuple(
        f"column {name}: left out, {column.identifies}"
        for name, column in columns.items()
        if column.identifies and name not in named
    )
