"""The second way to number: three clicks and a stated count; the rest is presumed, then confirmed.

A presumed centre is drawn hollow with a question mark and stands in the way of the signature
until the reader has confirmed it, or moved it to where it belongs.
"""

from __future__ import annotations

from typing import Literal, cast

from modic_annotate.domain.base import PointLps
from modic_annotate.domain.finding import Origin
from modic_annotate.domain.series import SeriesRole
from modic_annotate.session.acts import ConfirmBodies, PresumeBodies
from modic_annotate_napari.desk.desk import Command, Desk
from modic_annotate_napari.desk.letters import NUMBERING
from modic_annotate_napari.desk.prompts import LetterPrompt, PointsPrompt

CLICKS = ("the centre of S1", "the centre of a body half-way (L3)", "the centre of T12")


def click_three(desk: Desk) -> None:
    """Ask for three centres, then for the count under which the others are presumed."""
    numbering = desk.session.state.numbering
    if numbering.signed_at is not None:
        desk.say("The numbering is signed; u reopens it, with a reason", refused=True)
        return
    if numbering.bodies:
        desk.say("Bodies are placed already; Delete takes them away one by one", refused=True)
        return

    def clicked(points: tuple[PointLps, ...], role: SeriesRole) -> None:
        ask_count(desk, cast("tuple[PointLps, PointLps, PointLps]", points), role)

    desk.ask(
        PointsPrompt("three centres", labels=CLICKS, least=len(CLICKS), answer=clicked, joined=())
    )


def ask_count(desk: Desk, clicked: tuple[PointLps, PointLps, PointLps], role: SeriesRole) -> None:
    """Ask how many lumbar bodies there are; a count that does not fit the clicks is asked again."""

    def answer(value: str) -> None:
        count = cast("Literal[4, 5, 6]", int(value))
        act = PresumeBodies(clicked_lps_mm=clicked, lumbar_count=count, role=role)
        if not desk.act(act, Origin.MOUSE):
            ask_count(desk, clicked, role)

    desk.ask(
        LetterPrompt(
            "how many lumbar bodies, counted on the images",
            "lumbar_count",
            options=NUMBERING["lumbar_count"],
            answer=answer,
        )
    )


def confirm(desk: Desk) -> None:
    """Confirm every presumed centre where it lies."""
    desk.act(ConfirmBodies())


COMMANDS: dict[str, Command] = {
    "numbering.three": click_three,
    "numbering.confirm": confirm,
}
