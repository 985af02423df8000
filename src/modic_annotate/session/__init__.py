"""A reading in progress: acts, journal, undo, sealing.

Loaded at first use, so that the acts alone can be imported without the rest.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from modic_annotate.session.apply import apply_acts
    from modic_annotate.session.protocol import load_protocol
    from modic_annotate.session.records import load_reading, start_reading
    from modic_annotate.session.session import ReadingSession, open_session

_HOME = {
    "ReadingSession": "session",
    "apply_acts": "apply",
    "load_protocol": "protocol",
    "load_reading": "records",
    "open_session": "session",
    "start_reading": "records",
}

__all__ = [
    "ReadingSession",
    "apply_acts",
    "load_protocol",
    "load_reading",
    "open_session",
    "start_reading",
]


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    globals()[name] = value
    return value
