"""What a profile promises, checked on the package itself: so far of the trial profile."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from modic_annotate.domain.base import Record
from modic_annotate.domain.determination import FrozenInputs
from modic_annotate.eligibility.evaluate import frozen_inputs
from modic_annotate.evidence import document as doc
from modic_annotate.evidence.contents import Contents
from modic_annotate.evidence.deid.altering import Altering
from modic_annotate.evidence.deid.document import DeidDocument
from modic_annotate.evidence.lint.known import KnownIdentity
from modic_annotate.evidence.lint.package import identity_finds
from modic_annotate.store.canonical import sha256_hex


def profile_problems(contents: Contents) -> Iterator[str]:
    """Yield what a trial's package should not hold; nothing for the other profiles.

    Texts that should be withheld, copies that are not those ``deid.json`` names, calendar inputs
    no day in the range of the shift gives, and whatever looks like somebody's identity.
    """
    deid = contents.deid
    if deid is None:
        return
    if contents.has_series and contents.series.images != "deidentified":
        yield f"{doc.SERIES}: the images were linked with their identity"
    yield from _copies(contents, deid)
    yield from _texts(contents, deid)
    if not _may_be_frozen(contents, deid, contents.determination.frozen):
        yield f"{doc.DETERMINATION}: no day the dates may stand for gives its /frozen"
    yield from dict.fromkeys(identity_finds(contents.files, KnownIdentity()))


def _copies(contents: Contents, deid: DeidDocument) -> Iterator[str]:
    for one in deid.files:
        if sha256_hex(contents.files.get(one.path, b"")) != one.sha256:
            yield f"{one.path}: not the bytes {doc.DEID} names"
    yield from (
        f"{one.path}: {doc.DEID} says it is withheld, yet it is there"
        for one in deid.withheld_files
        if one.path in contents.files
    )


def _texts(contents: Contents, deid: DeidDocument) -> Iterator[str]:
    """Yield texts that stand where nobody ticked them: what withholding again would change."""
    included = frozenset(one.group for one in deid.included)
    studies = frozenset({contents.series.study_uid}) if contents.has_series else frozenset()
    again = Altering(0, included, studies)
    for path, pointer, record in _records(contents):
        again.record(record, path, pointer)
    for group, path, pointer in again.withheld:
        yield f"{path}#{pointer}: a text that should be withheld ({group})"


def _records(contents: Contents) -> Iterator[tuple[str, str, Record]]:
    yield doc.SCREENING, "", contents.screening
    yield from ((doc.LINKS, f"/{n}", link) for n, link in enumerate(contents.links))
    for one in contents.signed:
        stem = f"{doc.READINGS}{one.reading.reading_id}"
        yield f"{stem}.json", "", one.reading
        yield f"{stem}{doc.SIGNATURE_SUFFIX}", "", one.signature
    for made in contents.resolutions:
        yield f"{doc.RESOLUTIONS}{made.resolution_id}.json", "", made
    if contents.report is not None:
        yield doc.transcription_path(contents.report.attachment_id), "", contents.report
    if contents.has_series:
        yield doc.SERIES, "", contents.series


def _may_be_frozen(contents: Contents, deid: DeidDocument, frozen: FrozenInputs) -> bool:
    """Whether any true day the as-of date may stand for gives these calendar inputs."""
    shown = contents.document.as_of
    days = range(deid.shift_days_from, deid.shift_days_to + 1)
    return any(
        frozen_inputs(contents.screening, contents.criteria, shown + timedelta(days=n)) == frozen
        for n in days
    )
