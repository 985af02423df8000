"""What the protocol asks of a change, and which of it is still open."""

from __future__ import annotations

from modic_annotate.domain.finding import Finding
from modic_annotate.session.protocol import AskedField
from modic_annotate_napari.desk.desk import Desk
from modic_annotate_napari.desk.letters import SIGNAL_FIELDS

MEASURED = {"height_category": "height_percent", "ap_category": "ap_percent"}
"""Fields that a measurement answers as well."""


def title_of(field: str) -> str:
    """Return how a field of a finding is called on screen."""
    return Finding.model_fields[field].title or field


def signal_fields(desk: Desk) -> tuple[str, ...]:
    """Return the signal fields whose slot is filled by a series."""
    return tuple(
        field for field, role in SIGNAL_FIELDS.items() if desk.session.series_in(role) is not None
    )


def asked_fields(desk: Desk) -> tuple[AskedField, ...]:
    """Return what the protocol asks of a change on the series there are."""
    without = set(SIGNAL_FIELDS) - set(signal_fields(desk))
    return tuple(a for a in desk.session.protocol.asked if a.field not in without)


def open_fields(desk: Desk, *, required_only: bool = False) -> tuple[str, ...]:
    """Return the asked fields of the active finding that are not answered, in order."""
    finding = desk.finding
    if finding is None or not (finding.components or finding.type_undetermined):
        return ()
    return tuple(
        a.field
        for a in asked_fields(desk)
        if (a.required or not required_only) and is_open(finding, a.field)
    )


def is_open(finding: Finding, field: str) -> bool:
    """Return whether a field holds nothing yet, by itself or by a measurement."""
    measured = MEASURED.get(field)
    if measured is not None and getattr(finding, measured) is not None:
        return False
    return getattr(finding, field) in (None, (), "")
