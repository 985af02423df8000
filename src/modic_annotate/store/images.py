"""Open the images of a record as they were linked, or say what has changed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import numpy as np

from modic_annotate import imaging
from modic_annotate.domain.images import IdentityMap, ImageIndex, IndexedSeries
from modic_annotate.domain.series import Instance, SeriesRole
from modic_annotate.errors import ImagingError, RecordError, RecordMismatchError, UnknownRecordError
from modic_annotate.imaging import Series, Volume
from modic_annotate.imaging.pixels.decode import read_dataset
from modic_annotate.store.canonical import parse_record
from modic_annotate.store.workspace import Workspace

GRID_TOLERANCE_MM = 1e-3
"""Rounding of affines in records and in headers stays far below this."""


KEY_OF_UIDS = "identity/uid.key"
"""The workspace's secret: of new UIDs, and of hashes of words that identify."""


def identity_key(record_id: str) -> str:
    """Return the key of a record's way back to its source; site-held."""
    return f"identity/{record_id}.json"


def open_volumes(
    ws: Workspace, record_id: str, roles: Iterable[SeriesRole]
) -> dict[SeriesRole, Volume]:
    """Load the series that fill some slots; slots without a series are left out.

    Raises
    ------
    RecordMismatchError
        The index or the images are not those that were linked; the message names what differs.
    UnknownRecordError
        No images are linked, or some are gone.
    """
    index = ws.linked_images(record_id)
    wanted = {role: index.in_role(role) for role in roles}
    return {role: open_series(ws, index, entry) for role, entry in wanted.items() if entry}


def open_series(ws: Workspace, index: ImageIndex, entry: IndexedSeries) -> Volume:
    """Load one stack and compare its geometry and pixels with the index; errors as above."""
    series = _found(ws, index, entry)
    volume = imaging.load_series(series)
    _check(volume, entry)
    return volume


def image_class(ws: Workspace, index: ImageIndex, entry: IndexedSeries) -> str:
    """Return the SOP class of a stack's images, as one of them states it; errors as above."""
    for hinted in hinted_files(ws, index, entry.used.series_uid)[:1]:
        with suppress(ImagingError, OSError):  # then it is looked for, and missed by name
            ds = read_dataset(hinted)
            if ds.get("SeriesInstanceUID") == entry.used.series_uid:
                return str(ds.SOPClassUID)
    return str(read_dataset(_found(ws, index, entry).slices[0].path).SOPClassUID)


def has_burned_in_text(ws: Workspace, index: ImageIndex, series_uid: str) -> bool:
    """Whether any image of a series says that its pixels hold text (0028,0301)."""
    return any(_says_burned_in(path) for path in hinted_files(ws, index, series_uid))


def _says_burned_in(path: Path) -> bool:
    ds = read_dataset(path)
    return str(ds.get("BurnedInAnnotation", "")).strip().upper() == "YES"


def image_faults(ws: Workspace, record_id: str) -> tuple[str, ...]:
    """Return what differs between the images of a record and what was linked; decodes them all."""
    try:
        index = ws.linked_images(record_id)
    except RecordError as error:
        return (str(error),)
    faults = []
    for entry in (*index.series, *index.acceptable):
        try:
            open_series(ws, index, entry)
        except (RecordError, ImagingError) as error:
            faults.append(str(error))
    return tuple(faults)


def hinted_files(ws: Workspace, index: ImageIndex, series_uid: str) -> tuple[Path, ...]:
    """Return where the index says the files of a series are, all stacks that may be read."""
    read = (f for s in index.series if s.used.series_uid == series_uid for f in s.files)
    may_be = (
        f for s in index.blocked if s.if_accepted and s.series_uid == series_uid for f in s.files
    )
    unique = tuple(dict.fromkeys((*read, *may_be)))
    if index.images == "in_place":
        elsewhere = _identity(ws, index).source_files
        return tuple(Path(elsewhere[hint]) for hint in unique if hint in elsewhere)
    folder = ws.image_folder(index.record_id)
    return tuple(folder / hint for hint in unique)


def _found(ws: Workspace, index: ImageIndex, entry: IndexedSeries) -> Series:
    files = hinted_files(ws, index, entry.used.series_uid)
    try:
        series = _where_hinted(files, entry) or _moved(ws, index, files, entry)
    except OSError as error:
        raise RecordError(
            f"Series {_name(entry)} of record {index.record_id} cannot be read "
            f"({error.strerror}); check the disk and try again"
        ) from error
    if series is None:
        raise UnknownRecordError(
            f"Series {_name(entry)} of record {index.record_id} is gone from its image folder; "
            "restore the folder, or link the study again"
        )
    return series


def _where_hinted(files: Sequence[Path], entry: IndexedSeries) -> Series | None:
    is_there = all(file.is_file() for file in files)
    return _pick(imaging.scan(files).series, entry) if is_there else None


def _moved(
    ws: Workspace, index: ImageIndex, files: Sequence[Path], entry: IndexedSeries
) -> Series | None:
    folders = {file.parent for file in files} if index.images == "in_place" else set()
    folders = {f for f in folders if f.is_dir()} or {ws.image_folder(index.record_id)}
    return _pick(imaging.scan(sorted(folders)).series, entry)


def _pick(found: Iterable[Series], entry: IndexedSeries) -> Series | None:
    """Return the stack an index entry means, in the role the index gives it."""
    used = entry.used
    uids = {instance.sop_instance_uid for instance in used.instances}
    for series in found:
        if series.series_uid == used.series_uid and uids & {
            ref.sop_instance_uid for ref in series.slices
        }:
            form = imaging.accepted_form(series) if used.faults and series.blocked else series
            return replace(
                form,
                stack=used.stack,
                role=used.role,
                role_evidence=used.role_evidence,
                weighting=used.weighting,  # judged on the source, whose words a copy may lack
                fat=used.fat,
            )
    return None


def _check(volume: Volume, entry: IndexedSeries) -> None:
    used = entry.used
    differences = _pixel_differences(volume.instances, used.instances)
    same_shape = volume.grid.shape == used.grid.shape
    if not same_shape or not np.allclose(
        volume.grid.matrix, used.grid.matrix, atol=GRID_TOLERANCE_MM
    ):
        differences.append("its geometry differs")
    if differences:
        raise RecordMismatchError(
            f"Series {_name(entry)} is not as it was linked: {'; '.join(differences)}"
        )


def _pixel_differences(now: Iterable[Instance], then: Iterable[Instance]) -> list[str]:
    present = {(i.sop_instance_uid, i.frame): i.pixel_sha256 for i in now}
    differences = []
    for instance in then:
        found = present.pop((instance.sop_instance_uid, instance.frame), None)
        if found is None:
            differences.append(f"image {_number(instance)} is missing")
        elif found != instance.pixel_sha256:
            differences.append(f"image {_number(instance)} has other pixels")
    if present:
        differences.append(f"{len(present)} images were added")
    return differences


def _number(instance: Instance) -> str:
    if instance.instance_number is None:
        return f"...{instance.sop_instance_uid[-8:]} frame {instance.frame + 1}"
    return str(instance.instance_number)


def _name(entry: IndexedSeries) -> str:
    return f"...{entry.used.series_uid[-8:]} ({entry.used.role})"


def _identity(ws: Workspace, index: ImageIndex) -> IdentityMap:
    key = identity_key(index.record_id)
    return parse_record(IdentityMap, ws.store.get(key), key)
