"""A reading room in a process of its own, and the hands that work it through the X server."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

PATIENCE_S = 90.0
WHEEL_UP, WHEEL_DOWN = "4", "5"
X_NAMES = {"+": "plus", "(": "parenleft", ")": "parenright"}
"""What X calls the keys that it does not call by what is printed on them."""

Point = Sequence[float]


class DriveError(AssertionError):
    """The room did not do what was asked of it."""


class XRoom:
    """One open room: its status from inside, keys and clicks from outside.

    Parameters
    ----------
    display
        The X display.
    status
        The file the watched process keeps up to date.
    process
        The process.
    """

    def __init__(self, display: str, status: Path, process: subprocess.Popen[bytes]) -> None:
        self._environment = os.environ | {"DISPLAY": display}
        self._status = status
        self.process = process
        self._sent = {"keys": 0, "clicks": 0, "wheel": 0}

    @property
    def now(self) -> dict[str, Any]:
        """How the room stands; empty before there is one."""
        try:
            return dict(json.loads(self._status.read_bytes()))
        except FileNotFoundError:
            return {}

    def wait(self, done: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
        """Wait until the room stands as wished; return how it stands."""
        end = time.monotonic() + PATIENCE_S
        while True:
            now = self.now
            if now and done(now):
                return now
            if self.process.poll() is not None:
                raise DriveError(f"the room ended by itself with {self.process.returncode}")
            if time.monotonic() > end:
                raise DriveError(f"the room did not get there; it said: {now.get('said')}")
            time.sleep(0.005)

    def press(self, *names: str) -> None:
        """Press keys one after the other; each is answered before the next."""
        for name in names:
            self._do("key", X_NAMES.get(name, name))
            self._await("keys")

    def click(self, role: str, lps: Point) -> None:
        """Click a patient point (LPS mm) on its own slice of a slot's canvas."""
        self._click(role, self._place(role, lps))

    def point(self, role: str, lps: Point) -> None:
        """Move the pointer onto a patient point, on its own slice of a slot's canvas."""
        self._point(role, self._place(role, lps))

    def click_label(self, role: str, endplate: str) -> None:
        """Click the label of an endplate."""
        panel = self.now["panels"][role]
        self._click(role, panel["labels"][endplate])

    def _click(self, role: str, at: Point) -> None:
        self._point(role, at)
        self._do("click", "1")
        self._await("clicks")

    def _point(self, role: str, at: Point) -> None:
        corner = self.now["panels"][role]["corner"]
        self._do("mousemove", *(str(c + round(a)) for c, a in zip(corner, at, strict=True)))

    def _place(self, role: str, lps: Point) -> tuple[float, float]:
        """Turn to the slice nearest to a point; return the pixel over the point."""
        panel = self.now["panels"][role]
        u, v, k = _to_display(panel, lps)
        self.turn_to(role, min(max(round(k), 0), panel["n_slices"] - 1))
        centre_u, centre_v, _ = _to_display(panel, panel["centre_lps"])
        scale, (width, height) = panel["px_per_mm"], panel["size"]
        x, y = (u - centre_u) * scale + width / 2, (v - centre_v) * scale + height / 2
        return x - 0.5, y - 0.5

    def turn_to(self, role: str, index: int) -> None:
        """Turn the wheel until a slot shows a slice."""
        width, height = self.now["panels"][role]["size"]
        self._point(role, (width / 2, height / 2))
        for _ in range(self.now["n_stops"]):
            panel = self.now["panels"][role]
            if panel["slice"] == index:
                return
            ahead = (index - panel["slice"]) * panel["step"] > 0
            self._wheel(WHEEL_DOWN if ahead else WHEEL_UP)
        if self.now["panels"][role]["slice"] != index:
            raise DriveError(f"slice {index} of {role} could not be reached by the wheel")

    def see_everything(self, role: str) -> None:
        """Turn the wheel over a canvas through all stops, from right to left."""
        width, height = self.now["panels"][role]["size"]
        self._point(role, (width / 2, height / 2))
        while self.now["stop"] > 0:
            self._wheel(WHEEL_UP)
        while self.now["stop"] < self.now["n_stops"] - 1:
            self._wheel(WHEEL_DOWN)

    def _wheel(self, button: str) -> None:
        self._do("click", button)
        self._await("wheel")
        self.wait(lambda now: all(p["slice"] in p["seen"] for p in now["panels"].values()))

    def _do(self, *command: str) -> None:
        subprocess.run(["xdotool", *command], env=self._environment, check=True)

    def _await(self, kind: str) -> None:
        """Wait until what was just sent has been answered."""
        self._sent[kind] += 1
        self.wait(lambda now: now["counts"].get(kind, 0) >= self._sent[kind])


def _to_display(panel: dict[str, Any], lps: Point) -> tuple[float, float, float]:
    u, v, k, _ = (np.array(panel["inverse"]) @ [*lps, 1.0]).tolist()
    return u, v, k


@contextmanager
def reading(display: str, workspace: Path, record_id: str, reader_id: str) -> Iterator[XRoom]:
    """Run ``modic-annotate read`` until the block ends.

    Parameters
    ----------
    display
        The X display it opens on.
    workspace, record_id, reader_id
        What is read, and by whom.
    """
    with tempfile.TemporaryDirectory(prefix="modic-annotate-drive-") as name:
        status = Path(name) / "status.json"
        words = ["read", str(workspace), record_id, "--reader", reader_id]
        settings = {"NAPARI_CONFIG": str(Path(name) / "settings.yaml"), "DISPLAY": display}
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.driving.watched", str(status), *words],
            env=os.environ | settings | {"QT_QPA_PLATFORM": "xcb"},
            cwd=Path(__file__).parents[2],
        )
        room = XRoom(display, status, process)
        try:
            room.wait(lambda now: now["first_image_at"])
            yield room
        finally:
            process.terminate()
            process.wait(timeout=20)
