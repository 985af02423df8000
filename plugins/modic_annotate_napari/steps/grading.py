"""Digits and signs: the Modic type of the active endplate."""

from __future__ import annotations

from functools import partial
from typing import Literal

from modic_annotate.domain.finding import Origin
from modic_annotate.domain.modic import ModicType, NotAssessableReason
from modic_annotate.domain.spine import Endplate
from modic_annotate.session.acts import (
    AddComponent,
    AllRemainingNone,
    CannotRead,
    ClearFinding,
    CopyFacing,
    EqualShares,
    Grade,
    TypeUndetermined,
)
from modic_annotate_napari.desk.desk import Command, Desk
from modic_annotate_napari.desk.letters import CANNOT_READ, COMPONENTS
from modic_annotate_napari.desk.prompts import LetterPrompt
from modic_annotate_napari.desk.where import next_open


def readable(desk: Desk) -> Endplate | None:
    """Return the active endplate if it stands inside the T1 canvas; else say why not."""
    endplate = desk.active
    if endplate is None:
        desk.say("No endplate is active; sign the numbering first", refused=True)
    elif not desk.views.in_t1_view(endplate):
        desk.say(
            f"{endplate.short} lies outside the T1 view: pan or reset (r) before grading",
            refused=True,
        )
    else:
        return endplate
    return None


def grade(desk: Desk, digit: Literal["0", "1", "2", "3"]) -> None:
    """Grade the active endplate; after none the next open one becomes active."""
    endplate = readable(desk)
    if endplate is None:
        return
    if digit == "0":
        if desk.act(Grade(endplate=endplate, modic="absent")):
            go_on(desk)
        return
    desk.act(Grade(endplate=endplate, modic="present", component=ModicType(digit)))


def go_on(desk: Desk) -> None:
    """Turn to the next open endplate, if there is one; what was said stays."""
    following = next_open(desk.session, desk.active)
    if following is not None:
        desk.activate(following)


def add(desk: Desk, component: str | None = None) -> None:
    """Add a further component, asking which one where the key does not say."""
    endplate = readable(desk)
    if endplate is None:
        return
    if component is not None:
        desk.act(AddComponent(endplate=endplate, component=ModicType(component)))
        return
    desk.ask(
        LetterPrompt(
            "further component",
            row="modic",
            options=COMPONENTS,
            answer=lambda value: add(desk, value),
        )
    )


def equal_shares(desk: Desk) -> None:
    """Say that the first two components hold equal shares."""
    endplate = readable(desk)
    if endplate is not None:
        desk.act(EqualShares(endplate=endplate))


def undetermined(desk: Desk) -> None:
    """Say that there is a change whose type cannot be told."""
    endplate = readable(desk)
    if endplate is not None:
        desk.act(TypeUndetermined(endplate=endplate))


def cannot_read(desk: Desk) -> None:
    """Ask why the active endplate cannot be read, and go on after the answer."""
    endplate, finding = desk.active, desk.finding
    if endplate is None or finding is None:
        return
    if finding.is_read:
        desk.say(f"{endplate.short} is graded ({finding.words}); Delete reopens it", refused=True)
        return

    def answer(value: str) -> None:
        if desk.act(CannotRead(endplate=endplate, reason=NotAssessableReason(value))):
            go_on(desk)

    desk.ask(LetterPrompt("why it cannot be read", "modic", options=CANNOT_READ, answer=answer))


def clear(desk: Desk) -> None:
    """Reopen the active endplate."""
    if desk.active is not None:
        desk.act(ClearFinding(endplate=desk.active))


def copy(desk: Desk) -> None:
    """Copy from the facing endplate, where the protocol allows it."""
    endplate = readable(desk)
    if endplate is not None:
        desk.act(CopyFacing(endplate=endplate), Origin.COPY)


def all_none(desk: Desk) -> None:
    """Grade every open endplate as none; the session allows it after full coverage only."""
    if readable(desk) is not None:
        desk.act(AllRemainingNone(), Origin.BULK)


COMMANDS: dict[str, Command] = {
    "grade.0": partial(grade, digit="0"),
    "grade.1": partial(grade, digit="1"),
    "grade.2": partial(grade, digit="2"),
    "grade.3": partial(grade, digit="3"),
    "mixed.add": add,
    "mixed.add_1": partial(add, component="1"),
    "mixed.add_2": partial(add, component="2"),
    "mixed.add_3": partial(add, component="3"),
    "mixed.equal": equal_shares,
    "grade.undetermined": undetermined,
    "grade.cannot_read": cannot_read,
    "grade.clear": clear,
    "copy": copy,
    "bulk.none": all_none,
}
