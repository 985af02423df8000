"""The active endplate: its type, its fields in the order they are asked, and the open question."""

from __future__ import annotations

from dataclasses import dataclass

from modic_annotate.domain.finding import Finding
from modic_annotate_napari.qt import QHBoxLayout, Qt, QVBoxLayout, QWidget, Signal
from modic_annotate_napari.widgets.grade_bar import GradeBar
from modic_annotate_napari.widgets.rows import FieldRow, FieldRows
from modic_annotate_napari.widgets.text import label, say


@dataclass(frozen=True, slots=True)
class FindingView:
    """What the panel shows."""

    title: str
    disc: str
    words: str
    finding: Finding | None
    rows: tuple[FieldRow, ...]
    problems: str = ""
    """Contradictions, in sentences."""

    notices: str = ""
    """What is worth knowing and contradicts nothing."""


class FindingPanel(QWidget):
    """Name, grade, words and fields of the active endplate."""

    grade_asked = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(4)
        head = QHBoxLayout()
        head.setContentsMargins(12, 0, 12, 0)
        self._title, self._disc = label("", "title"), label("", "dim")
        head.addWidget(self._title)
        head.addStretch(1)
        head.addWidget(self._disc)
        column.addLayout(head)
        self._bar = GradeBar()
        self._bar.asked.connect(self.grade_asked)
        column.addWidget(self._bar)
        self._words = label("", "strong")
        self._words.setContentsMargins(12, 0, 12, 0)
        self._words.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        column.addWidget(self._words)
        self.fields = FieldRows(name="Fields of the active endplate")
        column.addWidget(self.fields)
        self._problems = label("", "warning")
        self._problems.setWordWrap(True)
        self._problems.setContentsMargins(12, 4, 12, 0)
        column.addWidget(self._problems)
        self._notices = label("", "dim")
        self._notices.setWordWrap(True)
        self._notices.setContentsMargins(12, 4, 12, 0)
        column.addWidget(self._notices)
        column.addStretch(1)

    def show_view(self, view: FindingView) -> None:
        """Show an endplate; free where nothing changed."""
        say(self._title, view.title)
        say(self._disc, view.disc)
        say(self._words, view.words)
        self._bar.show_finding(view.finding)
        self._bar.setVisible(view.finding is not None)
        self.fields.show_rows(view.rows)
        say(self._problems, view.problems)
        self._problems.setVisible(bool(view.problems))
        say(self._notices, view.notices)
        self._notices.setVisible(bool(view.notices))
