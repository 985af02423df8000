"""Keys and clicks on a desk, and what stands there for the canvases."""

from __future__ import annotations

from modic_annotate.domain.finding import Origin
from modic_annotate.domain.series import SeriesRole
from modic_annotate.domain.spine import Endplate
from modic_annotate_napari.desk.desk import Desk
from modic_annotate_napari.keymap import Press

T12_INF, L1_SUP, S1_SUP = (
    Endplate.parse(t) for t in ("T12-inferior", "L1-superior", "S1-superior")
)


class Views:
    """Stands for the canvases: shows everything, remembers what was asked of the view."""

    def __init__(self, session) -> None:
        self.session = session
        self.outside: set[Endplate] = set()
        self.commands: list[str] = []

    def in_t1_view(self, endplate):
        """Whether an endplate is in view."""
        return endplate not in self.outside

    def hand(self):
        """The pointer is on T1."""
        return SeriesRole.SAG_T1

    def point_shown(self, role, near):
        """Whatever point is asked for is shown."""
        return near

    def instance_shown(self, role):
        """The fourth slice is shown."""
        return self.session.series_in(role).instances[3].sop_instance_uid

    def command(self, name):
        """Remember what was asked of the view."""
        self.commands.append(name)
        return ""


def press(desk: Desk, *keys: str) -> None:
    """Press keys one after the other."""
    for key in keys:
        desk.press(Press(key))


def see_everything(desk: Desk) -> None:
    """Report every slice of T1 and T2 as shown."""
    for role in (SeriesRole.SAG_T1, SeriesRole.SAG_T2):
        used = desk.session.series_in(role)
        desk.session.show(role, tuple(range(used.grid.shape[0])), Origin.MOUSE)


def made(desk: Desk, kind: type) -> list:
    """The journalled acts of one kind."""
    return [e.act for e in desk.session.journal.entries if isinstance(e.act, kind)]
