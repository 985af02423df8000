"""What a named person makes of a row that needs review, and of a whole determination."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from modic_annotate.domain.base import Record, RecordId, Sha256, Utc
from modic_annotate.domain.determination import RollUp
from modic_annotate.domain.reading import SignatureClass, Software


class Resolution(Record):
    """A person's decision on one row that needs review; the row's own outcome is kept.

    It holds as long as the row rests on the same: `basis_sha256` is over the row's outcome,
    comparison and operands (without days), so that a new reading or another score asks again.
    """

    schema_id: Annotated[Literal["modic-annotate/resolution/1"], Field(alias="schema")] = (
        "modic-annotate/resolution/1"
    )
    resolution_id: RecordId
    record_id: RecordId
    criteria_id: RecordId
    criteria_version: str
    criterion: RecordId
    outcome: Literal["met", "not_met"]
    reason: Annotated[str, Field(min_length=1, max_length=2000)]
    by: RecordId
    """Id of the registered person who decided."""

    at: Utc
    basis_sha256: Sha256


class DeterminationInput(Record):
    """A document a signed determination rests on."""

    document: str
    """``screening``, ``criteria``, ``reading:<id>`` or ``resolution:<id>``."""

    sha256: Sha256


class DeterminationSignature(Record):
    """A named, dated signature with its meaning over a determination's bytes."""

    schema_id: Annotated[
        Literal["modic-annotate/determination-signature/1"], Field(alias="schema")
    ] = "modic-annotate/determination-signature/1"
    determination_id: RecordId
    determination_sha256: Sha256
    record_id: RecordId
    criteria_id: RecordId
    roll_up: RollUp
    as_of: date
    inputs: tuple[DeterminationInput, ...]
    signer_id: RecordId
    signer_display_name: str
    signer_role: str
    signer_title: str = ""
    meaning: Annotated[str, Field(min_length=1)]
    signature_class: SignatureClass
    signed_at: Utc
    local_time: str
    """The signer's wall clock with its offset, ISO 8601."""

    software: Software
