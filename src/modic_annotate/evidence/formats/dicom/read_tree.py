"""The content tree of a report as plain groups; no opinion on what they mean."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pydicom.dataset import Dataset
from pydicom.sr.coding import Code

from modic_annotate.domain.base import PointLps

Key = tuple[str, str]
"""Value and scheme of a code; its meaning is words."""

IMAGING_MEASUREMENTS = ("126010", "DCM")
MEASUREMENT_GROUP = ("125007", "DCM")
TRACKING_ID = ("112039", "DCM")
FINDING = ("121071", "DCM")
METHOD = ("370129005", "SCT")
UPPER_ERROR = ("371886008", "SCT")
LIBRARY_GROUP = ("126200", "DCM")


def key_of(code: Code) -> Key:
    """Return what tells a code from another."""
    return code.value, code.scheme_designator


@dataclass(frozen=True)
class Item:
    """One content item."""

    ds: Dataset

    @property
    def name(self) -> Key | None:
        """Its concept name."""
        names = self.ds.get("ConceptNameCodeSequence")
        return _key(names[0]) if names else None

    @property
    def kind(self) -> str:
        """Its value type (PS3.3 C.17.3.2.1)."""
        return str(self.ds.get("ValueType", ""))

    @property
    def code(self) -> Key:
        """The value of a CODE item."""
        return _key(self.ds.ConceptCodeSequence[0])

    @property
    def number(self) -> float:
        """The value of a NUM item."""
        return float(self.ds.MeasuredValueSequence[0].NumericValue)

    @property
    def text(self) -> str:
        """The value of a TEXT item."""
        return str(self.ds.TextValue)

    @property
    def sop_instance_uid(self) -> str:
        """The instance an IMAGE item refers to."""
        return str(self.ds.ReferencedSOPSequence[0].ReferencedSOPInstanceUID)

    @property
    def points(self) -> tuple[PointLps, ...]:
        """The places of a SCOORD3D item, LPS mm."""
        flat = [float(v) for v in self.ds.GraphicData]
        triples = zip(flat[::3], flat[1::3], flat[2::3], strict=True)
        return tuple((x, y, z) for x, y, z in triples)

    @property
    def children(self) -> tuple[Item, ...]:
        """The items below."""
        return tuple(Item(child) for child in self.ds.get("ContentSequence", ()))

    def below(self, name: Key | None = None, kind: str = "") -> Iterator[Item]:
        """Yield the children of a name and kind, whichever are given."""
        for child in self.children:
            if (name is None or child.name == name) and (not kind or child.kind == kind):
                yield child

    def first(self, name: Key | None = None, kind: str = "") -> Item | None:
        """Return the first child of a name and kind, or None."""
        return next(self.below(name, kind), None)


def measurement_groups(ds: Dataset) -> tuple[Item, ...]:
    """Return every measurement group of a report."""
    root = Item(ds)
    containers = root.below(IMAGING_MEASUREMENTS)
    return tuple(group for one in containers for group in one.below(MEASUREMENT_GROUP))


def tracking_id(group: Item) -> str:
    """Return what a group is about, by name."""
    item = group.first(TRACKING_ID)
    return item.text if item else ""


def finding_of(group: Item) -> Key | None:
    """Return the finding of a group, or None."""
    item = group.first(FINDING, "CODE")
    return item.code if item else None


def _key(item: Dataset) -> Key:
    return str(item.CodeValue), str(item.CodingSchemeDesignator)
