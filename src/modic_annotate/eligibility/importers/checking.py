"""Whether a map and a file fit: its columns and events are there, and none identifies a person."""

from __future__ import annotations

from modic_annotate.domain.provenance import SourceShape
from modic_annotate.eligibility.importers.identity import YEAR_ONLY
from modic_annotate.eligibility.importers.mapping import ImportMap
from modic_annotate.eligibility.importers.problems import Problems
from modic_annotate.eligibility.importers.source import Source

FIXED_COLUMNS = frozenset({SourceShape.TABLE, SourceShape.REDCAP})
"""Shapes whose files hold every column, answered or not; elsewhere a missing one says nothing."""


def check_columns(source: Source, stated: ImportMap, problems: Problems) -> None:
    """Note what the map names and the file does not have, and what it must not take."""
    if source.shape in FIXED_COLUMNS:
        for name in sorted(stated.named_columns - set(source.columns)):
            problems.add("", f"the map names a column {name!r} that the file does not have")
    if source.shape == SourceShape.REDCAP and source.subjects:
        events = {entry.event for one in source.subjects for entry in one.entries}
        for event in sorted(stated.named_events - events):
            problems.add("", f"the map names an event {event!r} that the file does not have")
    _check_identity(source, stated, problems)


def _check_identity(source: Source, stated: ImportMap, problems: Problems) -> None:
    id_column = source.columns.get(stated.subject.source)
    if id_column is not None and id_column.identifies:
        problems.add("", f"column {id_column.name} {id_column.identifies}; name the study's own id")
    for path, rule in stated.rules:
        column = source.columns.get(rule.source or "")
        if column is not None and column.identifies and path != YEAR_ONLY:
            problems.add("", f"column {column.name} {column.identifies}; it cannot fill {path}")
