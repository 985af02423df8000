"""Send evidence to a payer: checks first, the package stays here, one PDF leaves."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pypdf import PdfReader

from modic_annotate.conduct.deciding import Judged
from modic_annotate.conduct.filing import filing_of
from modic_annotate.eligibility.preflight import Check, preflight
from modic_annotate.errors import ExportError, PreflightError
from modic_annotate.evidence.document import Profile
from modic_annotate.evidence.package import PackageResult, prepare, publish
from modic_annotate.evidence.payer.attached import Document
from modic_annotate.evidence.payer.identity import read_identity
from modic_annotate.evidence.payer.merged import payer_pdf
from modic_annotate.store import attached, durable
from modic_annotate.store.audit import append_event
from modic_annotate.store.canonical import sha256_hex
from modic_annotate.store.workspace import Workspace

PRINTED = "evidence.payer_document"


@dataclass(frozen=True, slots=True)
class Sending:
    """What is sent, where the document goes, and in whose name."""

    judged: Judged
    identity: Path
    out: Path
    """The PDF; outside the workspace."""

    by: str
    despite: str | None = None
    """Why it is sent although a check says stop."""


@dataclass(frozen=True, slots=True)
class Sent:
    """The package at home, the document, and what the checks said."""

    package: PackageResult
    document: Path
    n_pages: int
    checks: tuple[Check, ...]


def send_to_payer(ws: Workspace, record_id: str, sending: Sending) -> Sent:
    """Write the package into the workspace and the payer's document outside it.

    Raises
    ------
    PreflightError
        A check says stop and no reason to go on was given.
    ExportError
        The document's place is taken, or lies in the workspace.
    """
    stored = ws.resolve(record_id)
    _check_place(ws, sending.out)
    who = read_identity(sending.identity)
    checks = preflight(filing_of(ws, stored, sending.judged))
    stops = [check.sentence for check in checks if check.level == "stop"]
    if stops and sending.despite is None:
        raise PreflightError(stops)
    judged = sending.judged
    payer = Profile.PAYER.value
    prepared = prepare(ws, stored, judged.criteria, judged.as_of, profile=payer)
    document = payer_pdf(prepared.contents, who, _documents(ws, stored))
    package = publish(prepared, _home(ws, stored, judged), by=sending.by)
    _note(ws, stored, sending, package, document)
    _write(sending.out, document)
    n_pages = len(PdfReader(io.BytesIO(document)).pages)
    return Sent(package, sending.out, n_pages, checks)


def _documents(ws: Workspace, record_id: str) -> tuple[Document, ...]:
    found = attached.in_force(attached.attachments(ws.store, record_id))
    return tuple(Document(one, attached.content(ws.store, record_id, one)) for one in found)


def _check_place(ws: Workspace, out: Path) -> None:
    if out.exists():
        raise ExportError(f"{out} exists; documents are never overwritten, choose another name")
    if ws.root.resolve() in out.resolve().parents:
        raise ExportError(
            "The payer's document names a person and cannot lie in the workspace; "
            "choose a place outside it"
        )
    if not out.parent.is_dir():
        raise ExportError(f"There is no folder {out.parent}; make it first")


def _home(ws: Workspace, record_id: str, judged: Judged) -> Path:
    """Return the first free name for the package under the workspace's ``evidence``."""
    folder = ws.root / "evidence" / record_id
    number = 1
    while (folder / _name(judged.as_of, number)).exists():
        number += 1
    return folder / _name(judged.as_of, number)


def _name(as_of: date, number: int) -> str:
    return f"payer-{as_of.isoformat()}-{number}"


def _note(
    ws: Workspace, record_id: str, sending: Sending, package: PackageResult, document: bytes
) -> None:
    append_event(
        ws.store,
        None,
        PRINTED,
        sending.by,
        record=record_id,
        root_sha256=package.root_sha256,
        document_sha256=sha256_hex(document),
        despite=sending.despite,
    )


def _write(out: Path, document: bytes) -> None:
    try:
        temporary = durable.write_temporary(out.parent, document)
        try:
            if not durable.link_new(temporary, out):
                durable.rename_new(temporary, out)
        finally:
            temporary.unlink(missing_ok=True)
    except FileExistsError:
        raise ExportError(f"{out} was written by somebody else meanwhile") from None
    except OSError as error:
        raise ExportError(f"{out} cannot be written ({error.strerror})") from error
