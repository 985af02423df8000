"""Gestures on discs and on the reading as a whole: notes, notices, undo, signature."""

from __future__ import annotations

from modic_annotate.domain.spine import DiscLevel
from modic_annotate.session import acts
from modic_annotate_napari.desk.letters import RED_FLAGS
from modic_annotate_napari.desk.where import Step
from modic_annotate_napari.replay.hands import Hands
from modic_annotate_napari.replay.moves import Gesture, activate, answer, go
from modic_annotate_napari.steps.discs import FEATURES, LENGTHS


def _at_disc(hands: Hands, disc: DiscLevel) -> None:
    upper, lower = disc.endplates
    activate(hands, upper if upper in hands.room.session.scope else lower)
    hands.action("disc")


def set_disc_field(hands: Hands, act: acts.SetDiscField) -> None:
    """Open the disc panel and answer one feature."""
    _at_disc(hands, act.disc)
    for key, field in LENGTHS.items():
        if field == act.field:
            hands.press(key)
            hands.type(f"{act.value:g}" if isinstance(act.value, int | float) else "")
    for key, field in FEATURES.items():
        for _ in range(3):
            now = getattr(hands.room.session.state.discs[act.disc], field)
            if field == act.field and now != act.value:
                hands.press(key)
    hands.action("cancel")


def discs_none(hands: Hands, act: acts.DiscsNone) -> None:
    """Open the disc panel and say none of these."""
    go(hands, Step.ENDPLATES)
    hands.action("disc")
    hands.press("Enter")


def note(hands: Hands, act: acts.Note) -> None:
    """Type the note of the whole reading."""
    go(hands, Step.REVIEW)
    hands.action("note")
    hands.type(act.text)


def raise_red_flag(hands: Hands, act: acts.RaiseRedFlag) -> None:
    """Notify the site."""
    hands.action("red_flag")
    answer(hands, RED_FLAGS, act.kind)


def all_remaining_none(hands: Hands, act: acts.AllRemainingNone) -> None:
    """Press the bulk key."""
    go(hands, Step.ENDPLATES)
    hands.action("bulk.none")


def sign(hands: Hands, act: acts.Sign) -> None:
    """Go through the review to the sign step, and sign by Enter."""
    go(hands, Step.SIGN)
    if act.meaning != hands.room.desk.meaning:
        hands.action("sign.meaning")
        hands.type(act.meaning)
    hands.action("next")
    if act.not_covered_reason is not None:
        hands.type(act.not_covered_reason)


def just(action: str) -> Gesture:
    """Return a gesture that presses one key, wherever the room stands."""
    return lambda hands, act: hands.action(action)
