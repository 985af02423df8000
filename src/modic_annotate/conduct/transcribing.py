"""The transcription grid: what a radiologist's report says per endplate, from a small CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pydantic import ValidationError

from modic_annotate.domain.attachment import (
    AttachmentRole,
    ReportedChange,
    Statement,
    Transcription,
)
from modic_annotate.domain.base import utc_now
from modic_annotate.domain.modic import ModicType
from modic_annotate.domain.spine import DiscLevel, Endplate, endplates_between, spine_order
from modic_annotate.errors import InvalidRecordError, RecordMismatchError
from modic_annotate.store import attached
from modic_annotate.store.canonical import problems_of
from modic_annotate.store.workspace import Workspace

COLUMNS = ("place", "report_says", "page")
WORDS = {
    "none": (ReportedChange.ABSENT, ()),
    "type not stated": (ReportedChange.TYPE_NOT_STATED, ()),
    "endplate changes": (ReportedChange.NOT_CALLED_MODIC, ()),
}
"""What may stand in ``report_says`` beside types (``1``, ``2``, ``3``, ``1/2``, ``2/3``)."""

COMPETING = ("listhesis", "stenosis", "extrusion", "root contact", "facet", "infection", "tumour")
"""Other findings that reviewers ask about; given by word."""


@dataclass(frozen=True, slots=True)
class Grid:
    """A filled grid, by whom, and what else the report names."""

    text: str
    by: str
    competing: tuple[str, ...] = ()


def empty_grid(lumbar_count: int = 5) -> str:
    """Return a grid to fill: a row per endplate from T12-inferior to S1-superior."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows((str(e), "", "") for e in endplates_between(spine_order(lumbar_count)))
    return out.getvalue()


def transcribe(ws: Workspace, record_id: str, attachment_id: str, grid: Grid) -> Transcription:
    """Keep what a report says; blank rows are places the report does not mention.

    Raises
    ------
    RecordMismatchError
        The attachment is no report.
    InvalidRecordError
        The grid breaks its form; every problem is named with its line.
    """
    stored = ws.resolve(record_id)
    report = attached.attachment(ws.store, stored, attachment_id)
    if report.role != AttachmentRole.REPORT:
        raise RecordMismatchError(
            f"Attachment {report.attachment_id} is a {report.role}, not a report; "
            "transcribe the radiologist's report"
        )
    statements = parse_grid(grid.text)
    unknown = [word for word in grid.competing if word not in COMPETING]
    if unknown:
        known = ", ".join(COMPETING)
        raise InvalidRecordError("The other findings", [f"{unknown[0]!r} is none of {known}"])
    made = Transcription(
        attachment_id=report.attachment_id,
        attachment_sha256=report.sha256,
        states_level=bool(statements),
        statements=statements,
        competing_findings=grid.competing,
        by=grid.by,
        at=utc_now(),
    )
    attached.add_transcription(ws.store, stored, made)
    return made


def parse_grid(text: str) -> tuple[Statement, ...]:
    """Read a filled grid; ``;`` between columns and a byte-order mark are accepted."""
    lines = text.removeprefix("\ufeff").splitlines()
    separator = ";" if lines and ";" in lines[0] else ","
    rows = list(csv.reader(lines, delimiter=separator))
    if not rows or tuple(cell.strip() for cell in rows[0]) != COLUMNS:
        raise InvalidRecordError("The grid", [f"its first line must be {','.join(COLUMNS)}"])
    statements: list[Statement] = []
    problems: list[str] = []
    for number, row in enumerate(rows[1:], 2):
        try:
            statements += _statement(row)
        except ValidationError as error:
            problems += (f"line {number}: {problem}" for problem in problems_of(error))
        except ValueError as error:
            problems.append(f"line {number}: {error}")
    problems += _repeated(statements)
    if problems:
        raise InvalidRecordError("The grid", problems)
    return tuple(statements)


def _statement(row: Sequence[str]) -> Iterator[Statement]:
    cells = [cell.strip() for cell in (*row, "", "", "")[: len(COLUMNS)]]
    place, says, page = cells
    if not says:
        return
    if page and not page.isdecimal():
        raise ValueError(f"page {page!r} is no number")
    is_disc = "/" in place
    try:
        where = DiscLevel.parse(place) if is_disc else Endplate.parse(place)
    except ValueError:
        raise ValueError(f"{place!r} is no endplate (L4-inferior) and no disc (L4/5)") from None
    change, types = _said(says)
    yield Statement(
        endplate=where if isinstance(where, Endplate) else None,
        disc=where if isinstance(where, DiscLevel) else None,
        change=change,
        types=types,
        page=int(page) if page else None,
    )


def _said(says: str) -> tuple[ReportedChange, tuple[ModicType, ...]]:
    word = says.casefold()
    if word in WORDS:
        return WORDS[word]
    try:
        types = tuple(ModicType(part.strip()) for part in word.split("/"))
    except ValueError:
        known = ", ".join((*WORDS, "1", "2", "3", "1/2", "2/3"))
        raise ValueError(f"report_says {says!r} is none of {known}") from None
    return ReportedChange.TYPED, types


def _repeated(statements: Sequence[Statement]) -> list[str]:
    places = [s.place for s in statements]
    return [f"{p} stands more than once" for p in dict.fromkeys(places) if places.count(p) > 1]
