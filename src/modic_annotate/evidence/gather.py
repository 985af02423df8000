"""Everything a package rests on, taken from a workspace: bytes as they lie there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from modic_annotate.domain.attachment import Transcription
from modic_annotate.domain.determination import Determination
from modic_annotate.domain.images import ImageIndex
from modic_annotate.domain.links import ReadingLink
from modic_annotate.domain.reading import Reading, Signature
from modic_annotate.domain.resolution import Resolution
from modic_annotate.domain.screening import ScreeningRecord
from modic_annotate.domain.series import SeriesUsed
from modic_annotate.eligibility import CriteriaSet, assess
from modic_annotate.eligibility.resolving import apply_resolutions
from modic_annotate.errors import ExportError
from modic_annotate.evidence import document as doc
from modic_annotate.evidence.bag import Files
from modic_annotate.evidence.criteria_file import CriteriaFile
from modic_annotate.evidence.document import (
    PackagedSeries,
    SeriesDocument,
    StateAtExport,
    UnusedSeries,
)
from modic_annotate.evidence.key_images import Pixels, key_images
from modic_annotate.evidence.signed import SignedReading, in_use
from modic_annotate.evidence.standing import Signable, Standing, standing
from modic_annotate.store import attached, determined, linking, revisions
from modic_annotate.store.canonical import canonical_bytes, parse_record, sha256_hex
from modic_annotate.store.chain import ChainHead, ChainReport, chain_key, verify_chain
from modic_annotate.store.images import image_class, open_series
from modic_annotate.store.record_state import reading_state
from modic_annotate.store.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Gathered:
    """One record of a workspace at one moment, with what a criteria set says of it."""

    ws: Workspace
    screening: ScreeningRecord
    signed: tuple[SignedReading, ...]
    criteria: CriteriaFile
    as_of: date
    determination: Determination
    resolutions: tuple[Resolution, ...]
    """What persons decided on rows of this set, applied or not."""

    report: Transcription | None
    """What the radiologist's report says per endplate, where somebody transcribed it."""

    signable: Signable
    standing: Standing
    """The signature over the determination that stands, or the one that has lapsed."""

    states: tuple[StateAtExport, ...]
    chain_bytes: bytes
    told_head: ChainHead | None = None
    """What a package says of the chain's head, where not the head itself."""

    @property
    def record_id(self) -> str:
        """The record's id as it is stored."""
        return self.screening.record_id

    @property
    def chain(self) -> ChainReport:
        """The record's audit chain."""
        return verify_chain(self.chain_bytes, chain_key(self.record_id))

    @property
    def head(self) -> ChainHead:
        """Length and head of the audit chain, as a package says them."""
        return self.told_head or self.chain.head


def gather(ws: Workspace, record_id: str, criteria: CriteriaFile, as_of: date) -> Gathered:
    """Read a record, its signed readings and its audit chain, and assess it.

    Raises
    ------
    UnknownRecordError, InvalidRecordError
        The record is not there or a file of it is unsound.
    """
    screening, digest = ws.screening(record_id)
    links = [link for link in ws.links(record_id) if isinstance(link, ReadingLink)]
    signed = tuple(_sealed(ws, link) for link in links)
    readings = [one.reading for one in in_use(signed)]
    made = _of_set(determined.resolutions(ws.store, screening.record_id), criteria.criteria)
    report = attached.report_in_force(ws.store, screening.record_id)
    assessed = assess(screening, readings, criteria.criteria, as_of, report=report)
    determination = apply_resolutions(assessed, criteria.criteria, made)[0]
    hashes = {"screening": digest, "criteria": sha256_hex(criteria.content)}
    hashes |= _hashes(determination, signed, made, report)
    signable = Signable(determination, as_of, hashes)
    return Gathered(
        ws=ws,
        screening=screening,
        signed=signed,
        criteria=criteria,
        as_of=as_of,
        determination=determination,
        resolutions=made,
        report=report,
        signable=signable,
        standing=standing(determined.signatures(ws.store, screening.record_id), signable),
        states=tuple(_state(ws, reading) for reading in readings),
        chain_bytes=_whole_lines(ws, chain_key(screening.record_id)),
    )


def record_files(found: Gathered) -> Files:
    """Return the packaged files that are the workspace's own, byte for byte."""
    store, record_id = found.ws.store, found.record_id
    present = found.screening.revision
    linked = [one.reading.screening.revision for one in found.signed]
    earlier = range(min([present, *linked]), present)
    return {
        doc.SCREENING: store.get(revisions.key_of(record_id, present)),
        **{f"{doc.REVISIONS}r{n}.json": store.get(revisions.key_of(record_id, n)) for n in earlier},
        doc.LINKS: linking.content(store, record_id),
        **{f"{doc.READINGS}{o.reading.reading_id}.json": o.reading_bytes for o in found.signed},
        **{
            f"{doc.READINGS}{o.reading.reading_id}{doc.SIGNATURE_SUFFIX}": o.signature_bytes
            for o in found.signed
        },
        **{
            f"{doc.RESOLUTIONS}{r.resolution_id}.json": canonical_bytes(r)
            for r in found.resolutions
        },
        **report_files(found.report),
        **_signature_files(found),
        found.criteria.path: found.criteria.content,
        doc.AUDIT: found.chain_bytes,
        doc.AUDIT_HEAD: f"{found.chain.head.sha256}\n".encode(),
        doc.DETERMINATION: canonical_bytes(found.determination),
    }


def report_files(report: Transcription | None) -> Files:
    """Return the transcription of the report; the report itself is no part of a package."""
    return {doc.transcription_path(report.attachment_id): canonical_bytes(report)} if report else {}


def _signature_files(found: Gathered) -> Files:
    """Return the signature over the determination, where one stands."""
    made = found.standing.signature
    return {doc.DETERMINATION_SIGNATURE: canonical_bytes(made)} if made else {}


def _hashes(
    determination: Determination,
    signed: Sequence[SignedReading],
    made: Sequence[Resolution],
    report: Transcription | None,
) -> dict[str, str]:
    """Return the hashes of readings, resolutions and report that a determination rests on."""
    said = {f"transcription:{report.attachment_id}": report} if report else {}
    resolved = {row.resolved.resolution_id for row in determination.outcomes if row.resolved}
    return (
        {
            f"reading:{one.reading.reading_id}": sha256_hex(one.reading_bytes)
            for one in in_use(signed)
        }
        | {
            f"resolution:{one.resolution_id}": determined.resolution_sha256(one)
            for one in made
            if one.resolution_id in resolved
        }
        | {name: sha256_hex(canonical_bytes(one)) for name, one in said.items()}
    )


def _of_set(made: tuple[Resolution, ...], criteria: CriteriaSet) -> tuple[Resolution, ...]:
    rules = (criteria.id, criteria.version)
    return tuple(r for r in made if (r.criteria_id, r.criteria_version) == rules)


def image_files(found: Gathered) -> Files:
    """Return ``series.json`` and the key images of every reading in use; nothing without images.

    Raises
    ------
    ExportError, RecordMismatchError
        The images are not those that were linked and read.
    """
    if not found.signed:
        return {}
    ws, record_id = found.ws, found.record_id
    index = ws.linked_images(record_id)
    loaded: dict[tuple[str, int], Pixels] = {}

    def load(series: SeriesUsed) -> Pixels:
        key = (series.series_uid, series.stack)
        entry = index.of(*key)
        if entry is None:
            raise ExportError(
                f"Series {series.series_uid} was read, yet the record's images do not hold it; "
                "restore the workspace's images and export again"
            )
        if key not in loaded:
            loaded[key] = open_series(ws, index, entry)
        return loaded[key]

    remark = "    synthetic record, for demonstration" if found.screening.synthetic else ""
    pictures = {
        f"{doc.KEY_IMAGES}{one.reading.reading_id}/{name}": content
        for one in in_use(found.signed)
        for shown in key_images(one.reading, load, f"{record_id}{remark}")
        for name, content in shown.files.items()
    }
    return {doc.SERIES: canonical_bytes(_series(ws, index, found.signed)), **pictures}


def _series(ws: Workspace, index: ImageIndex, signed: Sequence[SignedReading]) -> SeriesDocument:
    read = {(used.series_uid, used.stack) for one in signed for used in one.reading.series}
    accepted = [s for s in index.acceptable if (s.used.series_uid, s.used.stack) in read]
    return SeriesDocument(
        record_id=index.record_id,
        study_uid=index.study_uid,
        images=index.images,
        series=tuple(
            PackagedSeries(
                used=one.used,
                description=one.description,
                sop_class_uid=(
                    image_class(ws, index, one)
                    if (one.used.series_uid, one.used.stack) in read
                    else None
                ),
            )
            for one in (*index.series, *accepted)
        ),
        blocked=tuple(
            UnusedSeries(
                series_uid=one.series_uid,
                stack=one.stack,
                role=one.role,
                description=one.description,
                problems=one.problems,
            )
            for one in index.blocked
            if one.if_accepted not in accepted
        ),
    )


def _sealed(ws: Workspace, link: ReadingLink) -> SignedReading:
    signature_key = link.path.removesuffix(".json") + doc.SIGNATURE_SUFFIX
    reading, signature = ws.store.get(link.path), ws.store.get(signature_key)
    return SignedReading(
        parse_record(Reading, reading, link.path),
        parse_record(Signature, signature, signature_key),
        reading,
        signature,
    )


def _state(ws: Workspace, reading: Reading) -> StateAtExport:
    state = reading_state(ws, reading)
    return StateAtExport(
        reading_id=reading.reading_id, state=state.state, changed_fields=state.changed_fields
    )


def _whole_lines(ws: Workspace, key: str) -> bytes:
    """Return a file of lines without an unfinished last one, as a crash may leave it."""
    content = ws.store.get(key) if ws.store.exists(key) else b""
    return content[: content.rfind(b"\n") + 1]
