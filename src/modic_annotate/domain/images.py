"""Which images a record holds, and the hashes they must keep."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from modic_annotate.domain.base import Record, RecordId, Uid
from modic_annotate.domain.series import SeriesRole, SeriesUsed


class IndexedSeries(Record):
    """One stack of a series as it was when the images were linked."""

    used: SeriesUsed
    """Identity, role as found, grid and pixel hashes."""

    description: str = ""
    files: tuple[str, ...]
    """Where each instance was, relative to the image folder: a hint, the UIDs decide.

    One per instance of ``used``, in the same order.
    """

    blocked: bool = False
    """Recognised, but must not be read as a volume."""

    problems: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _one_file_per_instance(self) -> Self:
        if len(self.files) != len(self.used.instances):
            raise ValueError(
                f"{len(self.files)} files for {len(self.used.instances)} instances of a series"
            )
        return self


class ImageIndex(Record):
    """All series linked to one record (``images/<record>/index.json``)."""

    schema_id: Annotated[Literal["modic-annotate/images/1"], Field(alias="schema")] = (
        "modic-annotate/images/1"
    )
    record_id: RecordId
    study_uid: Uid
    images: Literal["deidentified", "verbatim", "in_place"] = "deidentified"
    series: tuple[IndexedSeries, ...]

    def in_role(self, role: SeriesRole) -> IndexedSeries | None:
        """Return the readable series found for a role, or None."""
        return next((s for s in self.series if s.used.role == role and not s.blocked), None)

    def of(self, series_uid: str, stack: int = 0) -> IndexedSeries | None:
        """Return one stack of a series, or None."""
        return next(
            (s for s in self.series if (s.used.series_uid, s.used.stack) == (series_uid, stack)),
            None,
        )
