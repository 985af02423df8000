"""What kind of image a frame is: images of two kinds never share a volume, wherever they lie."""

from __future__ import annotations

import re
from collections.abc import Hashable, Sequence
from functools import lru_cache
from math import inf

from modic_annotate.imaging.geometry.tolerances import ECHO_TIME_SHARE
from modic_annotate.imaging.headers.header import Header

_KINDS = (
    ("phase", r"P|PHASE|PHASE MAP|P_[A-Z]+|VELOCITY"),
    ("real", r"R|REAL|R_[A-Z]+"),
    ("imaginary", r"I|IMAGINARY|I_[A-Z]+"),
    ("mixed", r"MIXED"),
    ("water", r"W|WATER"),
    ("fat", r"F|FAT"),
    ("in phase", r"IP|IN_PHASE|INPHASE"),
    ("opposed phase", r"OP|OPP_PHASE|OUT_PHASE|OPPOSED_PHASE"),
    ("fraction", r"FF|FAT_FRACTION|WF|WATER_FRACTION"),
    ("map", r"ADC|T1 MAP|T2 MAP|T2_STAR|R2_STAR|FA|EADC"),
    ("trace", r"TRACEW"),
    ("projection", r"PROJECTION IMAGE|MIP|MPR"),
    ("subtraction", r"SUBTRACTION|SUB"),
)
"""Values of ImageType from the third on (PS3.3 C.8.3.1.1.1, C.8.13.3.1.1) and their vendors'
spellings; an image without any of them is a magnitude image."""

_PATTERNS = tuple((kind, re.compile(pattern)) for kind, pattern in _KINDS)
_FIRST_KIND = 2


def kind_of(header: Header) -> Hashable:
    """Return what an image shows besides plain magnitude, e.g. phase, water; and its b-value."""
    return _kinds_in(header.image_type[_FIRST_KIND:]), header.b_value or 0.0


@lru_cache(maxsize=256)
def _kinds_in(values: tuple[str, ...]) -> frozenset[str]:
    return frozenset(kind for kind, pattern in _PATTERNS if any(map(pattern.fullmatch, values)))


def by_echo(frames: Sequence[Header]) -> list[list[Header]]:
    """Part frames whose echo times differ by more than a scanner's own rounding.

    Where one of them states no echo time nothing is parted.
    """
    times = [header.acquisition.echo_time_ms for header in frames]
    stated = sorted({time for time in times if time is not None})
    if len(stated) < 2 or None in times:  # noqa: PLR2004 - two times differ, one does not
        return [list(frames)]
    groups: list[list[Header]] = []
    before = -inf  # some times are damaged, and negative
    for time in stated:
        if time > before * ECHO_TIME_SHARE:
            groups.append([])
        groups[-1] += (h for h in frames if h.acquisition.echo_time_ms == time)
        before = time
    return groups
