"""Where the open question stands: its letters, its clicks, or a field to type into."""

from __future__ import annotations

from collections.abc import Sequence

from modic_annotate_napari import theme
from modic_annotate_napari.desk.letters import ZONES, Option
from modic_annotate_napari.desk.prompts import ChoicesPrompt, LetterPrompt, Prompt, TextPrompt
from modic_annotate_napari.qt import (
    QKeyEvent,
    QLineEdit,
    QPainter,
    QPaintEvent,
    QRect,
    QSize,
    QSizePolicy,
    Qt,
    QVBoxLayout,
    QWidget,
    Signal,
)
from modic_annotate_napari.widgets.tab_stops import TabStops
from modic_annotate_napari.widgets.text import label, say, unbroken

CHIP_PX, GAP_PX, PAD_PX = 22, 5, 8
BOX_PX = 142


class Chips(TabStops):
    """Letters with their words, flowing into lines; zones as their 3 x 3 grid."""

    picked = Signal(str)

    def __init__(self) -> None:
        super().__init__("Answers")
        self._options: tuple[Option, ...] = ()
        self._chosen: frozenset[str] = frozenset()
        self._places: list[QRect] = []
        self.parts_changed()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_options(self, options: Sequence[Option], chosen: Sequence[str]) -> None:
        """Show other letters, or the same with others chosen."""
        new = tuple(options), frozenset(chosen)
        if new != (self._options, self._chosen):
            self._options, self._chosen = new
            self._place()
            self.parts_changed()
            self.update()

    def resizeEvent(self, event: object) -> None:
        """Flow anew."""
        self._place()

    def _place(self) -> None:
        self._places = self._grid() if self._options == ZONES else self._flow()

    def parts(self) -> list[tuple[QRect, str]]:
        """Return the letters with their words."""
        names = (f"{option.key} {option.words}" for option in self._options)
        return list(zip(self._places, names, strict=True))

    def pick(self, index: int) -> None:
        """Answer by a letter."""
        self.picked.emit(self._options[index].key)

    def sizeHint(self) -> QSize:
        """Three lines of letters."""
        return QSize(300, 3 * (CHIP_PX + GAP_PX))

    def mouseReleaseEvent(self, event: object) -> None:
        """Pick the letter that was clicked."""
        at = event.position().toPoint()  # type: ignore[attr-defined]
        for option, place in zip(self._options, self._places, strict=False):
            if place.contains(at):
                self.picked.emit(option.key)
                return

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint every chip where it fits."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.font(theme.LABEL_PX))
        for option, place in zip(self._options, self._places, strict=True):
            self._chip(painter, place, option)
        self.paint_focus(painter)
        painter.end()

    def _flow(self) -> list[QRect]:
        places, x, y = [], 0, 0
        metrics = theme.metrics(theme.LABEL_PX)
        for option in self._options:
            width = metrics.horizontalAdvance(f"{option.key} {option.words}") + 2 * PAD_PX + 2
            if x and x + width > self.width():
                x, y = 0, y + CHIP_PX + GAP_PX
            places.append(QRect(x, y, width, CHIP_PX))
            x += width + GAP_PX
        return places

    def _grid(self) -> list[QRect]:
        width = (self.width() - 2 * GAP_PX) // 3
        return [
            QRect((n % 3) * (width + GAP_PX), (n // 3) * (CHIP_PX + GAP_PX), width, CHIP_PX)
            for n in range(len(self._options))
        ]

    def _chip(self, painter: QPainter, place: QRect, option: Option) -> None:
        chosen = option.value in self._chosen
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour(theme.ACCENT if chosen else theme.RAISED))
        painter.drawRoundedRect(place, 3, 3)
        inner = place.adjusted(PAD_PX, 0, -4, 0)
        side = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        painter.setPen(theme.colour(theme.GROUND if chosen else theme.ACCENT))
        painter.drawText(inner, side, option.key)
        inner.setLeft(inner.left() + painter.fontMetrics().horizontalAdvance(f"{option.key} "))
        painter.setPen(theme.colour(theme.GROUND if chosen else theme.TEXT))
        shown = painter.fontMetrics().elidedText(
            option.words, Qt.TextElideMode.ElideRight, inner.width()
        )
        painter.drawText(inner, side, shown)


class TextField(QLineEdit):
    """A line to type into; Enter records it, Escape leaves it."""

    submitted = Signal(str)
    left = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Tell of Enter and Escape, type everything else."""
        if event.isAutoRepeat() and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            return
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.submitted.emit(self.text())
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)


class PromptBox(QWidget):
    """Shows the open question; of a fixed height, so that nothing else moves."""

    picked = Signal(str)
    submitted = Signal(str)
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(BOX_PX)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 4, 10, 2)
        column.setSpacing(5)
        self._title = label("", "strong")
        self._hint = label("", "dim")
        self._hint.setWordWrap(True)
        self._hint.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._chips = Chips()
        self.field = TextField()
        self.field.setAccessibleName("Text")
        for widget in (self._title, self.field, self._chips, self._hint):
            column.addWidget(widget)
        column.addStretch(0)
        self._chips.picked.connect(self.picked)
        self.field.submitted.connect(self.submitted)
        self.field.left.connect(self.left)
        self._prompt: Prompt | None = None
        self.field.hide()
        self.show_prompt(None, "")

    @property
    def hint(self) -> str:
        """What stands here while nothing is asked, and how to leave what is."""
        return self._hint.text()

    def show_prompt(self, prompt: Prompt | None, otherwise: str) -> None:
        """Show a question, or what can be done while none is open."""
        options = prompt.options if isinstance(prompt, LetterPrompt | ChoicesPrompt) else ()
        chosen = prompt.chosen if isinstance(prompt, ChoicesPrompt) else ()
        self._chips.show_options(options, chosen)
        self._chips.setVisible(bool(options))
        say(self._title, _title(prompt))
        self._title.setVisible(prompt is not None)
        say(self._hint, unbroken(otherwise if prompt is None else _leaving(prompt)))
        self._hint.setVisible(bool(self._hint.text()))
        if prompt is not self._prompt:
            self._prompt = prompt
            self._open_field(prompt)

    def _open_field(self, prompt: Prompt | None) -> None:
        typing = isinstance(prompt, TextPrompt)
        if self.field.hasFocus() and not typing:  # Qt would give the keyboard to the next stop
            self.window().setFocus(Qt.FocusReason.OtherFocusReason)
        self.field.setVisible(typing)
        if isinstance(prompt, TextPrompt):
            mode = QLineEdit.EchoMode.Password if prompt.secret else QLineEdit.EchoMode.Normal
            self.field.setEchoMode(mode)
            self.field.setText(prompt.text)
            self.field.setFocus(Qt.FocusReason.OtherFocusReason)


def _title(prompt: Prompt | None) -> str:
    return "" if prompt is None else prompt.title[:1].upper() + prompt.title[1:]


def _leaving(prompt: Prompt) -> str:
    if isinstance(prompt, LetterPrompt):
        return "Enter skips   Esc leaves" if prompt.skip else "Esc leaves"
    if isinstance(prompt, ChoicesPrompt):
        return "Enter records   Esc leaves"
    return prompt.hint
