"""What a document says of its own pages: how many there are, and which of them are not there."""

from __future__ import annotations

import re
from collections.abc import Sequence

PAGE_OF = re.compile(r"\bpage\s+(\d{1,3})\s*(?:of|/)\s*(\d{1,3})\b", re.IGNORECASE)


def stated(pages: Sequence[str]) -> int | None:
    """Return the pages a document says it has; None where it does not say, or not in one way."""
    totals = {total for _, total in _marks(pages)}
    return totals.pop() if len(totals) == 1 and totals != {0} else None


def lacking(pages: Sequence[str]) -> tuple[int, ...]:
    """Return the numbers of the pages that are missing, from the texts of those that are there.

    Empty where a page does not say which one it is: then nobody can tell which is missing. A page
    that stands twice stands in nobody's place.
    """
    total = stated(pages)
    if total is None or not all(PAGE_OF.search(page) for page in pages):
        return ()
    there = {number for number, _ in _marks(pages)}
    return tuple(number for number in range(1, total + 1) if number not in there)


def _marks(pages: Sequence[str]) -> list[tuple[int, int]]:
    return [(int(number), int(total)) for page in pages for number, total in PAGE_OF.findall(page)]
