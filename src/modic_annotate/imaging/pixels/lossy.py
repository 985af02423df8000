"""Whether the images of a stack lost something to compression, and by which method."""

from __future__ import annotations

from collections.abc import Sequence

from pydicom.uid import UID

from modic_annotate.imaging.headers.header import Header
from modic_annotate.imaging.headers.quiet import quiet
from modic_annotate.imaging.model import Problem

_JPEG = "1.2.840.10008.1.2.4."
ALWAYS_LOSSY = frozenset(_JPEG + end for end in ("50", "51"))
"""JPEG with a discrete cosine transform (PS3.5 A.4.1)."""

PERHAPS_LOSSY = frozenset(_JPEG + end for end in ("81", "91", "203"))
"""JPEG-LS near-lossless, JPEG 2000 and HTJ2K, which may be lossless all the same."""

_LOSSY, _LOSSLESS = "01", "00"  # LossyImageCompression (PS3.3 C.7.6.1.1.5)


def lossy_compression(headers: Sequence[Header]) -> Problem | None:
    """Return the hint that grey values are not those of the scanner, or None."""
    lost = [h for h in headers if h.lossy == _LOSSY or h.transfer_syntax in ALWAYS_LOSSY]
    if lost:
        which = f"{len(lost)} of {len(headers)} images" if len(lost) < len(headers) else "images"
        return Problem(
            "lossy_compression",
            f"{which} were compressed with loss ({_method(lost[0])}), so that fine signal changes"
            " may be lost or made up; ask the sender for the original",
        )
    perhaps = [h for h in headers if h.transfer_syntax in PERHAPS_LOSSY and h.lossy != _LOSSLESS]
    if perhaps:
        return Problem(
            "perhaps_lossy_compression",
            f"images may have been compressed with loss: the header does not say, and"
            f" {_method(perhaps[0])} allows it",
        )
    return None


def _method(header: Header) -> str:
    with quiet():  # it may be no UID at all
        syntax = UID(header.transfer_syntax)
    known = header.transfer_syntax in ALWAYS_LOSSY | PERHAPS_LOSSY
    return syntax.name if known else f"at an earlier time; now {syntax.name}"
