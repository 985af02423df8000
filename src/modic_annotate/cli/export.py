"""``export``: write an evidence package."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from modic_annotate.cli.arguments import (
    FAULT_FOUND,
    AllOpt,
    ByOpt,
    CriteriaOpt,
    RecordOrAllArg,
    WorkspaceArg,
    check_one_or_all,
    day,
    operator,
    tell_states,
)
from modic_annotate.errors import ExportError, ImagingError, PreflightError, RecordError

if TYPE_CHECKING:
    from datetime import date

    from modic_annotate.conduct.sending import Sending
    from modic_annotate.evidence.package import ExportOptions, PackageResult
    from modic_annotate.store.workspace import Workspace


class Profile(StrEnum):
    """Who a package is for."""

    INTERNAL = "internal"
    TRIAL = "trial"
    PAYER = "payer"


OutOpt = Annotated[
    Path,
    typer.Option(
        "--out",
        metavar="DIR",
        help="The package itself: a new folder; with --all the folder of the packages.",
    ),
]
DayOpt = Annotated[
    str | None,
    typer.Option(
        "--as-of", metavar="DATE", help="The day to judge by (default: the newest signature's)."
    ),
]
IdentityOpt = Annotated[
    Path | None,
    typer.Option(
        "--identity",
        metavar="FILE",
        help="Whom it is about, never stored. Payer: printed; trial: searched for.",
    ),
]
DespiteOpt = Annotated[
    str | None, typer.Option("--despite", help="Payer: why it is sent although a check stops.")
]
WithOpt = Annotated[
    str | None,
    typer.Option(
        "--with", metavar="FORMATS", help="Formats beside the profile's own, e.g. sr,kos."
    ),
]
IncludeOpt = Annotated[
    str | None,
    typer.Option(
        "--include",
        metavar="GROUPS",
        help="Trial: text left in (notes,reasons,device,sources,versions); needs --by.",
    ),
]
SignKeyOpt = Annotated[
    Path | None,
    typer.Option(
        "--sign-key", metavar="FILE", help="Sign the root digest with this PEM key (Ed25519)."
    ),
]


ProcessesOpt = Annotated[
    int | None,
    typer.Option("--processes", min=1, help="With --all: how many at a time (default: all cores)."),
]


def export(
    folder: WorkspaceArg,
    criteria: CriteriaOpt,
    out: OutOpt,
    record: RecordOrAllArg = None,
    everyone: AllOpt = False,
    as_of: DayOpt = None,
    profile: Annotated[Profile, typer.Option("--profile")] = Profile.INTERNAL,
    as_zip: Annotated[bool, typer.Option("--zip", help="Write one zip file.")] = False,
    identity: IdentityOpt = None,
    despite: DespiteOpt = None,
    others: WithOpt = None,
    include: IncludeOpt = None,
    sign_key: SignKeyOpt = None,
    by: ByOpt = None,
    processes: ProcessesOpt = None,
) -> None:
    """Write everything needed to re-judge RECORD, with hashes, into a BagIt package.

    For a payer the package stays in the workspace and --out is one PDF that names the person.
    For a trial dates are shifted and free text is left out; data/deid.json lists what.
    With --all every record goes into --out under its id; what cannot is told at the end.
    """
    from modic_annotate.cli.export_all import export_everyone
    from modic_annotate.conduct.case import case_states, day_of_record
    from modic_annotate.conduct.deciding import Judged
    from modic_annotate.conduct.exporting import Order
    from modic_annotate.conduct.sending import Sending
    from modic_annotate.evidence import write_evidence
    from modic_annotate.evidence.payer.identity import words_of
    from modic_annotate.evidence.signing import read_signing_key
    from modic_annotate.store.workspace import Workspace

    check_one_or_all(record, everyone)
    workspace = Workspace.open(folder)
    options: ExportOptions = {
        "profile": profile.value,
        "zip_it": as_zip,
        "formats": _listed(others),
        "by": operator(by),
        "include": _listed(include),
    }
    if record is None:
        _refuse_personal(profile, identity, despite)
        order = Order(folder, criteria, out, day(as_of) if as_of else None, options, sign_key)
        export_everyone(workspace, order, processes)
        return
    is_faulty = tell_states(case_states(workspace, record))
    judged = day(as_of) if as_of else day_of_record(workspace, record)
    if profile == Profile.PAYER:
        who = _payer_identity(identity, foreign=bool(include or sign_key))
        asked = Sending(Judged(criteria, judged), who, out, operator(by), despite)
        _for_payer(workspace, record, asked)
        return
    options["identity"] = words_of(identity) if identity else ()
    options["sign_key"] = read_signing_key(sign_key) if sign_key else None
    with _told_as_fault(is_faulty):
        package = write_evidence(workspace, record, criteria, judged, out, **options)
    _tell(package, judged)
    if is_faulty:
        raise typer.Exit(FAULT_FOUND)


@contextmanager
def _told_as_fault(is_faulty: bool) -> Iterator[None]:
    """Leave with a fault, not an error, where a record with a fault is refused."""
    try:
        yield
    except (ExportError, ImagingError, RecordError) as error:
        if not is_faulty:
            raise
        typer.echo(f"modic-annotate: {error}", err=True)
        raise typer.Exit(FAULT_FOUND) from error


def _refuse_personal(profile: Profile, identity: Path | None, despite: str | None) -> None:
    if profile == Profile.PAYER or identity or despite:
        raise ExportError(
            "A payer's document, --identity and --despite are of one person; name a RECORD"
        )


def _tell(package: PackageResult, judged: date) -> None:
    from modic_annotate.evidence.signing import CLASS_WORDS

    print(f"Package  {package.path}")
    print(f"Root     {package.root_sha256}")
    print(f"As of    {judged.isoformat()}")
    _tell_lapsed(package)
    if package.signature:
        print(f"Signed   {package.signature} ({CLASS_WORDS})")


def _tell_lapsed(package: PackageResult) -> None:
    if package.lapsed:
        typer.echo(f"modic-annotate: {package.lapsed.sentence}", err=True)


def _payer_identity(identity: Path | None, *, foreign: bool) -> Path:
    """Return whom a payer's document is about; `foreign`: options of other profiles were given."""
    if foreign:
        raise ExportError("A payer's document takes neither --include nor --sign-key")
    if identity is None:
        raise ExportError(
            "A payer's document needs whom it is about: --identity FILE with name and "
            "birth_date or member_id"
        )
    return identity


def _listed(given: str | None) -> tuple[str, ...]:
    """Return the items of a list as people write it on a command line."""
    return tuple(filter(None, (given or "").replace(" ", "").split(",")))


def _for_payer(workspace: Workspace, record: str, sending: Sending) -> None:
    from modic_annotate.conduct.sending import send_to_payer

    try:
        sent = send_to_payer(workspace, record, sending)
    except PreflightError as error:
        for sentence in error.stops:
            typer.echo(f"modic-annotate: {sentence}", err=True)
        raise typer.Exit(FAULT_FOUND) from error
    for check in sent.checks:
        typer.echo(f"{check.level}: {check.sentence}", err=True)
    print(f"Document {sent.document} ({sent.n_pages} pages)")
    print(f"Package  {sent.package.path}")
    print(f"Root     {sent.package.root_sha256}")
    _tell_lapsed(sent.package)
