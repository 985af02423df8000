"""Bags from disk, trusting nothing: what lies there, and what about it is not as it should be."""

from __future__ import annotations

import os
import stat
import struct
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from modic_annotate.errors import UnreadablePackageError
from modic_annotate.evidence.bag import TAG_FILES, Files
from modic_annotate.evidence.bag_write import zip_bytes

ZIP_FAULTS = (
    zipfile.BadZipFile,
    NotImplementedError,
    RuntimeError,
    ValueError,
    EOFError,
    OSError,
    struct.error,
)
"""Everything ``zipfile`` raises on damaged input."""


@dataclass(frozen=True, slots=True)
class FoundBag:
    """The files of a bag as they lie there, and the faults of folder or zip themselves."""

    name: str
    files: Files
    problems: tuple[str, ...] = ()


def open_bag(path: Path) -> FoundBag:
    """Read a bag from a folder or a zip.

    Raises
    ------
    UnreadablePackageError
        There is nothing, or it is no bag at all.
    """
    if path.is_dir():
        found = _from_folder(path)
    elif path.is_file():
        found = _from_zip(path)
    else:
        raise UnreadablePackageError(f"There is no package at {path}; name a bag folder or its zip")
    if not any(name in found.files for name in TAG_FILES):
        raise UnreadablePackageError(
            f"{path} is no evidence package: it holds none of {', '.join(TAG_FILES)}"
        )
    return found


def _from_folder(root: Path) -> FoundBag:
    files: dict[str, bytes] = {}
    problems: list[str] = []
    for path, name in _walk(root):
        problem = _entry_problem(path)
        if problem:
            problems.append(f"{name}: {problem}")
        elif path.is_file():
            files[name] = _read(path)
    return FoundBag(root.name, files, tuple(problems))


def _walk(root: Path) -> Iterator[tuple[Path, str]]:
    for folder, folders, names in os.walk(root, followlinks=False):
        folders.sort()
        for name in sorted((*folders, *names)):
            path = Path(folder, name)
            yield path, path.relative_to(root).as_posix()


def _entry_problem(path: Path) -> str | None:
    mode = path.lstat().st_mode
    if stat.S_ISLNK(mode):
        return "a link; a package holds plain files only"
    if stat.S_ISDIR(mode):
        return None if any(path.iterdir()) else "an empty folder that no manifest lists"
    return None if stat.S_ISREG(mode) else "not a plain file"


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UnreadablePackageError(f"{path} cannot be read ({error.strerror})") from error


def _from_zip(path: Path) -> FoundBag:
    content = _read(path)
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            top = members[0].filename.split("/")[0] if members else ""
            files, problems = _members(archive, members, f"{top}/")
    except ZIP_FAULTS as error:
        raise UnreadablePackageError(
            f"{path} cannot be opened as a folder or zip ({type(error).__name__})"
        ) from error
    if not problems and content != zip_bytes(files, top):
        problems = [
            f"{path.name}: the zip around the files is not as it was written; "
            "if another program packed it, unpack it and verify the folder"
        ]
    return FoundBag(top, files, tuple(problems))


def _members(
    archive: zipfile.ZipFile, members: list[zipfile.ZipInfo], prefix: str
) -> tuple[dict[str, bytes], list[str]]:
    files: dict[str, bytes] = {}
    counted = Counter(member.filename for member in members)
    problems = [f"{name}: stands {n} times in the zip" for name, n in counted.items() if n > 1]
    for member in members:
        name = member.filename.removeprefix(prefix)
        problem = _member_problem(member, prefix)
        files[name] = b""
        try:
            files[name] = b"" if problem else archive.read(member)
        except ZIP_FAULTS as error:
            problem = f"damaged inside the zip ({type(error).__name__})"
        if problem:
            problems.append(f"{name}: {problem}")
    return files, problems


def _member_problem(member: zipfile.ZipInfo, prefix: str) -> str | None:
    if not member.filename.startswith(prefix):
        return f"lies outside the zip's one folder {prefix}"
    if member.is_dir():
        return "a folder entry; this tool writes none"
    if stat.S_ISLNK(member.external_attr >> 16):
        return "a link; a package holds plain files only"
    if member.compress_type != zipfile.ZIP_STORED:  # what is stored cannot swell when it is read
        return "packed by another program; unpack the zip and verify the folder"
    return None
