"""How a reading begins or goes on: which journal, which images, which state to start from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from modic_annotate.domain.base import utc_now
from modic_annotate.domain.reading import Purpose, ReaderRef, ScreeningLink
from modic_annotate.domain.series import SeriesUsed
from modic_annotate.errors import (
    ActRefusedError,
    AlreadyExistsError,
    ReadingSignedError,
    UnknownRecordError,
)
from modic_annotate.session import keys
from modic_annotate.session.entries import Amends, Driver, JournalHeader
from modic_annotate.session.journal import Journal
from modic_annotate.session.place import Place, present_series, screening_link
from modic_annotate.session.protocol import DEFAULT_PROTOCOL, load_protocol
from modic_annotate.session.replay import Opened, is_returned, is_signed, replay
from modic_annotate.store.account import os_account_sha256


@dataclass(frozen=True)
class Terms:
    """How a reading is opened, where it differs from the usual."""

    protocol: str = DEFAULT_PROTOCOL
    driven_by: Driver = "person"
    """``acts_file`` where a file makes the acts, be it through real key and mouse events."""

    purpose: Purpose = Purpose.ELIGIBILITY
    clock: Callable[[], datetime] = utc_now
    link: ScreeningLink | None = None
    """The record revision as assigned; None takes the one the audit trail names as present."""

    amends: str | None = None
    """Id of the reader's signed reading to amend; needs `reason`."""

    reason: str | None = None


def begin(place: Place, terms: Terms) -> Opened:
    """Begin the next reading of a reader, or an amendment of the signed one.

    Raises
    ------
    AlreadyExistsError
        A draft is open; it goes on, it is not begun again.
    ReadingSignedError
        The last reading is signed and no amendment was asked for.
    UnknownRecordError
        The record has no images.
    """
    before = place.latest(repair=True)
    series = present_series(place)
    amends = _amends(place, before, terms)
    if before is not None and amends is None:
        _check_may_follow(before, series)
    number = int(before.header.reading_id.rpartition("-")[2]) + 1 if before else 1
    protocol = load_protocol(terms.protocol)
    header = JournalHeader(
        reading_id=keys.reading_id(place.reader.id, number),
        screening=terms.link or screening_link(place),
        reader=ReaderRef(
            id=place.reader.id, role=place.reader.role, os_account_sha256=os_account_sha256()
        ),
        protocol=protocol.ref,
        purpose=terms.purpose,
        started_at=terms.clock(),
        amends=amends,
        series=series,
    )
    journal = Journal.create(place.ws.store, place.key(header.reading_id), header)
    return replay(place.ws, journal)


def may_follow(journal: Journal, series: tuple[SeriesUsed, ...]) -> bool:
    """Whether a fresh reading may follow: the last one was returned and other images came."""
    return is_returned(journal) and journal.header.series != series


def _check_may_follow(before: Journal, series: tuple[SeriesUsed, ...]) -> None:
    reading_id = before.header.reading_id
    if is_signed(before):
        raise ReadingSignedError(
            f"Reading {reading_id} is signed; to change it, start an amendment with a reason"
        )
    if not is_returned(before):
        raise AlreadyExistsError(f"Reading {reading_id} is begun and not signed; resume it")
    if not may_follow(before, series):
        raise ActRefusedError(
            f"Reading {reading_id} was returned to the site; link the new images first"
        )


def _amends(place: Place, before: Journal | None, terms: Terms) -> Amends | None:
    if terms.amends is None:
        return None
    if before is None or not is_signed(before) or before.header.reading_id != terms.amends:
        raise UnknownRecordError(
            f"{terms.amends} is not the last signed reading of {place.reader.id}; "
            "only that one can be amended"
        )
    if not (terms.reason or "").strip():
        raise ActRefusedError("An amendment needs its reason in words")
    _, digest = place.ws.reading(place.record_id, terms.amends)
    return Amends(reading_id=terms.amends, sha256=digest, reason=terms.reason or "")
