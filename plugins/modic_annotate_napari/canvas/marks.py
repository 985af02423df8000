"""What is drawn over the images for the spine: one mark per endplate, one per body centre.

Colours are Okabe and Ito's (distinct under the common colour-vision deficiencies); the style
and the text of a mark say the same as its colour.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType

from modic_annotate.domain.base import PointLps
from modic_annotate.domain.finding import UNREADABLE, Finding
from modic_annotate.domain.modic import ModicType, Presence
from modic_annotate.domain.spine import Endplate, Vertebra

TYPE_COLOURS = {
    ModicType.TYPE_1: "#D55E00",
    ModicType.TYPE_2: "#F0E442",
    ModicType.TYPE_3: "#56B4E9",
}
NEUTRAL = "#9E9E9E"

DASHES: Mapping[str, tuple[float, float] | None] = MappingProxyType(
    {
        TYPE_COLOURS[ModicType.TYPE_1]: None,
        TYPE_COLOURS[ModicType.TYPE_2]: (2.2, 0.9),
        TYPE_COLOURS[ModicType.TYPE_3]: (0.9, 0.9),
    }
)
"""Line style that says the same as a type's colour, drawn and left in pen widths: type 1 is
solid, type 2 dashed, type 3 dotted."""


class MarkStyle(StrEnum):
    """How the line of a mark is drawn."""

    SOLID = "solid"
    """A change: in its colour; several components share the line, the predominant one first."""

    THIN = "thin"
    """Read, none seen."""

    HOLLOW = "hollow"
    """Not read."""

    CROSSED = "crossed"
    """Cannot be read."""


@dataclass(frozen=True, slots=True)
class LevelMark:
    """One endplate as the overlay draws it."""

    endplate: Endplate
    text: str
    line_lps: tuple[PointLps, ...]
    """Anterior to posterior, in mm."""

    colours: tuple[str, ...] = (NEUTRAL,)
    style: MarkStyle = MarkStyle.HOLLOW
    active: bool = False
    graded: bool = False


@dataclass(frozen=True, slots=True)
class Marks:
    """Everything a panel draws for the spine."""

    labels: tuple[LevelMark, ...] = ()
    centres: tuple[tuple[Vertebra, PointLps], ...] = ()
    """Body centres, given while numbering only."""

    presumed: tuple[Vertebra, ...] = ()
    """Those of them that nobody has confirmed yet."""

    frame_of_reference_uid: str | None = None
    """The frame whose coordinates these are; None where none is stated."""

    def moved(self, shift_lps: PointLps) -> Marks:
        """Return the marks moved in the patient, in LPS mm."""
        x, y, z = shift_lps

        def place(p: PointLps) -> PointLps:
            return p[0] + x, p[1] + y, p[2] + z

        labels = (replace(m, line_lps=tuple(place(p) for p in m.line_lps)) for m in self.labels)
        centres = ((vertebra, place(at)) for vertebra, at in self.centres)
        return replace(self, labels=tuple(labels), centres=tuple(centres))


def mark_of(
    finding: Finding, line_lps: Sequence[PointLps], *, active: bool = False, graded: bool = True
) -> LevelMark:
    """Return the mark of an endplate as its finding says.

    Parameters
    ----------
    finding
        What the reader said of the endplate.
    line_lps
        The endplate from anterior to posterior, in mm.
    active
        Whether the next key goes to this endplate.
    graded
        False keeps the finding off the screen: the mark shows the level alone.
    """
    style, colours, grade = _appearance(finding)
    if not graded:
        style, colours, grade = MarkStyle.HOLLOW, (NEUTRAL,), ""
    text = f"{finding.endplate.short} {grade}".strip()
    read = graded and finding.is_read
    return LevelMark(finding.endplate, text, tuple(line_lps), colours, style, active, read)


def _appearance(finding: Finding) -> tuple[MarkStyle, tuple[str, ...], str]:
    if finding.assessment in UNREADABLE:
        return MarkStyle.CROSSED, (NEUTRAL,), "x"
    if finding.components:
        types = [component.modic_type for component in finding.components]
        joint = "=" if finding.equal_shares else ">"
        colours = tuple(TYPE_COLOURS[modic_type] for modic_type in types)
        return MarkStyle.SOLID, colours, joint.join(modic_type.value for modic_type in types)
    if finding.modic == Presence.ABSENT:
        return MarkStyle.THIN, (NEUTRAL,), "0"
    if finding.is_read:
        return MarkStyle.SOLID, (NEUTRAL,), "?"
    return MarkStyle.HOLLOW, (NEUTRAL,), ""
