"""One reader's way through a case, looked at step by step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from qtpy.QtWidgets import QWidget

from modic_annotate.domain.base import PointLps
from modic_annotate.domain.reading import EndplateLine
from modic_annotate.domain.series import SeriesRole
from modic_annotate.session.acts import Measure
from modic_annotate_napari.desk.where import Step
from modic_annotate_napari.replay.hands import Hands
from tests.plugin.room.looking import Look, look_at

WITH_IMAGES = (
    "series",
    "why not usable",
    "numbering",
    "transitional",
    "numbered",
    "endplates",
    "near boundary",
    "zones",
    "unreadable",
    "disc",
)
STEPS = (*WITH_IMAGES, "review", "sign", "keys", "definition", "signed")


@dataclass(frozen=True)
class Study:
    """A linked case, and where its bodies and endplates truly are."""

    workspace: Path
    record: str
    centres: tuple[PointLps, ...]
    """Of the bodies from S1 upward."""

    endplates: tuple[NDArray[np.float64], ...]
    """Of those in scope, each from anterior to posterior, shape (n, 3)."""


class Walk:
    """Goes through every step of a room by keys and clicks; measures what is shown in each."""

    def __init__(self, room: QWidget, study: Study) -> None:
        self.room, self.hands, self.study = room, Hands(room), study
        self.looks: dict[str, Look] = {}

    def look(self, step: str) -> None:
        """Measure the room as it stands."""
        self.hands.settle()
        numbered = self.room.session.state.numbering.signed_at is not None
        lines = self.room.session.lines if numbered else ()
        estimated = [np.array(line.polyline_lps_mm) for line in lines]
        self.looks[step] = look_at(self.room, [*estimated, *self.study.endplates])

    def number(self) -> None:
        """Rate the series, click the bodies and sign the numbering."""
        press = self.hands.press
        self.look("series")
        press("u")
        self.look("why not usable")
        press("m", "f", "Enter", "Backspace", "Up", "d", "d", "d", "]")
        for centre in self.study.centres:
            self.hands.click(SeriesRole.SAG_T1, centre)
        press("g")
        self.look("numbering")
        press("t")
        self.look("transitional")
        press("Escape", "Enter")
        self.look("numbered")
        self.hands.see_everything()

    def read(self, half: Callable[[EndplateLine], Measure]) -> None:
        """Describe a change, and look at each kind of question."""
        press = self.hands.press
        press("1", "+", "2", "+", "3", "g", "v", "v", "b", "k", "(", ")")
        self.look("endplates")
        assert self.room.desk.act(half(self.room.session.lines[0]))
        self.look("near boundary")
        press("z")
        self.look("zones")
        press("q", "w", "e", "a", "s", "d", "Enter", "Escape", "Down", "9")
        self.look("unreadable")
        press("m", "Up", "e")
        self.look("disc")
        press("Enter", "A", "]")

    def close(self) -> None:
        """Look at the sheets that come after the images, and sign."""
        press = self.hands.press
        assert self.room.desk.step == Step.REVIEW
        self.look("review")
        press("]")
        self.look("sign")
        press("[", "[", "?")
        self.look("keys")
        press("?", "F1")
        self.look("definition")
        press("Escape", "]", "]", "Enter")
        assert self.room.session.state.signed, self.room.footer.message.text()
        self.look("signed")
