"""The line below the images: what was seen, what was just recorded, where, and what is next."""

from __future__ import annotations

from modic_annotate_napari import theme
from modic_annotate_napari.desk.desk import Message
from modic_annotate_napari.qt import QHBoxLayout, QResizeEvent, QWidget
from modic_annotate_napari.widgets.text import ElidedLabel, Tab, label, say

CURSOR_WIDEST = "L 000.0  P 000.0  H 000.0 mm"
SAVED, NOT_SAVED = "\N{CHECK MARK} saved", "not saved"

MARGIN_PX, SPACING_PX = 12, 18


class Footer(QWidget):
    """Coverage, message, whether it is saved, cursor, what is next, and the key for the keys."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(theme.FOOTER_PX)
        row = QHBoxLayout(self)
        row.setContentsMargins(MARGIN_PX, 0, MARGIN_PX, 0)
        row.setSpacing(SPACING_PX)
        self._seen = label("", "dim")
        self.message = ElidedLabel()
        self._cursor = label("", "dim")
        self._cursor.setMinimumWidth(
            self._cursor.fontMetrics().horizontalAdvance(CURSOR_WIDEST) + 4
        )
        self._under = label("", "dim")
        self._saved = label("", "dim")
        self._next = label("", "strong")
        row.addWidget(self._seen)
        row.addWidget(self.message, 1)
        row.addWidget(self._saved)
        row.addWidget(self._under)
        row.addWidget(self._cursor)
        row.addWidget(self._next)
        self.keys = Tab("Show the keys")
        self.keys.setText("? keys")
        self.keys.setProperty("kind", "dim")
        row.addWidget(self.keys)

    @property
    def seen(self) -> str:
        """What is said of the coverage."""
        return self._seen.text()

    def show_seen(self, text: str) -> None:
        """Show the coverage, e.g. ``seen T1 15/15  T2 17/17``."""
        say(self._seen, text)

    def show_message(self, message: Message) -> None:
        """Show what was said last; refusals in the warning colour."""
        say(self.message, message.text, "warning" if message.refused else "strong")
        self._fit()

    @property
    def saved(self) -> str:
        """What is said of the last act's way to the disk."""
        return self._saved.text()

    def show_saved(self, saved: bool | None) -> None:
        """Say whether the last act is on the disk; nothing before the first."""
        text = {None: "", True: SAVED, False: NOT_SAVED}[saved]
        say(self._saved, text, "warning" if saved is False else "dim")

    @property
    def under(self) -> str:
        """What is said of the place under the pointer: series, image and offset, patient mm."""
        return f"{self._under.text()}  {self._cursor.text()}".strip()

    def show_cursor(self, point: tuple[float, float, float] | None, image: str = "") -> None:
        """Show the image and the patient point under the pointer, with its directions."""
        say(self._under, image)
        say(self._cursor, "" if point is None else cursor_text(point))
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Choose anew what there is room for."""
        self._fit()

    def _fit(self) -> None:
        """Leave out the image under the pointer where the message needs its room.

        Its canvas says the same in its title.
        """
        others = (self._seen, self._saved, self._under, self._cursor, self._next, self.keys)
        taken = sum(max(one.sizeHint().width(), one.minimumWidth()) for one in others)
        room = self.width() - 2 * MARGIN_PX - len(others) * SPACING_PX - taken
        needed = self.message.fontMetrics().horizontalAdvance(self.message.text())
        self._under.setVisible(bool(self._under.text()) and needed <= room)

    def show_next(self, text: str) -> None:
        """Show what comes next, e.g. ``next L5 sup``."""
        say(self._next, text)


def cursor_text(point: tuple[float, float, float]) -> str:
    """Return a patient point with the letter of its side instead of a sign."""
    letters = ("RL", "AP", "FH")
    parts = (f"{pair[v >= 0]} {abs(v):.1f}" for v, pair in zip(point, letters, strict=True))
    return "  ".join(parts) + " mm"
