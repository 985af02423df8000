"""Lossy JPEG of 12 bits, which none of the required packages decodes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modic_annotate.errors import DecodeError

EXTRA = "jpeg12"


def decoder(name: str) -> Callable[[bytes], NDArray[np.integer[Any]]]:
    """Return what decodes one frame to samples of shape (rows, columns), unsigned.

    It is libjpeg-turbo, as imagecodecs brings it.

    Raises
    ------
    DecodeError
        When imagecodecs is not installed: it says what to install.
    """
    try:
        from imagecodecs import jpeg8_decode
    except ImportError:
        raise DecodeError(
            f"{name} holds values of more than 8 bits, which no decoder here reads in this"
            f" encoding; to read it: pip install 'modic-annotate[{EXTRA}]', or export it as JPEG"
            " lossless"
        ) from None
    decode: Callable[[bytes], NDArray[np.integer[Any]]] = jpeg8_decode
    return decode
