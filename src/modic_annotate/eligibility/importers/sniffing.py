"""What shape a file probably has, and a starting map for it."""

from __future__ import annotations

from modic_annotate.eligibility.importers.fhir.bundle import fhir_source
from modic_annotate.eligibility.importers.mapping import FileRule
from modic_annotate.eligibility.importers.odm.clinical import odm_source
from modic_annotate.eligibility.importers.odm.xml_file import declared_encoding
from modic_annotate.eligibility.importers.plain_table import table_source
from modic_annotate.eligibility.importers.problems import Problems, refuse
from modic_annotate.eligibility.importers.reading import GivenFile
from modic_annotate.eligibility.importers.redcap import rows
from modic_annotate.eligibility.importers.redcap.dictionary import read_dictionary
from modic_annotate.eligibility.importers.redcap.export import redcap_source
from modic_annotate.eligibility.importers.source import Source
from modic_annotate.eligibility.importers.starter import starter_map
from modic_annotate.eligibility.importers.tables import Table, read_table
from modic_annotate.eligibility.importers.template import is_template
from modic_annotate.eligibility.importers.text_file import text_of


def starter(given: GivenFile) -> str:
    """Return a starting map for a file, by its columns.

    Raises
    ------
    InvalidRecordError
        It has none of the known shapes, or needs no map.
    """
    if is_template(given.content):
        raise refuse(given.name, "it is the template, which needs no map; import it as it is")
    source = _source(given)
    instruments = dict.fromkeys(e.instrument for s in source.subjects for e in s.entries)
    repeated = [name for name in instruments if name]
    return starter_map(source.shape, source.columns, repeated, source.notes, given.encoding)


def _source(given: GivenFile) -> Source:
    if given.content.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<"):
        text, _ = text_of(given.content, given.name, declared_encoding(given.content))
        return odm_source(text, given.name, Problems(given.name))
    text, _ = text_of(given.content, given.name, given.encoding)
    start = text.lstrip()[:1]
    if start == "[" or given.dictionary:
        return _redcap(given, rows.export_table(text, given.name, None))
    if start == "{":
        return fhir_source(text, given.name, "", frozenset(), Problems(given.name))
    table = read_table(text, given.name)
    if _looks_like_redcap(table):
        return _redcap(given, table)
    return table_source(table, "", Problems(given.name))


def _redcap(given: GivenFile, table: Table) -> Source:
    dictionary = (
        read_dictionary(given.dictionary, given.dictionary_name) if given.dictionary else {}
    )
    named = rows.with_names(table, dictionary, given.name)
    return redcap_source(named, dictionary, "", FileRule(), Problems(given.name))


def _looks_like_redcap(table: Table) -> bool:
    marks = (rows.EVENT, rows.INSTRUMENT, "redcap_data_access_group")
    return any("___" in c or c.endswith("_complete") or c in marks for c in table.columns)
