"""One case on the desk: whose it is, who reads it, and where its images and readings lie."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from modic_annotate.domain.links import ReadingLink
from modic_annotate.domain.readers import Reader
from modic_annotate.domain.reading import Signature
from modic_annotate.store.workspace import Workspace
from modic_annotate_napari.images import CaseImages


@dataclass(frozen=True)
class Case:
    """A record by its id alone; its screening file is never opened from here."""

    workspace: Workspace
    record_id: str
    reader: Reader
    ready: CaseImages | None = None
    """Its images where they were loaded ahead."""

    @cached_property
    def images(self) -> CaseImages:
        """The record's images, loaded when they are wanted."""
        return self.ready or CaseImages(self.workspace, self.record_id)

    def sealed(self, reading_id: str) -> tuple[ReadingLink, Signature] | None:
        """Return where a signed reading lies and its signature, or None before the seal."""
        for link in self.workspace.links(self.record_id):
            if isinstance(link, ReadingLink) and link.reading_id == reading_id:
                return link, self.workspace.signature_of(link)
        return None
