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


def technique(series: HasTechnique) -> str:
    """Return the true technique of a series, e.g. ``SAG T2 STIR``; never its slot's name."""
    known = series.weighting not in (Weighting.OTHER, Weighting.UNKNOWN)
    plain = series.fat in (FatTechnique.NONE, FatTechnique.UNKNOWN)
    parts = (
        _PLANES[Plane(series.plane)],
        series.weighting.value if known else "",
        "" if plain else series.fat.value.replace("_", " "),
    )
    return " ".join(part for part in parts if part)
