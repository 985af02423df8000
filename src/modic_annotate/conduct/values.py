"""What stands at a field of a screening record's content, what it says, and in which words."""

from __future__ import annotations

from typing import Any

from modic_annotate.domain.screening import ValueState


def value_at(content: Any, name: str) -> Any:  # noqa: ANN401 - any JSON value
    """Return what stands at a dotted name of a record's content; None where nothing does."""
    for step in name.split("."):
        content = content.get(step) if isinstance(content, dict) else None
    return content


def known(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Return what a field says, without its day and source."""
    if isinstance(value, dict) and "state" in value:
        return value["state"], value["value"]
    return value


def in_words(value: Any) -> str:  # noqa: ANN401 - any JSON value
    """Say what a field holds: a value, a state, or how many elements."""
    if isinstance(value, dict) and "state" in value:
        state, value = value["state"], value["value"]
        if value is None:
            return "absent" if state == ValueState.ASSERTED_ABSENT else str(state).replace("_", " ")
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        plain = value and all(isinstance(one, str) for one in value)
        return ", ".join(value) if plain else f"{len(value)} entries"
    return "blank" if value is None else str(value)
