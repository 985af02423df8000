"""Bytes to a source, by the shape the map states."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from modic_annotate.domain.provenance import SourceShape
from modic_annotate.eligibility.importers.build import Draft, drafts
from modic_annotate.eligibility.importers.fhir.bundle import fhir_source
from modic_annotate.eligibility.importers.identity import left_out
from modic_annotate.eligibility.importers.mapping import ImportMap
from modic_annotate.eligibility.importers.odm.clinical import odm_source
from modic_annotate.eligibility.importers.odm.xml_file import declared_encoding
from modic_annotate.eligibility.importers.plain_table import table_source
from modic_annotate.eligibility.importers.problems import Problems, refuse
from modic_annotate.eligibility.importers.redcap.dictionary import read_dictionary
from modic_annotate.eligibility.importers.redcap.export import redcap_source
from modic_annotate.eligibility.importers.redcap.rows import export_table, with_names
from modic_annotate.eligibility.importers.source import Source
from modic_annotate.eligibility.importers.tables import read_table
from modic_annotate.eligibility.importers.template import template_map, template_source
from modic_annotate.eligibility.importers.text_file import text_of


@dataclass(frozen=True)
class GivenFile:
    """A file to import: its bytes, how messages name it, and its dictionary where there is one."""

    content: bytes
    name: str
    dictionary: bytes | None = None
    dictionary_name: str = "the dictionary"
    encoding: str | None = None
    """What the file is written in, where nothing in it says so."""


@dataclass(frozen=True)
class ReadFile:
    """What a file holds under its map."""

    drafts: tuple[Draft, ...]
    notes: tuple[str, ...]
    left_out: tuple[str, ...]
    unmapped: tuple[str, ...]
    """Columns that the map does not name and that identify nobody."""


def read_file(given: GivenFile, stated: ImportMap, problems: Problems) -> ReadFile:
    """Read a file under a map; what is wrong with its answers is noted, all of it.

    Raises
    ------
    InvalidRecordError
        It is not of the stated shape at all.
    """
    try:
        source = _READERS[stated.shape](given, stated, problems)
    except RecursionError:
        raise refuse(given.name, "it is nested deeper than any record is") from None
    stated = template_map(stated) if stated.shape == SourceShape.TEMPLATE else stated
    found = drafts(source, stated, problems)
    named = stated.named_columns
    unmapped = (name for name, one in source.columns.items() if not one.identifies)
    return ReadFile(
        drafts=found,
        notes=source.notes,
        left_out=left_out(source.columns, named),
        unmapped=tuple(name for name in unmapped if name not in named),
    )


def _decoded(given: GivenFile, stated: ImportMap) -> str:
    text, _ = text_of(given.content, given.name, stated.file.encoding)
    return text


def _table(given: GivenFile, stated: ImportMap, problems: Problems) -> Source:
    table = read_table(_decoded(given, stated), given.name, stated.file.separator)
    return table_source(table, stated.subject.source, problems, stated.file.not_identifying)


def _redcap(given: GivenFile, stated: ImportMap, problems: Problems) -> Source:
    table = export_table(_decoded(given, stated), given.name, stated.file.separator)
    dictionary = (
        read_dictionary(given.dictionary, given.dictionary_name) if given.dictionary else {}
    )
    table = with_names(table, dictionary, given.name)
    return redcap_source(table, dictionary, stated.subject.source, stated.file, problems)


def _template(given: GivenFile, stated: ImportMap, problems: Problems) -> Source:
    table = read_table(_decoded(given, stated), given.name, stated.file.separator)
    if not {"field", "value"} <= set(table.columns):
        raise refuse(given.name, "it is no template: the columns field and value are missing")
    return template_source(table, stated, problems)


def _fhir(given: GivenFile, stated: ImportMap, problems: Problems) -> Source:
    text = _decoded(given, stated)
    return fhir_source(text, given.name, stated.subject.source, stated.listed, problems)


def _odm(given: GivenFile, stated: ImportMap, problems: Problems) -> Source:
    encoding = stated.file.encoding or declared_encoding(given.content)
    text, _ = text_of(given.content, given.name, encoding)
    return odm_source(text, given.name, problems, stated.file.not_identifying)


_READERS: dict[SourceShape, Callable[[GivenFile, ImportMap, Problems], Source]] = {
    SourceShape.TEMPLATE: _template,
    SourceShape.TABLE: _table,
    SourceShape.REDCAP: _redcap,
    SourceShape.FHIR: _fhir,
    SourceShape.ODM: _odm,
}
