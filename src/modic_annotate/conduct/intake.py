"""Bring a study's images into a workspace: copied under neutral names, verified, indexed.

Everything is made in a temporary folder beside its final place, so that a failure at any step
leaves the workspace as it was.
"""

from __future__ import annotations

import io
import os
import secrets
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from modic_annotate import imaging
from modic_annotate.conduct.cleaning import cleaner_of
from modic_annotate.conduct.deidentify import Deidentifier, has_burned_in_text
from modic_annotate.conduct.indexing import (
    HashedSeries,
    Mode,
    hashed,
    index_entry,
    roles_of,
    same_images,
)
from modic_annotate.domain.images import BlockedSeries, ImageIndex, IndexedSeries
from modic_annotate.errors import NothingReadableError, RecordError
from modic_annotate.imaging import Series
from modic_annotate.imaging.sources.archives import ArchiveMember, ImageFile
from modic_annotate.store.canonical import canonical_bytes
from modic_annotate.store.durable import TEMPORARY_PREFIX, make_folder, sync_folder
from modic_annotate.store.workspace import Workspace

INDEX_NAME = "index.json"


@dataclass(frozen=True)
class Staged:
    """Images ready to become a record's, in a folder that is not yet theirs."""

    folder: Path
    index: ImageIndex
    source_of: dict[str, ImageFile]
    """Hint in the index -> file it came from."""

    left_out: tuple[str, ...]
    """Series that were not brought in, and why."""


class Intake:
    """Stages one study for one record."""

    def __init__(self, ws: Workspace, mode: Mode, deidentifier: Deidentifier) -> None:
        self._ws = ws
        self._mode = mode
        self._deidentifier = deidentifier

    @contextmanager
    def staged(self, study: Sequence[Series]) -> Iterator[Staged]:
        """Copy, verify and index a study; whatever was not taken over is removed at the end.

        Raises
        ------
        NothingReadableError
            No series of the study can be brought in.
        RecordError
            A copy differs from its source, or the disk does not take it; or images in a zip
            archive are to be read in place.
        """
        folder = self._ws.store.path(f"images/{TEMPORARY_PREFIX}{secrets.token_hex(8)}")
        _remove_abandoned(folder.parent)
        try:
            make_folder(folder)
            yield self._stage(study, folder)
        except OSError as error:
            raise RecordError(
                f"The images of record {self._deidentifier.record_id} could not be copied: "
                f"{error.strerror or type(error).__name__}; check the disk and link again"
            ) from error
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def _stage(self, study: Sequence[Series], folder: Path) -> Staged:
        sources = [hashed(series) for series in study]
        left_out = self._left_out(sources)
        taken = [source for source in sources if source.series.series_uid not in left_out]
        if not taken:
            raise NothingReadableError(
                f"No series of the study can be brought in: {'; '.join(left_out.values())}"
            )
        names = neutral_names([source.series for source in taken])
        if self._mode == "in_place":
            self._check_no_archive(names)
            copies, hints = taken, names
        else:
            for path, name in names.items():
                self._copy(path, folder / name)
            copies = self._read_back(taken, folder)
            hints = {folder / name: name for name in names.values()}
        index = self._index(taken, copies, hints)
        _write(folder / INDEX_NAME, canonical_bytes(index))
        sync_folder(folder)
        source_of = {name: path for path, name in names.items()}
        return Staged(folder, index, source_of, tuple(left_out.values()))

    def _left_out(self, sources: Sequence[HashedSeries]) -> dict[str, str]:
        """Return why whole series are not brought in, by their UID."""
        reasons = {}
        for source in sources:
            series = source.series
            name = f"series ...{series.series_uid[-8:]}"
            if source.fault:
                reasons[series.series_uid] = f"{name} cannot be decoded"
            elif self._mode == "deidentified" and any(
                has_burned_in_text(path) for path in {ref.path for ref in series.slices}
            ):
                reasons[series.series_uid] = f"{name} has text burned into its pixels"
        return reasons

    def _check_no_archive(self, files: Iterable[ImageFile]) -> None:
        """Refuse to link what no later reading would find as a file of its own."""
        if any(isinstance(file, ArchiveMember) for file in files):
            raise RecordError(
                f"The images of record {self._deidentifier.record_id} lie in a zip archive and "
                "cannot be read in place; unpack it, or link without --in-place"
            )

    def _copy(self, source: ImageFile, target: Path) -> None:
        make_folder(target.parent)
        if self._mode == "verbatim":
            _write(target, source.read_bytes())
            return
        content = io.BytesIO()
        try:
            self._deidentifier.copy(source, content)
        except Exception as error:  # writers raise whatever they like; the type is kept as cause
            raise RecordError(
                f"An image cannot be copied without identity ({type(error).__name__}); link the "
                "study with --verbatim, or get it again"
            ) from error
        _write(target, content.getvalue())

    def _read_back(self, sources: Sequence[HashedSeries], folder: Path) -> list[HashedSeries]:
        """Scan and decode the copies; each must be its source over again."""
        for subfolder in folder.iterdir():
            sync_folder(subfolder)
        found = {(s.series_uid, s.stack): s for s in imaging.scan(folder).series}
        copies = []
        for source in sources:
            uid = source.series.series_uid
            new_uid = uid if self._mode == "verbatim" else self._deidentifier.uids.new(uid)
            copy = found.get((new_uid, source.series.stack))
            read = hashed(copy) if copy else None
            if read is None or not same_images(source, read):
                raise RecordError(
                    f"The copy of series ...{uid[-8:]} differs from its source; nothing was "
                    "linked, report this with the output of: modic-annotate scan"
                )
            copies.append(read)
        return copies

    def _index(
        self,
        sources: Sequence[HashedSeries],
        copies: Sequence[HashedSeries],
        hints: dict[ImageFile, str],
    ) -> ImageIndex:
        study = [source.series for source in sources]
        roles = roles_of(study)
        cleaner = cleaner_of([series.patient for series in study])
        entries = [
            index_entry(s, copy, roles[s.series_uid, s.stack], hints, cleaner)
            for s, copy in zip(study, copies, strict=True)
        ]
        return ImageIndex(
            record_id=self._deidentifier.record_id,
            study_uid=copies[0].series.study_uid,
            images=self._mode,
            series=tuple(e for e in entries if isinstance(e, IndexedSeries)),
            blocked=tuple(e for e in entries if isinstance(e, BlockedSeries)),
        )


def neutral_names(study: Sequence[Series]) -> dict[ImageFile, str]:
    """Return a name for each file that says nothing but series and slice: ``02/007.dcm``."""
    numbers = {uid: n for n, uid in enumerate(dict.fromkeys(s.series_uid for s in study), 1)}
    names: dict[ImageFile, str] = {}
    counts = dict.fromkeys(numbers, 0)
    for series in study:
        for ref in series.slices:
            if ref.path not in names:
                counts[series.series_uid] += 1
                number = numbers[series.series_uid]
                names[ref.path] = f"{number:02d}/{counts[series.series_uid]:03d}.dcm"
    return names


def _remove_abandoned(images: Path) -> None:
    """Remove what a link that was killed had staged; links hold a lock, so none is at work."""
    with suppress(OSError):  # rubbish that cannot be found or removed stands in nobody's way
        for staged in images.glob(f"{TEMPORARY_PREFIX}*"):
            shutil.rmtree(staged, ignore_errors=True)


def _write(path: Path, content: bytes) -> None:
    with path.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
