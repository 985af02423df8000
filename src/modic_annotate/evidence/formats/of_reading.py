"""What every format that describes one reading shares: the reading, its names, what may be said."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

from modic_annotate.domain.reading import Reading
from modic_annotate.evidence.contents import Contents
from modic_annotate.evidence.document import Profile
from modic_annotate.evidence.formats.dicom.uids import uid_of
from modic_annotate.evidence.signed import SignedReading, in_use


@dataclass(frozen=True)
class ReadingContext:
    """One signed reading of a package, as what describes it refers to it."""

    contents: Contents
    signed: SignedReading

    @classmethod
    def each(cls, contents: Contents) -> Iterator[Self]:
        """Yield every reading of a package that no other supersedes and that used images."""
        for signed in in_use(contents.signed) if contents.has_series else ():
            if signed.reading.series:
                yield cls(contents, signed)

    @property
    def reading(self) -> Reading:
        """The reading."""
        return self.signed.reading

    @property
    def with_notes(self) -> bool:
        """Whether free text may stand in what is made."""
        return self.contents.document.profile == Profile.INTERNAL

    def uid(self, *what: str) -> str:
        """Return the UID of something that belongs to this reading and no other.

        DICOM objects and FHIR resources of one thing name it by the same UID.
        """
        return uid_of(self.signed.reading_bytes, *what)
