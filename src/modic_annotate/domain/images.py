"""Which images a record holds, and the hashes they must keep."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from modic_annotate.domain.base import Record, RecordId, Sha256, Uid, is_empty
from modic_annotate.domain.series import Instance, SeriesRole, SeriesUsed


class IndexedSeries(Record):
    """One stack of a series that can be read, as it was when the images were linked."""

    used: SeriesUsed
    """Identity, role as found, grid and pixel hashes."""

    description: str = ""
    files: tuple[str, ...]
    """Where each instance was, relative to the image folder: a hint, the UIDs decide.

    One per instance of ``used``, in the same order.
    """

    @model_validator(mode="after")
    def _one_file_per_instance(self) -> Self:
        if len(self.files) != len(self.used.instances):
            raise ValueError(
                f"{len(self.files)} files for {len(self.used.instances)} instances of a series"
            )
        return self


class BlockedSeries(Record):
    """One stack that was recognised but must not be read as a volume, and why."""

    series_uid: Uid
    stack: int = 0
    role: SeriesRole
    description: str = ""
    instances: tuple[Instance, ...]
    files: tuple[str, ...]
    problems: Annotated[tuple[str, ...], Field(min_length=1)]
    if_accepted: Annotated[IndexedSeries | None, Field(exclude_if=lambda one: one is None)] = None
    """What it is read as where a reader accepts its faults; None where nobody may."""


class ImageIndex(Record):
    """All series linked to one record (``images/<record>/index.json``)."""

    schema_id: Annotated[Literal["modic-annotate/images/1"], Field(alias="schema")] = (
        "modic-annotate/images/1"
    )
    record_id: RecordId
    study_uid: Uid
    images: Literal["deidentified", "verbatim", "in_place"] = "deidentified"
    series: tuple[IndexedSeries, ...]
    """All that can be read; stacks of one series share its UID."""

    blocked: tuple[BlockedSeries, ...] = ()

    def in_role(self, role: SeriesRole) -> IndexedSeries | None:
        """Return the first series found for a role, or None."""
        return next((s for s in self.series if s.used.role == role), None)

    def of(self, series_uid: str, stack: int = 0) -> IndexedSeries | None:
        """Return one stack of a series that can be read or accepted, or None."""
        either = (*self.series, *self.acceptable)
        key = (series_uid, stack)
        return next((s for s in either if (s.used.series_uid, s.used.stack) == key), None)

    @property
    def acceptable(self) -> tuple[IndexedSeries, ...]:
        """The blocked stacks whose faults a reader may accept, as they are then read."""
        return tuple(s.if_accepted for s in self.blocked if s.if_accepted is not None)


class IdentityMap(Record):
    """The site's own way back from a record's images to their source (``identity/``).

    It never leaves the site: no export holds it and no hash covers it.
    """

    schema_id: Annotated[Literal["modic-annotate/identity/1"], Field(alias="schema")] = (
        "modic-annotate/identity/1"
    )
    record_id: RecordId
    source_uids: dict[Uid, Uid] = Field(default_factory=dict)
    """UID in this workspace -> UID at the hospital; empty where the images keep theirs."""

    source_files: dict[str, str] = Field(default_factory=dict)
    """Hint in the index -> file on the site's disk; only for images linked in place."""

    known_words: Annotated[tuple[Sha256, ...], Field(exclude_if=is_empty)] = ()
    """Keyed hashes of the words that named somebody in the source's headers: what an export
    must not hold is known without being kept."""
