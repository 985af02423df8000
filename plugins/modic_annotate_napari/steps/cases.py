"""Beyond the present case: the list, the next one, a look again, an amendment."""

from __future__ import annotations

from modic_annotate_napari.desk.desk import Command, Desk
from modic_annotate_napari.desk.prompts import TextPrompt
from modic_annotate_napari.desk.where import Step

LOOKING = frozenset(
    {
        "slice.previous",
        "slice.next",
        "marks.lines",
        "marks.hide",
        "pixels",
        "window.preset",
        "view.reset",
        "others",
        "axial",
        "help",
        "definition",
        "page.up",
        "page.down",
        "wording",
        "step.previous",
        "step.next",
        "endplate.previous",
        "endplate.next",
        "endplate.first",
        "endplate.last",
        "series.previous",
        "series.next",
        "review.previous",
        "review.next",
        "cancel",
        "next",
        "cases",
        "case.again",
    }
)
"""What a reading that is only looked at takes: all that changes nothing but the view."""


def goes_on(desk: Desk) -> bool:
    """Whether Enter leads to the next case: this one is signed, or returned to the site."""
    draft = desk.session.state
    return draft.returned_to_site is not None or (draft.signed and desk.step == Step.SIGN)


def onward(desk: Desk) -> None:
    """Go to the next unfinished case."""
    desk.views.command("case.next")


def cases(desk: Desk) -> None:
    """Show the list of cases."""
    desk.views.command("cases")


def look_again(desk: Desk) -> None:
    """Show the latest state of a reading that is held elsewhere, or take it over."""
    if desk.session.is_held:
        desk.say("This reading is yours already; what is shown is its latest state", refused=True)
    else:
        desk.views.command("case.again")


def amend(desk: Desk) -> None:
    """Begin an amendment of a signed reading; its reason is asked for."""
    if not desk.session.state.signed:
        desk.say("Nothing is signed yet; correct it as it is, no reason is needed", refused=True)
        return
    desk.ask(
        TextPrompt(
            "why the signed reading is amended",
            "amend",
            required=True,
            answer=lambda reason: desk.views.amend(reason),
        )
    )


COMMANDS: dict[str, Command] = {"cases": cases, "case.again": look_again, "amend": amend}
