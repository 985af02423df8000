"""Links of a record to its studies and readings (``links/<record>.jsonl``); it only grows."""

from __future__ import annotations

import re

from pydantic import JsonValue, TypeAdapter, ValidationError

from modic_annotate.domain.images import ImageIndex
from modic_annotate.domain.links import Link, StudyLink
from modic_annotate.errors import InvalidRecordError, RecordMismatchError, UnknownRecordError
from modic_annotate.store.audit import append_event, read_chain
from modic_annotate.store.audited_files import announced_links
from modic_annotate.store.canonical import canonical_line, parse_record, problems_of, sha256_hex
from modic_annotate.store.chain import ChainReport
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


def linked_ids(store: Store) -> tuple[str, ...]:
    """Return the ids of all records that have links, sorted."""
    names = (key.removeprefix("links/") for key in store.list("links"))
    return tuple(sorted(n.removesuffix(".jsonl") for n in names if n.endswith(".jsonl")))


def check_linked(store: Store, record_id: str) -> None:
    """Refuse images that no study link stands for, or not with this index.

    A link that is killed before its end may leave the images of a study in their place; nobody
    has compared whose they are as long as the link is not there.
    """
    studies = [link for link in read(store, record_id) if isinstance(link, StudyLink)]
    key = index_key(record_id)
    if not studies:
        raise UnknownRecordError(
            f"Record {record_id} has no linked study; link its MRI study first"
        )
    if studies[-1].index_sha256 != sha256_hex(store.get(key)):
        raise RecordMismatchError(f"{key} was changed outside the tool; link the study again")


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


def read(store: Store, record_id: str, chain: ChainReport | None = None) -> tuple[Link, ...]:
    """Return all links, oldest first, those included that are announced and not yet written.

    `chain` is the record's audit chain, where it was read already.
    """
    lines = content(store, record_id, chain).split(b"\n")[:-1]
    return tuple(_parsed(line, record_id, n) for n, line in enumerate(lines, 1))


def content(store: Store, record_id: str, chain: ChainReport | None = None) -> bytes:
    """Return the file as it is once the last announced link is written; no unfinished line."""
    lines = _lines(store, record_id)
    missing = _missing(chain or read_chain(store, record_id), lines)
    return b"".join(line + b"\n" for line in (*lines, *missing))


def add(store: Store, record_id: str, link: Link) -> None:
    """Add an audit entry that holds a link, then its line, whichever is not there yet.

    Between the two a crash leaves a link that `read` knows and the next `add` writes.
    """
    digest = sha256_hex(canonical_line(link))
    with store.lock(f"links-{record_id}", LOCK_TIMEOUT_S):
        _complete(store, record_id)
        if all(digest != known for known, _ in announced_links(read_chain(store, record_id))):
            facts = {"link": link.model_dump(mode="json"), **_facts(record_id, link)}
            by = link.by if isinstance(link, StudyLink) else link.reader_id
            append_event(store, record_id, f"link.{link.kind}", by, line_sha256=digest, **facts)
            _complete(store, record_id)


def _complete(store: Store, record_id: str) -> None:
    """Write the last announced line where it is missing; refuse a file changed from outside."""
    lines, chain = _lines(store, record_id), read_chain(store, record_id)
    missing = _missing(chain, lines)
    announced = [digest for digest, _ in announced_links(chain)]
    if [sha256_hex(line) for line in (*lines, *missing)] != announced:
        raise RecordMismatchError(
            f"{key_of(record_id)} was changed outside the tool; run: modic-annotate audit WS verify"
        )
    if missing:
        store.drop_torn_line(key_of(record_id))
    for line in missing:
        store.append(key_of(record_id), line + b"\n")


def _missing(chain: ChainReport, lines: list[bytes]) -> list[bytes]:
    """Return the last announced line where the file lacks no other, as a crash leaves it."""
    announced = announced_links(chain)
    waiting = announced[-1][1] if len(announced) == len(lines) + 1 else None
    return [] if waiting is None else [waiting]


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
