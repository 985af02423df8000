"""Apply an acts file: the same acts as in the window, one journal line for each of its lines."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from modic_annotate.domain.finding import Origin
from modic_annotate.errors import (
    ActRefusedError,
    IncompleteReadingError,
    InvalidRecordError,
    ReadingSignedError,
    RecordError,
)
from modic_annotate.session.acts import ACT, Act
from modic_annotate.session.entries import ActsLine
from modic_annotate.session.opening import Terms
from modic_annotate.session.session import open_session
from modic_annotate.store.canonical import problems_of, sha256_hex
from modic_annotate.store.workspace import Workspace


@dataclass(frozen=True)
class ActsFile:
    """An acts file: its hash, and its acts by line number (from 1); blank lines hold none."""

    path: Path
    sha256: str
    acts: dict[int, Act]


@dataclass(frozen=True)
class Applied:
    """What applying a file came to."""

    reading_id: str
    n_applied: int
    n_applied_before: int
    signed: bool

    @property
    def message(self) -> str:
        """The result in one sentence."""
        state = "signed" if self.signed else "not signed"
        if not self.n_applied:
            return f"The file is wholly applied already; reading {self.reading_id} is {state}"
        before = f" ({self.n_applied_before} before)" if self.n_applied_before else ""
        return f"{self.n_applied} acts applied{before}; reading {self.reading_id} is {state}"


def read_acts(path: Path) -> ActsFile:
    """Read an acts file whole, before any of it is applied.

    Raises
    ------
    InvalidRecordError
        Lines that are no acts; every one is named with what is wrong and where in it.
    RecordError
        The file cannot be read.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise RecordError(
            f"The acts file {path} cannot be read: {error.strerror or error}; check its name"
        ) from error
    acts: dict[int, Act] = {}
    problems: list[str] = []
    for number, line in enumerate(content.removeprefix(b"\xef\xbb\xbf").split(b"\n"), start=1):
        if not line.strip():
            continue
        try:
            acts[number] = ACT.validate_json(line)
        except ValidationError as error:
            problems += (f"line {number}: {problem}" for problem in problems_of(error))
    if problems:
        raise InvalidRecordError(f"The acts file {path}", problems)
    return ActsFile(path=path, sha256=sha256_hex(content), acts=acts)


def apply_acts(
    ws: Workspace, record_id: str, reader_id: str, path: Path, ack: Callable[[int], None]
) -> Applied:
    """Apply an acts file to the reader's draft, going on after its last applied line.

    Parameters
    ----------
    ws, record_id, reader_id
        Whose reading of what; it is begun where there is none.
    path
        The acts file, one act a line.
    ack
        Called with the number of each line once it is durable.

    Raises
    ------
    ActRefusedError, IncompleteReadingError, ReadingSignedError
        An act is not allowed where it stands; the message names its line. The lines before it
        are applied.
    """
    file = read_acts(path)
    with open_session(ws, record_id, reader_id, Terms(driven_by="acts_file")) as session:
        last = session.journal.last_line_of(file.sha256)
        ahead = {number: act for number, act in file.acts.items() if number > last}
        for number, act in ahead.items():
            with _naming(path, number):
                session.act(act, Origin.SCRIPT, ActsLine(file.sha256, number))
            ack(number)
        return Applied(
            reading_id=session.journal.header.reading_id,
            n_applied=len(ahead),
            n_applied_before=len(file.acts) - len(ahead),
            signed=session.state.signed,
        )


@contextmanager
def _naming(path: Path, number: int) -> Iterator[None]:
    """Put file and line before what refused an act."""
    try:
        yield
    except IncompleteReadingError as error:
        raise IncompleteReadingError([f"{path} line {number}", *error.missing]) from error
    except (ActRefusedError, ReadingSignedError) as error:
        raise type(error)(f"{path} line {number}: {error}") from error
