"""The reading room: header, canvases, reading panel and footer, as one view of the session."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from modic_annotate.domain.base import PointLps
from modic_annotate.domain.finding import Origin
from modic_annotate.domain.reading import Purpose
from modic_annotate.domain.series import SeriesRole
from modic_annotate.domain.spine import Vertebra
from modic_annotate.session.acts import Act, PlaceBody
from modic_annotate.session.session import ReadingSession
from modic_annotate_napari import theme
from modic_annotate_napari.canvases import Canvases, first_series
from modic_annotate_napari.case import Case
from modic_annotate_napari.coverage import CoverageLog
from modic_annotate_napari.desk.desk import Desk
from modic_annotate_napari.desk.where import Step
from modic_annotate_napari.keymap import KeyMap, Press
from modic_annotate_napari.painting import Painting
from modic_annotate_napari.qt import (
    QResizeEvent,
    QStackedWidget,
    QTimer,
    QWidget,
    Signal,
)
from modic_annotate_napari.redraw import Redraw
from modic_annotate_napari.remembered.memory import Memory
from modic_annotate_napari.room_attention import RoomAttention
from modic_annotate_napari.room_cases import RoomCases
from modic_annotate_napari.room_layout import arrange
from modic_annotate_napari.room_views import RoomViews
from modic_annotate_napari.steps import common, returning
from modic_annotate_napari.steps.skills import SKILLS
from modic_annotate_napari.widgets.footer import Footer
from modic_annotate_napari.widgets.header import Header
from modic_annotate_napari.widgets.overlay import Sheet
from modic_annotate_napari.widgets.review_sheet import ReviewSheet
from modic_annotate_napari.widgets.side_panel import SidePanel
from modic_annotate_napari.widgets.sign_sheet import SignSheet

IDLE_MS = 2000
"""Slices seen are journalled after this much stillness, and before every finding."""


class Room(QWidget):
    """Everything a reader sees of one case.

    Parameters
    ----------
    session
        The reading; the room asks it to act and shows what it says.
    case
        Where the pixels come from; its id is the only name on screen.
    keymap
        The key table in force.
    remembers
        Whether the view is brought back and kept for the reader.
    canvases
        Its canvases where they were made ahead, in the window the room will stand in.
    """

    wished = Signal(str, str)
    """What leads beyond this case (``next``, ``again``, ``amend``), and its text."""

    def __init__(
        self,
        session: ReadingSession,
        case: Case,
        keymap: KeyMap,
        *,
        remembers: bool = True,
        canvases: Canvases | None = None,
    ) -> None:
        super().__init__(None if canvases is None else canvases.parentWidget())
        self.setObjectName("room")
        self.setAccessibleName("Images; the keys of the reading hold here")
        self.setStyleSheet(theme.STYLE)
        self.session, self.case = session, case
        self.canvases = canvases or Canvases(case.images, first_series(session.series))
        self.header = _header(session, case.record_id)
        self.side, self.footer = SidePanel(), Footer()
        self.review, self.page = ReviewSheet(), SignSheet()
        self.centre = QStackedWidget()
        arrange(self)
        self.sheet = Sheet(self)
        self.cases = RoomCases(self)
        self.desk = Desk(session, RoomViews(self), keymap, SKILLS)
        self.coverage = CoverageLog(session, self._counts)
        self.attention = RoomAttention(self)
        self.desk.before_act = self._before_act
        self.desk.needs_passphrase = case.reader.passphrase is not None
        self.painting = Painting(self)
        self._redraw = Redraw(self)
        self._gathering = self._stale = False
        self._idle = QTimer(self)
        self._idle.setSingleShot(True)
        self._idle.setInterval(IDLE_MS)
        self._idle.timeout.connect(self.save)
        self.memory = Memory(self) if remembers else None
        self._connect()
        self._left = False
        self.redraw()

    def _connect(self) -> None:
        self.session.changed.connect(self._changed)
        self.desk.changed.connect(self._changed)
        canvases, side = self.canvases, self.side
        canvases.clicked.connect(self._clicked)
        canvases.label_clicked.connect(self._activate)
        canvases.centre_dragged.connect(self._centre_dragged)
        canvases.painted.connect(self._painted)
        canvases.stepped.connect(self._wheeled)
        canvases.hovered.connect(self.footer.show_cursor)
        side.table.chosen.connect(self._activate)
        side.finding.grade_asked.connect(self._run)
        side.series.chosen.connect(self._select_row)
        side.prompt.picked.connect(lambda key: self.press(Press(key, repeated=False)))
        side.prompt.submitted.connect(self._typed)
        side.prompt.left.connect(lambda: self._run("cancel"))
        for rows in (side.numbering.rows, side.finding.fields):
            rows.picked.connect(lambda key: self.press(Press(key, repeated=False)))
        self.footer.keys.clicked.connect(lambda: self._run("help"))
        self.header.step_asked.connect(self._go_to)
        self.header.cases_asked.connect(self.cases.open)
        self.review.rows.chosen.connect(self._jump)
        self.page.picked.connect(self._to_gap)

    # what happens

    def press(self, press: Press) -> None:
        """Take one key press of the reading."""
        self.attention.stir()
        if self.cases.take(press):
            return
        if self.sheet.isVisible():
            self._leave_sheet(press)
            return
        if press.key in self.desk.keymap.keys_of("slice.next") + self.desk.keymap.keys_of(
            "slice.previous"
        ):
            self.coverage.origin = Origin.KEY
        with self.gathered():
            self.desk.press(press)

    def _leave_sheet(self, press: Press) -> None:
        """Close the sheet by the keys for it; no key acts on what it covers."""
        keymap = self.desk.keymap
        openers = (*keymap.keys_of("help"), *keymap.keys_of("definition"))
        if not press.repeated and press.key in (*openers, "Escape", "Enter"):
            self.sheet.hide()

    def warn(self, text: str) -> None:
        """Say a sentence that must not be missed."""
        self.desk.say(text, refused=True)

    def release(self, key: str) -> None:
        """Let go of a key: only the held one for the lines matters."""
        if key in self.desk.keymap.keys_of("marks.lines"):
            self.canvases.show_lines(False)

    def wants(self, key: str) -> bool:
        """Return whether a key is the room's: its own, and every plain one, so that none strays."""
        prompt = self.desk.prompt
        mine = len(key) == 1 or self.cases.wants(key)
        answers = prompt is not None and key in prompt.named_keys
        return mine or answers or self.desk.keymap.find(key, self.desk.scope) is not None

    def _run(self, action: str) -> None:
        with self.gathered():
            self.desk.run(action)

    def _clicked(self, role: SeriesRole, point: PointLps) -> None:
        with self.gathered():
            self.desk.click(role, point)

    def _centre_dragged(
        self, role: SeriesRole, vertebra: Vertebra, point: PointLps, done: bool
    ) -> None:
        if done and self.desk.step == Step.NUMBERING:
            with self.gathered():
                act = PlaceBody(vertebra=vertebra, centroid_lps_mm=point, role=role)
                self.desk.act(act, Origin.MOUSE)

    def _activate(self, endplate: object) -> None:
        with self.gathered():
            if self.desk.step in (Step.REVIEW, Step.SIGN):
                self.desk.go(Step.ENDPLATES)
            self.desk.activate(endplate)  # type: ignore[arg-type]

    def _jump(self, endplate: object) -> None:
        with self.gathered():
            goal = returning.Goal(Step.ENDPLATES, endplate)  # type: ignore[arg-type]
            returning.turn_to(self.desk, goal)

    def _to_gap(self, index: int) -> None:
        with self.gathered():
            returning.turn_to_gap(self.desk, index)

    def _go_to(self, step: object) -> None:
        with self.gathered():
            common.go_to(self.desk, Step(str(step)))

    def _select_row(self, row: int) -> None:
        with self.gathered():
            self.desk.row = row
            self.desk.changed.emit()

    def _typed(self, text: str) -> None:
        with self.gathered():
            self.desk.submit(text)

    def _wheeled(self) -> None:
        self.coverage.origin = Origin.MOUSE

    def _painted(self, role: SeriesRole, index: int) -> None:
        if self.coverage.painted(role, index):
            self._idle.start()
            self._redraw.seen()

    def save(self) -> None:
        """Journal what was seen; findings are journalled as they are made."""
        with self.desk.guarded(), self.desk.saving():
            self.coverage.flush()

    def _before_act(self, act: Act) -> None:
        """Journal what was seen, and how long, before what is said of it."""
        self.coverage.before_act(act)
        self.attention.before_act(act)

    def _counts(self, role: SeriesRole) -> bool:
        return self.canvases.holds_all(role, self.session.lines)

    # what is shown

    def _changed(self, *_: object) -> None:
        self._stale = True
        if not self._gathering:
            self.redraw()

    @contextmanager
    def gathered(self) -> Iterator[None]:
        """Redraw once after everything one key or click did."""
        outer, self._gathering = self._gathering, True
        try:
            yield
        finally:
            self._gathering = outer
        if not outer and self._stale:
            self.redraw()

    def redraw(self) -> None:
        """Show the session and the desk as they are now."""
        self._stale = False
        self._redraw.everything()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the panel its share, the images the rest."""
        self.side.fit(self.width())
        if self.sheet.isVisible():
            self.sheet.setGeometry(self.rect())
        self.cases.fit()

    def leave(self) -> None:
        """Journal what was seen and let go of the reading; safe to call twice."""
        if self._left:
            return
        self._left = True
        self._idle.stop()
        self.attention.leave()
        self.save()
        if self.memory is not None:
            self.memory.close()
        self.session.changed.disconnect(self._changed)
        self.desk.changed.disconnect(self._changed)
        self.session.close()

    def dispose(self) -> None:
        """Leave, and close the canvases for good; safe to call twice."""
        self.leave()
        self.canvases.dispose()


def _header(session: ReadingSession, case: str) -> Header:
    protocol = session.protocol
    hidden = [name for name, on in protocol.blinding.model_dump().items() if on]
    blinding = "blinded" if hidden else "not blinded"
    header = Header(case, f"{protocol.id} {protocol.version}", blinding)
    practice = session.journal.header.purpose == Purpose.TRAINING
    modes = ("read only" * (not session.is_held), "practice, nothing is kept" * practice)
    header.show_mode("   ".join(filter(None, modes)))
    return header
