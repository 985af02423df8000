"""The images of a case, loaded when they are wanted."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from modic_annotate.domain.images import ImageIndex
from modic_annotate.domain.series import SeriesUsed
from modic_annotate.errors import UnknownRecordError
from modic_annotate.store.workspace import Workspace
from modic_annotate_napari.loading import take

if TYPE_CHECKING:
    from modic_annotate_napari.canvas.display import Volume

Key = tuple[str, int]
"""SeriesInstanceUID and stack."""


class CaseImages:
    """Volumes by series, as they were linked; each is loaded once."""

    def __init__(self, workspace: Workspace, record_id: str) -> None:
        self._workspace = workspace
        self._record_id = record_id
        self._volumes: dict[Key, Volume] = {**take(workspace.root, record_id)}

    @property
    def is_current(self) -> bool:
        """Whether the record's images are still the ones these were loaded from."""
        return self._workspace.linked_images(self._record_id) == self._index

    @property
    def n_bytes(self) -> int:
        """How much memory the volumes loaded so far take."""
        return sum(volume.array.nbytes for volume in self._volumes.values())

    @cached_property
    def _index(self) -> ImageIndex:
        return self._workspace.linked_images(self._record_id)

    def volume(self, used: SeriesUsed) -> Volume:
        """Return a series' volume.

        Raises
        ------
        UnknownRecordError, RecordMismatchError
            Its images are gone, or are not those that were linked.
        """
        key = (used.series_uid, used.stack)
        if key not in self._volumes:
            from modic_annotate.store.images import open_series  # imports pydicom: only if needed

            entry = self._index.of(*key)
            if entry is None:
                raise UnknownRecordError(
                    f"Series ...{used.series_uid[-8:]} is not among the case's images; "
                    "link the study again"
                )
            self._volumes[key] = open_series(self._workspace, self._index, entry)
        return self._volumes[key]
