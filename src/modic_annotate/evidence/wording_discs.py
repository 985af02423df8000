"""What a reader said of a disc, in words."""

from __future__ import annotations

from collections.abc import Iterator

from modic_annotate.domain.finding import DiscFinding
from modic_annotate.domain.modic import Assessment, TriState
from modic_annotate.evidence.wording import number, plain

SIZES = ("extrusion", "protrusion", "listhesis")
FEATURES = ("spondylolysis", "stenosis", "facet_arthrosis", "facet_effusion")


def disc_words(disc: DiscFinding | None) -> str:
    """Return what was found of a disc, then what was looked for and not found, in one line."""
    if disc is None or disc.assessment == Assessment.NOT_READ:
        return "not read"
    if disc.assessment in (Assessment.NOT_ASSESSABLE, Assessment.OUTSIDE_FOV):
        return "cannot be read"
    absent = list(_absent(disc))
    parts = [
        *_found(disc),
        f"no {_listed(absent)}" if absent else "",
        f"not stated: {', '.join(unsaid)}" if (unsaid := list(_unsaid(disc))) else "",
        "read under limits" if disc.assessment == Assessment.LIMITED else "",
    ]
    return "; ".join(part for part in parts if part)


def _listed(names: list[str]) -> str:
    *most, last = names
    return f"{', '.join(most)} or {last}" if most else last


def _found(disc: DiscFinding) -> Iterator[str]:
    for name in SIZES:
        if size := getattr(disc, f"{name}_mm"):
            yield f"{name} {number(size)} mm"
    for name in FEATURES:
        said = getattr(disc, name)
        if said == TriState.PRESENT:
            yield plain(name)
        elif said == TriState.UNDETERMINED:
            yield f"{plain(name)} undetermined"


def _absent(disc: DiscFinding) -> Iterator[str]:
    yield from (name for name in SIZES if getattr(disc, f"{name}_mm") == 0)
    yield from (plain(name) for name in FEATURES if getattr(disc, name) == TriState.ABSENT)


def _unsaid(disc: DiscFinding) -> Iterator[str]:
    yield from (name for name in SIZES if getattr(disc, f"{name}_mm") is None)
    yield from (plain(name) for name in FEATURES if getattr(disc, name) is None)
