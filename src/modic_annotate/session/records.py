"""Readings by file and folder, for use from Python."""

from __future__ import annotations

from pathlib import Path

from modic_annotate.domain.reading import Reading
from modic_annotate.errors import UnknownRecordError
from modic_annotate.session.session import ReadingSession, open_session
from modic_annotate.store.canonical import parse_record
from modic_annotate.store.workspace import Workspace


def start_reading(workspace: Path | str, record_id: str, reader_id: str) -> ReadingSession:
    """Open a reader's reading of a record in a workspace folder: go on with it, or begin it.

    Raises
    ------
    UnknownRecordError, UnknownReaderError
        There is no such workspace or record, it has no images, or the reader is not registered.
    DraftInUseError
        Another process reads this record as this reader.
    """
    return open_session(Workspace.open(Path(workspace)), record_id, reader_id)


def load_reading(path: Path | str) -> Reading:
    """Read a signed reading from its file.

    Raises
    ------
    UnknownRecordError
        There is no such file.
    InvalidRecordError, SchemaVersionError
        It is no reading this version knows.
    """
    file = Path(path)
    try:
        content = file.read_bytes()
    except OSError as error:
        raise UnknownRecordError(
            f"The reading {file} cannot be read: {error.strerror or error}; check its name"
        ) from error
    return parse_record(Reading, content, file.name)
