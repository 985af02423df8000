"""Qt's own event posting, apart from the rest: only a replay needs it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtTest import QTest
else:
    from qtpy.QtTest import QTest

__all__ = ["QTest"]
