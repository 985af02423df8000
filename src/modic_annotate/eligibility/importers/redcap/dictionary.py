"""REDCap's data dictionary: 18 columns, one row per field.

A checkbox is one row here and one column per option in an export.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from modic_annotate.eligibility.importers.identity import identifying
from modic_annotate.eligibility.importers.problems import Problems, refuse
from modic_annotate.eligibility.importers.source import Column, ColumnKind
from modic_annotate.eligibility.importers.tables import Row, read_table
from modic_annotate.eligibility.importers.text_file import text_of

COLUMNS = (
    *("field_name", "form_name", "section_header", "field_type", "field_label"),
    *("select_choices_or_calculations", "field_note"),
    "text_validation_type_or_show_slider_number",
    *("text_validation_min", "text_validation_max", "identifier", "branching_logic"),
    *("required_field", "custom_alignment", "question_number", "matrix_group_name"),
    *("matrix_ranking", "field_annotation"),
)
"""The dictionary's columns in the order REDCap writes them, by the names of its API; the download
from the web page has the same columns under headings, and is read by position."""

_NEEDED = {"field_name", "form_name", "field_type"}
_KINDS = {
    "yesno": ColumnKind.YES_NO,
    "truefalse": ColumnKind.YES_NO,
    "radio": ColumnKind.CHOICE,
    "dropdown": ColumnKind.CHOICE,
    "checkbox": ColumnKind.TICKS,
    "slider": ColumnKind.NUMBER,
    "calc": ColumnKind.NUMBER,
}
YES_NO_LABELS = {
    "yesno": {"1": "Yes", "0": "No"},
    "truefalse": {"1": "True", "0": "False"},
}
_IGNORED = frozenset({"descriptive"})


@dataclass(frozen=True)
class DictionaryField:
    """One field of a REDCap project."""

    name: str
    form: str
    field_type: str
    label: str = ""
    options: Mapping[str, str] = field(default_factory=dict)
    validation: str = ""
    identifier: bool = False
    logic: str = ""

    @property
    def is_checkbox(self) -> bool:
        """Whether the field has one column per option."""
        return self.field_type == "checkbox"

    @property
    def kind(self) -> ColumnKind:
        """What kind of answer the field takes."""
        if self.validation.startswith("date"):
            return ColumnKind.DATE
        if self.validation.startswith(("integer", "number")):
            return ColumnKind.NUMBER
        return _KINDS.get(self.field_type, ColumnKind.TEXT)

    def column(self, not_identifying: tuple[str, ...]) -> Column:
        """Return the field as a column of a source."""
        if self.identifier:
            why = "identifies, by the dictionary"
        else:
            why = "" if self.name in not_identifying else identifying(self.name, self.label)
        return Column(self.name, self.label, self.kind, self.options, why)


Dictionary = Mapping[str, DictionaryField]


def option_column(field_name: str, code: str) -> str:
    """Return the export column of a checkbox option: ``-99`` of ``excl`` is ``excl____99``."""
    return f"{field_name}___{re.sub(r'[^a-z0-9_]', '_', code.lower())}"


def read_dictionary(content: bytes, what: str) -> Dictionary:
    """Read a data dictionary as downloaded from REDCap or its API.

    Raises
    ------
    InvalidRecordError
        It is none, names a field twice, or has options whose columns would be the same.
    """
    text, _ = text_of(content, what)
    table = read_table(text, what)
    names = dict(zip(table.columns, COLUMNS, strict=False))
    if not _NEEDED.issubset(table.columns):  # the web page's headings, read by position
        if len(table.columns) != len(COLUMNS):
            raise refuse(
                what,
                f"it is no REDCap data dictionary: it has {len(table.columns)} columns, not "
                f"{len(COLUMNS)}; download it from the project's setup",
            )
    else:
        names = {name: name for name in table.columns}
    problems = Problems(what)
    found: dict[str, DictionaryField] = {}
    for row in table.rows:
        one = _field(row, {names[name]: text for name, text in row.cells.items()}, problems)
        if one is None:
            continue
        if one.name in found:
            problems.add(row.place, "the field stands twice")
        found[one.name] = one
    problems.refuse_if_any()
    return found


def _field(row: Row, cells: Mapping[str, str], problems: Problems) -> DictionaryField | None:
    field_type = cells.get("field_type", "").lower()
    if field_type in _IGNORED:
        return None
    choices = cells.get("select_choices_or_calculations", "")
    options = {} if field_type in ("calc", "slider") else _options(choices)
    columns = [option_column("", code) for code in options]
    if field_type == "checkbox" and len(set(columns)) < len(columns):
        problems.add(row.place, "two options of the checkbox share a column; recode one")
    return DictionaryField(
        name=cells["field_name"],
        form=cells.get("form_name", ""),
        field_type=field_type,
        label=_plain(cells.get("field_label", "")),
        options=YES_NO_LABELS.get(field_type, options),
        validation=cells.get("text_validation_type_or_show_slider_number", "").lower(),
        identifier=cells.get("identifier", "").lower() in ("y", "yes"),
        logic=cells.get("branching_logic", ""),
    )


def _options(choices: str) -> dict[str, str]:
    """Return code -> label of ``1, Yes | 0, No``."""
    parts = (part.partition(",") for part in choices.split("|") if "," in part)
    return {code.strip(): _plain(label) for code, _, label in parts}


def _plain(text: str) -> str:
    """Return a label without the markup REDCap allows in it, as exports write it."""
    return " ".join(re.sub(r"<[^>]*>", " ", text).split())
