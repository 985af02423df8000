"""ODM's audit records: who entered a value, where and when (ODM 1.3.2, AuditRecord)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from xml.etree.ElementTree import Element

from modic_annotate.eligibility.importers.odm.xml_file import child, children, words


@dataclass(frozen=True)
class Audit:
    """Who entered something: ids as the file gives them, the time in UTC."""

    user: str | None = None
    location: str | None = None
    at: datetime | None = None
    has_reason: bool = False
    """Whether a reason for change is given; its words stay in the source file, unread."""


def audits_by_id(root: Element) -> dict[str, Audit]:
    """Return the audit records that a file gathers under ids, away from what they are of."""
    return {
        record.get("ID", ""): _audit(record)
        for data in children(root, "ClinicalData")
        for gathered in children(data, "AuditRecords")
        for record in children(gathered, "AuditRecord")
    }


def audit_of(element: Element, by_id: dict[str, Audit], outer: Audit) -> Audit:
    """Return the audit record of an element; what holds it says it where it has none itself."""
    own = child(element, "AuditRecord")
    if own is not None:
        return _audit(own)
    return by_id.get(element.get("AuditRecordID", ""), outer)


def _audit(record: Element) -> Audit:
    user, location = child(record, "UserRef"), child(record, "LocationRef")
    return Audit(
        user=user.get("UserOID") if user is not None else None,
        location=location.get("LocationOID") if location is not None else None,
        at=_instant(words(child(record, "DateTimeStamp"))),
        has_reason=bool(words(child(record, "ReasonForChange"))),
    )


def _instant(text: str) -> datetime | None:
    """Return an instant in UTC; None for a time without its zone, which names no instant."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found.astimezone(UTC) if found.tzinfo is not None else None
