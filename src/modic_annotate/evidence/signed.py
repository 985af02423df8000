"""A signed reading with its signature, as values and as the bytes they came from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from modic_annotate.domain.reading import Reading, Signature, SignatureClass


@dataclass(frozen=True, slots=True)
class SignedReading:
    """A signed reading and its signature."""

    reading: Reading
    signature: Signature
    reading_bytes: bytes = b""
    signature_bytes: bytes = b""

    @property
    def is_scripted(self) -> bool:
        """Whether a file made it, not a person's hand."""
        return self.reading.scripted or (
            self.signature.signature_class == SignatureClass.SCRIPTED_DEMO
        )


def in_use(signed: Iterable[SignedReading]) -> tuple[SignedReading, ...]:
    """Return the readings that no other supersedes, in their order."""
    known = tuple(signed)
    superseded = {one.reading.supersedes for one in known}
    return tuple(one for one in known if one.reading.reading_id not in superseded)
