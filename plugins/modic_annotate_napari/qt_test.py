"""Qt's own event posting, apart from the rest: only a replay needs it."""

from __future__ import annotations

from qtpy.QtTest import QTest

__all__ = ["QTest"]
