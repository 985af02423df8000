"""Criteria and exceptions in the shape of SDTM's TI and IE domains: SDTM-like, no conformance.

TI has one record per criterion. IE has exceptions only, so it cannot show what is unknown or needs
review: the criteria table (format ``tables``) shows every row. An inclusion that failed has the
result N, an exclusion that is present Y. What SDTM demands beyond that was not read in the source.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import partial

from modic_annotate.domain.determination import (
    CriterionKind,
    CriterionOutcome,
    Outcome,
    Provenance,
)
from modic_annotate.evidence import document as doc
from modic_annotate.evidence.contents import Contents
from modic_annotate.evidence.csv_cells import csv_bytes
from modic_annotate.store.canonical import canonical_line

MAX_LENGTH = 8
"""Characters of IETESTCD."""

CATEGORIES = {
    CriterionKind.INCLUSION: "INCLUSION",
    CriterionKind.LIMIT: "INCLUSION",
    CriterionKind.EXCLUSION: "EXCLUSION",
}
"""A limit states what must hold, as an inclusion does; KIND keeps it apart."""

COLUMNS = (
    ("STUDYID", "Trial"),
    ("DOMAIN", "TI: criteria of the trial. IE: exceptions of the subject"),
    ("USUBJID", "Subject: trial and subject id"),
    ("IESEQ", "Number of the exception within the subject"),
    ("IETESTCD", f"Short name of the criterion, at most {MAX_LENGTH} characters, from its id"),
    ("IETEST", "Criterion, as the set words it"),
    ("IECAT", "INCLUSION or EXCLUSION; a limit counts as inclusion"),
    ("IEORRES", "N: an inclusion is not met. Y: an exclusion is present"),
    ("IESTRESC", "The same as IEORRES"),
    ("TIRL", "The rule in computable form: JSON of the set's predicate"),
    ("CRITERION", "Id of the criterion in the set. Not of SDTM"),
    ("KIND", "inclusion, exclusion or limit. Not of SDTM"),
    ("SETID", "Criteria set. Not of SDTM"),
    ("SETVER", "Version of the set. Not of SDTM"),
    ("PROVENANCE", "How the criterion's source was seen; unverified ones are no exceptions"),
)
"""Columns of both tables and what they hold; for those marked so SDTM knows no such variable."""

TI = ("STUDYID", "DOMAIN", "IETESTCD", "IETEST", "IECAT", "TIRL", "CRITERION", "KIND", "SETID",
      "SETVER", "PROVENANCE")  # fmt: skip
IE = ("STUDYID", "DOMAIN", "USUBJID", "IESEQ", "IETESTCD", "IETEST", "IECAT", "IEORRES",
      "IESTRESC", "CRITERION", "SETID", "SETVER")  # fmt: skip

Row = dict[str, str]


def plan(contents: Contents) -> dict[str, Callable[[], bytes]]:
    """Return both tables, and what their columns hold."""
    held = [list(one) for one in COLUMNS]
    return {
        f"{doc.SDTM}ti.csv": partial(_table, TI, trial_rows, contents),
        f"{doc.SDTM}ie.csv": partial(_table, IE, exception_rows, contents),
        f"{doc.SDTM}columns.csv": partial(csv_bytes, ["column", "holds"], held),
    }


def trial_rows(contents: Contents) -> Iterator[Row]:
    """Yield one record per criterion of the set."""
    criteria = contents.criteria
    codes = short_codes(row.id for row in criteria.criterion)
    for row in criteria.criterion:
        yield {
            **_shared(contents, "TI", row.id, row.kind),
            "IETESTCD": codes[row.id],
            "IETEST": row.title,
            "TIRL": canonical_line(row.predicate).decode(),
            "KIND": row.kind,
            "PROVENANCE": row.standing,
        }


def exception_rows(contents: Contents) -> Iterator[Row]:
    """Yield one record per criterion that the recorded data do not fulfil."""
    codes = short_codes(row.id for row in contents.criteria.criterion)
    screening = contents.screening
    exceptions = [row for row in contents.determination.outcomes if is_exception(row)]
    for number, row in enumerate(exceptions, start=1):
        result = "Y" if row.kind == CriterionKind.EXCLUSION else "N"
        yield {
            **_shared(contents, "IE", row.criterion, row.kind),
            "USUBJID": f"{screening.trial_id}-{screening.subject.subject_id}",
            "IESEQ": str(number),
            "IETESTCD": codes[row.criterion],
            "IETEST": row.title,
            "IEORRES": result,
            "IESTRESC": result,
        }


def is_exception(row: CriterionOutcome) -> bool:
    """Whether a row is one: not met, from signed readings, and by a source that was verified."""
    return (
        row.outcome == Outcome.NOT_MET
        and not row.provisional
        and row.provenance != Provenance.UNVERIFIED
    )


def short_codes(ids: Iterable[str]) -> dict[str, str]:
    """Return an IETESTCD for each id: capitals and digits, a letter first, no two alike.

    An id that fits keeps its letters (``IN-X1`` is ``INX1``); others end in a number.
    """
    known = tuple(ids)
    wished = {one: _bare(one) for one in known}
    counted = list(wished.values())
    found = {
        one: code
        for one, code in wished.items()
        if len(code) <= MAX_LENGTH and counted.count(code) == 1
    }
    taken = set(found.values())
    for one in known:
        if one not in found:
            found[one] = _numbered(wished[one], taken)
            taken.add(found[one])
    return {one: found[one] for one in known}


def _bare(name: str) -> str:
    bare = re.sub(r"[^A-Z0-9]", "", name.upper())
    return bare if bare[:1].isalpha() else f"C{bare}"


def _numbered(wish: str, taken: set[str]) -> str:
    number = 1
    while (code := f"{wish[: MAX_LENGTH - len(str(number))]}{number}") in taken:
        number += 1
    return code


def _shared(contents: Contents, domain: str, criterion: str, kind: CriterionKind) -> Row:
    return {
        "STUDYID": contents.screening.trial_id,
        "DOMAIN": domain,
        "IECAT": CATEGORIES[kind],
        "CRITERION": criterion,
        "SETID": contents.criteria.id,
        "SETVER": contents.criteria.version,
    }


def _table(
    columns: tuple[str, ...], rows: Callable[[Contents], Iterable[Row]], contents: Contents
) -> bytes:
    made = ([row[column] for column in columns] for row in rows(contents))
    return csv_bytes(list(columns), made)
