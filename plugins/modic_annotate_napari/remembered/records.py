"""What is remembered of a view, as records: no identity, no finding, nothing anyone vouches for."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from modic_annotate.domain.base import PointLps, Record
from modic_annotate.domain.series import Plane
from modic_annotate_napari.canvas.view import MAX_PX_PER_MM, MIN_PX_PER_MM
from modic_annotate_napari.desk.where import Step

MOST_SERIES = 64

SeriesMark = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{16}$")]
"""The first half of the sha256 of a series' UID and stack."""

Zoom = Annotated[float, Field(ge=MIN_PX_PER_MM, le=MAX_PX_PER_MM)]
Share = Annotated[int, Field(ge=1, le=1_000_000)]


class Place(Record):
    """The patient point in the middle of a canvas, and the zoom in pixels per mm."""

    centre_lps_mm: PointLps
    px_per_mm: Zoom


class GreyWindow(Record):
    """A grey window other than the one the images ask for."""

    centre: float
    width: Annotated[float, Field(gt=0)]


class SeriesView(Record):
    """How one series was shown."""

    series: SeriesMark
    slice: Annotated[int, Field(ge=0)]
    place: Place | None = None
    """None where it is fitted to its canvas, or follows another."""

    window: GreyWindow | None = None
    by_hand_lps_mm: PointLps | None = None
    """How far it was moved to link it by hand."""


class CaseView(Record):
    """How a reader left a case."""

    schema_id: Annotated[Literal["modic-annotate/view/1"], Field(alias="schema")] = (
        "modic-annotate/view/1"
    )
    acts: Annotated[int, Field(ge=0)]
    """Acts in the journal when it was so, what was merely looked at not counted."""

    step: Step
    endplate: str | None = None
    beside: SeriesMark | None = None
    """The series that was called up."""

    series: Annotated[tuple[SeriesView, ...], Field(max_length=MOST_SERIES)] = ()


class Layout(Record):
    """How a reader likes the canvases, in every case."""

    schema_id: Annotated[Literal["modic-annotate/layout/1"], Field(alias="schema")] = (
        "modic-annotate/layout/1"
    )
    shares: Annotated[tuple[tuple[Share, ...], ...], Field(max_length=8)] = ()
    """Widths for two canvases, for three, ...; equal ones are left away."""

    smooth: bool = True
    marks: bool = True
    beside: Plane | None = None
    """The plane of the series called up; a new case begins with one of these."""
