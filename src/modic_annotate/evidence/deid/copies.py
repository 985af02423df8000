"""The records of one subject, altered for a trial: as values, and as the files they become."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from modic_annotate.domain.determination import Determination
from modic_annotate.domain.reading import Reading, Signature
from modic_annotate.domain.resolution import DeterminationSignature
from modic_annotate.eligibility import PUBLISHED
from modic_annotate.eligibility.resolving import apply_resolutions
from modic_annotate.errors import ExportError
from modic_annotate.evidence import document as doc
from modic_annotate.evidence.bag import Files
from modic_annotate.evidence.contents import LINK
from modic_annotate.evidence.criteria_file import CriteriaFile
from modic_annotate.evidence.deid.altering import Altering
from modic_annotate.evidence.deid.secret import keyed_digest
from modic_annotate.evidence.gather import Gathered, report_files
from modic_annotate.evidence.signed import SignedReading, in_use
from modic_annotate.store.canonical import canonical_bytes, canonical_line, parse_record
from modic_annotate.store.chain import ChainHead


def altered(
    found: Gathered, originals: Files, altering: Altering
) -> tuple[dict[str, bytes], Gathered]:
    """Return the altered files, and the record made of the same values.

    Raises
    ------
    ExportError
        The altered inputs do not give the determination the true ones give.
    """
    screening = altering.record(found.screening, doc.SCREENING)
    signed = tuple(_signed(one, altering) for one in found.signed)
    resolutions = tuple(
        altering.record(r, f"{doc.RESOLUTIONS}{r.resolution_id}.json") for r in found.resolutions
    )
    report = found.report
    if report is not None:
        report = altering.record(report, doc.transcription_path(report.attachment_id))
    criteria = _criteria(found.criteria, altering)
    as_of = found.as_of - timedelta(days=altering.days)
    shown = replace(
        found,
        screening=screening,
        signed=signed,
        resolutions=resolutions,
        report=report,
        criteria=criteria,
        as_of=as_of,
        told_head=_head(found.chain.head, altering),
    )
    shown = replace(shown, determination=_judged_again(found, shown))
    return _files(shown, originals, altering), shown


def _files(shown: Gathered, originals: Files, altering: Altering) -> dict[str, bytes]:
    files = {
        doc.SCREENING: canonical_bytes(shown.screening),
        doc.LINKS: _links(originals[doc.LINKS], altering),
        **report_files(shown.report),
        **_determination_signature(originals, altering),
        shown.criteria.path: shown.criteria.content,
        doc.AUDIT_HEAD: f"{shown.head.sha256}\n".encode(),
        doc.DETERMINATION: canonical_bytes(shown.determination),
    }
    for made in shown.resolutions:
        files[f"{doc.RESOLUTIONS}{made.resolution_id}.json"] = canonical_bytes(made)
    for one in shown.signed:
        stem = f"{doc.READINGS}{one.reading.reading_id}"
        files[f"{stem}.json"] = one.reading_bytes
        files[f"{stem}{doc.SIGNATURE_SUFFIX}"] = one.signature_bytes
    return files


def _head(head: ChainHead, altering: Altering) -> ChainHead:
    """Return the head of the audit chain under its keyed name: its lines hold true times."""
    return head.replace(sha256=keyed_digest(altering.key or b"", head.sha256))


def _links(content: bytes, altering: Altering) -> bytes:
    lines = content.split(b"\n")[:-1]
    links = (
        altering.record(LINK.validate_json(line), doc.LINKS, f"/{n}")
        for n, line in enumerate(lines)
    )
    return b"".join(canonical_line(link) + b"\n" for link in links)


def _signed(one: SignedReading, altering: Altering) -> SignedReading:
    path = f"{doc.READINGS}{one.reading.reading_id}"
    reading: Reading = altering.record(one.reading, f"{path}.json")
    signature: Signature = altering.record(one.signature, f"{path}{doc.SIGNATURE_SUFFIX}")
    return SignedReading(reading, signature, canonical_bytes(reading), canonical_bytes(signature))


def _criteria(given: CriteriaFile, altering: Altering) -> CriteriaFile:
    """Return the set without the names of those who verified rows; its own dates stay."""
    rows = [
        row.replace(verification=altering.record(row.verification, given.path, f"/criterion/{n}"))
        if row.verification
        else row
        for n, row in enumerate(given.criteria.criterion)
    ]
    criteria = given.criteria.replace(criterion=tuple(rows))
    if criteria == given.criteria:
        return given
    return CriteriaFile(criteria, canonical_bytes(criteria), ".json")


def _determination_signature(originals: Files, altering: Altering) -> dict[str, bytes]:
    path = doc.DETERMINATION_SIGNATURE
    if path not in originals:
        return {}
    signature = parse_record(DeterminationSignature, originals[path], path)
    return {path: canonical_bytes(altering.record(signature, path))}


def _judged_again(found: Gathered, shown: Gathered) -> Determination:
    """Judge the altered inputs, and the true ones by the same set: both give the same."""
    frozen = found.determination.frozen
    evaluate = PUBLISHED[found.determination.semantics]
    criteria = shown.criteria.criteria
    judged = [
        apply_resolutions(
            evaluate(
                one.screening,
                [signed.reading for signed in in_use(one.signed)],
                criteria,
                one.as_of,
                frozen,
                one.report,
            ),
            criteria,
            one.resolutions,
        )[0]
        for one in (found, shown)
    ]
    if judged[0] != judged[1]:
        raise ExportError(
            "The record with its dates shifted is not judged as the record itself is; "
            "this is a fault of the program, so nothing was written"
        )
    return judged[1]
