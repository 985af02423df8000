"""Files as sites give them, made small: REDCap exports, FHIR, ODM, and what they import to."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

from modic_annotate.eligibility.importers.build import Draft
from modic_annotate.eligibility.importers.mapping import load_map
from modic_annotate.eligibility.importers.problems import Problems
from modic_annotate.eligibility.importers.reading import GivenFile, ReadFile, read_file
from modic_annotate.eligibility.importers.redcap.dictionary import COLUMNS

NAME = "file.csv"
HEAD = 'schema = "modic-annotate/screening-map/1"\n'


def table(rows: list[dict[str, str]], separator: str = ",") -> str:
    """Write rows as separated text under the columns of the first."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(rows[0]), delimiter=separator)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def dictionary(*fields: dict[str, str]) -> str:
    """Write a REDCap data dictionary; a field gives what differs from a text field."""
    blank = dict.fromkeys(COLUMNS, "") | {"form_name": "screening", "field_type": "text"}
    return table([blank | field for field in ({"field_name": "record_id"}, *fields)])


def box(name: str = "excl", logic: str = "", form: str = "exclusions") -> dict[str, str]:
    """Return a checkbox with a zero-coded "none of these" and a negative code."""
    return {
        "field_name": name,
        "form_name": form,
        "field_type": "checkbox",
        "select_choices_or_calculations": "0, None of these | 1, Infection | -99, Bleeding",
        "branching_logic": logic,
    }


def read(
    content: str | bytes, stated: str, fields: str | None = None, name: str = NAME
) -> ReadFile:
    """Read a file under a map; InvalidRecordError with everything that is wrong."""
    problems = Problems(name)
    given = GivenFile(
        content.encode() if isinstance(content, str) else content,
        name,
        fields.encode() if fields else None,
    )
    found = read_file(given, load_map(HEAD + stated, "map.toml"), problems)
    problems.refuse_if_any()
    return found


def only(found: ReadFile) -> Draft:
    """Return the one subject of a file."""
    (draft,) = found.drafts
    return draft


def state_of(draft: Draft, field: str) -> str:
    """Return the state a field has after import; "not_asked" where nothing is recorded."""
    held = draft.values.get(field)
    if held is None:
        told = [one.state for one in draft.unknown if one.field == field]
        return str(told[0]) if told and told[0] else "not_asked"
    return str(held["state"])


def why(draft: Draft, field: str) -> str:
    """Return why a field is unknown."""
    return next(one.why for one in draft.unknown if one.field == field)


# FHIR


def bundle(*resources: dict[str, Any]) -> str:
    """Return a bundle with a patient, their place in the trial, and resources of theirs."""
    patient = {
        "resourceType": "Patient",
        "id": "p1",
        "identifier": [{"system": "http://hospital.test/mrn", "value": "MRN-777"}],
        "name": [{"family": "Musterfrau", "given": ["Erika"]}],
        "gender": "female",
        "birthDate": "1970-05-06",
    }
    subject = {
        "resourceType": "ResearchSubject",
        "status": "screening",
        "identifier": [{"system": "http://trial.test/ids", "value": "S-001"}],
        "study": {"reference": "ResearchStudy/t1"},
        "individual": {"reference": "Patient/p1"},
    }
    entries = [{"resource": one} for one in (patient, subject, *resources)]
    return json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries})


def concept(system: str, code: str) -> dict[str, Any]:
    """Return a CodeableConcept of one coding."""
    return {"coding": [{"system": system, "code": code}]}


def observation(value: dict[str, Any], day: str = "2026-01-05", **more: Any) -> dict[str, Any]:
    """Return an ODI observation of the patient."""
    return {
        "resourceType": "Observation",
        "status": "final",
        "code": concept("http://loinc.org", "97909-6"),
        "subject": {"reference": "Patient/p1"},
        "effectiveDateTime": day,
    } | value | more  # fmt: skip


FHIR_MAP = """
shape = "fhir"
[subject]
from = "ResearchSubject.identifier|http://trial.test/ids"
"""
ODI = """
[fields."scores.odi_percent"]
from = "Observation:http://loinc.org|97909-6"
"""
