"""Are images given from elsewhere those that were read? Compared by their stored pixels.

Where images were de-identified at intake the package names them by the workspace's UIDs; the
hospital's own copies then match by pixels alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from modic_annotate import imaging
from modic_annotate.domain.series import Instance
from modic_annotate.errors import ImagingError, NothingReadableError
from modic_annotate.evidence.contents import Contents
from modic_annotate.evidence.signed import in_use


@dataclass(frozen=True, slots=True)
class FoundImages:
    """Pixel hashes of the images in a folder, by instance and frame, and files that failed."""

    by_instance: dict[tuple[str, int], str]
    undecodable: tuple[str, ...]

    @property
    def hashes(self) -> frozenset[str]:
        """All hashes found."""
        return frozenset(self.by_instance.values())


def find_images(folder: Path) -> FoundImages:
    """Hash every image below a folder.

    Raises
    ------
    NothingReadableError
        There is no image in it.
    """
    found: dict[tuple[str, int], str] = {}
    failed = []
    for series in imaging.scan(folder).series:
        for ref in series.slices:
            try:
                digest = imaging.pixel_sha256(ref.path, ref.frame)
            except ImagingError:
                failed.append(ref.path.name)
            else:
                found[ref.sop_instance_uid, ref.frame] = digest
    if not found and not failed:
        raise NothingReadableError(f"No MR images in {folder}; give the folder of the study")
    return FoundImages(found, tuple(failed))


def image_problems(contents: Contents, found: FoundImages) -> Iterator[str]:
    """Yield images that were read and are not among those found with the same pixels."""
    yield from (f"{name}: cannot be decoded" for name in found.undecodable)
    hashes = found.hashes
    for instance, role in _read(contents):
        given = found.by_instance.get((instance.sop_instance_uid, instance.frame))
        number = instance.instance_number
        name = f"{role} image {number if number is not None else instance.sop_instance_uid}"
        if given is not None and given != instance.pixel_sha256:
            yield f"{name}: the image given has other pixels than the one read"
        elif given is None and instance.pixel_sha256 not in hashes:
            yield f"{name}: no image given has the pixels that were read"


def image_note(contents: Contents, found: FoundImages) -> str:
    """Say how many of the images that were read were found, and how."""
    read = [instance for instance, _ in _read(contents)]
    named = sum((i.sop_instance_uid, i.frame) in found.by_instance for i in read)
    by_pixels = sum(i.pixel_sha256 in found.hashes for i in read)
    how = "by UID and pixels" if named == len(read) else "by pixels"
    return f"{by_pixels} of {len(read)} images that were read found {how}"


def _read(contents: Contents) -> Iterator[tuple[Instance, str]]:
    """Yield each image of the series that current readings rest on, once, with its slot."""
    series = {
        (s.series_uid, s.stack): s for one in in_use(contents.signed) for s in one.reading.series
    }
    for stack in series.values():
        for instance in stack.instances:
            yield instance, stack.role.value.replace("_", " ")
