"""Links of a record to its studies and readings (``links/<record>.jsonl``); it only grows."""

from __future__ import annotations

import re

from pydantic import JsonValue, TypeAdapter, ValidationError

from modic_annotate.domain.images import ImageIndex
from modic_annotate.domain.links import Link, StudyLink
from modic_annotate.errors import InvalidRecordError
from modic_annotate.store.audit import append_event, read_chain
from modic_annotate.store.canonical import canonical_line, parse_record, problems_of, sha256_hex
from modic_annotate.store.protocol import Store

LINK: TypeAdapter[Link] = TypeAdapter(Link)
LOCK_TIMEOUT_S = 30.0
RECORD_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


def key_of(record_id: str) -> str:
    """Return the key of a record's links."""
    return f"links/{record_id}.jsonl"


def index_key(record_id: str) -> str:
    """Return the key of a record's image index."""
    return f"images/{record_id}/index.json"


def imaged_record(store: Store, record_id: str) -> dict[str, str]:
    """Return a record's id as stored, by its spelling without case, where it has images.

    The index tells it, so that nothing has to look at the screening records; empty otherwise.
    """
    key = index_key(record_id)
    if not RECORD_ID.fullmatch(record_id) or not store.exists(key):
        return {}
    try:
        stored = parse_record(ImageIndex, store.get(key), key).record_id
    except InvalidRecordError:  # told where the images are opened, not where an id is looked up
        return {}
    return {stored.casefold(): stored}


def read(store: Store, record_id: str) -> tuple[Link, ...]:
    """Return all links, oldest first; an unfinished last line does not count."""
    return tuple(_parsed(line, record_id, n) for n, line in enumerate(_lines(store, record_id), 1))


def add(store: Store, record_id: str, link: Link) -> None:
    """Add a link and its audit entry, whichever of the two is not there yet."""
    line = canonical_line(link)
    digest = sha256_hex(line)
    with store.lock(f"links-{record_id}", LOCK_TIMEOUT_S):
        if line not in _lines(store, record_id):
            store.drop_torn_line(key_of(record_id))
            store.append(key_of(record_id), line + b"\n")
        entries = read_chain(store, record_id).entries
        if all(e is None or e.facts.get("line_sha256") != digest for e in entries):
            facts = _facts(record_id, link)
            by = link.by if isinstance(link, StudyLink) else link.reader_id
            append_event(store, record_id, f"link.{link.kind}", by, line_sha256=digest, **facts)


def _lines(store: Store, record_id: str) -> list[bytes]:
    key = key_of(record_id)
    return store.get(key).split(b"\n")[:-1] if store.exists(key) else []


def _parsed(line: bytes, record_id: str, number: int) -> Link:
    try:
        return LINK.validate_json(line)
    except ValidationError as error:
        raise InvalidRecordError(
            f"{key_of(record_id)} line {number}", problems_of(error)
        ) from error


def _facts(record_id: str, link: Link) -> dict[str, JsonValue]:
    if isinstance(link, StudyLink):
        return {"files": {index_key(record_id): link.index_sha256}}
    signature = f"{link.path.removesuffix('.json')}.signature.json"
    return {
        "reading_id": link.reading_id,
        "files": {link.path: link.sha256, signature: link.signature_sha256},
    }
