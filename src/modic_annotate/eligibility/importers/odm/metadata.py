"""What an ODM file says of its items: names, questions, code lists, units, what repeats."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from modic_annotate.eligibility.importers.identity import identifying
from modic_annotate.eligibility.importers.odm.xml_file import (
    child,
    children,
    translated,
)
from modic_annotate.eligibility.importers.source import Column, ColumnKind

_KINDS = {
    "integer": ColumnKind.NUMBER,
    "float": ColumnKind.NUMBER,
    "double": ColumnKind.NUMBER,
    "date": ColumnKind.DATE,
    "datetime": ColumnKind.DATE,
    "boolean": ColumnKind.YES_NO,
}
"""ODM 1.3.2 section 3.1.1.3.7, ItemDef DataType -> kind of column."""


@dataclass
class Metadata:
    """The metadata of a file, gathered over its versions."""

    columns: dict[str, Column] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)
    """MeasurementUnit OID -> symbol."""

    repeating: set[str] = field(default_factory=set)
    """OIDs of item groups and forms that repeat."""


def read_metadata(root: Element, not_identifying: tuple[str, ...]) -> Metadata:
    """Return what a file says of its items; an empty answer where it holds no metadata."""
    found = Metadata()
    for study in children(root, "Study"):
        basic = child(study, "BasicDefinitions")
        for unit in children(basic, "MeasurementUnit") if basic is not None else ():
            found.units[unit.get("OID", "")] = translated(child(unit, "Symbol"))
        for version in children(study, "MetaDataVersion"):
            _read_version(version, found, not_identifying)
    return found


def _read_version(version: Element, found: Metadata, not_identifying: tuple[str, ...]) -> None:
    lists = {one.get("OID", ""): _options(one) for one in children(version, "CodeList")}
    for one in children(version, "ItemGroupDef", "FormDef"):
        if one.get("Repeating") == "Yes":
            found.repeating.add(one.get("OID", ""))
    for one in children(version, "ItemDef"):
        column = _column(one, lists, not_identifying)
        found.columns[column.name] = column


def _column(
    item: Element, lists: Mapping[str, Mapping[str, str]], not_identifying: tuple[str, ...]
) -> Column:
    oid, name = item.get("OID", ""), item.get("Name", "")
    label = translated(child(item, "Question")) or name
    reference = child(item, "CodeListRef")
    options = lists.get(reference.get("CodeListOID", ""), {}) if reference is not None else {}
    kind = _KINDS.get(item.get("DataType", "").lower(), ColumnKind.TEXT)
    why = identifying(oid, label) or identifying(name)
    return Column(
        oid,
        label,
        ColumnKind.CHOICE if options else kind,
        options,
        "" if oid in not_identifying else why,
    )


def _options(code_list: Element) -> dict[str, str]:
    return {
        item.get("CodedValue", ""): translated(child(item, "Decode"))
        for item in children(code_list, "CodeListItem", "EnumeratedItem")
    }
