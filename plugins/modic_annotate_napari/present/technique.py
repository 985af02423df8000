"""The true technique of a series in a few letters."""

from __future__ import annotations

from typing import Protocol

from modic_annotate.domain.series import FatTechnique, Plane, Weighting

_PLANES = {Plane.SAGITTAL: "SAG", Plane.CORONAL: "COR", Plane.AXIAL: "AX", Plane.OBLIQUE: "OBL"}


class HasTechnique(Protocol):
    """A series as far as its technique goes."""

    @property
    def weighting(self) -> Weighting:
        """What the contrast rests on."""

    @property
    def fat(self) -> FatTechnique:
        """How fat is suppressed or separated."""

    @property
    def plane(self) -> Plane:
        """Nearest anatomical plane."""


_WEIGHTINGS = {Weighting.OTHER: "other contrast", Weighting.UNKNOWN: "weighting ?"}
_FATS = {FatTechnique.NONE: "", FatTechnique.UNKNOWN: "fat ?"}
"""A plain image needs no word; what is not known is never shown as plain."""


def technique(series: HasTechnique) -> str:
    """Return the true technique of a series, e.g. ``SAG T2 STIR``; never its slot's name."""
    fat = _FATS.get(series.fat, series.fat.value.replace("_", " "))
    weighting = _WEIGHTINGS.get(series.weighting, series.weighting.value)
    if series.weighting is Weighting.UNKNOWN and series.fat is FatTechnique.UNKNOWN:
        fat = ""  # one question mark says it
    return " ".join(part for part in (_PLANES[Plane(series.plane)], weighting, fat) if part)
