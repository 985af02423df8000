"""Where views are kept: ``views/<reader>/`` in the workspace, beside the records and none of them.

Every file may be deleted at any time. One that is damaged or foreign is left out and written anew;
none of it ever stops a reading.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeVar

from modic_annotate.domain.base import Record
from modic_annotate.errors import RecordError
from modic_annotate.store.canonical import canonical_bytes, parse_record
from modic_annotate.store.protocol import Store
from modic_annotate_napari.remembered.records import CaseView, Layout

R = TypeVar("R", bound=Record)

DAMAGED = "is damaged or of another version, so it was left out; it is written anew"


@dataclass
class ViewFiles:
    """One reader's views of one case; what goes wrong is kept as sentences, never raised."""

    store: Store
    record_id: str
    reader_id: str
    problems: list[str] = field(default_factory=list)
    _written: dict[str, bytes] = field(default_factory=dict)

    @property
    def case_key(self) -> str:
        """Where the view of the case lies."""
        return f"views/{self.reader_id}/cases/{self.record_id}.json"

    @property
    def layout_key(self) -> str:
        """Where the layout lies."""
        return f"views/{self.reader_id}/layout.json"

    def case(self) -> CaseView | None:
        """Return how the case was left; None where that is not known."""
        return self._read(CaseView, self.case_key, "The view of this case")

    def layout(self) -> Layout | None:
        """Return how the reader likes the canvases; None where that is not known."""
        return self._read(Layout, self.layout_key, "The layout of the canvases")

    def keep(self, case: CaseView, layout: Layout) -> None:
        """Write what changed."""
        for key, record in ((self.case_key, case), (self.layout_key, layout)):
            content = canonical_bytes(record)
            if self._written.get(key) != content:
                self._write(key, content)

    def _write(self, key: str, content: bytes) -> None:
        try:
            self.store.replace(key, content)
        except RecordError as error:
            self.problems.append(f"The view is not remembered: {error}")
        self._written[key] = content  # not tried again until something else is to be written

    def _read(self, model: type[R], key: str, what: str) -> R | None:
        try:
            if not self.store.exists(key):
                return None
            content = self.store.get(key)
            record = parse_record(model, content, key)
        except RecordError:
            self.problems.append(f"{what} {DAMAGED}")
            return None
        self._written[key] = content
        return record
