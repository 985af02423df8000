"""What a reducer may know besides the draft and the act."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from modic_annotate.domain.base import PointLps
from modic_annotate.domain.finding import Origin
from modic_annotate.domain.series import SeriesRole, SeriesUsed
from modic_annotate.session import places, slots
from modic_annotate.session.draft import Draft
from modic_annotate.session.protocol import ReadingProtocol


@dataclass(frozen=True, slots=True)
class Context:
    """What stays the same while one reading goes on."""

    protocol: ReadingProtocol
    series: tuple[SeriesUsed, ...]
    """All readable stacks, with their roles as found."""

    scripted: bool = False
    """Whether an acts file drives the reading, by script or as replayed events."""


@dataclass(frozen=True, slots=True)
class Step:
    """How and when one act was made, and in which reading."""

    origin: Origin
    at: datetime
    context: Context

    @property
    def protocol(self) -> ReadingProtocol:
        """The reading's protocol."""
        return self.context.protocol

    @property
    def series(self) -> tuple[SeriesUsed, ...]:
        """All readable stacks, with their roles as found."""
        return self.context.series

    def need(self, draft: Draft, role: SeriesRole) -> SeriesUsed:
        """Return the stack in a slot; ActRefusedError where it is empty."""
        return slots.need_in_role(draft, self.series, role)

    def need_at(self, draft: Draft, role: SeriesRole, point_lps_mm: PointLps) -> SeriesUsed:
        """Return the stack in a slot that holds a point; axial and other slots hold several."""
        first = self.need(draft, role)
        found = places.stack_at(slots.all_in_role(draft, self.series, role), point_lps_mm)
        if found is None:
            places.check_inside(first, point_lps_mm)
        return found or first

    def has(self, draft: Draft, role: SeriesRole) -> bool:
        """Whether a slot is filled."""
        return slots.in_role(draft, self.series, role) is not None


Reducer = Callable[[Draft, Any, Step], Draft]
"""Takes the draft and one kind of act (Any: each reducer knows its own kind)."""
