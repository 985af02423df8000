"""Acts of the numbering: which body is which, how it was counted, and the sign-off."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from modic_annotate.domain.base import PointLps, Record
from modic_annotate.domain.numbering import (
    Castellvi,
    NumberingConfidence,
    NumberingMethod,
    TransitionalVariant,
)
from modic_annotate.domain.series import SeriesRole
from modic_annotate.domain.spine import Vertebra


class PlaceBody(Record):
    """Place or move the centre of a vertebral body."""

    act: Literal["place_body"] = "place_body"
    vertebra: Vertebra
    centroid_lps_mm: PointLps
    role: SeriesRole


class PresumeBodies(Record):
    """Presume the centres between three clicked ones under a stated count; to be confirmed."""

    act: Literal["presume_bodies"] = "presume_bodies"
    clicked_lps_mm: tuple[PointLps, PointLps, PointLps]
    """Centres of S1, of one body between, and of T12."""

    lumbar_count: Literal[4, 5, 6]
    role: SeriesRole


class ConfirmBodies(Record):
    """Confirm that the presumed centres lie in the bodies they name."""

    act: Literal["confirm_bodies"] = "confirm_bodies"


class RemoveBody(Record):
    """Take a body centre away."""

    act: Literal["remove_body"] = "remove_body"
    vertebra: Vertebra


class ShiftLabels(Record):
    """Slide all labels by one body: +1 towards the head, -1 towards the foot."""

    act: Literal["shift_labels"] = "shift_labels"
    by: Literal[-1, 1]


class StateNumbering(Record):
    """State how the levels were counted, and how surely; fields not given stay as they are."""

    act: Literal["state_numbering"] = "state_numbering"
    method: NumberingMethod | None = None
    confidence: NumberingConfidence | None = None
    lumbar_count: Literal[4, 5, 6] | None = None
    lstv_castellvi: Castellvi | None = None
    lstv_variant: TransitionalVariant | None = None
    report_offset: int | None = None


class SignNumbering(Record):
    """Sign the numbering off; grading begins."""

    act: Literal["sign_numbering"] = "sign_numbering"


class ReopenNumbering(Record):
    """Reopen a signed numbering; findings keep their bodies."""

    act: Literal["reopen_numbering"] = "reopen_numbering"
    reason: Annotated[str, Field(min_length=1)]
