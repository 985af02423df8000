"""What every gesture begins with: the right step, the right endplate, the right letter."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from modic_annotate.domain.spine import Endplate
from modic_annotate_napari.desk.letters import Option, key_of
from modic_annotate_napari.desk.where import Step
from modic_annotate_napari.replay.hands import Hands, ReplayError
from modic_annotate_napari.steps.common import STEPS

Gesture = Callable[[Hands, Any], None]
"""Makes one kind of act (Any: each gesture knows its own kind)."""


def go(hands: Hands, step: Step) -> None:
    """Turn to a step by the keys for the step before and after."""
    desk = hands.room.desk
    for _ in STEPS:
        if desk.step == step:
            return
        forward = STEPS.index(desk.step) < STEPS.index(step)
        hands.action("step.next" if forward else "step.previous")
    if desk.step != step:
        raise ReplayError(f"The step {step} cannot be reached: {desk.message.text}")


def activate(hands: Hands, endplate: Endplate) -> None:
    """Turn to an endplate by Up and Down."""
    go(hands, Step.ENDPLATES)
    desk = hands.room.desk
    scope = desk.session.scope
    if endplate not in scope:
        raise ReplayError(f"{endplate.words} is not in the scope of this numbering")
    for _ in scope:
        if desk.active == endplate:
            return
        below = desk.active is None or scope.index(desk.active) < scope.index(endplate)
        hands.action("endplate.next" if below else "endplate.previous")
    if desk.active != endplate:
        raise ReplayError(f"{endplate.words} could not be reached by Up and Down")


def answer(hands: Hands, options: tuple[Option, ...], value: object) -> None:
    """Press the letter that stands for a value."""
    key = key_of(options, value)
    if key is None:
        raise ReplayError(f"No key stands for {value}")
    hands.press(key)
