"""Replays an acts file on an open room, looking over its shoulder and taking pictures."""

from __future__ import annotations

from pathlib import Path

from modic_annotate.conduct.room import ReplayResult
from modic_annotate.domain.series import SeriesRole
from modic_annotate.session import acts
from modic_annotate.session.acts import Act
from modic_annotate.session.apply import read_acts
from modic_annotate_napari.desk.where import Step
from modic_annotate_napari.replay.compare import difference
from modic_annotate_napari.replay.gestures import GESTURES
from modic_annotate_napari.replay.hands import Hands, ReplayError
from modic_annotate_napari.replay.moves import activate, go
from modic_annotate_napari.replay.of_drawing import put_down
from modic_annotate_napari.room import Room
from modic_annotate_napari.steps.places import middle

PICTURES = {
    Step.SERIES: "01-series.png",
    Step.NUMBERING: "02-numbering.png",
    Step.ENDPLATES: "03-endplates.png",
    Step.REVIEW: "04-review.png",
    Step.SIGN: "05-signed.png",
}


def replay(room: Room, acts_file: Path, screenshots: Path) -> ReplayResult:
    """Make every act of a file through real events, and picture each step.

    Parameters
    ----------
    room
        An open room on a screen, whose session says that an acts file drives it.
    acts_file
        One act a line.
    screenshots
        Folder for the pictures; made where it is not there.

    Raises
    ------
    ReplayError
        The room did not make an act as the file says; the message names the line.
    InvalidRecordError, RecordError
        The file cannot be read, or holds lines that are no acts.
    """
    file = read_acts(acts_file)
    screenshots.mkdir(parents=True, exist_ok=True)
    run = _Run(Hands(room), screenshots)
    for number, act in file.acts.items():
        try:
            run.before(act)
            run.make(act)
        except ReplayError as error:
            raise ReplayError(f"{acts_file.name} line {number} ({act.act}): {error}") from error
    run.finish()
    session = room.session
    return ReplayResult(
        reading_id=session.journal.header.reading_id,
        signed=session.state.signed,
        screenshots=tuple(run.pictures),
    )


class _Run:
    """One replay under way."""

    def __init__(self, hands: Hands, screenshots: Path) -> None:
        self.hands, self.room = hands, hands.room
        self.folder = screenshots
        self.pictures: list[Path] = []

    def before(self, act: Act) -> None:
        """Take the picture of a step that this act ends."""
        if isinstance(act, acts.PlaceBody | acts.PresumeBodies):
            self._picture(Step.SERIES)
        elif isinstance(act, acts.SignNumbering):
            self._picture(Step.NUMBERING)
        elif isinstance(act, acts.Sign):
            self._show_findings()
            self._picture(Step.ENDPLATES)
            go(self.hands, Step.REVIEW)
            self._picture(Step.REVIEW)

    def make(self, act: Act) -> None:
        """Make one act and compare it with what the room journalled."""
        entries = self.room.session.journal.entries
        before = len(entries)
        put_down(self.hands, act)
        GESTURES[type(act)](self.hands, act)
        made = [e.act for e in entries[before:] if not isinstance(e.act, acts.Show)]
        problem = difference(act, made, self.room.session)
        if problem is not None:
            said = self.room.desk.message
            raise ReplayError(f"{problem}; {said.text}" if said.refused else problem)

    def finish(self) -> None:
        """Take the last picture."""
        if self.room.session.state.signed:
            self._picture(Step.SIGN)

    def _show_findings(self) -> None:
        """Turn to the endplate with most to show, as a reader would for a picture."""
        findings = self.room.session.state.findings
        chosen = max(findings.values(), key=lambda f: (len(f.components), len(f.zones)))
        activate(self.hands, chosen.endplate)
        point = middle(self.room.desk, chosen.endplate)
        if point is not None and self.room.canvases.panel(SeriesRole.SAG_T1) is not None:
            self.hands.point(SeriesRole.SAG_T1, point)

    def _picture(self, step: Step) -> None:
        path = self.folder / PICTURES[step]
        if path in self.pictures:
            return
        self.hands.settle()
        if not self.room.window().grab().save(str(path)):
            raise ReplayError(f"The picture {path.name} could not be written; check the folder")
        self.pictures.append(path)
