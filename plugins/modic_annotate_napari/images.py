"""The images of a case, loaded when they are wanted."""

from __future__ import annotations

from collections.abc import Mapping

from modic_annotate.domain.images import ImageIndex
from modic_annotate.domain.series import SeriesUsed
from modic_annotate.errors import NothingReadableError
from modic_annotate.imaging import Volume, load_series, scan
from modic_annotate.store.workspace import Workspace

Key = tuple[str, int]
"""SeriesInstanceUID and stack."""


class CaseImages:
    """Volumes by series, read from the workspace's copies; each is loaded once."""

    def __init__(self, workspace: Workspace, record_id: str) -> None:
        self._folder = workspace.image_folder(record_id)
        self._index: ImageIndex = workspace.images(record_id)
        self._volumes: dict[Key, Volume] = {}

    def volume(self, used: SeriesUsed) -> Volume:
        """Return a series' volume.

        Raises
        ------
        NothingReadableError
            Its files are no longer where they were linked from.
        BlockedSeriesError, DecodeError
            It cannot be read as a volume.
        """
        key = (used.series_uid, used.stack)
        if key not in self._volumes:
            self._volumes |= self._load(key)
        return self._volumes[key]

    def _load(self, key: Key) -> Mapping[Key, Volume]:
        """Load a stack; all files of its series are scanned, so that stacks count alike."""
        whole = [s for s in self._index.series if s.used.series_uid == key[0]]
        files = [self._folder / name for indexed in whole for name in indexed.files]
        if not files or not all(file.is_file() for file in files):
            raise NothingReadableError(
                f"The images of series {key[0]} are not in the workspace; link the study again"
            )
        found = next(
            (s for s in scan(files).series if (s.series_uid, s.stack) == key and s.grid), None
        )
        if found is None:
            raise NothingReadableError(
                f"Series {key[0]} cannot be found in its files; link the study again"
            )
        return {key: load_series(found)}
