"""Where every record of a workspace stands, for the coordinator."""

from __future__ import annotations

from collections.abc import Iterator

from modic_annotate.conduct.worklist import WorkItem, WorkState, work_item
from modic_annotate.domain.base import Record, RecordId, Utc
from modic_annotate.domain.links import ReadingLink, StudyLink
from modic_annotate.domain.reading import RedFlagKind, SignatureClass
from modic_annotate.domain.screening import ScreeningStatus
from modic_annotate.errors import RecordError
from modic_annotate.session.acts import RaiseRedFlag, ReturnToSite
from modic_annotate.session.place import Place
from modic_annotate.store.audit import verify_audit
from modic_annotate.store.chain import ChainHead
from modic_annotate.store.record_state import State, reading_state
from modic_annotate.store.workspace import Workspace

UNSIGNED = (WorkState.DRAFT, WorkState.RETURNED, WorkState.NEW_SERIES)


class SignedReading(Record):
    """A signed reading, and how its record stands against it now."""

    reading_id: RecordId
    reader_id: RecordId
    signed_at: Utc
    signature_class: SignatureClass
    record_state: State
    record_message: str


class Notice(Record):
    """What a reader told the site before any signature."""

    record_id: RecordId
    reader_id: RecordId
    at: Utc
    kind: RedFlagKind | None = None
    """None where the case was returned for other images."""

    note: str = ""


class RecordStatus(Record):
    """Where one record stands."""

    record_id: RecordId
    n_revisions: int
    screening_status: ScreeningStatus | None
    n_studies: int
    drafts: tuple[WorkItem, ...]
    signed: tuple[SignedReading, ...]
    notices: tuple[Notice, ...]
    faults: tuple[str, ...]


class Status(Record):
    """Where a workspace stands."""

    trial_id: RecordId
    n_readers: int
    records: tuple[RecordStatus, ...]
    audit_heads: dict[str, ChainHead]
    audit_problems: tuple[str, ...]
    audit_notes: tuple[str, ...]

    @property
    def notices(self) -> tuple[Notice, ...]:
        """Everything the readers want the site to know, oldest first."""
        found = (notice for record in self.records for notice in record.notices)
        return tuple(sorted(found, key=lambda notice: notice.at))

    def text(self) -> str:
        """Return the status in lines, notices first."""
        lines = [f"Trial {self.trial_id}: {len(self.records)} records, {self.n_readers} readers"]
        lines += (_notice_line(notice) for notice in self.notices)
        for record in self.records:
            lines += _record_lines(record)
        lines += (f"AUDIT FAULT {problem}" for problem in self.audit_problems)
        lines += (f"audit note {note}" for note in self.audit_notes)
        lines += (
            f"audit {name}: {head.lines} entries, head {head.sha256}"
            for name, head in self.audit_heads.items()
        )
        return "\n".join(lines)


def workspace_status(ws: Workspace) -> Status:
    """Return where every record stands; faults are told, not raised."""
    audit = verify_audit(ws)
    return Status(
        trial_id=ws.trial_id,
        n_readers=len(ws.readers()),
        records=tuple(_record(ws, record_id) for record_id in ws.record_ids()),
        audit_heads=dict(audit.heads),
        audit_problems=audit.problems,
        audit_notes=audit.notes,
    )


def notices_of(ws: Workspace, record_id: str) -> tuple[Notice, ...]:
    """Return what readers told the site of one record before any signature."""
    places = [Place(ws, record_id, reader) for reader in ws.readers().values()]
    return tuple(notice for place in places for notice in _notices(place))


def _record(ws: Workspace, record_id: str) -> RecordStatus:
    faults: list[str] = []
    status, studies, signed = None, 0, []
    try:
        status = ws.screening(record_id)[0].status
        links = ws.links(record_id)
        studies = sum(isinstance(link, StudyLink) for link in links)
        signed = [_signed(ws, record_id, link) for link in links if isinstance(link, ReadingLink)]
    except RecordError as error:
        faults.append(str(error))
    places = [Place(ws, record_id, reader) for reader in ws.readers().values()]
    items = [work_item(place) for place in places if place.reading_ids]
    return RecordStatus(
        record_id=record_id,
        n_revisions=len(ws.revisions(record_id)),
        screening_status=status,
        n_studies=studies,
        drafts=tuple(i for i in items if i.state in UNSIGNED),
        signed=tuple(signed),
        notices=notices_of(ws, record_id),
        faults=(*faults, *(item.fault for item in items if item.fault)),
    )


def _signed(ws: Workspace, record_id: str, link: ReadingLink) -> SignedReading:
    reading, _ = ws.reading(record_id, link.reading_id)
    signature, _ = ws.signature(record_id, link.reading_id)
    state = reading_state(ws, reading)
    return SignedReading(
        reading_id=link.reading_id,
        reader_id=link.reader_id,
        signed_at=signature.signed_at,
        signature_class=signature.signature_class,
        record_state=state.state,
        record_message=state.message,
    )


def _notices(place: Place) -> Iterator[Notice]:
    """Tell what stands in the journals, signed or not; undo does not take a notice back."""
    for reading_id in place.reading_ids:
        try:
            journal = place.read(reading_id)
        except RecordError:
            continue  # the work item tells of the journal's fault
        for entry in journal.entries if journal else ():
            facts = {"record_id": place.record_id, "reader_id": place.reader.id, "at": entry.at}
            if isinstance(entry.act, RaiseRedFlag):
                yield Notice(**facts, kind=entry.act.kind, note=entry.act.note)
            elif isinstance(entry.act, ReturnToSite):
                yield Notice(**facts, note=entry.act.reason)


def _notice_line(notice: Notice) -> str:
    what = f"notify site now: {notice.kind}" if notice.kind else "returned to site"
    note = f" ({notice.note})" if notice.note else ""
    at = f"{notice.at:%Y-%m-%d %H:%MZ}"
    return f"NOTICE {notice.record_id} {what}{note}, by {notice.reader_id} at {at}"


def _record_lines(record: RecordStatus) -> list[str]:
    head = (
        f"{record.record_id}: {record.screening_status or 'status unknown'}, "
        f"revision {record.n_revisions}, {'MRI linked' if record.n_studies else 'no MRI'}"
    )
    lines = [head, *(f"  {d.reader_id} {d.reading_id}: {d.words}" for d in record.drafts)]
    lines += (
        f"  {s.reader_id} {s.reading_id}: signed ({s.signature_class}); {s.record_message}"
        for s in record.signed
    )
    return [*lines, *(f"  FAULT {fault}" for fault in record.faults)]
