"""The whole way from the X server: a key really held, in a process of its own."""

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

from modic_annotate.session.acts import Grade, Show
from modic_annotate.session.session import ReadingSession, open_session
from modic_annotate.store.workspace import Workspace

PATIENCE_S = 90.0
HELD_S = 3.0


@pytest.fixture
def grading_case(workspace: Path, truth) -> Path:
    """The case with its numbering signed, so that the room opens on the first endplate."""
    from modic_annotate.domain.finding import Origin
    from modic_annotate.session.acts import ACT

    lines = [json.loads(line) for line in truth.acts.read_text().splitlines() if line.strip()]
    wanted = ("place_body", "state_numbering", "sign_numbering")
    with open_session(Workspace.open(workspace), "K7Q-04", "R01") as session:
        for line in lines:
            if line["act"] in wanted:
                session.act(ACT.validate_python(line), Origin.SCRIPT)
    return workspace


def journal(workspace: Path) -> list:
    """The acts of the draft, read beside the process that holds it."""
    session = ReadingSession.look(Workspace.open(workspace), "K7Q-04", "R01")
    return [entry.act for entry in session.journal.entries]


@pytest.mark.slow
@pytest.mark.gui
@pytest.mark.skipif(shutil.which("xdotool") is None, reason="xdotool is not installed")
def test_a_key_held_for_three_seconds_is_one_act(display, grading_case, tmp_path):
    """Keydown 0, three seconds, keyup 0: one endplate is graded, and the next is active."""
    settings = {"NAPARI_CONFIG": str(tmp_path / "settings.yaml"), "DISPLAY": display}
    code = (
        "from pathlib import Path; from modic_annotate_napari.reading_room import ROOM; "
        f"raise SystemExit(ROOM.open(Path({str(grading_case)!r}), 'K7Q-04', 'R01'))"
    )
    room = subprocess.Popen([sys.executable, "-c", code], env=os.environ | settings)
    try:
        _wait(lambda: any(isinstance(act, Show) for act in journal(grading_case)), room)
        _x(display, "keydown", "0")
        time.sleep(HELD_S)
        _x(display, "keyup", "0")
        _wait(lambda: any(isinstance(act, Grade) for act in journal(grading_case)), room)
        _x(display, "key", "2")
        _wait(lambda: len([a for a in journal(grading_case) if isinstance(a, Grade)]) > 1, room)
    finally:
        room.terminate()
        room.wait(timeout=20)
    grades = [act for act in journal(grading_case) if isinstance(act, Grade)]
    assert [str(g.endplate) for g in grades] == ["T12-inferior", "L1-superior"]
    assert [g.modic for g in grades] == ["absent", "present"]


def _x(display: str, *command: str) -> None:
    subprocess.run(["xdotool", *command], env=os.environ | {"DISPLAY": display}, check=True)


def _wait(done, room: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + PATIENCE_S
    while not done():
        assert room.poll() is None, "the room ended by itself"
        assert time.monotonic() < end, "the room did not get there"
        time.sleep(0.2)


CLOSE_SOON = """
from pathlib import Path
from modic_annotate_napari.reading_room import ROOM
opened, made = ROOM.build, []
def build(*arguments, **named):
    from qtpy.QtCore import QTimer
    room = opened(*arguments, **named)
    made.append(room)
    def close_once_seen():
        if room.room.coverage.pending:
            room.host.window.close()
        else:
            QTimer.singleShot(50, close_once_seen)
    close_once_seen()
    return room
ROOM.build = build
code = ROOM.open(Path({workspace!r}), "K7Q-04", "R01")
made[0].close()  # once more: nothing is left to close
raise SystemExit(code)
"""


@pytest.mark.slow
@pytest.mark.gui
def test_closing_the_window_ends_cleanly_and_loses_nothing(display, workspace, tmp_path):
    """The process ends with 0, what was seen is journalled, and the draft can be opened again."""
    settings = {"NAPARI_CONFIG": str(tmp_path / "settings.yaml"), "DISPLAY": display}
    done = subprocess.run(
        [sys.executable, "-c", CLOSE_SOON.format(workspace=str(workspace))],
        env=os.environ | settings,
        capture_output=True,
        timeout=PATIENCE_S,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    assert b"Traceback" not in done.stderr
    assert any(isinstance(act, Show) for act in journal(workspace))
    with open_session(Workspace.open(workspace), "K7Q-04", "R01") as session:
        assert not session.state.signed
