"""Read with pydicom without its remarks: they quote values, and a value may be a name.

Malformed values are judged by this package, which names the attribute and never the value.
"""

from __future__ import annotations

import logging
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_reading: ContextVar[bool] = ContextVar("_reading", default=False)
_one_at_a_time = threading.RLock()
"""Warning filters belong to the process: two threads must not put them back crosswise."""

_LOGGERS = ("pydicom", "pydicom.pixels.decoders.base", "pydicom.pixels.utils")


class _WhileReading(logging.Filter):
    """Drop records of the context that reads just now; others keep theirs."""

    def filter(self, record: logging.LogRecord) -> bool:
        return not _reading.get()


for _name in _LOGGERS:
    logging.getLogger(_name).addFilter(_WhileReading(_name))


@contextmanager
def quiet() -> Iterator[None]:
    """Keep pydicom's warnings and log records from leaving this block."""
    token = _reading.set(True)
    try:
        with _one_at_a_time, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        _reading.reset(token)
