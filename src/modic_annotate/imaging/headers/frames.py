"""How large an image may claim to be: what a damaged header says must cost nothing."""

from __future__ import annotations

from typing import BinaryIO, Final

from modic_annotate.imaging.headers import values as v
from modic_annotate.imaging.headers.pixel_data import bytes_from, frame_bits, is_native
from modic_annotate.imaging.headers.values import Attributes

MOST_PIXELS: Final = 2**25
"""Of one frame: eight times the finest matrix of an MR scanner. Decoders take up to 16 bytes for
each."""

MOST_FRAMES_WITHOUT_GROUPS: Final = 1024
"""More than any stack has; frames without their functional group cannot be read anyway."""

_FRAGMENT_BYTES: Final = 8
"""The least that a compressed frame takes: the head of its item (PS3.5 A.4)."""


def size_fault(ds: Attributes) -> str | None:
    """Return why an image cannot have the size that its header claims."""
    rows, columns = v.integer(ds, "Rows") or 0, v.integer(ds, "Columns") or 0
    if min(rows, columns) < 1:
        return f"the header claims {rows} rows and {columns} columns"
    if rows * columns > MOST_PIXELS:
        return f"the header claims {rows} x {columns} pixels, more than any MR image has"
    return None


def frames_fault(ds: Attributes, file: BinaryIO, pixels_at: int | None) -> str | None:
    """Return why a file cannot have as many frames as its header claims.

    Parameters
    ----------
    ds
        The header of an enhanced object.
    file
        The whole file.
    pixels_at
        Where its pixel data begin; None where it ends before them.
    """
    claimed = v.integer(ds, "NumberOfFrames") or 0
    groups = len(v.items(ds, "PerFrameFunctionalGroupsSequence"))
    if 0 <= claimed <= groups:
        return None
    if groups:
        return f"the header claims {claimed} frames and describes {groups}"
    room = 0 if pixels_at is None else bytes_from(file, pixels_at)
    bits = frame_bits(ds) if is_native(ds) else 8 * _FRAGMENT_BYTES
    held = min(8 * room // bits if bits else 0, MOST_FRAMES_WITHOUT_GROUPS)
    if 0 <= claimed <= max(held, 1):
        return None
    return f"the header claims {claimed} frames, describes none and has no room for them"
