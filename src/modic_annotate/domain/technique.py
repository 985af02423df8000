"""How a series was acquired, in words: the same in the terminal, the room and the evidence."""

from __future__ import annotations

from typing import Protocol

from modic_annotate.domain.series import Acquisition, FatTechnique, Plane, Weighting


class Technique(Protocol):
    """What is asked of a series to name its true technique."""

    @property
    def plane(self) -> Plane:
        """Anatomical plane."""

    @property
    def weighting(self) -> Weighting:
        """What the contrast rests on."""

    @property
    def fat(self) -> FatTechnique:
        """How fat is suppressed or separated."""

    @property
    def acquisition(self) -> Acquisition:
        """The rest; it says whether an agent was given."""


FAT_WORDS = {
    FatTechnique.NONE: "no fat suppression",
    FatTechnique.STIR: "STIR",
    FatTechnique.FS: "fat-suppressed",
    FatTechnique.WATER: "Dixon water",
    FatTechnique.FAT: "Dixon fat",
    FatTechnique.IN_PHASE: "Dixon in phase",
    FatTechnique.OPPOSED: "Dixon opposed phase",
    FatTechnique.UNKNOWN: "fat suppression not stated",
}
WEIGHTING_WORDS = {
    Weighting.UNKNOWN: "weighting not stated",
    Weighting.OTHER: "other weighting",
}


def contrast_words(series: Technique) -> str:
    """Return weighting, fat technique and agent in full, e.g. ``T1, no fat suppression``."""
    agent = ", after contrast agent" if series.acquisition.contrast_agent else ""
    if series.fat == FatTechnique.STIR:
        return f"{FAT_WORDS[series.fat]}{agent}"
    weighting = WEIGHTING_WORDS.get(series.weighting, series.weighting.value)
    return f"{weighting}, {FAT_WORDS[series.fat]}{agent}"


def technique_words(series: Technique) -> str:
    """Return the true technique beside a slot, e.g. ``sagittal T2, no fat suppression``."""
    return f"{series.plane} {contrast_words(series)}"
