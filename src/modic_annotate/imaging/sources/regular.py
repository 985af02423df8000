"""Open what is a plain file and nothing else: a pipe or device would keep a reader waiting."""

from __future__ import annotations

import errno
import os
import stat
from io import BufferedReader
from os import open as open_handle
from pathlib import Path

_NO_WAIT = getattr(os, "O_NONBLOCK", 0)
"""Opening a pipe that nobody writes to returns at once; plain files do not mind."""


def open_regular(path: Path) -> BufferedReader:
    """Open a plain file to read.

    Raises
    ------
    OSError
        When it cannot be opened, or has become something else since it was listed.
    """
    file = open(path, "rb", opener=_without_waiting)  # noqa: SIM115 - a Path takes no opener
    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        file.close()
        raise OSError(errno.EINVAL, "it is no plain file")
    return file


def _without_waiting(name: str, flags: int) -> int:
    return open_handle(name, flags | _NO_WAIT)
