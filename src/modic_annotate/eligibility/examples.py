"""Build the small cases that criteria sets describe as examples, and check them.

A record is given by dotted names over a complete one: a plain value is asserted, and the words
``absent``, ``not asked``, ``not available`` and ``illegible`` are the other states. A finding is
given in words, parts after commas: first the change (``none``, ``not read``, ``cannot be read``,
``indeterminate``, ``type undetermined``, or types such as ``1``, ``1 > 2``, ``2 = 3``), then what
departs from "degenerative, definite": ``probable``, ``possible``, ``uncertain``, ``other``,
``unstated``, ``limited``, or a mimic such as ``infection``.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from pydantic import JsonValue, ValidationError

from modic_annotate.domain.base import Record
from modic_annotate.domain.determination import Determination, Outcome
from modic_annotate.domain.modic import Attribution, Confidence, Mimic
from modic_annotate.domain.numbering import Numbering
from modic_annotate.domain.reading import Reading
from modic_annotate.domain.screening import ExclusionKey, Recorded, ScreeningRecord
from modic_annotate.eligibility.cases import Example, ExampleReading
from modic_annotate.eligibility.criteria import (
    CriteriaSet,
    SiteVerification,
)
from modic_annotate.eligibility.evaluate import assess
from modic_annotate.errors import RecordError
from modic_annotate.store.canonical import problems_of

Json = dict[str, Any]  # a JSON object on its way into a record, which validates it

_AT = "2026-01-01T00:00:00Z"
_ZEROS = "0" * 64
NOT_ASKED = "not asked"
_STATES = {w.replace("_", " "): w for w in ("not_asked", "not_available", "illegible")} | {
    "absent": "asserted_absent"
}
_WHOLE: dict[str, Json] = {
    "none": {"assessment": "assessed", "modic": "absent"},
    "not read": {},
    "cannot be read": {"assessment": "not_assessable", "assessment_reason": "other"},
    "outside": {"assessment": "outside_fov"},
    "indeterminate": {"assessment": "assessed", "modic": "indeterminate"},
    "type undetermined": {
        "assessment": "assessed",
        "modic": "present",
        "type_undetermined": True,
    },
}


def case(criteria: CriteriaSet, example: Example) -> tuple[ScreeningRecord, list[Reading], date]:
    """Return record, readings and as-of date that an example describes."""
    base = criteria.baseline
    record = example_record({**base.record, **example.record})
    described = base.readings if example.readings is None else example.readings
    readings = [example_reading(r, f"reader{n}-1") for n, r in enumerate(described, start=1)]
    return record, readings, example.as_of or base.as_of


def evaluated(criteria: CriteriaSet, example: Example) -> Determination:
    """Return what a set makes of one of its examples."""
    record, readings, as_of = case(criteria, example)
    judged = _as_verified(criteria) if example.site_verified else criteria
    return assess(record, readings, judged, as_of)


def broken_examples(criteria: CriteriaSet) -> tuple[str, ...]:
    """Return a sentence for each example that does not evaluate as stated, or describes no case."""
    problems = []
    for example in criteria.example:
        try:
            told = _unlike_stated(criteria, example)
        except ValidationError as error:
            told = problems_of(error)
        except (ValueError, RecordError) as error:
            told = (str(error),)
        problems += [f"{example.name}: {sentence}" for sentence in told]
    return tuple(problems)


def _unlike_stated(criteria: CriteriaSet, example: Example) -> tuple[str, ...]:
    found = evaluated(criteria, example)
    outcomes = {name: found.outcome(name).outcome for name in example.expect}
    rows = tuple(
        f"{name} is {outcomes[name]}, stated {expected}"
        for name, expected in example.expect.items()
        if outcomes[name] != expected
    )
    if example.roll_up in (None, found.roll_up):
        return rows
    return (*rows, f"{found.roll_up}, stated {example.roll_up}")


def outcomes_shown(criteria: CriteriaSet) -> frozenset[Outcome]:
    """Return the outcomes that the examples of a set state at least once."""
    return frozenset(outcome for e in criteria.example for outcome in e.expect.values())


def _as_verified(criteria: CriteriaSet) -> CriteriaSet:
    verification = SiteVerification(by="example", on=date(2026, 1, 1), source_sha256=_ZEROS)
    for row_id in [row.id for row in criteria.criterion if row.provenance == "unverified"]:
        criteria = criteria.verified(row_id, verification)
    return criteria


def example_record(values: Mapping[str, JsonValue]) -> ScreeningRecord:
    """Return a synthetic record with values given by dotted names, e.g. ``scores.odi_percent``.

    ``exclusions.features.*`` stands for every feature that is not named.
    """
    change = {"by": "example", "at": _AT}
    record: Json = {"trial_id": "example", "record_id": "example", "change": change}
    record |= {"subject": {"subject_id": "example"}, "synthetic": True}
    for name, value in values.items():
        *path, last = name.split(".")
        is_plain = _is_plain(path, last)
        parent = record
        for step in path:
            parent = parent.setdefault(step, {})
        if not is_plain:
            parent[last] = _recorded(value)
        elif value != NOT_ASKED:
            parent[last] = value
    features = record.get("exclusions", {}).get("features", {})
    every = features.pop("*", None)
    if every is not None:
        record["exclusions"]["features"] = dict.fromkeys(ExclusionKey, every) | features
    return ScreeningRecord.model_validate(record)


def _is_plain(path: list[str], last: str) -> bool:
    """Whether a name is a plain field of the record, not a recorded value with a state.

    Raises
    ------
    ValueError
        The record has no such field, or it is a group whose fields are given one by one.
    """
    if path == ["exclusions", "features"]:
        return False
    name = ".".join([*path, last])
    model: Any = ScreeningRecord  # a model class, then the class of its field, and so on
    default: object = None
    for step in (*path, last):
        field = getattr(model, "model_fields", {}).get(step)
        if field is None:
            raise ValueError(f"a record has no field {name}")
        model, default = field.annotation, field.default
    is_group = issubclass(model, Record) if isinstance(model, type) else last == "features"
    if is_group and not isinstance(default, Recorded):
        raise ValueError(f"{name} is a group; give its fields by their own names")
    return not isinstance(default, Recorded)


def _recorded(value: JsonValue) -> JsonValue:
    if isinstance(value, dict):
        return {"state": "asserted", **value}
    if isinstance(value, str) and value in _STATES:
        return {"state": _STATES[value]}
    return {"state": "asserted", "value": value}


def example_reading(described: ExampleReading, reading_id: str) -> Reading:
    """Return a reading of the default lumbar scope with findings given in words."""
    numbering: Json = {"method": "thoracolumbar_rib", "confidence": "definite", "signed_at": _AT}
    further: Json = {}
    for name, value in described.fields.items():
        owner, _, field = name.rpartition(".")
        (numbering if owner == "numbering" else further)[field] = value
    scope = [str(endplate) for endplate in Numbering.model_validate(numbering).scope]
    words = dict.fromkeys(scope, described.others) | described.findings
    return Reading.model_validate(
        {
            "reading_id": reading_id,
            "status": described.status,
            "screening": {
                "trial_id": "example",
                "record_id": "example",
                "revision": 1,
                "sha256": _ZEROS,
            },
            "reader": {"id": reading_id.rpartition("-")[0], "role": "reader"},
            "protocol": {"id": "example", "version": 1, "sha256": _ZEROS},
            "series": (),
            "numbering": numbering,
            "findings": [_finding(endplate, said) for endplate, said in words.items()],
            "discs": [{"disc": level, **fields} for level, fields in described.discs.items()],
            "times": {"started_at": _AT, "last_act_at": _AT},
            "journal": {"lines": 1, "head_sha256": _ZEROS},
            "software": {"version": "0"},
            **further,
        }
    )


def _finding(endplate: str, words: str) -> Json:
    change, *qualifiers = (part.strip() for part in words.split(","))
    finding: Json = {"endplate": endplate, **_change(change)}
    if finding.get("modic") == "present":
        finding |= {"attribution": "degenerative", "confidence": "definite"}
    for word in qualifiers:
        finding |= _qualified(word)
    return finding


def _change(words: str) -> Json:
    if words in _WHOLE:
        return dict(_WHOLE[words])
    types = words.replace("=", ">").split(">")
    return {
        "assessment": "assessed",
        "modic": "present",
        "components": [{"modic_type": t.strip()} for t in types],
        "equal_shares": "=" in words,
    }


def _qualified(word: str) -> Json:
    if word == "unstated":
        return {"attribution": None, "confidence": None}
    if word == "limited":
        return {"assessment": "limited"}
    if word in set(Confidence):
        return {"confidence": word}
    if word in set(Attribution):
        return {"attribution": word}
    return {"mimics": [Mimic(word)]}
