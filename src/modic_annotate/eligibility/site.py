"""A set as a site uses it: with the rows it verified, or a set of the site's own.

Pure: the verifications are given, the files are read elsewhere.
"""

from __future__ import annotations

from collections.abc import Sequence

from modic_annotate.domain.determination import Provenance
from modic_annotate.domain.row_verification import RowVerification
from modic_annotate.eligibility.criteria import (
    CriteriaSet,
    Criterion,
    SiteVerification,
    list_criteria,
    load_criteria,
)
from modic_annotate.eligibility.examples import broken_examples
from modic_annotate.errors import InvalidCriteriaSetError
from modic_annotate.store.canonical import canonical_bytes, sha256_hex


def row_sha256(row: Criterion) -> str:
    """Return the hash of what a row says and computes, without who verified it.

    Fields that are not set do not enter, so that a field added later changes no hash.
    """
    content = row.replace(verification=None).model_dump(mode="json", exclude_none=True)
    return sha256_hex(canonical_bytes(content))


def row_of(criteria: CriteriaSet, row_id: str) -> Criterion:
    """Return a row by its id, found without regard to case.

    Raises
    ------
    InvalidCriteriaSetError
        The set has no such row.
    """
    for row in criteria.criterion:
        if row.id.casefold() == row_id.casefold():
            return row
    known = ", ".join(row.id for row in criteria.criterion) or "none"
    raise InvalidCriteriaSetError(criteria.id, [f"it has no row {row_id!r}; its rows are {known}"])


def for_site(criteria: CriteriaSet, verifications: Sequence[RowVerification]) -> CriteriaSet:
    """Return the set with the rows that the site verified; the rest stays as it is.

    A verification that was withdrawn, or given for other words than the row has now, does nothing.
    """
    for one in verifications:
        row = next((r for r in criteria.criterion if r.id == one.criterion), None)
        if row is not None and _stands(row, one):
            said = SiteVerification(
                by=one.person, on=one.at.date(), source_sha256=one.source_sha256
            )
            criteria = criteria.verified(row.id, said)
    return criteria


def _stands(row: Criterion, one: RowVerification) -> bool:
    is_open = row.standing == Provenance.UNVERIFIED
    return is_open and not one.withdrawn and one.row_sha256 == row_sha256(row)


def outdated(criteria: CriteriaSet, verifications: Sequence[RowVerification]) -> tuple[str, ...]:
    """Return a sentence for each verification that no longer fits its row."""
    rows = {row.id: row for row in criteria.criterion}
    return tuple(
        f"Row {one.criterion} was verified in other words than it has now; verify it again."
        for one in verifications
        if not one.withdrawn
        if one.criterion not in rows or one.row_sha256 != row_sha256(rows[one.criterion])
    )


def check_own(criteria: CriteriaSet) -> None:
    """Refuse a set from a file that means something else than it says.

    Raises
    ------
    InvalidCriteriaSetError
        It bears a shipped set's name with other content, or an example does not hold; every
        problem is listed.
    """
    problems = list(broken_examples(criteria))
    if criteria.id in list_criteria() and load_criteria(criteria.id) != criteria:
        problems.insert(
            0, f"{criteria.id} is a shipped set with other content; give it an id of its own @ $.id"
        )
    if problems:
        raise InvalidCriteriaSetError(criteria.id, problems)
