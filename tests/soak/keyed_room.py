"""``python -m tests.soak.keyed_room WORKSPACE SEED``: a reading made by keys and clicks, unwatched.

The real room on the real window; a reader that draws lots presses keys, clicks and turns the
wheel at a person's pace until the reading is signed. Each state is told on standard output as
soon as the room shows it: ``open`` once, then ``ack`` after every act, each with the number of
acts and a digest of the state and of what can be undone and redone.
"""

from __future__ import annotations

import hashlib
import os
import random
import sys
from collections.abc import Callable, Mapping, Set
from pathlib import Path

from pydantic import BaseModel

from modic_annotate.domain.base import PointLps
from modic_annotate.domain.series import SeriesRole
from modic_annotate.session.draft import Draft
from modic_annotate.session.session import ReadingSession
from modic_annotate_napari.desk.prompts import LetterPrompt, PointsPrompt, Prompt, TextPrompt
from modic_annotate_napari.desk.where import Step
from modic_annotate_napari.qt import QApplication, QTimer
from modic_annotate_napari.reading_room import ROOM
from modic_annotate_napari.replay.hands import Hands
from modic_annotate_napari.room import Room
from modic_annotate_napari.steps.painting import BrushPrompt
from tests.bench.room.case import READER, RECORD, centres

PAUSE_MS = (20, 140)
"""A quick reader's pause between two keys or clicks."""

ENOUGH_ACTS = 60
"""A reading that has so many is brought to its signature."""

SHARES = (0.1, 0.3, 0.5, 0.7, 0.9)
"""Places along an endplate, from its front."""

ERASED = 0.3
"""Share of strokes that erase."""


class Digests:
    """Digests of states, each state looked at once."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[Draft, str]] = {}

    def of(self, session: ReadingSession) -> str:
        """Return the digest of a session's state, undo and redo included."""
        history = session._history
        parts = [self._draft(history.draft)]
        for name, stack in (("done", history._done), ("undone", history._undone)):
            parts.append(name)
            parts += [f"{self._draft(d.before)} {self._draft(d.after)} {d.words}" for d in stack]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]

    def _draft(self, draft: Draft) -> str:
        known = self._known.get(id(draft))
        if known is None:
            digest = hashlib.sha256(repr(_plain(draft)).encode()).hexdigest()
            known = self._known[id(draft)] = (draft, digest)
        return known[1]


def _plain(value: object) -> object:
    """Return a value with every mapping and set in one order."""
    if isinstance(value, BaseModel):
        return [(name, _plain(getattr(value, name))) for name in type(value).model_fields]
    if isinstance(value, Mapping):
        return sorted((str(key), repr(_plain(held))) for key, held in value.items())
    if isinstance(value, Set):
        return sorted(map(str, value))
    if isinstance(value, tuple | list):
        return [_plain(held) for held in value]
    return str(value)


class Reader:
    """Works one room by lots."""

    def __init__(self, room: Room, chance: random.Random) -> None:
        self.room, self.hands, self.chance = room, Hands(room), chance
        self._steps: dict[Step, Callable[[], None]] = {
            Step.SERIES: lambda: self._press("d", "d", "d", "Enter"),
            Step.NUMBERING: self._number,
            Step.ENDPLATES: self._read,
            Step.REVIEW: lambda: self._press("]"),
            Step.SIGN: lambda: self._press("Enter"),
        }
        self._lots: tuple[tuple[int, Callable[[], None]], ...] = (
            (10, lambda: self._press("Backspace")),
            (5, lambda: self._press("Ctrl+Shift+Z")),
            (10, lambda: self._press(self.chance.choice(("Up", "Down", "Home", "End")))),
            (15, self._turn),
            (20, lambda: self._press(self.chance.choice("vbg"))),
            (10, lambda: self._press("z", *self.chance.sample("qweasdzxc", 3), "Enter")),
            (10, lambda: self._press(self.chance.choice("cdaps"))),
            (5, lambda: self._press("+", self.chance.choice("123"))),
            (5, lambda: self._press("k")),
            (5, lambda: self._press("Delete")),
            (5, lambda: self._press("n")),
            (5, self._line),
            (5, self._measure),
            (10, self._paint),
            (3, self._grow),
            (3, self._corners),
        )

    def go_on(self) -> None:
        """Do one thing more."""
        prompt = self.room.desk.prompt
        if prompt is not None and self.room.desk.step != Step.SERIES:
            self._answer(prompt)
        else:
            self._steps[self.room.desk.step]()

    def _press(self, *keys: str) -> None:
        self.hands.press(*keys)

    def _answer(self, prompt: Prompt) -> None:
        """Answer what is asked, by any of the answers there are."""
        if isinstance(prompt, TextPrompt):
            self.hands.type(self.chance.choice(("", "seen before", "small")))
        elif isinstance(prompt, LetterPrompt):
            self._press(self.chance.choice(prompt.options).key)
        elif isinstance(prompt, PointsPrompt):
            self._press("Escape")
        else:
            self._press("Enter")

    def _number(self) -> None:
        placed = self.room.session.state.numbering.bodies
        wanted = centres()
        if self.chance.random() < 0.1:
            self._press("Backspace")
        elif len(placed) < len(wanted):
            self.hands.click(SeriesRole.SAG_T1, wanted[len(placed)])
        else:
            self._press("g", "Enter")

    def _read(self) -> None:
        desk, session = self.room.desk, self.room.session
        if len(session.journal.entries) > ENOUGH_ACTS and not self._is_open():
            return
        finding = desk.finding
        if finding is not None and not finding.is_read and self.chance.random() < 0.5:
            self._press(self.chance.choice("0001238"))
            return
        weights, doings = zip(*self._lots, strict=True)
        self.chance.choices(doings, weights)[0]()

    def _is_open(self) -> bool:
        """Bring the reading nearer to its signature; say whether it is there already."""
        session = self.room.session
        unseen = [u for u, p in self._panels if len(self.room.coverage.seen(u.role)) < p.n_slices]
        if unseen:
            self.hands.see_everything()
        elif session.state.open_endplates:
            self._press("A")
        elif any(session.missing()):
            gap = next(e for e in session.scope if session.missing_fields(self._finding(e)))
            self.room.desk.activate(gap)
            self._press("g", "v", "Enter")  # asks for what the usual leaves open
        else:
            self._press("e", "Enter", "]")
        return False

    def _finding(self, endplate: object) -> object:
        return self.room.session.state.findings[endplate]

    @property
    def _panels(self) -> list[tuple[object, object]]:
        canvases = self.room.canvases
        return [pair for pair in canvases.panels if pair[0] is not canvases.extra]

    def _turn(self) -> None:
        panel = self.room.canvases.panels[0][1]
        for _ in range(self.chance.randrange(1, 8)):
            self.hands.wheel(panel, self.chance.choice((-1, 1)))

    def _line(self) -> None:
        self._press("l")
        self._click_along(3)
        self._press("Enter")

    def _measure(self) -> None:
        self._press("M")
        self._click_along(5)

    def _paint(self) -> None:
        """Drag the brush once or twice beside the active endplate, adding or erasing."""
        self._press("t")
        prompt = self.room.desk.prompt
        if not isinstance(prompt, BrushPrompt):
            return
        for _ in range(self.chance.randrange(1, 3)):
            line = [self._beside(share) for share in sorted(self.chance.choices(SHARES, k=3))]
            self.hands.stroke(SeriesRole.SAG_T1, line, ctrl=self.chance.random() < ERASED)
            self._press(self.chance.choice(("[", "]")))
        self._press("Enter")

    def _grow(self) -> None:
        self._press("T")
        if self.room.desk.prompt is not None:
            self.hands.click(SeriesRole.SAG_T1, self._beside(self.chance.choice(SHARES)))
            self._press("Enter")

    def _corners(self) -> None:
        """Place a body's corners around its active endplate."""
        self._press("u")
        if self.room.desk.prompt is None:
            return
        for share, up in ((0.0, 0.0), (1.0, 0.0), (1.0, -22.0), (0.0, -22.0)):
            x, y, z = self._beside(share, up + self.chance.uniform(-1, 1))
            self.hands.click(SeriesRole.SAG_T1, (x, y, z))
        if self.room.desk.prompt is not None:
            self._press("Enter")

    def _beside(self, share: float, up_mm: float | None = None) -> PointLps:
        """Return a point along the active endplate's line, some millimetres towards the head."""
        active = self.room.desk.active
        line = next(one for one in self.room.session.lines if one.endplate == active)
        (x, y, z), (_, v, w) = line.polyline_lps_mm[0], line.polyline_lps_mm[-1]
        up = self.chance.uniform(1, 7) if up_mm is None else up_mm
        return x, y + share * (v - y), z + share * (w - z) + up

    def _click_along(self, n: int) -> None:
        """Click points along the line of the active endplate, as often as they are asked for."""
        if not isinstance(self.room.desk.prompt, PointsPrompt):
            return
        for share in (0.2, 0.8, 0.5, 0.4, 0.6)[:n]:
            self.hands.click(SeriesRole.SAG_T1, self._beside(share))


def main(arguments: list[str]) -> int:
    """Read until signed, telling every state."""
    workspace, seed = Path(arguments[0]), int(arguments[1])
    opened = ROOM.build(workspace, RECORD, READER)
    room, digests = opened.room, Digests()
    chance = random.Random(seed)  # noqa: S311 - what is pressed, not secrets
    reader = Reader(room, chance)

    def tell(word: str) -> None:
        line = f"{word} {len(room.session.journal.entries)} {digests.of(room.session)}\n"
        os.write(1, line.encode())

    def go_on() -> None:
        if room.session.state.signed:
            QApplication.quit()
            return
        reader.go_on()
        QTimer.singleShot(chance.randrange(*PAUSE_MS), go_on)

    tell("open")
    room.session.changed.connect(lambda *_: tell("ack"))
    QTimer.singleShot(0, go_on)
    QApplication.exec()
    os.write(1, b"closed\n")
    opened.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
