"""Packages of all records of a workspace: the bytes of one by one, made on all cores."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from pathlib import Path

from modic_annotate.conduct.case import case_states, day_of_record
from modic_annotate.conduct.spreading import spread
from modic_annotate.errors import AlreadyExistsError, ModicAnnotateError
from modic_annotate.evidence.bag import TAG_MANIFEST
from modic_annotate.evidence.deid.secret import shift_key
from modic_annotate.evidence.document import Profile
from modic_annotate.evidence.package import NOT_STATED, ExportOptions, prepare, publish
from modic_annotate.evidence.signing import read_signing_key
from modic_annotate.store.canonical import sha256_hex
from modic_annotate.store.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Order:
    """What is exported, and where to."""

    root: Path
    """The workspace's folder."""

    criteria: str
    folder: Path
    """Each package lies in it under its record's id."""

    as_of: date | None = None
    """The day to judge by; None for each record's own, its newest signature's."""

    options: ExportOptions = field(default_factory=ExportOptions)
    sign_key: Path | None = None
    """Key file; each process reads it for itself."""


@dataclass(frozen=True, slots=True)
class Exported:
    """What came of one record."""

    record_id: str
    path: Path | None = None
    root_sha256: str = ""
    was_there: bool = False
    """Whether this very package lay there already."""

    told: tuple[str, ...] = ()
    """What changed since its readings, a sentence each."""

    is_faulty: bool = False
    """Whether any of that was changed outside the tool."""

    error: str = ""
    """Why there is no package; empty where there is one."""


def export_all(ws: Workspace, order: Order, n_processes: int) -> Iterator[Exported]:
    """Yield every record of a workspace, exported, in the order they are done.

    What cannot be exported is yielded with its reason. A package that lies there already is left
    as it is, so that a run that was stopped can be done again.

    Raises
    ------
    ExportError
        The site's key of dates is not sound, or a process was ended from outside.
    """
    if order.options.get("profile") == Profile.TRIAL:
        shift_key(ws.store, order.options.get("by", NOT_STATED))  # made once, not by every process
    return spread(partial(export_one, order), ws.record_ids(), n_processes)


def export_one(order: Order, record_id: str) -> Exported:
    """Export one record of an order; whatever is wrong with it is told, not raised."""
    found = Exported(record_id)
    try:
        ws = Workspace.open(order.root)
        states = case_states(ws, record_id)
        found = replace(
            found,
            told=tuple(dict.fromkeys(one.message for one in states if one.state != "same")),
            is_faulty=any(not one.ok for one in states),
        )
        return _exported(ws, order, found)
    except ModicAnnotateError as error:
        return replace(found, error=str(error))


def _exported(ws: Workspace, order: Order, found: Exported) -> Exported:
    options: ExportOptions = {**order.options}
    if order.sign_key is not None:
        options["sign_key"] = read_signing_key(order.sign_key)
    as_of = order.as_of or day_of_record(ws, found.record_id)
    target = order.folder / found.record_id
    prepared = prepare(ws, found.record_id, order.criteria, as_of, **options)
    root_sha256 = prepared.root_sha256
    try:
        made = publish(prepared, target, **options)
    except AlreadyExistsError:
        if _root_of(target) != root_sha256:
            raise
        return replace(found, path=target, root_sha256=root_sha256, was_there=True)
    return replace(found, path=made.path, root_sha256=root_sha256)


def _root_of(package: Path) -> str | None:
    """Return the root digest of a package that is a folder; None for anything else."""
    manifest = package / TAG_MANIFEST
    return sha256_hex(manifest.read_bytes()) if manifest.is_file() else None
