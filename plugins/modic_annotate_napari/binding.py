"""Whether the Qt binding can be trusted for a long reading.

PySide6 6.12.0 on Python 3.10 and 3.11 returns None from its functions without owning it: each
call takes a reference from None, and after some ten thousand calls the interpreter aborts. From
Python 3.12 on None is immortal (PEP 683) and nothing happens. Found by measuring; 6.11.3 is sound.
"""

from __future__ import annotations

import sys

from modic_annotate_napari.qt import QObject

CALLS = 200
MORTAL_NONE_BEFORE = (3, 12)


def lost_references() -> int:
    """Return how many references to None are lost in `CALLS` calls that return None."""
    thing = QObject()
    thing.blockSignals(False)
    before = sys.getrefcount(None)
    for _ in range(CALLS):
        thing.setObjectName("probe")
    return before - sys.getrefcount(None)


def binding_problem() -> str | None:
    """Return why this Qt binding must not be used, in one sentence, or None."""
    if sys.version_info >= MORTAL_NONE_BEFORE or lost_references() < CALLS // 2:
        return None
    return (
        "This PySide6 version loses references under Python "
        f"{sys.version_info.major}.{sys.version_info.minor} and would abort during a reading; "
        "run: pip install 'PySide6_Essentials!=6.12.0'"
    )
