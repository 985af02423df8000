"""The line above the images: which case, under which protocol, how blinded, and the steps."""

from __future__ import annotations

from collections.abc import Mapping

from modic_annotate_napari import theme
from modic_annotate_napari.desk.where import Step
from modic_annotate_napari.qt import QHBoxLayout, QPainter, QPaintEvent, Qt, QWidget, Signal
from modic_annotate_napari.widgets.text import Tab, label

TITLES = {
    Step.SERIES: "Series",
    Step.NUMBERING: "Numbering",
    Step.ENDPLATES: "Endplates",
    Step.REVIEW: "Review",
    Step.SIGN: "Sign",
}


class StepTab(Tab):
    """The name of a step; underlined while it is the one on screen."""

    def __init__(self, step: Step, parent: QWidget | None = None) -> None:
        super().__init__(f"Step {TITLES[step]}", parent)
        self.step = step
        self.current = False
        self.setObjectName(f"step-{step}")
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setContentsMargins(10, 0, 10, 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the word and, under the present step, the accent."""
        super().paintEvent(event)
        if self.current:
            painter = QPainter(self)
            painter.fillRect(8, self.height() - 3, self.width() - 16, 3, theme.colour(theme.ACCENT))
            painter.end()


class Header(QWidget):
    """Case, protocol, blinding and the steps."""

    step_asked = Signal(object)
    cases_asked = Signal()
    """The name of the case was clicked."""

    def __init__(self, case: str, protocol: str, blinding: str) -> None:
        super().__init__()
        self.setFixedHeight(theme.HEADER_PX)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 0, 8, 0)
        row.setSpacing(14)
        name = Tab(f"Case {case}, the list of cases")
        name.setText(f"Case {case}")
        name.setProperty("kind", "strong")
        name.setCursor(Qt.CursorShape.PointingHandCursor)
        name.clicked.connect(self.cases_asked)
        row.addWidget(name)
        row.addWidget(label(protocol, "dim"))
        row.addWidget(label(blinding, "dim"))
        self._mode = label("", "warning")
        row.addWidget(self._mode)
        row.addStretch(1)
        self._tabs = {step: StepTab(step) for step in Step}
        for step, tab in self._tabs.items():
            tab.clicked.connect(lambda step=step: self.step_asked.emit(step))
            tab.setFixedHeight(theme.HEADER_PX)
            row.addWidget(tab)

    def show_mode(self, text: str) -> None:
        """Say what kind of reading this is where it is not a usual one, e.g. ``read only``."""
        self._mode.setText(text)
        self._mode.setVisible(bool(text))

    def show_steps(self, current: Step, done: Mapping[Step, bool], progress: str) -> None:
        """Show where the reading stands: done steps recede, the present one stands out."""
        for step, tab in self._tabs.items():
            text = TITLES[step] + (f" {progress}" if step == Step.ENDPLATES else "")
            text += " \N{CHECK MARK}" if done.get(step) else ""
            kind = "strong" if step == current else "dim"
            if (tab.text(), tab.property("kind"), tab.current) != (text, kind, step == current):
                tab.current = step == current
                tab.setProperty("kind", kind)
                tab.setText(text)
                tab.style().unpolish(tab)
                tab.style().polish(tab)
                tab.update()
