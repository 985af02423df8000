"""A site's statement that it has read the source of one row of a criteria set."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from modic_annotate.domain.base import Record, RecordId, Sha256, Utc


class RowVerification(Record):
    """Who read the source of a row, when, and the hash of what was read; or who took that back.

    An immutable revision (``criteria/<set>/<row>/r<n>.json``): the latest of a row counts.
    """

    schema_id: Annotated[Literal["modic-annotate/row-verification/1"], Field(alias="schema")] = (
        "modic-annotate/row-verification/1"
    )
    criteria_id: RecordId
    criterion: RecordId
    row_sha256: Sha256
    """Of the row as it was worded and computed; a row that reads otherwise is not verified."""

    revision: Annotated[int, Field(ge=1)] = 1
    by: RecordId
    """The registered reader who read the source."""

    by_name: str = ""
    at: Utc
    source_sha256: Sha256
    """Of the file that was read; the site keeps the file."""

    source_bytes: Annotated[int, Field(ge=1)]
    withdrawn: bool = False
    reason: str = ""
    """Why it was withdrawn."""

    @model_validator(mode="after")
    def _withdrawn_with_a_reason(self) -> Self:
        if self.withdrawn != bool(self.reason.strip()):
            raise ValueError("a reason stands with a verification that is withdrawn, and only then")
        return self

    @property
    def person(self) -> str:
        """The reader as a determination names who verified a row."""
        return f"{self.by_name} ({self.by})" if self.by_name else self.by
