"""What was sent to whom and what came of it: the coordinator's log."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from modic_annotate.domain.base import Record, RecordId, Sha256, Utc


class SubmissionEvent(StrEnum):
    """A step of a submission."""

    SENT = "sent"
    QUESTION = "question"
    """More was asked for."""

    APPROVED = "approved"
    DENIED = "denied"
    APPEALED = "appealed"
    WITHDRAWN = "withdrawn"


class Submission(Record):
    """One entry of the log; entries are never changed."""

    schema_id: Annotated[Literal["modic-annotate/submission/1"], Field(alias="schema")] = (
        "modic-annotate/submission/1"
    )
    submission_id: RecordId
    record_id: RecordId
    event: SubmissionEvent
    recipient: Annotated[str, Field(min_length=1, max_length=200)]
    """A payer or sponsor, never a person."""

    on: date
    root_sha256: Sha256 | None = None
    """Root digest of the package that was sent, where one was."""

    note: Annotated[str, Field(max_length=2000)] = ""
    by: str
    at: Utc
