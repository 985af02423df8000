"""A DICOMDIR says what a medium should hold (PS3.3 F, PS3.10 8.6); the folder says what it holds.

The files are found by looking, listed or not. The index is read to tell which of the files it
names are not there, and to refuse names that lead out of its folder. The references are looked
for in its bytes rather than by walking its records: indexes with broken record offsets are
common, and none of that is needed here.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Final

from modic_annotate.imaging.model import Refused
from modic_annotate.imaging.sources.archives import ArchiveMember, ImageFile, open_image

INCOMPLETE: Final = "dicomdir_incomplete"
MOST_INDEX_BYTES: Final = 256 * 2**20
"""An index takes about 1 kB an image."""

_REFERENCE: Final = re.compile(rb"\x04\x00\x00\x15(?:CS(..)|(..)\x00\x00)", re.DOTALL)
"""ReferencedFileID (0004,1500), explicit (as it must be) or implicit little endian."""

_FEW: Final = 5


def index_refusals(index: ImageFile, found: Collection[str]) -> Iterator[Refused]:
    """Say what speaks against an index: that it is one, what it lacks, and where it leads out.

    Parameters
    ----------
    index
        The DICOMDIR.
    found
        Every file that was found below its folder, as its own path says it, in any case.
    """
    try:
        with open_image(index) as file:
            references = references_of(file.read(MOST_INDEX_BYTES))
    except OSError as error:
        yield Refused(index, "unreadable", f"the file cannot be read: {error.strerror or error}")
        return
    inside = [parts for parts in references if not _leads_out(parts)]
    lost = ["/".join(parts) for parts in inside if not _is_there(index, parts, found)]
    yield _index(index, lost)
    for parts in references:
        if _leads_out(parts):
            name = "\\".join(parts)
            reason = f"names '{name}', which leads out of its folder and was not opened"
            yield Refused(index, "leads_out", reason)


def _is_there(index: ImageFile, parts: tuple[str, ...], found: Collection[str]) -> bool:
    place = place_of(index)
    root = place[: len(place) - len(index.name.casefold())]
    if f"{root}{'/'.join(parts).casefold()}" in found:
        return True
    # found already under another name, through a link
    return not isinstance(index, ArchiveMember) and index.parent.joinpath(*parts).is_file()


def references_of(content: bytes) -> list[tuple[str, ...]]:
    """Return the parts of each file name in an index, in its order, each file once."""
    references: dict[tuple[str, ...], None] = {}
    for match in _REFERENCE.finditer(content):
        length = int.from_bytes(match[1] or match[2], "little")
        raw = content[match.end() : match.end() + length].decode("ascii", "replace")
        parts = tuple(part.strip(" \0") for part in raw.split("\\"))
        if any(parts):
            references[parts] = None
    return list(references)


def _leads_out(parts: tuple[str, ...]) -> bool:
    """Whether a reference is more than names of folders and a file (PS3.10 8.2)."""
    return any(part in ("", ".", "..") or "/" in part or ":" in part for part in parts)


def _index(index: ImageFile, lost: list[str]) -> Refused:
    if not lost:
        return Refused(index, "dicomdir", "an index of the medium; its files are read instead")
    names = ", ".join(lost[:_FEW]) + (" ..." if len(lost) > _FEW else "")
    return Refused(
        index,
        INCOMPLETE,
        f"an index of the medium; {len(lost)} of the files it names are not there ({names}), so"
        " its folder was read instead; copy the whole medium if they belong to the study",
    )


def place_of(file: ImageFile) -> str:
    """Return how :func:`index_refusals` compares a file."""
    text = str(file) if isinstance(file, ArchiveMember) else file.as_posix()
    return text.casefold()
