"""The state of a reading in progress: one immutable value per act."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from modic_annotate.domain.base import PointLps
from modic_annotate.domain.finding import DiscFinding, Finding
from modic_annotate.domain.numbering import Numbering
from modic_annotate.domain.reading import BodyOutline, EndplateLine, LesionMask, RedFlag
from modic_annotate.domain.series import Quality, SeriesRole
from modic_annotate.domain.spine import DiscLevel, Endplate, Surface, Vertebra, disc_levels
from modic_annotate.session.counting import order_of
from modic_annotate.session.protocol import ReadingProtocol

UNNUMBERED = Numbering()


class SeriesKey(NamedTuple):
    """One stack of one series."""

    series_uid: str
    stack: int


@dataclass(frozen=True, slots=True)
class RoleSet:
    """A slot given to a series by the reader, and why."""

    role: SeriesRole
    reason: str


@dataclass(frozen=True, slots=True)
class Attention:
    """How long a reader was at one endplate.

    It is kept by the place of the body, not by its label: labels may slide, and undo, which does
    not touch what happened, may slide them back.
    """

    centre_lps_mm: PointLps
    surface: Surface
    since: datetime
    seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """Everything a reading holds so far.

    The first block is what the reader holds true and may take back; the second is what happened
    (slices shown, notices sent, the signature) and stays through undo and redo.
    """

    numbering: Numbering = UNNUMBERED
    lines: tuple[EndplateLine, ...] = ()
    """Endplates placed by the reader."""

    outlines: tuple[BodyOutline, ...] = ()
    """Bodies whose corners the reader placed, one per slice; the last placed stands last."""

    findings: Mapping[Endplate, Finding]
    """One per endplate in scope, head to foot."""

    set_aside: Mapping[Endplate, Finding] = field(default_factory=dict)
    """Read findings that a renumbering moved out of the scope; they return with it."""

    discs: Mapping[DiscLevel, DiscFinding]
    masks: tuple[LesionMask, ...] = ()
    """One per endplate and image, in that image's pixels; the last painted stands last."""

    quality: Mapping[SeriesKey, Quality] = field(default_factory=dict)
    roles: Mapping[SeriesKey, RoleSet] = field(default_factory=dict)
    """Slots the reader gave against what was found."""

    accepted: Mapping[SeriesKey, str] = field(default_factory=dict)
    """Blocked stacks the reader accepted, and why."""

    note: str = ""

    shown: Mapping[SeriesKey, frozenset[int]] = field(default_factory=dict)
    """Slice indices really shown."""

    claimed: Mapping[SeriesKey, frozenset[int]] = field(default_factory=dict)
    """Slice indices an acts file says were shown; never counted as coverage."""

    attended: tuple[Attention, ...] = ()
    """Which endplates the reader was at, since when and for how long."""

    red_flags: tuple[RedFlag, ...] = ()
    returned_to_site: str | None = None
    not_covered_reason: str | None = None
    signed: bool = False

    def replace(self, **changes: Any) -> Draft:  # noqa: ANN401 - any field's value
        """Return a copy with some fields changed."""
        return dataclasses.replace(self, **changes)

    def with_facts_of(self, other: Draft) -> Draft:
        """Return this state with what happened taken from another."""
        return self.replace(**{name: getattr(other, name) for name in FACTS})

    @property
    def scope(self) -> tuple[Endplate, ...]:
        """The endplates to read, head to foot."""
        return tuple(self.findings)

    @property
    def order(self) -> tuple[Vertebra, ...]:
        """T12 .. S1 of this spine as counted so far, head to foot."""
        return order_of(self.numbering)

    @property
    def is_closed(self) -> bool:
        """Whether nothing may be changed any more: signed, or returned to the site."""
        return self.signed or self.returned_to_site is not None

    @property
    def open_endplates(self) -> tuple[Endplate, ...]:
        """Endplates in scope that are not read yet, head to foot."""
        return tuple(e for e, f in self.findings.items() if not f.is_read)

    def line(self, endplate: Endplate) -> EndplateLine | None:
        """Return the line the reader placed on an endplate, or None."""
        return next((ln for ln in self.lines if ln.endplate == endplate), None)

    def with_finding(self, finding: Finding) -> Draft:
        """Return the state with one finding replaced."""
        return self.replace(findings={**self.findings, finding.endplate: finding})


FACTS = (
    "shown",
    "claimed",
    "attended",
    "red_flags",
    "returned_to_site",
    "not_covered_reason",
    "signed",
)
"""Fields of a draft that say what happened; undo leaves them alone."""


def rescoped(draft: Draft, numbering: Numbering, protocol: ReadingProtocol) -> Draft:
    """Return the draft under a numbering: scope and discs follow it, nothing read is lost."""
    order = order_of(numbering)
    scope = protocol.scope(order)
    read = {e: f for e, f in {**draft.set_aside, **draft.findings}.items() if f.is_read}
    return draft.replace(
        numbering=numbering,
        findings={e: read.get(e) or Finding(endplate=e) for e in scope},
        set_aside={e: f for e, f in read.items() if e not in scope},
        discs={
            disc: draft.discs.get(disc) or DiscFinding(disc=disc) for disc in disc_levels(order)
        },
    )


def empty_draft(protocol: ReadingProtocol) -> Draft:
    """Return the state before the first act: nothing placed, nothing read."""
    return rescoped(Draft(findings={}, discs={}), Numbering(), protocol)
