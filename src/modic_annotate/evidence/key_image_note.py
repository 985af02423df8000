"""What a key image shows, for machines: the sidecar of its pictures."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from modic_annotate.domain.base import PointLps, Record, RecordId, Sha256, Uid
from modic_annotate.domain.series import SeriesRole
from modic_annotate.domain.spine import Endplate

Row = tuple[float, float, float]

PLAIN = (1.0, 0.0)
"""Slope and intercept where the stored values are the grey values."""


class KeyImageNote(Record):
    """What a key image shows: the sidecar of one or two pictures."""

    schema_id: Annotated[Literal["modic-annotate/key-image/1"], Field(alias="schema")] = (
        "modic-annotate/key-image/1"
    )
    reading_id: RecordId
    endplate: Endplate | None
    """None: the whole spine."""

    pictures: tuple[str, ...]
    """File names beside this one: without marks, then with them."""

    role: SeriesRole
    technique: str
    series_uid: Uid
    stack: int
    sop_instance_uid: Uid
    frame: int
    instance_number: int | None
    pixel_sha256: Sha256
    slice_index: int
    slice_place: str
    """Distance from the middle of the stack, e.g. ``R 9 mm``."""

    centre_lps_mm: PointLps
    window: tuple[float, float] = (0.0, 1.0)
    """Centre and width."""

    window_source: Literal["file", "automatic"] = "automatic"
    rescale: Annotated[tuple[float, float], Field(exclude_if=lambda r: r == PLAIN)] = PLAIN
    """Slope and intercept that make the grey values of the stored ones."""

    inverted: Annotated[bool, Field(exclude_if=lambda inverted: not inverted)] = False
    """Whether low values are shown bright (MONOCHROME1)."""

    px_per_mm: float
    pixel_to_lps_mm: tuple[Row, Row, Row]
    """Maps (x, y, 1) of a picture to LPS mm; x to the right, y down, from its first pixel."""
