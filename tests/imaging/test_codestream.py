"""A codestream is asked what it promises before a decoder is."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modic_annotate.imaging.pixels.codestream import Stated, can_hold, has_its_end, stated

JPEG = "1.2.840.10008.1.2.4.70"
JPEG_LS = "1.2.840.10008.1.2.4.80"
JPEG_2000 = "1.2.840.10008.1.2.4.90"

START, SCAN = b"\xff\xd8", b"\xff\xda\0\x08"
TABLE = b"\xff\xc4\0\x05abc"
TALL = Stated(rows=40, columns=48, samples=1, bits=12)


def jpeg_frame(marker: int, said: Stated = TALL) -> bytes:
    body = struct.pack(">BHHB", said.bits, said.rows, said.columns, said.samples) + b"\1\x11\0"
    return bytes((0xFF, marker)) + struct.pack(">H", 2 + len(body)) + body


def j2k(size: tuple[int, ...], component: bytes = b"\x0b\1\1") -> bytes:
    body = struct.pack(">H8LH", 0, *size, 1) + component
    return b"\xff\x4f\xff\x51" + struct.pack(">H", 2 + len(body)) + body


@pytest.mark.parametrize("marker", [0xC0, 0xC1, 0xC3, 0xF7])
def test_a_jpeg_states_its_image(marker) -> None:
    """Any start of frame counts, after tables, fill bytes and comments."""
    code = START + TABLE + b"\xff\xff" + jpeg_frame(marker) + TABLE + SCAN
    assert stated(code, JPEG_LS if marker == 0xF7 else JPEG) == TALL


@pytest.mark.parametrize(
    "code",
    [
        b"",
        START,
        START + b"\xff\xd9",
        START + TABLE + SCAN,  # no frame before its scan
        START + jpeg_frame(0xC3),  # no scan
        START + b"x" + jpeg_frame(0xC3) + SCAN,  # not a marker where one must be
        START + jpeg_frame(0xC3)[:6],
        START + b"\xff\0" + TABLE[2:] + jpeg_frame(0xC3) + SCAN,  # no marker at all
        START + b"\xff\xc4\0\1" + jpeg_frame(0xC3) + SCAN,  # shorter than its own length
        TABLE + jpeg_frame(0xC3) + SCAN,  # no start
        START + TABLE[:-1] + jpeg_frame(0xC3) + SCAN,  # a length that lies
    ],
)
def test_what_is_no_jpeg_states_nothing(code) -> None:
    """Segments that do not follow each other are damage."""
    assert stated(code, JPEG) is None


@pytest.mark.parametrize(
    ("code", "wanted"),
    [
        (j2k((48, 40, 0, 0, 48, 40, 0, 0)), TALL),
        (j2k((50, 45, 2, 5, 48, 40, 0, 0)), TALL),  # an image beside the grid's origin
        (b"\0\0\0\x0cjP  \r\n\x87\n" + bytes(30) + j2k((48, 40, 0, 0, 8, 8, 0, 0)), TALL),
        (j2k((96, 80, 0, 0, 96, 80, 0, 0), b"\x0b\2\2"), TALL),  # every second point
        (j2k((48, 40, 0, 0, 48, 40, 0, 0), b"\x8b\1\1"), TALL),  # signed
        (j2k((48, 40, 0, 0, 48, 40, 0, 0), b"\x0b\0\1"), None),
        (j2k((48, 40, 0, 0, 48, 40, 0, 0))[:30], None),
        (START + jpeg_frame(0xC3) + SCAN, None),
    ],
)
def test_a_jpeg_2000_states_its_image(code, wanted) -> None:
    """SIZ gives the image, also behind the boxes of a JP2 file."""
    assert stated(code, JPEG_2000) == wanted


@given(st.binary(max_size=200), st.sampled_from([JPEG, JPEG_LS, JPEG_2000]))
def test_any_bytes_are_looked_at_safely(code: bytes, syntax: str) -> None:
    """Whatever the bytes are, there is an answer."""
    found = stated(code, syntax)
    assert found is None or isinstance(found, Stated)


@pytest.mark.parametrize(
    ("code", "whole"),
    [(b"..\xff\xd9", True), (b"..\xff\xd9\0", True), (b"..\xff", False), (b"", False)],
)
def test_an_end_is_looked_for(code, whole) -> None:
    """The end mark may be followed by padding."""
    assert has_its_end(code) is whole


@pytest.mark.parametrize(
    ("n_code", "n_image", "can"),
    [(64, 0, True), (64, 1, False), (66, 128, True), (66, 129, False), (10, 1, False)],
)
def test_run_lengths_have_a_limit(n_code, n_image, can) -> None:
    """Two bytes of run lengths give 128 at most, after a header of 64."""
    assert can_hold(bytes(n_code), n_image) is can
