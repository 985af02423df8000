"""How a screening record stands now against the revision a reading points at.

Three states: the same; amended through the tool, which is information; changed from outside,
which is a fault. A reading's images are held against what was linked in the same way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from modic_annotate.domain.reading import Reading, ScreeningLink
from modic_annotate.domain.screening import MriReference, ScreeningRecord
from modic_annotate.errors import (
    InvalidRecordError,
    RecordMismatchError,
    SchemaVersionError,
    UnknownRecordError,
)
from modic_annotate.store import linking, revisions
from modic_annotate.store.audited_files import is_unfinished
from modic_annotate.store.changes import changed_fields
from modic_annotate.store.record_look import RecordLook
from modic_annotate.store.workspace import Workspace

UNSOUND = (InvalidRecordError, RecordMismatchError, SchemaVersionError, UnknownRecordError)
"""What speaks of the record; a disk that cannot be read says nothing of it, and is raised."""

SIGNATURE_SUFFIX = ".signature.json"

State = Literal["same", "amended", "changed_outside"]


@dataclass(frozen=True)
class RecordState:
    """One of the three states, with what makes it."""

    state: State
    changed_fields: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether there is no fault; an amendment is none."""
        return self.state != "changed_outside"

    @property
    def message(self) -> str:
        """The state in words, e.g. ``1 field changed after reading: scores.odi_percent``."""
        if self.faults:
            return "; ".join(self.faults)
        if not self.changed_fields:
            return "The record is as it was when the reading was made"
        noun = "field" if len(self.changed_fields) == 1 else "fields"
        return f"{len(self.changed_fields)} {noun} changed after reading: " + ", ".join(
            self.changed_fields
        )


def record_state(ws: Workspace, link: ScreeningLink, look: RecordLook | None = None) -> RecordState:
    """Compare the present record with the revision a link names.

    Parameters
    ----------
    ws
        The workspace that holds the record.
    link
        The revision, by name and by hash of its bytes, as a reading holds it.
    look
        The record's files, where they were looked at already.
    """
    look = look or RecordLook(ws, link.record_id)
    faults = [*_trial_faults(ws, link), *_revision_faults(look, link), *_image_faults(look)]
    if faults:
        return RecordState("changed_outside", faults=tuple(dict.fromkeys(faults)))
    try:
        then, now = look.screening_at(link.revision), look.screening
    except UNSOUND as error:
        return RecordState("changed_outside", faults=(str(error),))
    if then is now:
        return RecordState("same")
    faults = _subject_faults(then, now)
    changed = changed_fields(then, now)
    state: State = "changed_outside" if faults else "amended" if changed else "same"
    return RecordState(state, changed, tuple(faults))


def reading_state(ws: Workspace, reading: Reading, look: RecordLook | None = None) -> RecordState:
    """Compare a signed reading, its record and the images it used with what was linked."""
    look = look or RecordLook(ws, reading.screening.record_id)
    state = record_state(ws, reading.screening, look)
    faults = [*_sealed_file_faults(look, reading), *_used_image_faults(look, reading)]
    if not faults:
        return state
    return RecordState("changed_outside", state.changed_fields, (*state.faults, *faults))


def _trial_faults(ws: Workspace, link: ScreeningLink) -> list[str]:
    if ws.trial_id == link.trial_id:
        return []
    return [f"The reading is of trial {link.trial_id!r}, this workspace of {ws.trial_id!r}"]


def _revision_faults(look: RecordLook, link: ScreeningLink) -> list[str]:
    """Every revision from the linked one on must hold the bytes the audit trail recorded."""
    try:
        record_id, present = look.record_id, look.revisions
    except UnknownRecordError as error:
        record_id, present = link.record_id, ()
        if not look.vouched:
            return [str(error)]
    demanded = {**look.vouched, revisions.key_of(record_id, link.revision): link.sha256}
    expected = {revisions.key_of(record_id, n) for n in present} | {
        key for key in demanded if key.startswith(f"{revisions.FOLDER}/")
    }
    return [
        f"{key} was {fault} outside the tool"
        for key in sorted(expected)
        if not is_unfinished(look.ws.store, key, demanded.get(key, ""))
        if (fault := _byte_fault(look, key, demanded.get(key)))
    ]


def _byte_fault(look: RecordLook, key: str, digest: str | None) -> str | None:
    if not look.holds(key):
        return "removed"
    if digest is None:
        return "added"
    return None if look.digest(key) == digest else "changed"


def _image_faults(look: RecordLook) -> list[str]:
    try:
        studies = look.studies
    except UNSOUND as error:
        return [str(error)]
    if not studies:
        return []
    key = linking.index_key(look.record_id)
    fault = _byte_fault(look, key, studies[-1].index_sha256)
    return [f"{key} was {fault} outside the tool"] if fault else []


def _subject_faults(then: ScreeningRecord, now: ScreeningRecord) -> list[str]:
    faults = []
    if now.subject.subject_id != then.subject.subject_id:
        faults.append("The record is of another subject than when the reading was made")
    if not _same_mri(then.mri, now.mri):
        faults.append("The record names another MRI than when the reading was made")
    return faults


def _same_mri(then: Sequence[MriReference], now: Sequence[MriReference]) -> bool:
    """Whether each MRI named then is named still; filling a blank in is no other MRI."""
    return len(now) >= len(then) and all(
        old.study_uid in (None, new.study_uid) and old.study_date in (None, new.study_date)
        for old, new in zip(then, now, strict=False)
    )


def _sealed_file_faults(look: RecordLook, reading: Reading) -> list[str]:
    """Compare a signed reading and its signature with the hashes in their link."""
    try:
        links = look.reading_links
    except UNSOUND as error:
        return [str(error)]
    demanded = {
        key: digest
        for link in links
        if link.reading_id == reading.reading_id
        for key, digest in (
            (link.path, link.sha256),
            (link.path.removesuffix(".json") + SIGNATURE_SUFFIX, link.signature_sha256),
        )
    }
    return [
        f"{key} was {fault} outside the tool"
        for key, digest in demanded.items()
        if (fault := _byte_fault(look, key, digest))
    ]


def _used_image_faults(look: RecordLook, reading: Reading) -> list[str]:
    try:
        index = look.images
    except UNSOUND as error:
        return [str(error)]
    faults = []
    for used in reading.series:
        linked = index.of(used.series_uid, used.stack)
        if linked is None:
            faults.append(f"Series {used.series_uid} of the reading is not linked to the record")
        elif list(map(vars, linked.used.instances)) != list(map(vars, used.instances)):
            faults.append(f"Series {used.series_uid} has other images than when it was read")
    return faults
