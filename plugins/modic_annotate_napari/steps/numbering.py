"""Numbering: clicks on body centres count themselves from S1 upward; method and confidence by key.

Nothing is presumed: the labels are the reader's own clicks, the count follows from them or is
stated, and signing is an act of its own.
"""

from __future__ import annotations

import math
from functools import partial
from typing import Literal

from modic_annotate.domain.base import PointLps
from modic_annotate.domain.finding import Origin
from modic_annotate.domain.numbering import (
    Castellvi,
    Numbering,
    NumberingConfidence,
    NumberingMethod,
    TransitionalVariant,
)
from modic_annotate.domain.series import SeriesRole
from modic_annotate.domain.spine import Vertebra
from modic_annotate.session.acts import (
    PlaceBody,
    RemoveBody,
    ReopenNumbering,
    ShiftLabels,
    SignNumbering,
    StateNumbering,
)
from modic_annotate.session.draft import Draft
from modic_annotate.session.numbering_checks import leans_unsaid
from modic_annotate_napari.desk.desk import Command, Desk
from modic_annotate_napari.desk.letters import NUMBERING
from modic_annotate_napari.desk.prompts import LetterPrompt, TextPrompt
from modic_annotate_napari.desk.where import Step

NEAR_MM = 9.0
"""A click this near to a centre moves it; half a lumbar body is higher than that."""

QUESTIONS = {
    "method": "how the levels were counted",
    "confidence": "how surely",
    "lumbar_count": "lumbar-type bodies",
    "lstv_castellvi": "transitional vertebra (Castellvi)",
    "lstv_variant": "which way it leans",
    "report_offset": "a report's labels",
}


def next_body(draft: Draft) -> Vertebra | None:
    """Return the body the next click names: from S1 upward, the first not placed."""
    placed = {body.vertebra for body in draft.numbering.bodies}
    return next((v for v in reversed(draft.order) if v not in placed), None)


def body_near(numbering: Numbering, point: PointLps) -> Vertebra | None:
    """Return the placed body whose centre a click is meant to move, if any."""
    near = [(math.dist(b.centroid_lps_mm, point), b.vertebra) for b in numbering.bodies]
    distance, vertebra = min(near, default=(math.inf, None))
    return vertebra if distance <= NEAR_MM else None


def click(desk: Desk, role: SeriesRole, point: PointLps) -> None:
    """Place the next body centre, or move the one that was clicked near to."""
    draft = desk.session.state
    vertebra = body_near(draft.numbering, point) or next_body(draft)
    if vertebra is None:
        desk.say("Every body is placed; click near a centre to move it", refused=True)
        return
    act = PlaceBody(vertebra=vertebra, centroid_lps_mm=point, role=role)
    desk.act(act, Origin.MOUSE)


def ask(desk: Desk, field: str) -> None:
    """Ask one question about the numbering by letter."""

    def answer(value: str) -> None:
        said = desk.act(StateNumbering.model_validate({field: _typed(field, value)}))
        if said and field == "lstv_castellvi" and leans_unsaid(desk.session.state.numbering):
            ask(desk, "lstv_variant")

    desk.ask(LetterPrompt(QUESTIONS[field], field, options=NUMBERING[field], answer=answer))


def _typed(field: str, value: str) -> str | int:
    return int(value) if field in ("lumbar_count", "report_offset") else value


def usual(desk: Desk) -> None:
    """State the common case in one key: from the sacrum, probable, no transitional features."""
    placed = [b.vertebra for b in desk.session.state.numbering.bodies]
    lumbar: Literal[4, 5, 6] | None = next(
        (n for n in (4, 5, 6) if n == sum(v.startswith("L") for v in placed)), None
    )
    if lumbar is None or Vertebra.T12 not in placed or Vertebra.S1 not in placed:
        desk.say("Click the bodies from S1 to T12 first; the count follows from them", refused=True)
        return
    act = StateNumbering(
        method=NumberingMethod.ASSUMED_FROM_SACRUM,
        confidence=NumberingConfidence.PROBABLE,
        lumbar_count=lumbar,
        lstv_castellvi=Castellvi.NONE,
        lstv_variant=TransitionalVariant.NONE,
    )
    desk.act(act, Origin.MACRO)


def shift(desk: Desk, by: Literal[-1, 1]) -> None:
    """Slide all labels by one body."""
    desk.act(ShiftLabels(by=by))


def remove(desk: Desk) -> None:
    """Take the highest placed centre away."""
    bodies = desk.session.state.numbering.bodies
    if bodies:
        highest = max(bodies, key=lambda body: body.centroid_lps_mm[2])
        desk.act(RemoveBody(vertebra=highest.vertebra))


def reopen(desk: Desk) -> None:
    """Reopen a signed numbering, with the reason."""
    desk.ask(
        TextPrompt(
            "why the numbering is reopened",
            "reopen",
            required=True,
            answer=lambda text: desk.act(ReopenNumbering(reason=text)),
        )
    )


def finish(desk: Desk) -> None:
    """Sign the numbering and go on to the endplates; where it is signed, just go on."""
    if desk.session.state.numbering.signed_at is not None or desk.act(SignNumbering()):
        desk.go(desk.back or Step.ENDPLATES)


COMMANDS: dict[str, Command] = {
    "numbering.method": partial(ask, field="method"),
    "numbering.confidence": partial(ask, field="confidence"),
    "numbering.bodies": partial(ask, field="lumbar_count"),
    "numbering.castellvi": partial(ask, field="lstv_castellvi"),
    "numbering.variant": partial(ask, field="lstv_variant"),
    "numbering.report": partial(ask, field="report_offset"),
    "numbering.usual": usual,
    "numbering.up": partial(shift, by=1),
    "numbering.down": partial(shift, by=-1),
    "numbering.remove": remove,
    "numbering.reopen": reopen,
}
