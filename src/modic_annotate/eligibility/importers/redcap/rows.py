"""The rows of a REDCap export: flat CSV or JSON, with codes or with labels."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from modic_annotate.eligibility.importers.problems import Problems, json_of, refuse
from modic_annotate.eligibility.importers.redcap.dictionary import (
    Dictionary,
    DictionaryField,
    option_column,
)
from modic_annotate.eligibility.importers.tables import Row, Table, read_table

EVENT = "redcap_event_name"
INSTRUMENT = "redcap_repeat_instrument"
INSTANCE = "redcap_repeat_instance"
BOOKKEEPING = {
    "Event Name": EVENT,
    "Repeat Instrument": INSTRUMENT,
    "Repeat Instance": INSTANCE,
    "Data Access Group": "redcap_data_access_group",
    "Survey Identifier": "redcap_survey_identifier",
    "Record ID": "record_id",
}
"""Headings of an export with labels -> the columns' own names."""

CHECKED = {"Checked": "1", "Unchecked": "0"}
COMPLETE = {"Complete": "2", "Unverified": "1", "Incomplete": "0"}
_OPTION_HEADING = re.compile(r"(?P<label>.*) \(choice=(?P<option>.*)\)", re.DOTALL)
_FORM_HEADING = "Complete?"


def export_table(text: str, what: str, separator: str | None) -> Table:
    """Return an export as a table; JSON is told by its first character."""
    return _json_table(text, what) if text.lstrip()[:1] in "[{" else read_table(
        text, what, separator
    )  # fmt: skip


def _json_table(text: str, what: str) -> Table:
    try:
        content = json_of(text)
    except (ValueError, RecursionError) as error:
        raise refuse(what, f"it is no JSON ({type(error).__name__}); export it again") from None
    if not isinstance(content, list) or not all(isinstance(one, dict) for one in content):
        raise refuse(what, "it is no list of records, as REDCap exports JSON")
    if content and "field_name" in content[0] and "value" in content[0]:
        raise refuse(what, "it is of type eav; export it with type flat")
    problems, rows = Problems(what), []
    for number, one in enumerate(content, start=1):
        odd = [k for k, v in one.items() if not isinstance(v, str | int | float) or v is True]
        if odd:
            problems.add(f"record {number}", f"{len(odd)} values are no text, as REDCap writes all")
        rows.append(Row(number, {k: str(v).strip() for k, v in one.items()}, "record"))
    problems.refuse_if_any()
    columns = dict.fromkeys(name for row in rows for name in row.cells)
    return Table(tuple(columns), tuple(rows), ",")


def with_names(table: Table, dictionary: Dictionary, what: str) -> Table:
    """Return a table whose headings are the fields' names, where they were their labels.

    Raises
    ------
    InvalidRecordError
        A heading is the label of no field, or of several.
    """
    if not dictionary or any(name in dictionary for name in table.columns):
        return table
    problems, names = Problems(what), []
    form = ""
    for number, heading in enumerate(table.columns, start=1):
        found = _named(heading, dictionary, form)
        if len(found) != 1:
            words = "is the label of no field" if not found else "is the label of several fields"
            problems.add(
                "row 1", f"the heading of column {number} {words}; export with raw headings"
            )
            continue
        names.append(found[0])
        field = dictionary.get(found[0].partition("___")[0])
        form = field.form if field else form
    problems.refuse_if_any()
    renamed = dict(zip(table.columns, names, strict=True))
    rows = tuple(
        Row(r.number, {renamed[k]: v for k, v in r.cells.items()}, r.word) for r in table.rows
    )
    return Table(tuple(names), rows, table.separator)


def _named(heading: str, dictionary: Dictionary, form: str) -> Sequence[str]:
    if heading in BOOKKEEPING:
        return [BOOKKEEPING[heading]]
    if heading.startswith(_FORM_HEADING):
        return [f"{form}_complete"] if form else []
    match = _OPTION_HEADING.fullmatch(heading)
    if match:
        return [
            option_column(one.name, code)
            for one in dictionary.values()
            if one.is_checkbox and one.label == match["label"]
            for code, label in one.options.items()
            if label == match["option"]
        ]
    return [one.name for one in dictionary.values() if one.label == heading]


def code_of(text: str, field: DictionaryField, export: str) -> str | None:
    """Return the code of an answer; None where it is none of the field's options.

    With labels, a label that two options share is none: which was meant cannot be told.
    """
    if not field.options or not text:
        return text
    if export == "raw":
        return text if text in field.options else None
    codes = [code for code, label in field.options.items() if label == text]
    return codes[0] if len(codes) == 1 else None


def ticked(cells: Mapping[str, str], column: str, export: str) -> str | None:
    """Return "1" or "0" of a checkbox option, "" for a blank, None for anything else."""
    text = cells.get(column, "")
    if export == "label":
        return CHECKED.get(text, "" if not text else None)
    return text if text in ("", "0", "1") else None


def is_complete(cells: Mapping[str, str], form: str) -> bool:
    """Whether a form is marked complete ("2") in a row; no other mark, and no blank, is."""
    text = cells.get(f"{form}_complete", "")
    return COMPLETE.get(text, text) == "2"
