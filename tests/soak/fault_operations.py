"""What is done while the disk fails, from which stage, and what must be there afterwards."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from unittest import mock

from modic_annotate.conduct.link import link_study
from modic_annotate.conduct.screening_import import edit_record, import_record
from modic_annotate.domain.finding import Origin
from modic_annotate.domain.links import ReadingLink, StudyLink
from modic_annotate.domain.readers import Reader
from modic_annotate.errors import AlreadyExistsError, ModicAnnotateError, ReadingSignedError
from modic_annotate.evidence import verify_evidence, write_evidence
from modic_annotate.evidence.document import Profile
from modic_annotate.evidence.formats.registry import PROFILE_FORMATS
from modic_annotate.session.acts import ACT
from modic_annotate.session.apply import apply_acts, read_acts
from modic_annotate.session.session import ReadingSession, open_session
from modic_annotate.store.workspace import Workspace
from tests.soak.fault_case import (
    AS_OF,
    CRITERIA,
    READER,
    RECORD,
    Templates,
    state_of,
    without_varying,
)

TRIES = 3


@dataclass
class Trial:
    """One copy of a stage that an operation works on."""

    templates: Templates
    folder: Path
    acked: list[Any] = field(default_factory=list)
    """What was acknowledged: lines of the acts file, or acts."""

    @property
    def ws(self) -> Workspace:
        """The workspace, opened afresh."""
        return Workspace.open(self.folder / "ws")


@dataclass(frozen=True)
class Operation:
    """Something a user does."""

    name: str
    stage: str
    run: Callable[[Trial], object]
    """Raises where it could not be done; may be done again."""

    lost: Callable[[Trial], Iterable[str]] = lambda _trial: ()
    """What was acknowledged and is not there, or is there and should not be."""

    result: Callable[[Trial], object] = lambda trial: state_of(trial.ws)
    """What it came to, without what differs from run to run."""

    hard_links: bool = True
    """Whether the disk knows hard links; where not, names are given by renaming."""


def _import(trial: Trial) -> None:
    import_record(trial.ws, trial.templates.record_file, "c")


def _edit(trial: Trial) -> None:
    edit_record(trial.ws, RECORD, {"scores.odi_percent": 46}, "c", "typing error")


def _register(trial: Trial) -> None:
    if "r2" not in trial.ws.readers():
        trial.ws.add_reader(Reader(id="r2"))


def _link(trial: Trial) -> None:
    try:
        link_study(trial.ws, RECORD, [trial.templates.study], "c")
    except AlreadyExistsError:
        if not any(isinstance(link, StudyLink) for link in trial.ws.links(RECORD)):
            raise


def _apply(trial: Trial) -> None:
    apply_acts(trial.ws, RECORD, READER, trial.templates.acts_file, trial.acked.append)


def _acks_lost(trial: Trial) -> Iterable[str]:
    lines = list(read_acts(trial.templates.acts_file).acts)
    n_kept = len(_journalled(trial))
    if trial.acked and max(trial.acked) > n_kept:
        yield f"line {max(trial.acked)} of {len(lines)} was acknowledged, {n_kept} are kept"


def _read(trial: Trial) -> None:
    """Make the acts one by one as a person would: what is refused by the disk is tried again."""
    acts = [ACT.validate_python(act) for act in trial.templates.acts]
    session = open_session(trial.ws, RECORD, READER)
    with session:
        for act in acts[len(session.journal.entries) :]:
            _insist(session, act, trial)


def _insist(session: ReadingSession, act: Any, trial: Trial) -> None:
    n_before = len(session.journal.entries)
    for n in range(1, TRIES + 1):
        try:
            session.act(act, Origin.KEY)
        except ReadingSignedError:
            return  # the signature stands; its sealing is finished at the next opening
        except ModicAnnotateError:
            if len(session.journal.entries) > n_before:
                break
            if n == TRIES:
                raise
        else:
            break
    trial.acked.append(act)


def _acts_lost(trial: Trial) -> Iterable[str]:
    kept = _journalled(trial)
    wanted = without_varying([act.model_dump(mode="json") for act in trial.acked])
    if kept[: len(wanted)] != wanted:
        yield f"{len(wanted)} acts were acknowledged; {len(kept)} others are kept"


def _sign(trial: Trial) -> None:
    with open_session(trial.ws, RECORD, READER) as session:
        if not session.state.signed:
            session.act(ACT.validate_python(trial.templates.acts[-1]), Origin.SCRIPT)
    trial.acked.append("signature")


def _signature_lost(trial: Trial) -> Iterable[str]:
    links = [link for link in trial.ws.links(RECORD) if isinstance(link, ReadingLink)]
    if trial.acked and len(links) != 1:
        yield f"the signature was acknowledged and {len(links)} readings are linked"


def _export(trial: Trial, zip_it: bool = False) -> None:
    out = trial.folder / ("out.zip" if zip_it else "out")
    try:
        with mock.patch.dict(PROFILE_FORMATS, {Profile.INTERNAL: ("kos",)}):  # none asks the disk
            root = write_evidence(trial.ws, RECORD, CRITERIA, AS_OF, out, zip_it=zip_it).root_sha256
    except AlreadyExistsError:  # written whole before, though the disk did not confirm it
        root = verify_evidence(out).root
    trial.acked.append(root)


def _package_faults(trial: Trial) -> Iterable[str]:
    """Whatever lies where the package goes is a whole package, or nothing does."""
    for out in (trial.folder / "out", trial.folder / "out.zip"):
        if out.exists() and not verify_evidence(out).ok:
            yield f"{out.name} is there and does not verify"


def _package(trial: Trial) -> object:
    return trial.acked[-1:], state_of(trial.ws)


def _journalled(trial: Trial) -> list[object]:
    acts: list[object] = next(iter(state_of(trial.ws)[RECORD]["acts"].values()), [])
    return acts


WITH_LINKS = (
    Operation("register", "recorded", _register),
    Operation("import", "empty", _import),
    Operation("edit", "signed", _edit),
    Operation("link", "recorded", _link),
    Operation("apply", "linked", _apply, _acks_lost),
    Operation("read", "linked", _read, _acts_lost),
    Operation("sign", "read", _sign, _signature_lost),
    Operation("export", "signed", _export, _package_faults, _package),
    Operation("export zip", "signed", lambda t: _export(t, zip_it=True), _package_faults, _package),
)
OPERATIONS = (
    *WITH_LINKS,
    *(
        replace(o, name=f"{o.name} (no hard links)", hard_links=False)
        for o in WITH_LINKS
        if o.name in ("import", "edit", "apply", "read", "sign", "link")
    ),
)
"""``read`` makes the acts of ``apply`` in one open reading that goes on after each failure."""
