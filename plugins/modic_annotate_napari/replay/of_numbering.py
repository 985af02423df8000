"""Gestures of the numbering step."""

from __future__ import annotations

from modic_annotate.domain.spine import Vertebra, spine_order
from modic_annotate.session import acts
from modic_annotate_napari.desk.letters import NUMBERING
from modic_annotate_napari.desk.where import Step
from modic_annotate_napari.replay.hands import Hands, ReplayError
from modic_annotate_napari.replay.moves import answer, go
from modic_annotate_napari.steps.numbering import body_near, next_body

_ASK_NUMBERING = {
    "method": "numbering.method",
    "confidence": "numbering.confidence",
    "lumbar_count": "numbering.bodies",
    "lstv_castellvi": "numbering.castellvi",
    "lstv_variant": "numbering.variant",
    "report_offset": "numbering.report",
}


def place_body(hands: Hands, act: acts.PlaceBody) -> None:
    """Click the centre of the next body, or drag the centre of one that is placed."""
    go(hands, Step.NUMBERING)
    draft = hands.room.session.state
    placed = draft.numbering.centre(act.vertebra)
    if placed is not None:
        hands.drag(act.role, placed, act.centroid_lps_mm)
        return
    if next_body(draft) != act.vertebra:
        _count_for(hands, act.vertebra)
    if body_near(draft.numbering, act.centroid_lps_mm) is not None:
        raise ReplayError(f"The centre of {act.vertebra} lies upon another body's")
    hands.click(act.role, act.centroid_lps_mm)


def presume_bodies(hands: Hands, act: acts.PresumeBodies) -> None:
    """Click three centres and answer with the count."""
    go(hands, Step.NUMBERING)
    hands.action("numbering.three")
    for point in act.clicked_lps_mm:
        hands.click(act.role, point)
    answer(hands, NUMBERING["lumbar_count"], act.lumbar_count)


def confirm_bodies(hands: Hands, act: acts.ConfirmBodies) -> None:
    """Confirm the presumed centres."""
    go(hands, Step.NUMBERING)
    hands.action("numbering.confirm")


def _count_for(hands: Hands, vertebra: Vertebra) -> None:
    """State the lumbar count under which the next click names a body."""
    placed = {body.vertebra for body in hands.room.session.state.numbering.bodies}
    for count in (4, 5, 6):
        order = reversed(spine_order(count))
        if next((v for v in order if v not in placed), None) == vertebra:
            _state(hands, "lumbar_count", count)
            return
    raise ReplayError(
        f"The next click names {next_body(hands.room.session.state)}, not {vertebra}; "
        "bodies are clicked from S1 upward"
    )


def _state(hands: Hands, field: str, value: object) -> None:
    hands.action(_ASK_NUMBERING[field])
    answer(hands, NUMBERING[field], value)


def state_numbering(hands: Hands, act: acts.StateNumbering) -> None:
    """Answer every question the act answers, one letter each."""
    go(hands, Step.NUMBERING)
    for field in _ASK_NUMBERING:
        value = getattr(act, field)
        if value is not None:
            _state(hands, field, value)


def remove_body(hands: Hands, act: acts.RemoveBody) -> None:
    """Take away the highest centre."""
    go(hands, Step.NUMBERING)
    hands.action("numbering.remove")


def shift_labels(hands: Hands, act: acts.ShiftLabels) -> None:
    """Slide all labels by one body."""
    go(hands, Step.NUMBERING)
    hands.action("numbering.up" if act.by > 0 else "numbering.down")


def sign_numbering(hands: Hands, act: acts.SignNumbering) -> None:
    """Sign the numbering by Enter."""
    go(hands, Step.NUMBERING)
    hands.action("next")


def reopen_numbering(hands: Hands, act: acts.ReopenNumbering) -> None:
    """Reopen the numbering, with the reason."""
    go(hands, Step.NUMBERING)
    hands.action("numbering.reopen")
    hands.type(act.reason)
