"""What a decoder in C says on standard error: it has no other way to tell that it guessed.

libjpeg (ISO 10918-1), within gdcm and imagecodecs, gives an image for a damaged frame too, and a
word about it on standard error. Here the word is heard, and kept from whoever reads there.
"""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

_STDERR = 2
_DAMAGE = re.compile(
    r"Corrupt JPEG data(?!: \d+ extraneous bytes before marker 0xd9)|Premature end"
)
"""Warnings after which the image is wrong; bytes too many before its end are none."""

_OF_DECODERS = re.compile(
    r"jpe?g|huffman|marker|bogus|gdcm|table|component|sampl|scan|suspen|lossless|progress|quant"
    r"|dct|arith|precision|restart",
    re.IGNORECASE,
)
"""Lines of decoders; others that came meanwhile, from other threads, are passed on."""


@contextmanager
def overheard() -> Iterator[list[str]]:
    """Collect what decoders say in this block; the list is filled at its end.

    One block at a time: standard error belongs to the process.
    """
    lines: list[str] = []
    try:
        usual = os.dup(_STDERR)
    except OSError:  # a process without standard error: nothing can be heard there
        yield lines
        return
    with tempfile.TemporaryFile() as told:
        os.dup2(told.fileno(), _STDERR)
        try:
            yield lines
        finally:
            os.dup2(usual, _STDERR)
            os.close(usual)
            told.seek(0)
            lines += told.read().decode("utf-8", "replace").splitlines()
            _pass_on([line for line in lines if not _OF_DECODERS.search(line)])


def tell_of_damage(lines: list[str]) -> bool:
    """Whether a decoder said that it filled in what was not there."""
    return any(_DAMAGE.search(line) for line in lines)


def _pass_on(lines: list[str]) -> None:
    if lines:
        os.write(_STDERR, "".join(f"{line}\n" for line in lines).encode())
