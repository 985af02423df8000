"""Who may read in a workspace."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from modic_annotate.domain.base import Record, RecordId

Hex = Annotated[str, StringConstraints(pattern=r"^([0-9a-f]{2})+$")]


class PassphraseHash(Record):
    """A passphrase under scrypt (RFC 7914), a memory-hard hash; the passphrase is not kept."""

    algorithm: Literal["scrypt"] = "scrypt"
    n: Annotated[int, Field(ge=2)]
    """Cost: memory and time; a power of two."""

    r: Annotated[int, Field(ge=1)]
    p: Annotated[int, Field(ge=1)]
    salt_hex: Hex
    hash_hex: Hex


class Reader(Record):
    """A registered reader; records name readers by id alone."""

    id: RecordId
    display_name: str = ""
    role: str = "reader"
    title: str = ""
    passphrase: PassphraseHash | None = None
    """Set by readers who sign electronically; None signs by attestation."""


class ReadersFile(Record):
    """All readers of a workspace."""

    schema_id: Annotated[Literal["modic-annotate/readers/1"], Field(alias="schema")] = (
        "modic-annotate/readers/1"
    )
    readers: tuple[Reader, ...] = ()

    @model_validator(mode="after")
    def _each_id_once(self) -> Self:
        ids = [reader.id.casefold() for reader in self.readers]
        if len(set(ids)) != len(ids):
            raise ValueError("each reader id may stand once, compared without case")
        return self

    def find(self, reader_id: str) -> Reader | None:
        """Return the reader of an id, compared without case, or None."""
        wanted = reader_id.casefold()
        return next((r for r in self.readers if r.id.casefold() == wanted), None)
