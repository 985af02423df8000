"""All records of a workspace under a criteria set: a determination each, or why there is none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

from modic_annotate.conduct.case import assess_look
from modic_annotate.conduct.spreading import spread
from modic_annotate.domain.determination import Determination
from modic_annotate.eligibility import CriteriaSet
from modic_annotate.errors import RecordError
from modic_annotate.evidence.criteria_file import site_criteria
from modic_annotate.garbage import uncollected
from modic_annotate.store.record_look import RecordLook
from modic_annotate.store.record_state import RecordState, reading_state
from modic_annotate.store.workspace import Workspace

FEWEST_TO_SPREAD = 2000
"""Below, to start further processes takes longer than they save."""

BLOCKS_EACH = 4
"""Blocks of records for each process, so that the last ones end together."""


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


def assess_all(
    ws: Workspace, criteria: str, as_of: date, n_processes: int = 1
) -> Iterator[Assessed]:
    """Yield every record of a workspace, assessed, in the order they are done.

    Records, readings, signatures, links and image indexes are compared with their hashes. Images
    are not decoded, as `case_states` does for one record: a determination does not look at them.

    Raises
    ------
    UnknownCriteriaSetError, InvalidCriteriaSetError
        There is no such set, or it is unsound.
    ExportError
        A process was ended from outside.
    """
    rules, names = site_criteria(ws, criteria).criteria, ws.record_ids()
    if n_processes == 1 or len(names) < FEWEST_TO_SPREAD:
        with uncollected():
            yield from (_one(RecordLook(ws, name), rules, as_of) for name in names)
        return
    size = max(len(names) // (n_processes * BLOCKS_EACH), 1)
    blocks = [names[start : start + size] for start in range(0, len(names), size)]
    for done in spread(partial(_assessed, ws.root, rules, as_of), blocks, n_processes):
        yield from done


def _assessed(
    root: Path, rules: CriteriaSet, as_of: date, names: Sequence[str]
) -> tuple[Assessed, ...]:
    ws = Workspace.open(root)
    ws.record_ids()  # so that no id has to be looked up by itself
    with uncollected():
        return tuple(_one(RecordLook(ws, name), rules, as_of) for name in names)


def _one(look: RecordLook, rules: CriteriaSet, as_of: date) -> Assessed:
    try:
        determination, lapsed = assess_look(look, rules, as_of)
        states = tuple(reading_state(look.ws, reading, look) for reading in look.readings)
    except RecordError as error:
        return Assessed(look.record_id, error=str(error))
    return Assessed(look.record_id, determination, lapsed, states)
