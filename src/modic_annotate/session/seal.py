"""From a signed journal to the signed reading: files, link, audit.

Everything follows from the journal alone, so that sealing may be cut off at any point and is
finished, to the same bytes, when the reading is opened again.
"""

from __future__ import annotations

from datetime import datetime

from modic_annotate.domain.links import ReadingLink
from modic_annotate.domain.readers import Reader
from modic_annotate.domain.reading import (
    ReaderRef,
    Reading,
    SeriesQuality,
    Signature,
    SignatureClass,
    Times,
)
from modic_annotate.domain.series import SeriesRole, SeriesUsed
from modic_annotate.errors import AlreadyExistsError, InvalidRecordError, RecordMismatchError
from modic_annotate.session import keys, lines, slots, trail
from modic_annotate.session.acts import Sign
from modic_annotate.session.attention import with_times
from modic_annotate.session.contradictions import contradictions
from modic_annotate.session.coverage import series_coverage
from modic_annotate.session.draft import Draft
from modic_annotate.session.entries import Signing
from modic_annotate.session.journal import Journal
from modic_annotate.session.reduce.step import Context
from modic_annotate.session.software import software
from modic_annotate.store.account import os_account_sha256
from modic_annotate.store.canonical import canonical_bytes, sha256_hex
from modic_annotate.store.protocol import Store
from modic_annotate.store.workspace import Workspace


def signing_facts(reader: Reader, at: datetime, *, scripted: bool, authenticated: bool) -> Signing:
    """Return what the journal keeps of the moment of signing."""
    if scripted:
        signature_class = SignatureClass.SCRIPTED_DEMO
    elif authenticated:
        signature_class = SignatureClass.ELECTRONIC
    else:
        signature_class = SignatureClass.ATTESTATION
    return Signing(
        signature_class=signature_class,
        local_time=at.astimezone().isoformat(timespec="seconds"),
        reader_display_name=reader.display_name or reader.id,
        reader_role=reader.role,
        reader_title=reader.title,
        os_account_sha256=os_account_sha256(),
        software=software(),
    )


def seal(ws: Workspace, journal: Journal, draft: Draft, context: Context) -> None:
    """Write the reading, its signature, its link and its audit entries, whichever are missing."""
    reading = build_reading(journal, draft, context)
    header = journal.header
    place = (header.screening.record_id, header.reader.id, header.reading_id)
    content = canonical_bytes(reading)
    signature = canonical_bytes(build_signature(journal, sha256_hex(content)))
    _put_same(ws.store, keys.reading_key(*place), content)
    _put_same(ws.store, keys.signature_key(*place), signature)
    link = ReadingLink(
        reading_id=header.reading_id,
        reader_id=header.reader.id,
        path=keys.reading_key(*place),
        sha256=sha256_hex(content),
        signature_sha256=sha256_hex(signature),
        at=journal.entries[-1].at,
    )
    ws.add_link(header.screening.record_id, link)
    trail.anchor_signature(ws.store, journal, link.sha256)


def build_reading(journal: Journal, draft: Draft, context: Context) -> Reading:
    """Return the reading a signed journal makes; the same journal gives the same bytes."""
    header, last = journal.header, journal.entries[-1]
    sign, signing = _signed(journal)
    series = used_series(draft, context, header.reader.id)
    return Reading(
        reading_id=header.reading_id,
        status="signed",
        supersedes=header.amends.reading_id if header.amends else None,
        amendment_reason=header.amends.reason if header.amends else None,
        screening=header.screening,
        reader=ReaderRef(
            id=header.reader.id,
            role=signing.reader_role,
            os_account_sha256=signing.os_account_sha256,
        ),
        visit=header.visit,
        purpose=header.purpose,
        protocol=header.protocol,
        blinding=context.protocol.blinding,
        series=series,
        quality=tuple(
            SeriesQuality(series_uid=key.series_uid, stack=key.stack, quality=quality)
            for key, quality in sorted(draft.quality.items())
        ),
        numbering=draft.numbering,
        endplates=lines.all_lines(draft, context.series),
        bodies=lines.body_outlines(draft, context.series),
        findings=with_times(draft),
        discs=tuple(draft.discs.values()),
        masks=tuple(mask for mask in draft.masks if mask.endplate in draft.findings),
        red_flags=draft.red_flags,
        coverage=tuple(series_coverage(draft, used) for used in series),
        not_covered_reason=sign.not_covered_reason,
        contradictions=contradictions(draft),
        scripted=context.scripted,
        note=draft.note,
        times=Times(started_at=header.started_at, last_act_at=last.at, signed_at=last.at),
        journal=journal.ref,
        software=signing.software,
    )


def build_signature(journal: Journal, reading_sha256: str) -> Signature:
    """Return the signature over a reading's bytes."""
    sign, signing = _signed(journal)
    header = journal.header
    return Signature(
        reading_id=header.reading_id,
        reading_sha256=reading_sha256,
        protocol=header.protocol,
        reader_id=header.reader.id,
        reader_display_name=signing.reader_display_name,
        reader_role=signing.reader_role,
        reader_title=signing.reader_title,
        meaning=sign.meaning,
        signature_class=signing.signature_class,
        signed_at=journal.entries[-1].at,
        local_time=signing.local_time,
        software=signing.software,
    )


def used_series(draft: Draft, context: Context, by: str) -> tuple[SeriesUsed, ...]:
    """Return the series a reading rests on: those in a slot, and any other that was shown."""
    return tuple(
        used
        for used in slots.with_roles(draft, context.series, by)
        if used.role != SeriesRole.OTHER or slots.key_of(used) in draft.shown
    )


def _signed(journal: Journal) -> tuple[Sign, Signing]:
    entry = journal.entries[-1] if journal.entries else None
    if entry is None or not isinstance(entry.act, Sign) or entry.signing is None:
        raise InvalidRecordError(journal.key, ["its last act is no complete signature"])
    return entry.act, entry.signing


def _put_same(store: Store, key: str, content: bytes) -> None:
    """Write a file once; the same bytes may be there from a sealing that was cut off."""
    try:
        store.put_new(key, content)
    except AlreadyExistsError as error:
        if store.get(key) != content:
            raise RecordMismatchError(
                f"{key} is there with other content than its journal gives; "
                "run: modic-annotate audit verify"
            ) from error
