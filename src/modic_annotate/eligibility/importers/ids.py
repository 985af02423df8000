"""Subject ids as the file gives them; what a spreadsheet did to them is undone as stated, or named.

An id that cannot be a record's id is never quoted: it may be a name.
"""

from __future__ import annotations

import re

from pydantic import TypeAdapter, ValidationError

from modic_annotate.domain.base import RecordId
from modic_annotate.eligibility.importers.mapping import SubjectRule
from modic_annotate.eligibility.importers.problems import CellError

_ID: TypeAdapter[str] = TypeAdapter(RecordId)
_MONTH = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_SPREADSHEET = (
    (re.compile(r"\d+([.,]\d+)?e[+-]?\d+", re.IGNORECASE), "in scientific notation"),
    (re.compile(r"\d+\.0+"), "as a number with decimals"),
    (re.compile(rf"\d{{1,2}}-({_MONTH})|({_MONTH})-\d{{2}}", re.IGNORECASE), "as a date"),
    (re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}"), "as a date"),
)
"""How spreadsheets rewrite ids such as 1E5, 100000000001, MAR-1 and 1-2-3 on opening."""


def subject_id(text: str, rule: SubjectRule) -> str:
    """Return the id of a subject as records spell it.

    Raises
    ------
    CellError
        It is blank, looks like a spreadsheet's work, or cannot be a file name.
    """
    if not text:
        raise CellError("the subject's id is blank")
    for pattern, words in _SPREADSHEET:
        if pattern.fullmatch(text) and not rule.as_written:
            raise CellError(
                f"the subject's id is written {words}, as spreadsheets do; restore the ids, or "
                "state subject.as_written = true in the map"
            )
    padded = text.zfill(rule.width) if rule.width and text.isdecimal() else text
    try:
        return _ID.validate_python(rule.prefix + padded)
    except ValidationError:
        raise CellError(
            "the subject's id has other characters than A-Z, a-z, 0-9, '.', '_' and '-', or is "
            "too long; use the study's own ids"
        ) from None


def without_zeros(identifier: str) -> str:
    """Return how an id is compared: without case and without zeros before its numbers."""
    return re.sub(r"(?<!\d)0+(?=\d)", "", identifier.casefold())
