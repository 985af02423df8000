"""A display for the tests that open windows, and the application on it.

The tests bring their own X server, so that they neither need nor disturb a desktop: an Xvfb is
started where DISPLAY is not set, where tests run side by side (two windows would fight for the
keyboard), or where MODIC_ANNOTATE_TEST_DISPLAY is ``own``. With MODIC_ANNOTATE_TEST_DISPLAY=``:7``
that display is used.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator

import pytest
from hypothesis import settings

settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")

os.environ.setdefault("QT_API", "pyside6")

SCREEN = "1920x1080x24"
PATIENCE_S = 20.0


def _own_display() -> tuple[subprocess.Popen[str], str]:
    """Start an Xvfb on a free display; return it and the display's name."""
    read, write = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", SCREEN, "-nolisten", "tcp"],
        pass_fds=(write,),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    os.close(write)
    with os.fdopen(read) as pipe:
        number = pipe.readline().strip()
    if not number:
        server.wait()
        pytest.skip("Xvfb did not start; window tests need a display")
    return server, f":{number}"


def _end_application() -> None:
    """Close the application before its display goes, or Qt ends the whole process."""
    from PySide6.QtWidgets import QApplication

    application = QApplication.instance()
    if application is not None:
        application.shutdown()


@pytest.fixture(scope="session")
def display() -> Iterator[str]:
    """The name of the X display that window tests use."""
    for module in ("napari", "PySide6", "vispy"):
        if importlib.util.find_spec(module) is None:
            pytest.skip(f"{module} is not installed; window tests need modic-annotate[gui]")
    shared = None if "PYTEST_XDIST_WORKER" in os.environ else os.environ.get("DISPLAY")
    wish = os.environ.get("MODIC_ANNOTATE_TEST_DISPLAY") or shared or "own"
    server = None
    if wish == "own":
        if shutil.which("Xvfb") is None:
            pytest.skip("Xvfb is not installed and DISPLAY is not set; window tests need one")
        server, wish = _own_display()
    os.environ.update(DISPLAY=wish, QT_QPA_PLATFORM="xcb", QT_API="pyside6")
    yield wish
    if server is not None:
        _end_application()
        server.terminate()
        server.wait()


@pytest.fixture(scope="session")
def qapp_args(display: str) -> list[str]:
    """Arguments of the application; asking for them brings the display up first."""
    from modic_annotate_napari.ready import share_contexts

    share_contexts()
    return ["modic-annotate-tests"]


@pytest.fixture
def until(qapp) -> Callable[[Callable[[], object]], None]:
    """Run the event loop until a condition holds, or fail."""

    def wait(condition: Callable[[], object]) -> None:
        end = time.monotonic() + PATIENCE_S
        while not condition():
            assert time.monotonic() < end, "the window did not get there"
            qapp.processEvents()
            time.sleep(0.002)

    return wait


@pytest.fixture
def settle(qapp) -> Callable[[], None]:
    """Let the application answer all events that are already under way."""
    from qtpy.QtCore import QEvent

    def run(rounds: int = 8) -> None:
        for _ in range(rounds):
            qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)
            qapp.processEvents()
            time.sleep(0.005)

    return run


@pytest.fixture(autouse=True)
def no_widget_is_left(request: pytest.FixtureRequest) -> Iterator[None]:
    """A test that opened windows leaves none behind."""
    yield
    if "qapp" not in request.fixturenames:
        return
    from qtpy.QtCore import QCoreApplication, QEvent
    from qtpy.QtWidgets import QApplication

    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    QApplication.processEvents()
    left = [w for w in QApplication.topLevelWidgets() if w.isVisible()]
    assert not left, f"windows left open: {left}"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test that asks for a display as a window test."""
    for item in items:
        if "qapp" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.gui)
