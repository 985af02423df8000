"""The column at the right: the present step's own panel, the open question, the spine table."""

from __future__ import annotations

from modic_annotate_napari import theme
from modic_annotate_napari.desk.where import Step
from modic_annotate_napari.qt import QScrollArea, QStackedWidget, Qt, QVBoxLayout, QWidget
from modic_annotate_napari.widgets.finding_panel import FindingPanel
from modic_annotate_napari.widgets.prompt_box import PromptBox
from modic_annotate_napari.widgets.rows import FieldRows
from modic_annotate_napari.widgets.series_list import SeriesList
from modic_annotate_napari.widgets.spine_table import SpineTable
from modic_annotate_napari.widgets.tab_stops import TabStops, keep_in_sight
from modic_annotate_napari.widgets.text import label, say

WIDE_TITLE_PX = 124


class NumberingPanel(QWidget):
    """What the next click names, and what is said of the numbering."""

    def __init__(self) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(8)
        self._next = label("", "title")
        self._next.setWordWrap(True)
        self._next.setContentsMargins(12, 0, 12, 4)
        self._placed = label("", "dim")
        self._placed.setWordWrap(True)
        self._placed.setContentsMargins(12, 0, 12, 8)
        self.rows = FieldRows(WIDE_TITLE_PX, "Questions of the numbering")
        self._left = label("", "dim")
        self._left.setWordWrap(True)
        self._left.setContentsMargins(12, 10, 12, 0)
        for widget in (self._next, self._placed, self.rows, self._left):
            column.addWidget(widget)
        column.addStretch(1)

    def show_words(self, following: str, placed: str, left: str) -> None:
        """Say which body the next click names, which are placed, and what is still missing."""
        say(self._next, following)
        say(self._placed, placed)
        say(self._left, left)


class SidePanel(QWidget):
    """A stack of step panels above the question box and the spine table."""

    def __init__(self) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 4)
        column.setSpacing(0)
        self.series, self.numbering, self.finding = SeriesList(), NumberingPanel(), FindingPanel()
        self.summary = FieldRows(WIDE_TITLE_PX, "How the reading stands")
        self.prompt, self.table = PromptBox(), SpineTable()
        self._stack = QStackedWidget()
        self._pages: dict[Step, QWidget] = {
            Step.SERIES: _scrolled(self.series),
            Step.NUMBERING: self.numbering,
            Step.ENDPLATES: self.finding,
            Step.REVIEW: _topped(self.summary),
        }
        self._pages[Step.SIGN] = self._pages[Step.REVIEW]
        for page in dict.fromkeys(self._pages.values()):
            self._stack.addWidget(page)
        column.addWidget(self._stack, 3)
        column.addWidget(self.prompt)
        column.addWidget(self.table, 4)

    def show_step(self, step: Step) -> None:
        """Show a step's panel; the spine table stands from the endplates on."""
        self._stack.setCurrentWidget(self._pages[step])
        self.table.setVisible(step not in (Step.SERIES, Step.NUMBERING))

    def fit(self, window_px: int) -> None:
        """Take the width that leaves the images theirs."""
        width = round(window_px * theme.PANEL_SHARE)
        self.setFixedWidth(min(max(width, theme.PANEL_LEAST_PX), theme.PANEL_MOST_PX))


def _scrolled(inner: TabStops) -> QScrollArea:
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(inner)
    keep_in_sight(area, inner)
    return area


def _topped(inner: QWidget) -> QWidget:
    page = QWidget()
    column = QVBoxLayout(page)
    column.setContentsMargins(0, 12, 0, 0)
    column.addWidget(inner)
    column.addStretch(1)
    return page
