"""Where every value of a determination stands: document, hash, JSON pointer and key images."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from modic_annotate.domain.determination import Determination, Operand
from modic_annotate.domain.finding import KeyImage
from modic_annotate.domain.reading import Reading


@dataclass(frozen=True, slots=True)
class TraceLine:
    """One value that one row rests on."""

    criterion: str
    operand: Operand
    sha256: str | None
    """Of the document the pointer leads into; None for inputs the determination itself holds."""

    key_images: tuple[KeyImage, ...] = ()
    """Slices the reader marked as showing the finding the value belongs to."""


def trace(
    determination: Determination, digests: Mapping[str, str], readings: Sequence[Reading]
) -> tuple[TraceLine, ...]:
    """Return every value of every row, in the determination's order.

    Parameters
    ----------
    determination
        What was judged.
    digests
        Name of a document, as operands have it (``screening``, ``reading:<id>``) -> sha256 of its
        bytes.
    readings
        The readings it rests on, for their key images.
    """
    known = {f"reading:{reading.reading_id}": reading for reading in readings}
    return tuple(
        TraceLine(
            criterion=row.criterion,
            operand=operand,
            sha256=digests.get(operand.document),
            key_images=_key_images(known.get(operand.document), operand.pointer),
        )
        for row in determination.outcomes
        for operand in row.operands
    )


def _key_images(reading: Reading | None, pointer: str) -> tuple[KeyImage, ...]:
    """Return the key images of the finding that a pointer such as ``/findings/3/modic`` is in."""
    parts = pointer.split("/")
    if reading is None or parts[:2] != ["", "findings"] or len(parts) < 3:  # noqa: PLR2004
        return ()
    return reading.findings[int(parts[2])].key_images
