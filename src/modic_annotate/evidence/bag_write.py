"""Bags to disk, as a folder or a zip: whole or not at all."""

from __future__ import annotations

import io
import os
import shutil
import zipfile
from collections.abc import Callable
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


def write_folder(bag: Files, out: Path) -> None:
    """Write a bag as the folder `out`; it appears complete, or not at all.

    Raises
    ------
    AlreadyExistsError
        `out` holds something already.
    ExportError
        The disk refused it.
    """
    _refuse_taken(out)
    _write_whole(out, lambda draft: _fill(draft, bag))


def write_zip(bag: Files, out: Path) -> None:
    """Write a bag as the zip `out`, in one top folder named like it; errors as for a folder."""
    _refuse_taken(out)
    content = zip_bytes(bag, out.stem)
    _write_whole(out, lambda draft: _write_file(draft, content))


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


def _refuse_taken(out: Path) -> None:
    if out.is_dir() and not any(out.iterdir()):
        return
    if out.exists():
        raise AlreadyExistsError(
            f"{out} exists already; packages are never overwritten, name another"
        )


def _write_whole(out: Path, write: Callable[[Path], None]) -> None:
    """Write beside `out` under a name that no reader takes for a package, then rename."""
    draft = out.with_name(f".{out.name}.{os.getpid()}.partial")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        write(draft)
        if out.is_dir():
            out.rmdir()  # empty, as checked; Windows renames onto no folder
        draft.rename(out)
        sync_folder(out.parent)
    except OSError as error:
        raise ExportError(
            f"The package {out} could not be written ({error.strerror}); nothing is left of it"
        ) from error
    finally:
        _remove(draft)


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
    if draft.is_dir():
        shutil.rmtree(draft, ignore_errors=True)
    else:
        draft.unlink(missing_ok=True)
