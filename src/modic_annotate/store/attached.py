"""Attached documents and transcriptions of reports (``attachments/<record>/``), site-held."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from pydantic import JsonValue

from modic_annotate.domain.attachment import Attachment, AttachmentRole, MediaType, Transcription
from modic_annotate.errors import UnknownRecordError
from modic_annotate.store.canonical import canonical_bytes, parse_record
from modic_annotate.store.protocol import Store
from modic_annotate.store.recorded import (
    LOCK_TIMEOUT_S,
    Entry,
    Shelf,
    add_numbered,
    put_recorded,
    recorded_keys,
)

FOLDER = "attachments"
ATTACHED = "attachment.added"
TRANSCRIBED = "attachment.transcribed"
NOTE = ".attachment.json"
TRANSCRIPTION = ".transcription.json"

EXTENSIONS = {
    MediaType.PDF: "pdf",
    MediaType.TEXT: "txt",
    MediaType.PNG: "png",
    MediaType.JPEG: "jpg",
}


def folder_of(record_id: str) -> str:
    """Return the folder of a record's attachments."""
    return f"{FOLDER}/{record_id}"


def content_key(record_id: str, attachment: Attachment) -> str:
    """Return the key of an attachment's own bytes; the file's first name is not kept."""
    extension = EXTENSIONS[attachment.media_type]
    return f"{folder_of(record_id)}/{attachment.attachment_id}.{extension}"


def attachments(
    store: Store, record_id: str, known: Mapping[str, str] | None = None
) -> tuple[Attachment, ...]:
    """Return a record's attachments, oldest first, replaced ones included.

    `known` is what the audit trail vouches for, where it was read already.
    """
    keys = recorded_keys(store, record_id, folder_of(record_id), NOTE, known)
    return tuple(parse_record(Attachment, store.get(key), key) for key in keys)


def in_force(found: tuple[Attachment, ...]) -> tuple[Attachment, ...]:
    """Return the attachments that no later one stands in place of."""
    replaced = {one.replaces for one in found}
    return tuple(one for one in found if one.attachment_id not in replaced)


def attachment(store: Store, record_id: str, attachment_id: str) -> Attachment:
    """Return one attachment.

    Raises
    ------
    UnknownRecordError
        The record has no attachment of that id.
    """
    wanted = attachment_id.casefold()
    for one in attachments(store, record_id):
        if one.attachment_id.casefold() == wanted:
            return one
    raise UnknownRecordError(
        f"Record {record_id} has no attachment {attachment_id!r}; list them with: case WS RECORD"
    )


def content(store: Store, record_id: str, one: Attachment) -> bytes:
    """Return an attachment's bytes."""
    return store.get(content_key(record_id, one))


def add(
    store: Store, record_id: str, document: bytes, note: Callable[[str], Attachment]
) -> Attachment:
    """Keep a document unchanged, with its note, and return the note.

    Parameters
    ----------
    store, record_id
        Where it goes.
    document
        Its bytes.
    note
        Makes the note of an attachment id.
    """

    def entry(one: Attachment) -> Entry:
        files = {f".{EXTENSIONS[one.media_type]}": document, NOTE: canonical_bytes(one)}
        facts: dict[str, JsonValue] = {
            "attachment_id": one.attachment_id,
            "role": one.role.value,
            "pages": one.pages,
        }
        return Entry(files, ATTACHED, one.by, facts)

    return add_numbered(store, record_id, Shelf(FOLDER, "A"), note, entry)


def add_transcription(store: Store, record_id: str, made: Transcription) -> None:
    """Keep what a report says per endplate; a later transcription stands in place of it."""
    with store.lock(f"{FOLDER}-{record_id}", LOCK_TIMEOUT_S):
        number = len(_transcription_keys(store, record_id, made.attachment_id)) + 1
        key = f"{folder_of(record_id)}/{made.attachment_id}.{number}{TRANSCRIPTION}"
        put_recorded(
            store,
            record_id,
            {key: canonical_bytes(made)},
            TRANSCRIBED,
            made.by,
            attachment_id=made.attachment_id,
        )


def transcription(store: Store, record_id: str, attachment_id: str) -> Transcription | None:
    """Return the newest transcription of a report, or None."""
    keys = _transcription_keys(store, record_id, attachment_id)
    return parse_record(Transcription, store.get(keys[-1]), keys[-1]) if keys else None


def report_in_force(
    store: Store, record_id: str, known: Mapping[str, str] | None = None
) -> Transcription | None:
    """Return the newest transcription of the newest report in force, or None; `known` as above."""
    found = in_force(attachments(store, record_id, known))
    reports = [one for one in found if one.role == AttachmentRole.REPORT]
    return transcription(store, record_id, reports[-1].attachment_id) if reports else None


def _transcription_keys(store: Store, record_id: str, attachment_id: str) -> tuple[str, ...]:
    keys = recorded_keys(store, record_id, folder_of(record_id), TRANSCRIPTION)
    start = f"{folder_of(record_id)}/{attachment_id}."
    return tuple(key for key in keys if key.startswith(start))
