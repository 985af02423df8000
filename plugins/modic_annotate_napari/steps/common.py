"""What holds in every step: moving, undoing, notes, notices, and Enter."""

from __future__ import annotations

from functools import partial

from modic_annotate.domain.reading import RedFlagKind
from modic_annotate.session.acts import Note, RaiseRedFlag, Redo, Undo
from modic_annotate_napari.desk.desk import Command, Desk
from modic_annotate_napari.desk.letters import RED_FLAGS
from modic_annotate_napari.desk.prompts import LetterPrompt, TextPrompt
from modic_annotate_napari.desk.where import Step, next_open
from modic_annotate_napari.steps import cases, numbering, returning, sign
from modic_annotate_napari.steps.answers import ask_note, walk
from modic_annotate_napari.steps.review import rows

STEPS = tuple(Step)


def turn(desk: Desk, by: int) -> None:
    """Go to the step before or after, as far as it is open yet."""
    place = min(max(STEPS.index(desk.step) + by, 0), len(STEPS) - 1)
    go_to(desk, STEPS[place])


def go_to(desk: Desk, step: Step) -> None:
    """Go to a step; the endplates open once the numbering is signed."""
    beyond = STEPS.index(step) >= STEPS.index(Step.ENDPLATES)
    if beyond and desk.session.state.numbering.signed_at is None:
        desk.say("Sign the numbering first (Enter in the numbering step)", refused=True)
        return
    desk.go(step)


def forward(desk: Desk) -> None:
    """Enter: the next field or endplate, else the next step; in the last step sign.

    Where the case is closed it leads to the next one.
    """
    if cases.goes_on(desk):
        cases.onward(desk)
        return
    if not desk.session.is_held:
        desk.refuse_look()
        return
    following = {
        Step.SERIES: partial(go_to, desk, Step.NUMBERING),
        Step.NUMBERING: partial(numbering.finish, desk),
        Step.ENDPLATES: partial(_next_field, desk),
        Step.REVIEW: partial(_from_review, desk),
        Step.SIGN: partial(sign.sign, desk),
    }
    following[desk.step]()


def _from_review(desk: Desk) -> None:
    """Turn to the selected endplate; with none selected go on to signing."""
    if desk.row == 0:
        desk.go(Step.SIGN)
        return
    row = rows(desk.session)[desk.row - 1]
    returning.turn_to(desk, returning.Goal(Step.ENDPLATES, row.endplate))


def _next_field(desk: Desk) -> None:
    if walk(desk) or returning.come_back(desk):
        return
    following = next_open(desk.session, desk.active)
    if following is None:
        desk.go(Step.REVIEW)
    else:
        desk.activate(following)


def move_endplate(desk: Desk, by: int) -> None:
    """Activate the endplate above or below."""
    scope = desk.session.scope
    place = scope.index(desk.active) if desk.active in scope else 0
    desk.activate(scope[min(max(place + by, 0), len(scope) - 1)])


def end_endplate(desk: Desk, index: int) -> None:
    """Activate the first or the last endplate."""
    desk.activate(desk.session.scope[index])


def note(desk: Desk) -> None:
    """Type a note: on the active endplate while grading, else on the whole reading."""
    if desk.step == Step.ENDPLATES:
        ask_note(desk)
        return
    text = desk.session.state.note
    desk.ask(
        TextPrompt(
            "note on the whole reading",
            "note",
            text=text,
            answer=lambda typed: desk.act(Note(text=typed)),
        )
    )


def red_flag(desk: Desk) -> None:
    """Notify the site now; the kind is a letter."""

    def answer(kind: str) -> None:
        desk.act(RaiseRedFlag(kind=RedFlagKind(kind)))

    desk.ask(
        LetterPrompt("what the site has to know", "red_flag", options=RED_FLAGS, answer=answer)
    )


def view(desk: Desk, name: str) -> None:
    """Do something to the view alone."""
    said = desk.views.command(name)
    if said:
        desk.say(said)


def cancel(desk: Desk) -> None:
    """Leave the open question."""
    desk.ask(None)


def undo(desk: Desk) -> None:
    """Take back the last act."""
    desk.ask(None)
    desk.act(Undo())


def redo(desk: Desk) -> None:
    """Do again what was undone last."""
    desk.ask(None)
    desk.act(Redo())


_VIEW = (
    "slice.previous",
    "slice.next",
    "marks.lines",
    "marks.hide",
    "pixels",
    "window.preset",
    "window.type",
    "window.reset",
    "view.reset",
    "others",
    "axial",
    "beside.previous",
    "beside.next",
    "link.by_hand",
    "help",
    "definition",
    "page.up",
    "page.down",
)

COMMANDS: dict[str, Command] = {
    "step.previous": partial(turn, by=-1),
    "step.next": partial(turn, by=1),
    "next": forward,
    "cancel": cancel,
    "undo": undo,
    "redo": redo,
    "note": note,
    "red_flag": red_flag,
    "endplate.previous": partial(move_endplate, by=-1),
    "endplate.next": partial(move_endplate, by=1),
    "endplate.first": partial(end_endplate, index=0),
    "endplate.last": partial(end_endplate, index=-1),
    **{name: partial(view, name=name) for name in _VIEW},
}
