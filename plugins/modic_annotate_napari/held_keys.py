"""Which keys are held down, so that a held key is one act however the window system repeats it.

X11 sends a held key as release and press, again and again. Qt marks them as repeats only where
both wait together in its queue; a quick program takes the release first and sees two presses
(measured with Qt 6 on Xvfb: 34 unmarked presses in two seconds). Such a pair carries one and the
same time stamp, which no finger can do.
"""

from __future__ import annotations

from modic_annotate_napari.qt import QKeyEvent


class HeldKeys:
    """The keys that are down, under the names they went down by, and when each was let go last."""

    def __init__(self) -> None:
        self._down: dict[int, str] = {}
        self._let_go_at_ms: dict[int, int] = {}

    def press(self, event: QKeyEvent, name: str) -> bool:
        """Note a press; return whether it only repeats a key that is held."""
        key = _physical(event)
        same_instant = event.timestamp() > 0 and self._let_go_at_ms.get(key) == event.timestamp()
        repeated = event.isAutoRepeat() or key in self._down or same_instant
        self._down[key] = name
        return repeated

    def release(self, event: QKeyEvent) -> str | None:
        """Note a release; return the name the key went down by, None where it stays held.

        A modifier pressed meanwhile does not change what is let go; a marked repeat's release
        leaves the key held.
        """
        if event.isAutoRepeat():
            return None
        self._let_go_at_ms[_physical(event)] = event.timestamp()
        return self._down.pop(_physical(event), None)

    def clear(self) -> tuple[str, ...]:
        """Forget all, for releases may have gone to another window; return what was down."""
        names = tuple(self._down.values())
        self._down.clear()
        self._let_go_at_ms.clear()
        return names


def _physical(event: QKeyEvent) -> int:
    """Name the key itself, so that letting Shift go first does not leave it held."""
    return event.nativeScanCode() or int(event.key())
