"""Where a reading stands: the step, the endplate, and the one that comes next."""

from __future__ import annotations

from enum import StrEnum

from modic_annotate.domain.spine import Endplate
from modic_annotate.session.session import ReadingSession


class Step(StrEnum):
    """The steps of a reading, in their order."""

    SERIES = "series"
    NUMBERING = "numbering"
    ENDPLATES = "endplates"
    REVIEW = "review"
    SIGN = "sign"


def step_of(session: ReadingSession) -> Step:
    """Return where a reading goes on: where it stood."""
    draft = session.state
    if draft.signed:
        return Step.SIGN
    if draft.numbering.signed_at is not None:
        return Step.ENDPLATES
    return Step.NUMBERING if draft.numbering.bodies else Step.SERIES


def endplate_of(session: ReadingSession) -> Endplate | None:
    """Return the endplate the last act was about, else the first open one."""
    for entry in reversed(session.journal.entries):
        endplate: Endplate | None = getattr(entry.act, "endplate", None)
        if endplate in session.scope:
            return endplate
    return next(iter(session.state.open_endplates), None)


def next_open(session: ReadingSession, active: Endplate | None) -> Endplate | None:
    """Return the next open endplate below the active one, else the first open one."""
    scope, still_open = session.scope, session.state.open_endplates
    place = scope.index(active) if active in scope else -1
    below = [endplate for endplate in still_open if scope.index(endplate) > place]
    return next(iter(below or still_open), None)
