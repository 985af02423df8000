"""Whom a payer's document is about and who read: given for one export, drawn, never stored."""

from __future__ import annotations

import json
import tomllib
from datetime import date
from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, StringConstraints, ValidationError, model_validator

from modic_annotate.domain.base import Record, RecordId
from modic_annotate.errors import ExportError, InvalidRecordError
from modic_annotate.store.canonical import problems_of

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]


class ReaderIdentity(Record):
    """A reader's name and title as they stand in the document."""

    name: Words
    title: str = ""


class Identity(Record):
    """Two identifiers of a person, and the names of the readers.

    A medical record number is none of them: reviewers do not know it.
    """

    name: Words
    birth_date: date | None = None
    member_id: Words | None = None
    payer: Words | None = None
    site: Words | None = None
    readers: dict[RecordId, ReaderIdentity] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _two_identifiers(self) -> Self:
        if self.birth_date is None and self.member_id is None:
            raise ValueError("a second identifier is needed: birth_date or member_id")
        return self

    @property
    def line(self) -> str:
        """Both identifiers, as they stand on every page."""
        second = (
            f"born {self.birth_date.isoformat()}" if self.birth_date else f"member {self.member_id}"
        )
        return f"{self.name}, {second}"


def words_of(path: Path) -> tuple[str, ...]:
    """Return what an identity file says of persons and site; errors as `read_identity`."""
    who = read_identity(path)
    born = who.birth_date.isoformat() if who.birth_date else ""
    readers = (reader.name for reader in who.readers.values())
    return tuple(text for text in (who.name, born, who.member_id, who.site, *readers) if text)


def read_identity(path: Path) -> Identity:
    """Read an identity file, JSON or TOML; messages hold none of its values.

    Raises
    ------
    ExportError
        The file cannot be read or is neither JSON nor TOML.
    InvalidRecordError
        A field is missing, unknown or malformed; each is named.
    """
    try:
        text = path.read_text("utf-8-sig")
        given = tomllib.loads(text) if path.suffix == ".toml" else json.loads(text)
    except (OSError, UnicodeDecodeError, ValueError) as error:
        raise ExportError(
            f"The identity file cannot be read ({type(error).__name__}); give JSON or TOML"
        ) from None
    try:
        return Identity.model_validate_json(json.dumps(given, default=str))
    except ValidationError as error:
        raise InvalidRecordError("The identity file", problems_of(error)) from None
