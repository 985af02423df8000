"""A screen to read on: the one there is, or a virtual one of our own (X11 only)."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from modic_annotate.errors import ModicAnnotateError

SCREEN = "1920x1080x24"


def has_display() -> bool:
    """Return whether windows can be shown to a person here."""
    if sys.platform in ("win32", "darwin"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def need_display() -> None:
    """Raise where no window can be shown."""
    if not has_display():
        raise ModicAnnotateError(
            "There is no display to open the reading room on; log in to a desktop, "
            "or use 'apply' or 'demo --headless'"
        )


@contextmanager
def virtual_display(screen: str = SCREEN) -> Iterator[str | None]:
    """Run the block on an own Xvfb; on Windows and macOS on the desktop, which is always there.

    Yields
    ------
    str | None
        The X display's name, None where there is none to name.
    """
    if sys.platform in ("win32", "darwin"):
        yield None
        return
    server, name = _start_xvfb(screen)
    before = {key: os.environ.get(key) for key in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")}
    os.environ.pop("WAYLAND_DISPLAY", None)
    os.environ |= {"DISPLAY": name, "QT_QPA_PLATFORM": "xcb"}
    try:
        yield name
    finally:
        for key, value in before.items():
            os.environ.pop(key, None)
            if value is not None:
                os.environ[key] = value
        server.terminate()
        server.wait(timeout=10)


def _start_xvfb(screen: str) -> tuple[subprocess.Popen[bytes], str]:
    program = shutil.which("Xvfb")
    if program is None:
        raise ModicAnnotateError(
            "Xvfb, the virtual display, is not installed; install the package 'xvfb', "
            "or run script/setup as an administrator"
        )
    end, number_end = os.pipe()
    server = subprocess.Popen(  # noqa: S603 - a fixed program with fixed arguments
        [program, "-displayfd", str(number_end), "-screen", "0", screen, "-nolisten", "tcp"],
        pass_fds=(number_end,),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(number_end)
    with os.fdopen(end) as answer:
        number = answer.readline().strip()
    if not number:
        server.wait(timeout=10)
        raise ModicAnnotateError(
            "Xvfb, the virtual display, did not start; run 'Xvfb :99' to see why"
        )
    return server, f":{number}"
