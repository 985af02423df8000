"""Whether the reading room can be shown: its packages, Qt, a display, OpenGL, letters.

Each is tried in a process of its own: the core imports no Qt, and a Qt that cannot start ends
the whole process it was asked in.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping

from modic_annotate.conduct.display import has_display
from modic_annotate.conduct.doctor.check import Check

TIMEOUT_S = 120
INSTALL = "install it with: pip install 'modic-annotate[gui]'"
LIBRARIES = "install the system libraries of a window (on Debian or Ubuntu: script/setup)"

ROOM = """
import importlib.metadata, json
from modic_annotate.conduct.room import find_room
find_room()
print(json.dumps({"napari": importlib.metadata.version("napari")}))
"""

QT = """
import json
import qtpy
from qtpy import QtCore, QtGui, QtWidgets
app = QtWidgets.QApplication([])
families = QtGui.QFontDatabase.families()
print(json.dumps({"binding": qtpy.API_NAME, "qt": QtCore.qVersion(), "fonts": len(families)}))
"""

OPENGL = """
import json
import qtpy, vispy
vispy.use(qtpy.API_NAME.lower())
from vispy import scene
from vispy.gloo import gl
canvas = scene.SceneCanvas(show=True, size=(64, 64))
canvas.app.process_events()
canvas.set_current()
told = {"version": gl.glGetParameter(gl.GL_VERSION), "by": gl.glGetParameter(gl.GL_RENDERER)}
assert canvas.render().shape[:2] == (64, 64) or canvas.pixel_scale > 1
print(json.dumps(told))
"""


class ProbeError(Exception):
    """A probe did not come through; holds its last words."""


def window() -> Iterator[Check]:
    """Look at all a window needs; what needs something missing is not tried."""
    room = _room()
    yield room
    if room.state == "ok":
        yield from _qt()
    yield display()
    if room.state == "ok":
        yield _opengl()


def probe(script: str, **environment: str) -> Mapping[str, object]:
    """Run a script in a fresh Python and return the JSON object of its last line.

    Raises
    ------
    ProbeError
        It failed; the error is its last line.
    """
    try:
        ran = subprocess.run(  # noqa: S603 - this Python, with a script of this module
            [sys.executable, "-c", script],
            capture_output=True,
            text=True,
            check=False,
            timeout=TIMEOUT_S,
            env=os.environ | environment,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ProbeError(f"it gave no answer ({type(error).__name__})") from error
    try:
        told: dict[str, object] = json.loads((ran.stdout.strip().splitlines() or [""])[-1])
    except ValueError:
        words = [line.strip() for line in ran.stderr.splitlines() if line.strip()]
        last = words[-1] if words else "no words"
        raise ProbeError(f"it ended with {ran.returncode} ({last[:200]})") from None
    return told


def display() -> Check:
    """Look for a display, or for Xvfb to make one."""
    if has_display():
        name = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY") or sys.platform
        return Check("display", "ok", name)
    if shutil.which("Xvfb"):
        return Check("display", "ok", "none, but Xvfb for 'demo --headless'")
    return Check("display", "missing", "none, and no Xvfb", "log in to a desktop or install xvfb")


def _room() -> Check:
    try:
        told = probe(ROOM, QT_QPA_PLATFORM="offscreen")
    except ProbeError as error:
        return Check("reading room", "missing", str(error), INSTALL)
    return Check("reading room", "ok", f"napari {told['napari']}")


def _qt() -> Iterator[Check]:
    try:
        told = probe(QT, QT_QPA_PLATFORM="offscreen")
    except ProbeError as error:
        yield Check("Qt", "missing", str(error), LIBRARIES)
        return
    yield Check("Qt", "ok", f"{told['qt']} through {told['binding']}")
    advice = "install fonts, for example the package 'fonts-dejavu-core'"
    yield Check.of("fonts", f"{told['fonts']} families", ok=bool(told["fonts"]), advice=advice)


def _opengl() -> Check:
    if not has_display():
        return Check("OpenGL", "not checked", "there is no display to try it on")
    try:
        told = probe(OPENGL)
    except ProbeError as error:
        return Check("OpenGL", "missing", str(error), f"update the graphics driver, or {LIBRARIES}")
    return Check("OpenGL", "ok", f"{told['version']}, {told['by']}")
