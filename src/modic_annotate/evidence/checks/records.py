"""Chain, signatures, determination, key images and renderings are what the records give."""

from __future__ import annotations

from collections.abc import Iterator

from modic_annotate.domain.determination import Determination
from modic_annotate.eligibility import PUBLISHED
from modic_annotate.eligibility.resolving import apply_resolutions
from modic_annotate.evidence import document as doc
from modic_annotate.evidence.contents import Contents
from modic_annotate.evidence.renderings import renderings
from modic_annotate.evidence.signed import in_use
from modic_annotate.session.software import software
from modic_annotate.store.audited_files import vouched
from modic_annotate.store.canonical import canonical_bytes, sha256_hex
from modic_annotate.store.chain import ChainHead


def audit_problems(contents: Contents) -> Iterator[str]:
    """Yield faults of the record's audit chain; it must end in the head the package names."""
    head = contents.document.audit
    if contents.deid is None:
        yield from _chain(contents, head)
    if contents.files.get(doc.AUDIT_HEAD) != f"{head.sha256}\n".encode():
        yield f"{doc.AUDIT_HEAD}: not the head that {doc.PACKAGE} names"


def _chain(contents: Contents, head: ChainHead) -> Iterator[str]:
    chain = contents.chain
    yield from chain.problems
    yield from chain.notes
    if chain.head != head:
        yield f"{doc.AUDIT}: ends in {_words(chain.head)}, {doc.PACKAGE} says {_words(head)}"


def signature_problems(contents: Contents) -> Iterator[str]:
    """Yield signatures that are not over the bytes of their reading, by its reader.

    Copies of a trial's package are compared by the originals that ``deid.json`` names.
    """
    for one in contents.signed:
        reading, signature = one.reading, one.signature
        path = f"{doc.READINGS}{reading.reading_id}{doc.SIGNATURE_SUFFIX}"
        signed = contents.original_name(f"{doc.READINGS}{reading.reading_id}.json")
        if signature.reading_sha256 != signed:
            yield f"{path}: it signs other bytes than the packaged reading"
        told = (signature.reading_id, signature.reader_id, signature.protocol)
        if told != (reading.reading_id, reading.reader.id, reading.protocol):
            yield f"{path}: it names another reading, reader or protocol than the reading does"
        if reading.status != "signed":
            yield f"{path}: the reading it signs is a draft"
    yield from _made_at_site(contents)
    yield from _determination_signature(contents)


def _made_at_site(contents: Contents) -> Iterator[str]:
    if contents.deid is not None:  # the chain that knows them stays at the site
        return
    known = set(vouched(contents.chain).values())
    paths = [f"{doc.RESOLUTIONS}{made.resolution_id}.json" for made in contents.resolutions]
    if contents.report is not None:
        paths.append(doc.transcription_path(contents.report.attachment_id))
    for path in (*paths, doc.DETERMINATION_SIGNATURE):
        if path in contents.files and sha256_hex(contents.files[path]) not in known:
            yield f"{path}: the record's audit chain does not know it"


def _determination_signature(contents: Contents) -> Iterator[str]:
    signature, path = contents.determination_signature, doc.DETERMINATION_SIGNATURE
    if signature is None:
        return
    if signature.determination_sha256 != contents.original_name(doc.DETERMINATION):
        yield f"{path}: it signs other bytes than the packaged determination"
    document = contents.document
    told = (signature.record_id, signature.criteria_id, signature.as_of)
    if told != (document.record_id, document.criteria_id, document.as_of):
        yield f"{path}: it names another record, set or day than the package"
    packaged = {one.document: contents.original_name(one.path) for one in document.inputs}
    for one in signature.inputs:
        if packaged.get(one.document) != one.sha256:
            yield f"{path}: it rests on another {one.document} than the package holds"
    named = {one.document for one in signature.inputs}
    for name in packaged:
        if name not in named and not name.startswith("resolution:"):  # not each is applied
            yield f"{path}: it does not name {name}, which the package rests on"


def determination_problems(contents: Contents) -> Iterator[str]:
    """Yield what differs when the packaged inputs are judged again; every byte counts."""
    semantics = contents.document.semantics
    evaluate = PUBLISHED.get(semantics)
    if evaluate is None:
        known = ", ".join(map(str, PUBLISHED))
        yield f"{doc.DETERMINATION}: made under semantics {semantics}, this version knows {known}"
        return
    readings = [one.reading for one in in_use(contents.signed)]
    frozen = contents.determination.frozen if contents.deid is not None else None
    judged = evaluate(
        contents.screening,
        readings,
        contents.criteria,
        contents.document.as_of,
        frozen,
        contents.report,
    )
    again, _ = apply_resolutions(judged, contents.criteria, contents.resolutions)
    packaged = contents.determination
    if canonical_bytes(again) != contents.files[doc.DETERMINATION]:
        changed = ", ".join(_differences(again, packaged)) or "its bytes"
        yield f"{doc.DETERMINATION}: judged again from the packaged inputs it differs in {changed}"


def _differences(again: Determination, packaged: Determination) -> Iterator[str]:
    """Yield rows, then fields, in which two determinations differ."""
    rows = {row.criterion: row for row in packaged.outcomes}
    for row in again.outcomes:
        if rows.pop(row.criterion, None) != row:
            yield f"row {row.criterion}"
    yield from (f"row {name}" for name in rows)
    for field in Determination.model_fields:
        if field != "outcomes" and getattr(again, field) != getattr(packaged, field):
            yield field


def key_image_problems(contents: Contents) -> Iterator[str]:
    """Yield key images of an instance or of pixels the record's MRI does not have."""
    known = {
        (series.used.series_uid, series.used.stack, i.sop_instance_uid, i.frame): i.pixel_sha256
        for series in contents.series.series
        for i in series.used.instances
    }
    told = {picture for one in contents.key_images for picture in one.pictures}
    for path in contents.files:
        if doc.role_of(path) == doc.FileRole.KEY_IMAGE and path not in told:
            yield f"{path}: no note says what it shows"
    for one in contents.key_images:
        note, name = one.note, next(iter(one.pictures), "a key image")
        place = (note.series_uid, note.stack, note.sop_instance_uid, note.frame)
        if place not in known:
            yield f"{name}: instance {note.sop_instance_uid} is not in {doc.SERIES}"
        elif known[place] != note.pixel_sha256:
            yield f"{name}: it shows other pixels than {doc.SERIES} names"


def rendering_problems(contents: Contents) -> Iterator[str]:
    """Yield tables and summaries that are not what the packaged records give."""
    for path, content in renderings(contents).items():
        if contents.files.get(path) != content:
            yield f"{path}: not what the packaged records give"


def same_version(contents: Contents) -> bool:
    """Whether this very version made the package; another may word a summary otherwise."""
    return contents.document.tool == software()


def state_problems(contents: Contents) -> Iterator[str]:
    """Yield readings whose record was found changed from outside the tool at export."""
    for one in contents.document.record_states:
        if one.state == "changed_outside":
            yield f"{one.reading_id}: its record or images were changed from outside before export"


def _words(head: ChainHead) -> str:
    return f"{head.sha256[:12]}... after {head.lines} lines"
