"""Acts that draw: the corners of a body, and which pixels a lesion fills."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from modic_annotate.domain.base import PointLps, PositiveMm, Record
from modic_annotate.domain.series import SeriesRole
from modic_annotate.domain.spine import Endplate, Vertebra

WIDEST_BRUSH_MM = 30.0

Corners = tuple[PointLps, PointLps, PointLps, PointLps]
"""Superior-anterior, superior-posterior, inferior-posterior, inferior-anterior, in LPS mm."""

PixelRun = tuple[Annotated[int, Field(ge=0)], Annotated[int, Field(ge=1)]]
"""First pixel (row-major, from 0) and length."""


class PlaceCorners(Record):
    """Place or correct the four corners of a body on one slice; they give both its endplates."""

    act: Literal["place_corners"] = "place_corners"
    vertebra: Vertebra
    role: SeriesRole
    corners_lps_mm: Corners


class BrushStroke(Record):
    """Paint or erase a lesion along one stroke of a round brush on one slice."""

    act: Literal["brush_stroke"] = "brush_stroke"
    endplate: Endplate
    role: SeriesRole
    polyline_lps_mm: Annotated[tuple[PointLps, ...], Field(min_length=1)]
    radius_mm: Annotated[PositiveMm, Field(gt=0, le=WIDEST_BRUSH_MM)]
    erase: bool = False


class GrowRegion(Record):
    """Add a region grown from a seed; its pixels are kept, so that replay needs no image."""

    act: Literal["grow_region"] = "grow_region"
    endplate: Endplate
    role: SeriesRole
    seed_lps_mm: PointLps
    tolerance: Annotated[float, Field(ge=0)]
    """Largest distance from the seed's grey value, rescale applied."""

    runs: Annotated[tuple[PixelRun, ...], Field(min_length=1)]
    """Pixels of the slice nearest to the seed, ascending."""


class ClearMask(Record):
    """Take the mask of an endplate away, on every slice of every series."""

    act: Literal["clear_mask"] = "clear_mask"
    endplate: Endplate
