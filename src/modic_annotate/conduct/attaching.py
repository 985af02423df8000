"""Attach a document to a record: its kind, its pages, and whether it says it has more."""

from __future__ import annotations

import io
import unicodedata
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from modic_annotate.conduct.page_count import lacking, stated
from modic_annotate.domain.attachment import Attachment, AttachmentRole, MediaType
from modic_annotate.domain.base import utc_now
from modic_annotate.errors import InvalidRecordError, RecordMismatchError, UnknownRecordError
from modic_annotate.store import attached
from modic_annotate.store.canonical import sha256_hex
from modic_annotate.store.workspace import Workspace

LARGEST_BYTES = 100_000_000
"""Documents larger than this are refused: scans of whole charts do not belong in a record."""

SIGNS = {
    b"%PDF-": MediaType.PDF,
    b"\x89PNG\r\n\x1a\n": MediaType.PNG,
    b"\xff\xd8\xff": MediaType.JPEG,
}
"""First bytes of the kinds of file (ISO 32000-1 7.5.2, PNG 5.2, JPEG B.1.1.3)."""

LAYOUT = frozenset("\t\n\r\f")
"""Control characters that text may hold."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the person who attaches a document says of it."""

    role: AttachmentRole
    by: str
    pages_stated: int | None = None
    dated_on: date | None = None
    replaces: str | None = None


def attach(ws: Workspace, record_id: str, path: Path, asked: Asked) -> Attachment:
    """Keep a document with a record, unchanged; its name is not kept.

    Attaching the same bytes in the same role again changes nothing.

    Raises
    ------
    UnknownRecordError
        The file, the record or the attachment it replaces is not there.
    InvalidRecordError
        It is no PDF, text, PNG or JPEG, or its pages cannot be counted.
    RecordMismatchError
        The same document is attached to another record.
    """
    stored = ws.resolve(record_id)
    document = _read(path)
    media_type = _kind(document)
    digest = sha256_hex(document)
    _check_elsewhere(ws, stored, digest)
    replaces = None
    if asked.replaces is not None:
        replaces = attached.attachment(ws.store, stored, asked.replaces).attachment_id
    for one in attached.attachments(ws.store, stored):
        if one.sha256 == digest and one.role == asked.role and one.replaces == replaces:
            return one
    pages = _pages(document, media_type)
    said = stated(pages)
    study_uids = [link.study_uid for link in ws.links(stored) if link.kind == "study"]
    is_report = asked.role == AttachmentRole.REPORT

    def note(attachment_id: str) -> Attachment:
        return Attachment(
            attachment_id=attachment_id,
            role=asked.role,
            media_type=media_type,
            sha256=digest,
            pages=len(pages),
            pages_stated=asked.pages_stated or said,
            pages_lacking=lacking(pages) if asked.pages_stated in (None, said) else (),
            dated_on=asked.dated_on,
            study_uid=study_uids[-1] if is_report and study_uids else None,
            replaces=replaces,
            by=asked.by,
            at=utc_now(),
        )

    return attached.add(ws.store, stored, document, note)


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size > LARGEST_BYTES:
            raise InvalidRecordError(
                "The document", [f"it is larger than {LARGEST_BYTES // 1_000_000} MB"]
            )
        return path.read_bytes()
    except OSError as error:
        raise UnknownRecordError(f"The document cannot be read ({error.strerror})") from error


def _kind(document: bytes) -> MediaType:
    for sign, kind in SIGNS.items():
        if document.startswith(sign):
            return kind
    try:
        text = document.decode("utf-8")
    except UnicodeDecodeError:
        text = "\0"
    if not text.strip() or any(unicodedata.category(c) == "Cc" for c in set(text) - LAYOUT):
        raise InvalidRecordError(
            "The document", ["it is no PDF, PNG, JPEG or UTF-8 text; print it to PDF"]
        )
    return MediaType.TEXT


def _pages(document: bytes, kind: MediaType) -> tuple[str, ...]:
    """Return the text of each page; empty texts for pictures."""
    if kind == MediaType.PDF:
        return _pdf_pages(document)
    if kind == MediaType.TEXT:
        return tuple(document.decode("utf-8").strip("\f\n").split("\f"))
    return ("",)


def _pdf_pages(document: bytes) -> tuple[str, ...]:
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        texts = tuple(page.extract_text() for page in PdfReader(io.BytesIO(document)).pages)
    except (PyPdfError, ValueError, KeyError, RecursionError) as error:
        raise InvalidRecordError(
            "The document",
            [f"its pages cannot be read ({type(error).__name__}); print it to PDF again"],
        ) from error
    if not texts:
        raise InvalidRecordError("The document", ["it has no pages"])
    return texts


def _check_elsewhere(ws: Workspace, record_id: str, digest: str) -> None:
    for other in ws.record_ids():
        if other == record_id:
            continue
        if any(one.sha256 == digest for one in attached.attachments(ws.store, other)):
            raise RecordMismatchError(
                f"This document is attached to record {other} already; "
                "check whose it is before attaching it to a second record"
            )
