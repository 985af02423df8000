"""Problems of a file, gathered so that all are told at once and none quotes what a cell holds."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from modic_annotate.errors import InvalidRecordError

MOST_TOLD = 40
"""More problems than this are counted, not told: they mostly have one cause."""


class CellError(ValueError):
    """A cell that cannot be taken as it stands; the message says why and what to state or correct.

    Raised inside the importers alone; the caller adds the cell's place.
    """


class Problems:
    """A growing list of problems of one file."""

    def __init__(self, what: str) -> None:
        self.what = what
        self.found: list[str] = []
        self._cells: set[str] = set()

    def add(self, place: str, message: str) -> None:
        """Note a problem with its place in the file; of one cell only the first is told."""
        if ", column " in place and place in self._cells:
            return
        self._cells.add(place)
        self.found.append(f"{place}: {message}" if place else message)

    def refuse_if_any(self) -> None:
        """Raise InvalidRecordError with all problems found so far, if there are any."""
        if not self.found:
            return
        told = list(dict.fromkeys(self.found))
        more = len(told) - MOST_TOLD
        told = told[:MOST_TOLD] + ([f"and {more} more"] if more > 0 else [])
        raise InvalidRecordError(self.what, told)


def json_of(text: str, parse_number: Callable[[str], Any] | None = None) -> Any:  # noqa: ANN401
    """Return JSON whose texts are Unicode and whose numbers are numbers.

    Raises
    ------
    ValueError, RecursionError
        It is none, or nested too deep.
    """
    content = json.loads(
        text, parse_float=parse_number, parse_int=parse_number, parse_constant=_no_number
    )
    json.dumps(content, ensure_ascii=False).encode()  # half of a surrogate pair is no text
    return content


def _no_number(text: str) -> None:
    raise ValueError(text)


def refuse(what: str, problem: str) -> InvalidRecordError:
    """Return the error for a file that cannot be read at all."""
    return InvalidRecordError(what, [problem])
