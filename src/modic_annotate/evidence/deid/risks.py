"""What may still point to a person in a trial's package, said to whoever receives it."""

from __future__ import annotations

from collections.abc import Iterator

from modic_annotate.evidence.deid.fields import GROUP_WORDS, Group
from modic_annotate.evidence.gather import Gathered

OLDEST_AGE_YEARS = 90
"""Ages above 89 identify (45 CFR 164.514(b)(2)(i)(C))."""

ALWAYS = (
    "Birth year, sex, height and weight are kept, because criteria rest on them.",
    "Times of day and the intervals between dates are kept; whoever knows one true date of the "
    "subject knows them all.",
    "Records written by one act for several subjects carry the same time of day, by which their "
    "packages could be put beside each other.",
    "The criteria set's own dates, and whether it was in force, bound the true day.",
    "Ids of subject, record, readings and readers are those of the site; whoever holds its list "
    "can resolve them.",
    "Key images show anatomy; words a scanner drew into pixels without saying so are not searched "
    "for.",
    "Known identity was searched for word by word, as the headers of the linked images and the "
    "site's register of readers gave it; other spellings are not found, "
    "nor is a name that is also an ordinary word of this program.",
)


UNSEARCHED = (
    "Names in the headers of the images could not be searched for: the study was linked before "
    "their keyed hashes were kept."
)


def residual_risks(
    shown: Gathered, included: frozenset[Group], *, knows_headers: bool
) -> tuple[str, ...]:
    """Return the risks that are left, one sentence each."""
    unsearched = (UNSEARCHED,) if shown.signed and not knows_headers else ()
    return (*ALWAYS, *unsearched, *_of_record(shown), *_of_text(included))


def _of_record(shown: Gathered) -> Iterator[str]:
    oldest = shown.determination.frozen.age_years_max
    if oldest is not None and oldest >= OLDEST_AGE_YEARS:
        yield (
            "The subject is older than 89 years; age and birth year are not pooled, because the "
            "determination rests on them byte for byte."
        )


def _of_text(included: frozenset[Group]) -> Iterator[str]:
    for group in Group:
        if group in included:
            yield f"A person left in {GROUP_WORDS[group]}; only a search for patterns was made."
