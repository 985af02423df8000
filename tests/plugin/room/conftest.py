"""The sample study as a linked case, and the room opened on it in one napari viewer."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from modic_annotate.conduct.link import link_study
from modic_annotate.domain.base import PointLps, utc_now
from modic_annotate.domain.readers import Reader
from modic_annotate.domain.reading import EndplateLine
from modic_annotate.domain.screening import Change, ScreeningRecord, Subject
from modic_annotate.domain.series import SeriesRole
from modic_annotate.domain.spine import Vertebra, endplates_between, spine_order
from modic_annotate.samples import sample_folder
from modic_annotate.session.acts import Measure
from modic_annotate.store.workspace import Workspace

RECORD, READER, OTHER = "K7Q-04", "R01", "R02"
REAL_RECORD = "real-001"
REAL_ACTS = Path(__file__).parents[2] / "real" / "lumbar-hitachi.acts.jsonl"
WIDE, SMALL = (1920, 1080), (1366, 768)


def link_case(root: Path, study: Path) -> Path:
    """Make a workspace with one record that a study is linked to, and two readers."""
    ws = Workspace.create(root, trial_id="demo-trial")
    ws.add_reader(Reader(id=READER, display_name="Demo Reader", title="MD"))
    ws.add_reader(Reader(id=OTHER, display_name="Other Reader"))
    record = ScreeningRecord(
        trial_id="demo-trial",
        record_id=RECORD,
        subject=Subject(subject_id="S1"),
        change=Change(by="test", at=utc_now()),
        synthetic=True,
    )
    ws.add_screening(record, by="test")
    link_study(ws, RECORD, [study], by="test")
    return root


@pytest.fixture(scope="session")
def make_case() -> Callable[[Path, Path], Path]:
    """A function that links a study to the one record of a new workspace."""
    return link_case


@pytest.fixture(scope="session")
def linked_case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with the sample study linked to one record, never written to again."""
    return link_case(tmp_path_factory.mktemp("case") / "ws", sample_folder() / "study")


@pytest.fixture
def workspace(linked_case: Path, tmp_path: Path) -> Path:
    """A copy of the linked case to write to."""
    return Path(shutil.copytree(linked_case, tmp_path / "ws"))


@dataclass(frozen=True)
class Truth:
    """Where the sample's bodies are, and the acts of its reading."""

    centres: dict[Vertebra, PointLps]
    acts: Path
    scope: tuple[str, ...] = tuple(str(e) for e in endplates_between(spine_order(5)))


@pytest.fixture(scope="session")
def truth() -> Truth:
    """Body centres as the sample's acts file clicks them."""
    path = sample_folder() / "lesions.acts.jsonl"
    lines = [json.loads(line) for line in path.read_text().splitlines() if line.strip()]
    centres = {
        Vertebra(line["vertebra"]): tuple(line["centroid_lps_mm"])
        for line in lines
        if line["act"] == "place_body"
    }
    return Truth(centres, path)


@pytest.fixture(scope="session")
def real_study(real_data: Path, tmp_path_factory: pytest.TempPathFactory):
    """The real exam as a linked case, with the places an independent look gave its spine."""
    from tests.plugin.room.walk import Study

    root = tmp_path_factory.mktemp("real") / "ws"
    ws = Workspace.create(root, trial_id="demo-trial")
    ws.add_reader(Reader(id=READER, display_name="Demo Reader", title="MD"))
    record = ScreeningRecord(
        trial_id="demo-trial",
        record_id=REAL_RECORD,
        subject=Subject(subject_id="S2"),
        change=Change(by="test", at=utc_now()),
    )
    ws.add_screening(record, by="test")
    link_study(ws, REAL_RECORD, [real_data / "lumbar-hitachi-0.3t"], by="test")
    lines = [json.loads(line) for line in REAL_ACTS.read_text("utf-8").splitlines()]
    centres = tuple(a["centroid_lps_mm"] for a in lines if a["act"] == "place_body")
    endplates = [a["polyline_lps_mm"] for a in lines if a["act"] == "place_endplate"]
    return Study(root, REAL_RECORD, centres, tuple(map(np.array, endplates)))


@pytest.fixture(scope="session")
def viewer(display: str, qapp, tmp_path_factory: pytest.TempPathFactory):
    """One napari viewer for all rooms of the test run; opening one takes seconds."""
    import os

    os.environ["NAPARI_CONFIG"] = str(tmp_path_factory.mktemp("napari") / "settings.yaml")
    import napari

    viewer = napari.Viewer(show=False, title="modic-annotate")
    # A first layer has napari ask OpenGL what it can, and remember it. Here that must be now: the
    # window is never shown, so once a room's canvases are closed no context would answer.
    viewer.add_image(np.zeros((2, 2), np.uint8))
    viewer.layers.clear()
    yield viewer
    viewer.close()


@pytest.fixture
def open_room(qapp, viewer, workspace: Path, until, settle) -> Iterator[Callable[..., object]]:
    """A function that opens a room on the case; every room is closed after the test."""
    from modic_annotate_napari.reading_room import ROOM

    opened = []

    def run(size: tuple[int, int] = WIDE, reader: str = READER, **terms: object):
        room = ROOM.build(workspace, RECORD, reader, viewer=viewer, **terms)
        opened.append(room)
        window = room.host.window
        window.showNormal()
        window.setGeometry(0, 0, *size)
        until(lambda: window.isVisible() and window.width() == size[0])
        until(lambda: all(room.room.coverage.seen(u.role) for u, _ in room.room.canvases.panels))
        return room

    yield run
    for room in opened:
        room.host.dispose()
        room.host.window.hide()
    settle()


@pytest.fixture
def thief(qapp) -> Iterator[Callable[..., None]]:
    """A function that lets another program's filter catch every key of a window."""
    from qtpy.QtCore import QEvent, QObject

    class Thief(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
            return event.type() in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress)

    caught = []

    def run(window) -> None:
        handle = window.windowHandle()
        stranger = Thief()
        handle.installEventFilter(stranger)
        caught.append((handle, stranger))

    yield run
    for handle, stranger in caught:
        handle.removeEventFilter(stranger)


@pytest.fixture
def number(truth: Truth) -> Callable[..., None]:
    """A function that numbers the spine by clicks and keys, and signs the numbering."""
    from modic_annotate_napari.replay.hands import Hands

    def run(hands: Hands) -> None:
        hands.press("]")
        for centre in truth.centres.values():
            hands.click(SeriesRole.SAG_T1, centre)
        hands.press("g", "Enter")

    return run


@pytest.fixture(scope="session")
def half_the_body() -> Callable[..., Measure]:
    """A function that measures a change of half its body's height, right at a boundary."""

    def run(line: EndplateLine) -> Measure:
        front, *_, back = (np.array(point) for point in line.polyline_lps_mm)
        up = np.array([0.0, 0.0, 12.0])
        deepest = (front + back) / 2 + up
        low, high = deepest - up, deepest + up
        return Measure(
            endplate=line.endplate,
            role=SeriesRole.SAG_T1,
            lesion_lps_mm=tuple(tuple(p.tolist()) for p in (front, back, deepest)),
            body_height_lps_mm=tuple(tuple(p.tolist()) for p in (low, high)),
        )

    return run
