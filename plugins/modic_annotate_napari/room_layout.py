"""Where the parts of the room stand: header, images, panel, footer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from modic_annotate_napari.qt import QHBoxLayout, Qt, QVBoxLayout, QWidget
from modic_annotate_napari.widgets.tab_stops import in_order

if TYPE_CHECKING:
    from modic_annotate_napari.room import Room


def arrange(room: Room) -> None:
    """Lay out a room, give its parts their ground, and Tab its order."""
    for page in (room.canvases, room.review, room.page):
        room.centre.addWidget(page)
    middle = QHBoxLayout()
    middle.setContentsMargins(0, 0, 0, 0)
    middle.setSpacing(0)
    middle.addWidget(room.centre, 1)
    middle.addWidget(room.side)
    column = QVBoxLayout(room)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    column.addWidget(room.header)
    column.addLayout(middle, 1)
    column.addWidget(room.footer)
    parts: tuple[QWidget, ...] = (room.header, room.footer, room.side, room.review, room.page)
    for part in parts:
        for widget in (part, *part.findChildren(QWidget)):
            widget.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    room.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    in_order(room.header, room.centre, room.side, room.footer)
