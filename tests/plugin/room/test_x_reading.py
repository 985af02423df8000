"""A whole reading in the real napari process, by the X server's own keys, clicks and wheel."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytest.importorskip("napari", reason="napari is not installed (modic-annotate[gui])")

from modic_annotate.domain.finding import Origin
from modic_annotate.domain.modic import Presence
from modic_annotate.domain.reading import Reading, SignatureClass
from modic_annotate.domain.series import SeriesRole
from modic_annotate.store.workspace import Workspace

RECORD, READER, OTHER = "K7Q-04", "R01", "R02"
PATIENCE_S = 90.0
BETWEEN_S = 0.12
"""A quick reader's pause between two keys or clicks."""


class XHands:
    """Types, clicks and turns the wheel through the X server, as a person's devices do."""

    def __init__(self, display: str) -> None:
        self.environment = os.environ | {"DISPLAY": display}

    def do(self, *command: str) -> None:
        """Run one xdotool command, then pause."""
        subprocess.run(["xdotool", *command], env=self.environment, check=True)
        time.sleep(BETWEEN_S)

    def keys(self, *names: str) -> None:
        """Press keys one after the other."""
        for name in names:
            self.do("key", name)

    def click(self, place: tuple[int, int]) -> None:
        """Click at a place of the screen."""
        self.do("mousemove", *map(str, place))
        self.do("click", "1")

    def wheel(self, button: str, notches: int) -> None:
        """Turn the wheel, notch by notch."""
        for _ in range(notches):
            self.do("click", button)


@pytest.fixture
def places(open_room, truth) -> dict[str, tuple[int, int]]:
    """Where the sample's body centres lie on the screen, asked of a room of the same size."""
    opened = open_room(reader=OTHER)
    panel = opened.room.canvases.panel(SeriesRole.SAG_T1)
    found = {}
    for vertebra, centre in truth.centres.items():
        on_screen = panel.canvas_widget.mapToGlobal(panel.position_of(centre))
        found[str(vertebra)] = (on_screen.x(), on_screen.y())
    opened.host.dispose()
    opened.host.window.hide()
    return found


@pytest.mark.slow
@pytest.mark.gui
@pytest.mark.skipif(shutil.which("xdotool") is None, reason="xdotool is not installed")
def test_a_whole_reading_by_keys_clicks_and_wheel(display, workspace, places, tmp_path):
    """From opening to signature: numbering by clicks, every slice by wheel, grades by keys."""
    command = [sys.executable, "-m", "modic_annotate", "read", workspace, RECORD]
    settings = {"NAPARI_CONFIG": str(tmp_path / "settings.yaml"), "DISPLAY": display}
    room = subprocess.Popen([*map(str, command), "--reader", READER], env=os.environ | settings)
    try:
        _wait(lambda: '"show"' in _journal(workspace), room)
        _read(XHands(display), places)
        signature = _folder(workspace) / "R01-1.signature.json"
        _wait(signature.is_file, room)
    finally:
        room.terminate()
        room.wait(timeout=20)
    reading, _ = Workspace.open(workspace).reading(RECORD, "R01-1")
    _is_a_normal_reading(reading, places)
    signed = json.loads(signature.read_bytes())
    assert signed["signature_class"] == SignatureClass.ATTESTATION


def _read(hands: XHands, places: dict[str, tuple[int, int]]) -> None:
    hands.keys("d", "d", "d", "Return")
    for place in places.values():
        hands.click(place)
    hands.keys("g", "Return")
    hands.do("mousemove", *map(str, places["L3"]))
    hands.wheel("4", 30)
    hands.wheel("5", 60)
    hands.keys(*["0"] * 12)
    hands.keys("e", "Return")
    hands.keys("Return", "Return", "Return")


def _is_a_normal_reading(reading: Reading, places: dict[str, tuple[int, int]]) -> None:
    assert [str(body.vertebra) for body in reading.numbering.bodies] == sorted(places, key=_height)
    assert {body.origin for body in reading.numbering.bodies} == {Origin.MOUSE}
    assert {finding.modic for finding in reading.findings} == {Presence.ABSENT}
    assert {finding.origins["modic"] for finding in reading.findings} == {Origin.KEY}
    assert len(reading.findings) == 12
    assert {series.shown_percent for series in reading.coverage} == {100}
    assert not reading.scripted


def _height(vertebra: str) -> int:
    return ["T12", "L1", "L2", "L3", "L4", "L5", "S1"].index(vertebra)


def _folder(workspace: Path) -> Path:
    return workspace / "readings" / RECORD / READER


def _journal(workspace: Path) -> str:
    files = list(_folder(workspace).glob("*.journal.jsonl"))
    return files[0].read_text("utf-8") if files else ""


def _wait(done, room: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + PATIENCE_S
    while not done():
        assert room.poll() is None, "the room ended by itself"
        assert time.monotonic() < end, "the room did not get there"
        time.sleep(0.2)
