"""All records of a workspace under one criteria set: a determination each, or why there is none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from modic_annotate.conduct.case import assess_look
from modic_annotate.domain.determination import Determination
from modic_annotate.errors import RecordError
from modic_annotate.evidence.criteria_file import site_criteria
from modic_annotate.store.record_look import RecordLook
from modic_annotate.store.record_state import RecordState, reading_state
from modic_annotate.store.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Assessed:
    """What came of one record."""

    record_id: str
    determination: Determination | None = None
    lapsed: tuple[str, ...] = ()
    """Resolutions that no longer hold, a sentence each."""

    states: tuple[RecordState, ...] = ()
    """Per signed reading, how it and its record stand against the present; images unopened."""

    error: str = ""
    """Why the record could not be assessed; empty where it was."""

    @property
    def told(self) -> tuple[str, ...]:
        """What changed since the record's readings, a sentence each."""
        return tuple(dict.fromkeys(s.message for s in self.states if s.state != "same"))

    @property
    def is_faulty(self) -> bool:
        """Whether any of that was changed outside the tool."""
        return any(not state.ok for state in self.states)


def assess_all(ws: Workspace, criteria: str, as_of: date) -> Iterator[Assessed]:
    """Yield every record of a workspace, assessed, by record id.

    Records, readings, signatures, links and image indexes are compared with their hashes. Images
    are not decoded, as `case_states` does for one record: a determination does not look at them.

    Raises
    ------
    UnknownCriteriaSetError, InvalidCriteriaSetError
        There is no such set, or it is unsound.
    """
    rules = site_criteria(ws, criteria).criteria
    for record_id in ws.record_ids():
        look = RecordLook(ws, record_id)
        try:
            determination, lapsed = assess_look(look, rules, as_of)
            states = tuple(reading_state(ws, reading, look) for reading in look.readings)
        except RecordError as error:
            yield Assessed(record_id, error=str(error))
        else:
            yield Assessed(record_id, determination, lapsed, states)
