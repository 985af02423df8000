"""A room that cannot be opened here says so before it touches anything."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from modic_annotate.errors import ReadingError

ASK = """
import sys
for name in {blocked!r}:
    sys.modules[name] = None
from pathlib import Path
from modic_annotate.errors import ModicAnnotateError
from modic_annotate_napari.reading_room import ROOM
here = Path("nowhere")
try:
    {call}
except ModicAnnotateError as error:
    print(type(error).__name__, error, sep="|")
"""
CALLS = {
    "open": 'ROOM.open(here, "K7Q-04", "R01")',
    "replay": 'ROOM.replay(here, "K7Q-04", "R01", here, here)',
}
BINDINGS = ("PySide6", "PySide2", "PyQt6", "PyQt5")


@pytest.mark.parametrize("blocked", [("napari",), ("qtpy",), BINDINGS], ids=lambda b: b[0])
@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_without_window_libraries_the_extra_is_named(call, blocked):
    """Without napari or Qt both doors say what to install, and no child process tries."""
    code = ASK.format(call=call, blocked=blocked)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    kind, message = done.stdout.strip().split("|")
    assert kind == "MissingDependencyError"
    assert message == "The reading room needs: pip install 'modic-annotate[gui]'"


@pytest.fixture
def worn_binding(monkeypatch):
    """A binding that loses its references."""
    pytest.importorskip("qtpy")
    pytest.importorskip("napari")
    from modic_annotate_napari import binding

    monkeypatch.setattr(binding, "binding_problem", lambda: "This PySide6 would abort.")


@pytest.mark.parametrize("call", CALLS)
def test_a_binding_that_would_abort_opens_no_room(worn_binding, call):
    """Neither door opens on a Qt binding that cannot last a reading; its sentence is the error."""
    from modic_annotate_napari.reading_room import ROOM

    here = Path("nowhere")
    more = (here, here) if call == "replay" else ()
    with pytest.raises(ReadingError, match=r"^This PySide6 would abort\.$"):
        getattr(ROOM, call)(here, "K7Q-04", "R01", *more)


def test_qt_that_does_not_load_says_which_library_is_missing(monkeypatch):
    """A system library that Qt needs is named, not a package that is there already."""
    pytest.importorskip("napari")
    from modic_annotate_napari import ready

    class Broken:
        def __getattr__(self, name: str):
            raise ImportError("libEGL.so.1: cannot open shared object file")

    monkeypatch.setitem(sys.modules, "modic_annotate_napari.binding", Broken())
    with pytest.raises(ReadingError, match=r"do not load: libEGL\.so\.1"):
        ready.check_windows()
