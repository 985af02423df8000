"""Bags to disk, as a folder or a zip: whole or not at all."""

from __future__ import annotations

import io
import os
import secrets
import shutil
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from modic_annotate.errors import AlreadyExistsError, ExportError
from modic_annotate.evidence.bag import Files
from modic_annotate.store.durable import sync_folder

EPOCH = (1980, 1, 1, 0, 0, 0)
"""Earliest time a zip can hold; every entry carries it, so that equal bags give equal zips."""

UNIX = 3
"""``version made by`` of a zip entry (APPNOTE 4.4.2), the same on every system."""

FILE_MODE = 0o100644 << 16
"""Plain file, readable by all, in a zip's external attributes."""


def write_folder(bag: Files, out: Path, announce: Callable[[], object] = lambda: None) -> None:
    """Write a bag as the folder `out`; it appears complete, or not at all.

    Parameters
    ----------
    bag
        Every file.
    out
        A folder that is empty or not there.
    announce
        Called when all is on the disk, before `out` appears; where it raises, nothing appears.

    Raises
    ------
    AlreadyExistsError
        `out` holds something already.
    ExportError
        The disk refused it.
    """
    _refuse_taken(out)
    _write_whole(out, lambda draft: _fill(draft, bag), announce)


def write_zip(
    bag: Files, out: Path, announce: Callable[[], object] = lambda: None, top: str | None = None
) -> None:
    """Write a bag as the zip `out`, in one top folder (`top`, else named like `out`)."""
    _refuse_taken(out)
    content = zip_bytes(bag, top or out.stem)
    _write_whole(out, lambda draft: _write_file(draft, content), announce)


def write_beside(out: Path, content: bytes) -> None:
    """Write a file that belongs to a package and lies beside it."""
    _refuse_taken(out)
    _write_whole(out, lambda draft: _write_file(draft, content), lambda: None)


def zip_bytes(bag: Files, top: str) -> bytes:
    """Return the one zip this tool makes of a bag: stored entries in path order, fixed times."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for path in sorted(bag):
            entry = zipfile.ZipInfo(f"{top}/{path}", EPOCH)
            entry.create_system = UNIX
            entry.external_attr = FILE_MODE
            archive.writestr(entry, bag[path])
    return buffer.getvalue()


def is_taken(out: Path) -> bool:
    """Whether a name holds anything; an empty folder holds nothing."""
    try:
        return any(out.iterdir()) if out.is_dir() else out.exists()
    except OSError as error:
        raise ExportError(
            f"{out} cannot be looked into ({error.strerror}); name another place"
        ) from error


def _refuse_taken(out: Path) -> None:
    if is_taken(out):
        raise AlreadyExistsError(
            f"{out} exists already; packages are never overwritten, name another"
        )


def _write_whole(out: Path, write: Callable[[Path], None], announce: Callable[[], object]) -> None:
    """Write beside `out` under a name that no reader takes for a package, then rename."""
    draft = out.with_name(f".{out.name}.{secrets.token_hex(4)}.partial")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        write(draft)
        announce()
        if out.is_dir():
            out.rmdir()  # empty, as checked; Windows renames onto no folder
        _rename(draft, out)
    except OSError as error:
        raise ExportError(
            f"The package {out} could not be written ({error.strerror}); {_what_is_left(out)}"
        ) from error
    finally:
        _remove(draft)


def _rename(draft: Path, out: Path) -> None:
    try:
        draft.rename(out)
        sync_folder(out.parent)
    except OSError:
        with suppress(OSError):
            if not draft.exists():  # a network share may report as failed what it did
                out.rename(draft)
        raise


def _what_is_left(out: Path) -> str:
    try:
        left = is_taken(out)
    except ExportError:
        return "what is left of it cannot be told, verify it before use"
    if left:
        return "it is there, yet the disk did not confirm it: verify it before use"
    return "nothing is left of it"


def _fill(folder: Path, bag: Files) -> None:
    for path, content in bag.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        _write_file(target, content)
    for parent in sorted({(folder / path).parent for path in bag}):
        sync_folder(parent)


def _write_file(path: Path, content: bytes) -> None:
    with path.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _remove(draft: Path) -> None:
    with suppress(OSError):  # a draft left over is no package, and hidden
        if draft.is_dir():
            shutil.rmtree(draft, ignore_errors=True)
        else:
            draft.unlink(missing_ok=True)
