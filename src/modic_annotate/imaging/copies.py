"""One instance in several files: the same image again, or images that only claim to be it.

A SOP instance UID names one image for ever (PS3.3 C.12.1.1.1). Copies in another encoding are
common on media; copies that differ mean that somebody changed one of them, and which is right
cannot be told from here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Final

from modic_annotate.errors import ImagingError
from modic_annotate.imaging.headers.header import Header
from modic_annotate.imaging.headers.quiet import quiet
from modic_annotate.imaging.headers.values import MALFORMED
from modic_annotate.imaging.model import Problem, Refused
from modic_annotate.imaging.pixels.decode import read_dataset, stored_values, values_sha256
from modic_annotate.imaging.sources.archives import ImageFile, open_image

_STEP_BYTES: Final = 2**20
_ANYWHERE: Final = Path()
_GREY_VALUES: Final = (
    "PixelRepresentation",
    "RescaleIntercept",
    "PerFrameFunctionalGroupsSequence",
    "SharedFunctionalGroupsSequence",
)
"""What makes grey values of stored ones beyond what a header keeps."""

Frames = tuple[Header, ...]


@dataclass(frozen=True, slots=True)
class Settled:
    """Frames of which each instance is there once, or is told to be in doubt."""

    headers: tuple[Header, ...]
    refused: tuple[Refused, ...]
    conflicts: Mapping[str, Problem]
    """What blocks the stacks that an instance is part of, by SOP instance UID."""

    doubled: frozenset[str]
    """SOP instance UIDs that several files have, agreeing or not."""


def settle_copies(files: Sequence[Frames]) -> Settled:
    """Keep each image once, and every one of those that contradict each other.

    Parameters
    ----------
    files
        The frames of each file, in the order in which the files were found.
    """
    by_instance: dict[str, list[Frames]] = {}
    for frames in files:
        by_instance.setdefault(frames[0].sop_instance_uid, []).append(frames)
    kept: set[ImageFile] = set()
    refused: list[Refused] = []
    conflicts: dict[str, Problem] = {}
    doubled = {uid: copies for uid, copies in by_instance.items() if len(copies) > 1}
    for uid, copies in doubled.items():
        different, again = _told_apart(copies)
        kept.update(frames[0].path for frames in different)
        refused.extend(again)
        if len(different) > 1:
            conflicts[uid] = _conflict(different)
    return Settled(
        headers=tuple(
            header
            for frames in files
            if frames[0].sop_instance_uid not in doubled or frames[0].path in kept
            for header in frames
        ),
        refused=tuple(refused),
        conflicts=conflicts,
        doubled=frozenset(doubled),
    )


def _told_apart(copies: Iterable[Frames]) -> tuple[list[Frames], list[Refused]]:
    """Return one file of each different image, and the others as refused."""
    different: list[tuple[Frames, _Content]] = []
    again: list[Refused] = []
    for frames in copies:
        content = _Content(frames)
        first = next((f for f, known in different if known.same_as(content)), None)
        if first is None:
            different.append((frames, content))
        else:
            reason = f"the same image as {first[0].path}, which is read"
            again.append(Refused(frames[0].path, "duplicate", reason))
    return [frames for frames, _ in different], again


class _Content:
    """What a file holds, looked at as little as it takes to tell it from another."""

    def __init__(self, frames: Frames) -> None:
        self._frames = frames

    def same_as(self, other: _Content) -> bool:
        """Whether two files hold the same image; one that cannot be decoded is only itself."""
        return self._stated == other._stated and (
            _known_and_equal(self._file_sha256, other._file_sha256)
            or _known_and_equal(self._image, other._image)
        )

    @cached_property
    def _stated(self) -> Frames:
        """The headers, but for where and how the image is stored."""
        return tuple(replace(frame, path=_ANYWHERE, transfer_syntax="") for frame in self._frames)

    @cached_property
    def _file_sha256(self) -> str | None:
        digest = hashlib.sha256()
        try:
            with open_image(self._frames[0].path) as file:
                while part := file.read(_STEP_BYTES):
                    digest.update(part)
        except OSError:
            return None
        return digest.hexdigest()

    @cached_property
    def _image(self) -> tuple[object, ...] | None:
        """The stored values of every frame, and what turns them into grey values."""
        path = self._frames[0].path
        try:
            ds = read_dataset(path)
            hashes = [values_sha256(stored_values(ds, f.frame, path.name)) for f in self._frames]
            with quiet():
                return *hashes, *(ds.get(keyword) for keyword in _GREY_VALUES)
        except (ImagingError, *MALFORMED):
            return None


def _known_and_equal(one: object, other: object) -> bool:
    return one is not None and one == other


def _conflict(copies: Sequence[Frames]) -> Problem:
    names = " and ".join(_names([frames[0].path for frames in copies]))
    return Problem(
        "conflicting_copies",
        f"{copies[0][0].label} is stored several times under one instance UID with different"
        f" content ({names}); ask the sender which one is right and remove the others",
        blocking=True,
    )


def _names(paths: Sequence[ImageFile]) -> list[str]:
    """Return the shortest ends of paths that tell them apart."""
    parts = [str(path).replace("\\", "/").split("/") for path in paths]
    n = 1
    while len({tuple(p[-n:]) for p in parts}) < len(parts) and n < max(map(len, parts)):
        n += 1
    return ["/".join(p[-n:]) for p in parts]
