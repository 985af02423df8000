"""Acts about the series of a case: what was shown, how good it is, which slot it fills.

And which endplate the reader was at, for how long.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from modic_annotate.domain.base import Record, Uid, Utc
from modic_annotate.domain.series import QualityRating, SeriesRole
from modic_annotate.domain.spine import Endplate


class Show(Record):
    """Slices were really shown, of the series in a slot or of one among several there by UID."""

    act: Literal["show"] = "show"
    role: SeriesRole
    slices: tuple[int, ...] | Literal["all"]
    series_uid: Uid | None = None
    stack: int = 0


class Attend(Record):
    """An endplate was the active one, in view, for a while since the last such act.

    It says what happened, like `Show`: the window journals it ahead of the grade and where the
    reader turns away, undo passes over it, and no acts file may hold it.
    """

    act: Literal["attend"] = "attend"
    endplate: Endplate
    since: Utc
    """When it came into view as the active one for the first time in this stretch."""

    seconds: Annotated[int, Field(ge=0)]
    """How long the reader was at work on it; idle time is left out."""


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
