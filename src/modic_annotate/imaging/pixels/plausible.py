"""What decoded values say against a file that could be decoded all the same."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset

from modic_annotate.errors import DecodeError
from modic_annotate.imaging.headers import values as v
from modic_annotate.imaging.headers.pixel_data import bytes_from
from modic_annotate.imaging.model import Problem, Series
from modic_annotate.imaging.pixels.lossy import ALWAYS_LOSSY, PERHAPS_LOSSY
from modic_annotate.imaging.sources.archives import ImageFile, open_image

_SIGN, _RANGE = 2**15, 2**16
_LARGE_BYTES = 2**28
_MOST_NAMED = 5
_MOST_GROWTH = 200
"""Decoded bytes for each byte of the files: noise alone keeps MR images far below."""


def check_growth(series: Series) -> None:
    """Refuse small files that would decode to a volume larger than memory may be.

    Raises
    ------
    DecodeError
        When the stack is large, and larger than its files can honestly hold.
    """
    slices, rows, columns = series.shape
    n_bytes = 2 * slices * rows * columns
    if n_bytes <= _LARGE_BYTES:
        return
    try:
        in_files = sum(_bytes_of(path) for path in {ref.path for ref in series.slices})
    except OSError as error:
        raise DecodeError(f"a file of series {series.series_uid} cannot be read") from error
    if n_bytes > _MOST_GROWTH * in_files:
        raise DecodeError(
            f"series {series.series_uid} promises {n_bytes // 10**6} MB of images in"
            f" {in_files // 10**3} kB of files, which no MR images fit; get the files again"
        )


def _bytes_of(path: ImageFile) -> int:
    with open_image(path) as file:
        return bytes_from(file, 0)


def is_beyond_stated(ds: Dataset, values: NDArray[np.integer[Any]], low: int, high: int) -> bool:
    """Whether values leave the range that the header states for its image (PS3.3 C.7.6.3).

    A codestream can be damaged and still decode. Programs that change images may leave the
    statement stale, so it is a reason to look, not to refuse. Padding does not count.

    Parameters
    ----------
    ds
        The data set.
    values
        Stored values of one frame.
    low, high
        Their lowest and highest.
    """
    if v.text(ds.file_meta, "TransferSyntaxUID") in ALWAYS_LOSSY | PERHAPS_LOSSY:
        return False  # loss moves values a little
    signed = values.dtype.kind == "i"
    least, most, padding = (
        _signed(v.integer(ds, keyword), signed)
        for keyword in (
            "SmallestImagePixelValue",
            "LargestImagePixelValue",
            "PixelPaddingValue",
        )
    )
    if least is None or most is None or least >= most or (least <= low and high <= most):
        return False
    return bool(np.any(((values < least) | (values > most)) & (values != padding)))


def _signed(value: int | None, signed: bool) -> int | None:
    """Return a value of VR "US or SS", read as US, as the header's own representation has it."""
    return value - _RANGE if value is not None and signed and value >= _SIGN else value


def beyond_stated_problem(labels: Sequence[str]) -> Problem:
    """Return the hint for the slices of these names."""
    names = ", ".join(labels[:_MOST_NAMED]) + (" ..." if len(labels) > _MOST_NAMED else "")
    return Problem(
        "values_beyond_stated",
        f"{names}: grey values lie beyond the range that the header states; look for damage in"
        " the image, or get the file again",
    )
