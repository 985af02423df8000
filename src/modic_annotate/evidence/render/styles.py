"""What a line says: one colour and one pattern per Modic type, so that either is enough.

Colours of Okabe and Ito, told apart by all common kinds of colour vision.
"""

from __future__ import annotations

from dataclasses import dataclass

from modic_annotate.domain.finding import Finding
from modic_annotate.domain.modic import Assessment, ModicType, Presence

Colour = tuple[int, int, int]

VERMILLION: Colour = (0xD5, 0x5E, 0x00)
YELLOW: Colour = (0xF0, 0xE4, 0x42)
SKY_BLUE: Colour = (0x56, 0xB4, 0xE9)
GREY: Colour = (0x9A, 0x9A, 0x9A)
WHITE: Colour = (0xFF, 0xFF, 0xFF)


@dataclass(frozen=True, slots=True)
class Stroke:
    """A line: colour, pattern as on and off lengths in pixels (none is solid), width."""

    colour: Colour
    pattern: tuple[float, ...] = ()
    width: float = 2.5
    crossed: bool = False
    """Whether short bars stand across it."""


STROKE_BY_TYPE = {
    ModicType.TYPE_1: Stroke(VERMILLION),
    ModicType.TYPE_2: Stroke(YELLOW, (12, 5)),
    ModicType.TYPE_3: Stroke(SKY_BLUE, (2.5, 4)),
}
NONE_SEEN = Stroke(GREY, width=1.2)
NOT_READ = Stroke(GREY, (3, 6), width=1.2)
CANNOT_BE_READ = Stroke(GREY, width=1.2, crossed=True)
TYPE_UNKNOWN = Stroke(WHITE, (12, 4, 3, 4))

LEGEND = (
    ("type 1", STROKE_BY_TYPE[ModicType.TYPE_1]),
    ("type 2", STROKE_BY_TYPE[ModicType.TYPE_2]),
    ("type 3", STROKE_BY_TYPE[ModicType.TYPE_3]),
    ("none", NONE_SEEN),
    ("not read", NOT_READ),
    ("cannot be read", CANNOT_BE_READ),
    ("type undetermined", TYPE_UNKNOWN),
)
"""What each line means; a mixed change has one part of the line for each type."""


def strokes_of(finding: Finding | None) -> tuple[Stroke, ...]:
    """Return the strokes of an endplate's line, anterior to posterior, in equal parts."""
    if finding is None or not finding.is_read:
        return (NOT_READ,)
    if finding.assessment in (Assessment.NOT_ASSESSABLE, Assessment.OUTSIDE_FOV):
        return (CANNOT_BE_READ,)
    if finding.modic == Presence.ABSENT:
        return (NONE_SEEN,)
    return tuple(STROKE_BY_TYPE[c.modic_type] for c in finding.components) or (TYPE_UNKNOWN,)
