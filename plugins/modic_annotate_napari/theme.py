"""How the room looks: one dark ground, greys, one accent, two sizes of type."""

from __future__ import annotations

from modic_annotate_napari.qt import QColor, QFont, QFontMetrics

GROUND = "#16181B"
RAISED = "#1E2125"
LINE = "#2C3036"
TEXT = "#D9DCDF"
STRONG = "#F4F5F6"
DIM = "#9AA0A6"
"""Contrast 6.9 : 1 on the ground; nothing that is to be read is dimmer."""

ACCENT = "#3FC7A6"
WARNING = "#E69F00"
"""What was refused, contradicts or is missing; as on the canvases."""

LABEL_PX, DATA_PX, TITLE_PX = 12, 13, 17
HEADER_PX, FOOTER_PX = 38, 30
PANEL_SHARE, PANEL_LEAST_PX, PANEL_MOST_PX = 0.215, 332, 420
"""Width of the reading panel: a share of the window within limits, so the images keep theirs."""

STYLE = f"""
#room, #room QWidget {{ background-color: {GROUND}; color: {TEXT}; font-size: {DATA_PX}px; }}
#room QLabel {{ background: transparent; }}
#room QLabel[kind="dim"] {{ color: {DIM}; font-size: {LABEL_PX}px; }}
#room QLabel[kind="key"] {{ color: {ACCENT}; font-size: {LABEL_PX}px; }}
#room QLabel[kind="title"] {{ color: {STRONG}; font-size: {TITLE_PX}px; }}
#room QLabel[kind="strong"] {{ color: {STRONG}; }}
#room QLabel[kind="warning"] {{ color: {WARNING}; }}
#room QLineEdit {{
    background: {RAISED}; color: {STRONG}; border: 1px solid {ACCENT};
    padding: 4px 6px; font-size: {DATA_PX}px; selection-background-color: {ACCENT};
}}
#room QPushButton {{
    background: {RAISED}; color: {TEXT}; border: 1px solid {LINE}; padding: 5px 14px;
}}
#room QPushButton:hover {{ color: {STRONG}; border-color: {DIM}; }}
#room QPushButton:focus {{ border-color: {ACCENT}; }}
#room QScrollArea {{ border: none; }}
#room QScrollBar:vertical {{ background: {GROUND}; width: 8px; margin: 0; }}
#room QScrollBar::handle:vertical {{ background: {LINE}; min-height: 24px; border-radius: 4px; }}
#room QScrollBar::add-line:vertical, #room QScrollBar::sub-line:vertical {{ height: 0; }}
"""

MENU_STYLE = f"QMenuBar {{ background-color: {GROUND}; }}"
"""The host's menu bar stands above the room and takes its ground."""


def font(size_px: int = DATA_PX, *, strong: bool = False) -> QFont:
    """Return the room's type in a size; figures stand under figures."""
    made = QFont()
    made.setPixelSize(size_px)
    made.setBold(strong)
    return made


def colour(name: str, opacity: float = 1.0) -> QColor:
    """Return a colour of this table, more or less transparent."""
    made = QColor(name)
    made.setAlphaF(opacity)
    return made


def metrics(size_px: int) -> QFontMetrics:
    """Return how wide the room's type runs in a size."""
    return QFontMetrics(font(size_px))
