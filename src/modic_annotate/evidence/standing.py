"""Which signature over a determination stands: over these bytes, of this day, on these documents.

A signature names by hash what the determination rested on when it was made. A record, reading or
resolution that was changed since may leave the determination's bytes as they were; the person
signed for what they had before them, so the signature has lapsed all the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from modic_annotate.domain.determination import Determination
from modic_annotate.domain.resolution import DeterminationInput, DeterminationSignature
from modic_annotate.store.canonical import canonical_bytes, sha256_hex

DOCUMENT_WORDS = {"screening": "the screening record", "criteria": "the criteria set"}
ANOTHER_DAY = "the day it is judged by"
ITSELF = "the determination itself"


@dataclass(frozen=True, slots=True)
class Signable:
    """A determination as a person signs it."""

    determination: Determination
    as_of: date
    hashes: Mapping[str, str]
    """Document it rests on (``screening``, ``criteria``, ``reading:<id>``, ...) -> sha256."""

    @property
    def content(self) -> bytes:
        """The bytes that are signed."""
        return canonical_bytes(self.determination)

    @property
    def inputs(self) -> tuple[DeterminationInput, ...]:
        """What it rests on, as a signature names it."""
        return tuple(
            DeterminationInput(document=d, sha256=h) for d, h in sorted(self.hashes.items())
        )


@dataclass(frozen=True, slots=True)
class Lapsed:
    """A signature that nobody renewed after something it covers was changed."""

    determination_id: str
    changed: tuple[str, ...]

    @property
    def words(self) -> str:
        """What a package says that leaves it out; it names no day and nobody."""
        return (
            f"signature {self.determination_id} of the determination (since it was made there "
            f"changed: {', '.join(self.changed)})"
        )

    @property
    def sentence(self) -> str:
        """What is said to who exports."""
        return (
            f"Signature {self.determination_id} of the determination is not in the package: since "
            f"it was made there changed {', '.join(self.changed)}; look at it again and sign it "
            "anew with sign-determination"
        )


@dataclass(frozen=True, slots=True)
class Standing:
    """The newest signature that stands, or else the newest that has lapsed, or neither."""

    signature: DeterminationSignature | None = None
    lapsed: Lapsed | None = None


def standing(made: Sequence[DeterminationSignature], signable: Signable) -> Standing:
    """Return how the signatures of a record, oldest first, stand to a determination."""
    criteria = signable.determination.criteria_id
    for_set = [one for one in made if one.criteria_id == criteria]
    digest = sha256_hex(signable.content)
    for one in reversed(for_set):
        if not tuple(_changed(one, signable, digest)):
            return Standing(signature=one)
    if not for_set:
        return Standing()
    newest = for_set[-1]
    changed = tuple(_changed(newest, signable, digest))
    return Standing(lapsed=Lapsed(newest.determination_id, changed))


def _changed(made: DeterminationSignature, signable: Signable, digest: str) -> Iterator[str]:
    """Yield what is another now than what a signature covers."""
    signed = {one.document: one.sha256 for one in made.inputs}
    differ = sorted(
        name
        for name in signed.keys() | signable.hashes.keys()
        if signed.get(name) != signable.hashes.get(name)
    )
    yield from (DOCUMENT_WORDS.get(name, name.replace(":", " ")) for name in differ)
    if made.as_of != signable.as_of:
        yield ANOTHER_DAY
    elif made.determination_sha256 != digest and not differ:
        yield ITSELF
