"""Acts about the series of a case: what was shown, how good it is, which slot it fills."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from modic_annotate.domain.base import Record, Uid
from modic_annotate.domain.series import QualityRating, SeriesRole


class Show(Record):
    """Slices were really shown, of the series in a slot or of one among several there by UID."""

    act: Literal["show"] = "show"
    role: SeriesRole
    slices: tuple[int, ...] | Literal["all"]
    series_uid: Uid | None = None
    stack: int = 0


class RateQuality(Record):
    """Rate a series as diagnostic, limited or not diagnostic."""

    act: Literal["rate_quality"] = "rate_quality"
    role: SeriesRole
    rating: QualityRating
    reasons: tuple[str, ...] = ()


class AssignRole(Record):
    """Put a series into a slot against what was found, with the reason."""

    act: Literal["assign_role"] = "assign_role"
    role: SeriesRole
    series_uid: Uid
    stack: int = 0
    reason: Annotated[str, Field(min_length=1)]


class AcceptSeries(Record):
    """Read a blocked series in spite of its faults, where that is sound, with the reason."""

    act: Literal["accept_series"] = "accept_series"
    series_uid: Uid
    stack: int = 0
    reason: Annotated[str, Field(min_length=1)]
