"""A record on which everything was done that can be done, and its package in each profile.

Read by hand with changes painted, record and reading amended, a report attached and transcribed, a
row resolved, the determination signed: each class of file there is stands in some package.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from modic_annotate.conduct.attaching import Asked, attach
from modic_annotate.conduct.deciding import Decision, Judged, Signer, resolve, sign_determination
from modic_annotate.conduct.demo import READER, sample_input
from modic_annotate.conduct.link import link_study
from modic_annotate.conduct.sending import Sending, send_to_payer
from modic_annotate.conduct.transcribing import Grid, transcribe
from modic_annotate.domain.attachment import AttachmentRole
from modic_annotate.domain.base import utc_now
from modic_annotate.domain.finding import Origin
from modic_annotate.domain.screening import Change, ScreeningRecord
from modic_annotate.evidence import write_evidence
from modic_annotate.evidence.formats.registry import FORMATS
from modic_annotate.session.acts import ACT
from modic_annotate.session.opening import Terms
from modic_annotate.session.session import ReadingSession
from modic_annotate.store.workspace import Workspace

RECORD, CRITERIA, AS_OF = "demo-001", "trial_intracept", date(2026, 4, 1)
TRIAL, COORDINATOR = "demo-trial", "coordinator"
JUDGED = Judged(CRITERIA, AS_OF)
RESOLVED_ROW = "IN-6"
"""It names another pain scale than the record holds, so a person decides."""

ALL_FORMATS = tuple(one.name for one in FORMATS if one.is_there)
"""Parquet is there where pyarrow is installed."""

PROFILES = ("internal", "trial", "payer")
ROOT_KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
"""Made up and published here; it signs nothing but packages of the synthetic sample."""

REPORT = "Modic type 2 of superior L1, 1/2 of inferior L4, 2 of superior L5."
TRANSCRIBED = "place,report_says,page\nL1-superior,2,1\nL4-inferior,1/2,1\nL5-superior,2,1\n"

PAINTED = {
    "L4-inferior": ("SAG_T1", ((6.9, -18.0, -34.0), (6.6, -6.0, -31.0))),
    "L5-superior": ("SAG_T2", ((2.4, -16.0, -52.0), (2.1, -4.0, -51.5))),
}
"""Endplate -> series and stroke of the brush, LPS mm."""


@dataclass(frozen=True, slots=True)
class WholePackage:
    """A written package, its root digest, and the public key of its root signature."""

    profile: str
    path: Path
    root_sha256: str
    key: Path | None = None
    document: Path | None = None
    """The payer's PDF, which lies outside the package."""


def make_whole(folder: Path) -> Workspace:
    """Return a workspace with one record on which everything was done."""
    given = sample_input()
    assert given.record is not None
    ws = Workspace.create(folder, trial_id=TRIAL)
    ws.add_reader(READER)
    ws.add_screening(_record(given.record), COORDINATOR)
    link_study(ws, RECORD, [given.dicom], by=COORDINATOR)
    with ReadingSession.start(ws, RECORD, READER.id) as session:
        for act in _acts(given.acts):
            session.act(ACT.validate_python(act), Origin.KEY)
    amend_record(ws)
    amend_reading(ws, "a remark was forgotten")
    report = folder.with_name(f"{folder.name}-report.txt")
    report.write_text(REPORT, "utf-8")
    attached = attach(ws, RECORD, report, Asked(AttachmentRole.REPORT, COORDINATOR))
    transcribe(ws, RECORD, attached.attachment_id, Grid(TRANSCRIBED, COORDINATOR))
    resolve(ws, RECORD, JUDGED, Decision(RESOLVED_ROW, "met", "the scales agree", READER.id))
    sign_determination(ws, RECORD, JUDGED, Signer(READER.id))
    return ws


def amend_record(ws: Workspace) -> None:
    """Add a revision of the screening record that changes nothing a criterion asks for."""
    record, digest = ws.screening(RECORD)
    later = record.replace(
        revision=record.revision + 1,
        previous_sha256=digest,
        protocol_version="1.1",
        change=Change(by=COORDINATOR, at=utc_now(), reason="corrected"),
    )
    ws.add_screening(later, COORDINATOR)


def amend_reading(ws: Workspace, remark: str) -> None:
    """Sign an amendment of the newest reading that adds a remark and changes no finding."""
    newest = ws.links(RECORD)[-1]
    assert newest.kind == "reading"
    terms = Terms(amends=newest.reading_id, reason="added a remark")
    with ReadingSession.start(ws, RECORD, READER.id, terms) as session:
        for act in ({"act": "note", "text": remark}, {"act": "sign", "meaning": "I read these"}):
            session.act(ACT.validate_python(act), Origin.KEY)


def write_package(ws: Workspace, profile: str, folder: Path) -> WholePackage:
    """Write the record's package in a profile with all formats, the trial's with its signature."""
    if profile == "payer":
        return _sent(ws, folder)
    key = ROOT_KEY if profile == "trial" else None
    written = write_evidence(
        ws, RECORD, CRITERIA, AS_OF, folder / profile,
        profile=profile, formats=ALL_FORMATS, by=COORDINATOR, sign_key=key,
    )  # fmt: skip
    public = None
    if key is not None:
        public = folder / "public.pem"
        pem = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        public.write_bytes(pem)
    return WholePackage(profile, written.path, written.root_sha256, public)


def _sent(ws: Workspace, folder: Path) -> WholePackage:
    identity = folder / "identity.json"
    identity.write_text(json.dumps({"name": "Test Person", "member_id": "M-1"}), "utf-8")
    asked = Sending(JUDGED, identity, folder / "payer.pdf", COORDINATOR)
    sent = send_to_payer(ws, RECORD, asked)
    package = sent.package
    return WholePackage("payer", package.path, package.root_sha256, document=sent.document)


def _record(path: Path) -> ScreeningRecord:
    told: dict[str, Any] = json.loads(path.read_text("utf-8"))
    told["scores"]["pain_instrument"] = "NRS"
    told["change"] = {"by": COORDINATOR, "at": "2026-03-20T09:00:00Z"}
    return ScreeningRecord.model_validate_json(json.dumps(told))


def _acts(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the sample's acts, with two changes painted before the signature."""
    for act in map(json.loads, path.read_text("utf-8").splitlines()):
        if act["act"] == "sign":
            yield from (_stroke(endplate, *drawn) for endplate, drawn in PAINTED.items())
        yield act


def _stroke(
    endplate: str, role: str, line: tuple[tuple[float, float, float], ...]
) -> dict[str, Any]:
    drawn = {"role": role, "polyline_lps_mm": line, "radius_mm": 3.0}
    return {"act": "brush_stroke", "endplate": endplate, **drawn}
