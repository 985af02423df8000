"""Endplates without a named change, levels in short, and discs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from modic_annotate.domain.finding import UNREADABLE, DiscFinding, Finding
from modic_annotate.domain.modic import Assessment, Presence
from modic_annotate.domain.reading import Reading
from modic_annotate.domain.spine import DiscLevel, disc_levels
from modic_annotate.evidence.report_wording.types import level_types
from modic_annotate.evidence.wording import plain
from modic_annotate.evidence.wording_discs import disc_words


def is_unreadable(finding: Finding) -> bool:
    """Whether the images do not allow this endplate to be read."""
    return finding.assessment in UNREADABLE


def is_open(finding: Finding) -> bool:
    """Whether it was read and the reader could not tell if there is a change."""
    return finding.modic == Presence.INDETERMINATE and not is_unreadable(finding)


def is_unread(finding: Finding) -> bool:
    """Whether nobody has said anything of it."""
    return not finding.is_read


def other_endplates(findings: Sequence[Finding]) -> Iterator[str]:
    """Yield a sentence each for endplates without a change, undetermined, unreadable, unread."""
    changed = any(f.modic == Presence.PRESENT for f in findings)
    absent = [f for f in findings if f.modic == Presence.ABSENT]
    for title, found in (
        (f"No Modic change at the {'other ' if changed else ''}endplates read", absent),
        ("Undetermined whether there is a Modic change", [f for f in findings if is_open(f)]),
        ("Cannot be read", [f for f in findings if is_unreadable(f)]),
        ("Not read", [f for f in findings if is_unread(f)]),
    ):
        if found:
            yield f"{title}: {', '.join(map(_named, found))}."


def _named(finding: Finding) -> str:
    outside = finding.assessment == Assessment.OUTSIDE_FOV
    reason = finding.assessment_reason
    why = "outside the images" if outside else plain(reason) if reason else ""
    name = f"{finding.endplate.vertebra} {finding.endplate.surface}"
    return f"{name} ({why})" if why else name


def level_lines(reading: Reading, findings: Sequence[Finding]) -> Iterator[str]:
    """Yield each level with the types at its endplates together, head to foot."""
    by_place = {finding.endplate: finding for finding in findings}
    for level in disc_levels(reading.numbering.order):
        both = [by_place[endplate] for endplate in level.endplates]
        yield f"{level}: {_level_words(both)}."


def _level_words(both: Sequence[Finding]) -> str:
    changed = [f for f in both if f.modic == Presence.PRESENT]
    absent = [f for f in both if f.modic == Presence.ABSENT]
    open_ones = [f for f in both if f not in changed and f not in absent]
    if not open_ones:
        return level_types(changed) if changed else "no Modic change at either endplate"
    said = level_types(changed) if changed else "no Modic change at one endplate" if absent else ""
    rest = ", ".join(dict.fromkeys(_open_words(f) for f in open_ones))
    return f"{said}; the other endplate {rest}" if said else rest


def _open_words(finding: Finding) -> str:
    if is_unread(finding):
        return "not read"
    return "cannot be read" if is_unreadable(finding) else "undetermined"


def disc_lines(reading: Reading) -> Iterator[str]:
    """Yield the discs of which somebody spoke, those with the same words together."""
    said: dict[str, list[DiscLevel]] = {}
    for disc in _spoken_of(reading):
        said.setdefault(disc_words(disc), []).append(disc.disc)
    for words, levels in said.items():
        yield f"{', '.join(map(str, levels))}: {words}."


def _spoken_of(reading: Reading) -> Iterator[DiscFinding]:
    yield from (disc for disc in reading.discs if disc.assessment != Assessment.NOT_READ)
