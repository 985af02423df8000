"""Going from a sheet to what it speaks of, and by Enter back to the same line of the sheet."""

from __future__ import annotations

from dataclasses import dataclass

from modic_annotate.domain.spine import Endplate
from modic_annotate.session.session import ReadingSession
from modic_annotate_napari.desk.desk import Desk
from modic_annotate_napari.desk.where import Step
from modic_annotate_napari.steps.review import names, rows


@dataclass(frozen=True, slots=True)
class Goal:
    """Where something is put right."""

    step: Step
    endplate: Endplate | None = None


def turn_to(desk: Desk, goal: Goal) -> None:
    """Go to a goal; Enter comes back to the step that stands on screen now."""
    came_from = desk.step
    desk.go(goal.step)
    if goal.endplate is not None:
        desk.activate(goal.endplate)
    desk.back = came_from
    desk.changed.emit()


def come_back(desk: Desk) -> bool:
    """Return to the sheet the reader came from, on the line left; False where there is none."""
    step, endplate = desk.back, desk.active
    if step is None:
        return False
    desk.go(step)
    if step == Step.REVIEW:
        order = [row.endplate for row in rows(desk.session)]
        desk.row = order.index(endplate) + 1 if endplate in order else 0
        desk.changed.emit()
    return True


def gaps(session: ReadingSession) -> tuple[str, ...]:
    """Return what is missing, then what contradicts, as the sign step lists it."""
    return (*session.missing(), *session.contradictions())


def goal_of(session: ReadingSession, gap: str) -> Goal:
    """Return where a gap is closed: at its endplate, in the numbering, or at the images."""
    if gap.startswith("the numbering"):
        return Goal(Step.NUMBERING)
    endplate = next((e for e in session.scope if names(gap, e)), None)
    if endplate is not None:
        return Goal(Step.ENDPLATES, endplate)
    return Goal(Step.ENDPLATES if "not shown" in gap else Step.SERIES)


def turn_to_gap(desk: Desk, index: int = 0) -> None:
    """Go to where a line of the sign step is put right."""
    found = gaps(desk.session)
    if index < len(found):
        turn_to(desk, goal_of(desk.session, found[index]))
    else:
        desk.say("Nothing is missing and nothing contradicts")
