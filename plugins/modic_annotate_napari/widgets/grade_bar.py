"""The grades of the active endplate as six keys; the one in force in its own colour."""

from __future__ import annotations

from modic_annotate.domain.finding import UNREADABLE, Finding
from modic_annotate.domain.modic import ModicType, Presence
from modic_annotate_napari import theme
from modic_annotate_napari.canvas.marks import TYPE_COLOURS
from modic_annotate_napari.qt import QMouseEvent, QPainter, QPaintEvent, QRect, Qt, Signal
from modic_annotate_napari.widgets.tab_stops import TabStops

GRADES = (
    ("0", "none", "grade.0", 1.3),
    ("1", "", "grade.1", 0.62),
    ("2", "", "grade.2", 0.62),
    ("3", "", "grade.3", 0.62),
    ("8", "type ?", "grade.undetermined", 1.45),
    ("9", "unreadable", "grade.cannot_read", 2.4),
)
"""Key, words, action and relative width."""

NAMES = {
    "grade.0": "no Modic change",
    "grade.undetermined": "changed, type undetermined",
    "grade.cannot_read": "cannot be read",
}
"""Grades by what they are called, where the key alone does not say it."""

GAP_PX = 4


class GradeBar(TabStops):
    """Shows what is recorded; a click asks for the same as the key."""

    asked = Signal(str)

    def __init__(self) -> None:
        super().__init__("Grade of the active endplate")
        self.setFixedHeight(28)
        self._chosen: dict[str, str] = {}

    def show_finding(self, finding: Finding | None) -> None:
        """Show which grades hold, in their colours."""
        chosen = {} if finding is None else _chosen(finding)
        if chosen != self._chosen:
            self._chosen = chosen
            self.update()

    def _places(self) -> list[QRect]:
        room = self.width() - 22 - GAP_PX * (len(GRADES) - 1)
        unit = room / sum(width for *_, width in GRADES)
        places, x = [], 12.0
        for *_, width in GRADES:
            places.append(QRect(round(x), 2, round(unit * width), self.height() - 4))
            x += unit * width + GAP_PX
        return places

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Ask for the grade that was clicked."""
        at = event.position().toPoint()
        for index, place in enumerate(self._places()):
            if place.contains(at):
                self.pick(index)

    def parts(self) -> list[tuple[QRect, str]]:
        """Return the six keys with their names."""
        names = (NAMES.get(action, f"type {key}") for key, _, action, _ in GRADES)
        return list(zip(self._places(), names, strict=True))

    def pick(self, index: int) -> None:
        """Ask for a grade."""
        self.asked.emit(GRADES[index][2])

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the six keys."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.font(theme.LABEL_PX))
        for (key, words, _, _), place in zip(GRADES, self._places(), strict=True):
            shade = self._chosen.get(key)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour(shade or theme.RAISED))
            painter.drawRoundedRect(place, 3, 3)
            painter.setPen(theme.colour(theme.GROUND if shade else theme.TEXT))
            painter.drawText(place, int(Qt.AlignmentFlag.AlignCenter), f"{key} {words}".strip())
        self.paint_focus(painter)
        painter.end()


def _chosen(finding: Finding) -> dict[str, str]:
    if finding.assessment in UNREADABLE:
        return {"9": theme.TEXT}
    if finding.modic == Presence.ABSENT:
        return {"0": theme.TEXT}
    if finding.type_undetermined:
        return {"8": theme.TEXT}
    return {c.modic_type.value: TYPE_COLOURS[ModicType(c.modic_type)] for c in finding.components}
