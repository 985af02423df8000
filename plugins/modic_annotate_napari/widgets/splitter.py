"""Canvases in a row whose widths a hand may change; none is ever moved to another parent.

A plain layout with stretch factors does the work: a canvas that was shown once must not get
another parent, as its OpenGL context does not survive that.
"""

from __future__ import annotations

from collections.abc import Sequence

from modic_annotate_napari import theme
from modic_annotate_napari.canvas.shares import dragged, equal
from modic_annotate_napari.qt import (
    QEvent,
    QHBoxLayout,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    Qt,
    QWidget,
    Signal,
)

GRIP_PX = 4


class Grip(QWidget):
    """The narrow strip between two canvases; dragged it moves, a double click makes all equal."""

    moved = Signal(int)
    """Pixels to the right since the press."""

    taken = Signal()
    reset = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFixedWidth(GRIP_PX)
        self.setCursor(Qt.CursorShape.SplitHCursor)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setToolTip("drag to change the widths; double-click makes them equal")
        self._from: int | None = None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._from = round(event.globalPosition().x())
            self.taken.emit()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Move the edge with the hand."""
        if self._from is not None:
            self.moved.emit(round(event.globalPosition().x()) - self._from)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go."""
        self._from = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Ask for equal widths."""
        self._from = None
        self.reset.emit()

    def event(self, event: QEvent) -> bool:
        """Repaint as the pointer comes and goes."""
        if event.type() in (QEvent.Type.Enter, QEvent.Type.Leave):
            self.update()
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Show the strip while the pointer is on it."""
        painter = QPainter(self)
        shade = theme.DIM if self.underMouse() or self._from is not None else theme.GROUND
        painter.fillRect(self.rect(), theme.colour(shade))
        painter.end()


class Splitter(QWidget):
    """A row of widgets with grips between them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(0)
        self._parts: list[QWidget] = []
        self._grips: list[Grip] = []
        self._before: tuple[int, ...] = ()
        self.shares: tuple[int, ...] = ()
        self._kept: dict[int, tuple[int, ...]] = {}

    @property
    def shares_kept(self) -> tuple[tuple[int, ...], ...]:
        """What a hand chose, for two widgets, for three, ...; equal widths are left away."""
        return tuple(self._kept[n] for n in sorted(self._kept))

    def keep_shares(self, kept: Sequence[Sequence[int]]) -> None:
        """Take over what a hand chose earlier."""
        self._kept = {len(shares): tuple(shares) for shares in kept}
        self._share_as_kept()

    def _share_as_kept(self) -> None:
        n = len(self._parts)
        self.share(self._kept.get(n, equal(n)))

    def settle(self) -> None:
        """Give the widgets their widths now, hidden or not."""
        self._row.activate()

    def add(self, part: QWidget) -> None:
        """Put a widget, whose parent this is already, at the right."""
        if self._parts:
            self._add_grip()
        self._parts.append(part)
        self._row.addWidget(part, 1)
        self._share_as_kept()

    def _add_grip(self) -> None:
        grip, between = Grip(self), len(self._grips)
        grip.taken.connect(self._take)
        grip.moved.connect(lambda dx: self._share_by_hand(dragged(self._before, between, dx)))
        grip.reset.connect(lambda: self._share_by_hand(equal(len(self._parts))))
        self._grips.append(grip)
        self._row.addWidget(grip)

    def take_out(self, part: QWidget) -> None:
        """Forget a widget."""
        self._parts.remove(part)
        self._row.removeWidget(part)
        if self._grips:
            grip = self._grips.pop()
            self._row.removeWidget(grip)
            grip.setParent(None)
            grip.deleteLater()
        self._place()
        self._share_as_kept()

    def _place(self) -> None:
        """Put grips between the widgets that are left."""
        self.shares = ()
        for widget in (*self._parts, *self._grips):
            self._row.removeWidget(widget)
        for k, part in enumerate(self._parts):
            if k:
                self._row.addWidget(self._grips[k - 1])
            self._row.addWidget(part, 1)

    def share(self, shares: Sequence[int]) -> None:
        """Divide the width by these shares, one for each widget; others are left alone."""
        if len(shares) != len(self._parts) or tuple(shares) == self.shares:
            return
        self.shares = tuple(shares)
        for part, share in zip(self._parts, shares, strict=True):
            self._row.setStretchFactor(part, share)

    def _take(self) -> None:
        self._before = tuple(part.width() for part in self._parts)

    def _share_by_hand(self, shares: tuple[int, ...]) -> None:
        self._kept[len(shares)] = shares
        if len(set(shares)) == 1:
            del self._kept[len(shares)]
        self.share(shares)
