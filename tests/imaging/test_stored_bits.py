"""Which bits of a sample are its value, wherever the header puts them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydicom.uid import ExplicitVRBigEndian, JPEGLSLossless, RLELossless

from modic_annotate.errors import DecodeError
from modic_annotate.imaging import pixel_sha256
from modic_annotate.imaging.pixels.decode import read_dataset, stored_values
from modic_annotate.imaging.pixels.stored_bits import StoredBits


@st.composite
def layouts(draw: st.DrawFn) -> StoredBits:
    allocated = draw(st.sampled_from([8, 16]))
    stored = draw(st.integers(1, allocated))
    high = draw(st.integers(stored - 1, allocated - 1))
    return StoredBits(allocated, stored, high, signed=draw(st.booleans()))


@given(bits=layouts(), data=st.data())
def test_a_value_is_found_in_whatever_bits_it_lies(bits: StoredBits, data: st.DataObject) -> None:
    """Values come out of their bits with their sign, whatever the other bits hold."""
    least = -(2 ** (bits.stored - 1)) if bits.signed else 0
    most = least + 2**bits.stored - 1
    wanted = data.draw(st.lists(st.integers(least, most), min_size=1, max_size=20))
    dirt = data.draw(st.integers(0, 2**bits.allocated - 1))
    lowest = bits.high + 1 - bits.stored
    mask = (2**bits.stored - 1) << lowest
    samples = [dirt & ~mask | (value << lowest) & mask for value in wanted]
    array = np.array(samples, f"u{bits.allocated // 8}").view(bits.dtype)
    found = bits.values(array)
    assert found.dtype == bits.dtype
    assert found.tolist() == wanted


def dirty(mr, name: str, **changes):
    """A 12-bit image with an old overlay in its 4 highest bits, and the values without it."""
    values = mr.pixels(1)
    overlay = (np.arange(values.size).reshape(values.shape) % 16).astype(np.uint16) << 12
    ds = mr.dataset((0, 0, 0), values | overlay, BitsStored=12, HighBit=11, **changes)
    return mr.write(ds, name), values


@pytest.mark.parametrize("syntax", [None, ExplicitVRBigEndian, RLELossless, JPEGLSLossless])
def test_an_overlay_in_the_high_bits_is_no_value(mr, syntax) -> None:
    """Bits above those stored are taken away, in every encoding, and change no hash."""
    path, values = dirty(mr, "a")
    if syntax == ExplicitVRBigEndian:
        path, values = dirty(mr, "b", syntax=syntax)
    elif syntax is not None:
        ds = read_dataset(path)
        ds.BitsStored, ds.HighBit = 16, 15  # as an encoder that keeps all bits
        ds.compress(syntax)
        ds.BitsStored, ds.HighBit = 12, 11
        ds.save_as(path)
    clean = mr.write(mr.dataset((0, 0, 0), values), "clean")
    assert np.array_equal(stored_values(read_dataset(path), 0, "a"), values)
    assert pixel_sha256(path) == pixel_sha256(clean)


def test_a_sign_lies_at_the_bits_stored(mr) -> None:
    """With 12 bits stored, 0xFFF is -1 where values are signed, though the 4 others are 0."""
    samples = np.array([[0xFFF, 0x800], [0x7FF, 0x001]], np.uint16)
    ds = mr.dataset((0, 0, 0), samples, BitsStored=12, HighBit=11, PixelRepresentation=1)
    found = stored_values(read_dataset(mr.write(ds, "a")), 0, "a")
    assert found.tolist() == [[-1, -2048], [2047, 1]]


@pytest.mark.parametrize("compress", [False, True])
def test_values_in_the_upper_bits_are_shifted(mr, compress) -> None:
    """Twelve bits up to high bit 15, as old scanners wrote them, are read as twelve bits."""
    values = mr.pixels(1)
    ds = mr.dataset((0, 0, 0), values << 4, BitsStored=12, HighBit=15)
    if compress:
        ds.compress(RLELossless)
    found = stored_values(read_dataset(mr.write(ds, "a")), 0, "a")
    assert np.array_equal(found, values)


def test_a_codestream_has_no_upper_bits(mr) -> None:
    """A JPEG-LS image whose header shifts its values contradicts itself."""
    ds = mr.dataset((0, 0, 0), BitsStored=12, HighBit=11)
    ds.compress(JPEGLSLossless)
    ds.HighBit = 15
    with pytest.raises(DecodeError, match="high bit 15 for 12 bits stored"):
        stored_values(read_dataset(mr.write(ds, "a")), 0, "a")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"BitsStored": 17}, "stored 17"),
        ({"BitsStored": 0}, "stored 0"),
        ({"BitsStored": None}, "stored 0"),
        ({"HighBit": 10}, "high bit 10"),
        ({"HighBit": 16}, "high bit 16"),
        ({"PixelRepresentation": 2}, "representation 2"),
        ({"PixelRepresentation": None}, "representation None"),
        ({"BitsAllocated": 32, "Rows": 20}, "32 bits per value"),
    ],
)
def test_bits_that_cannot_be_are_told(mr, changes, message) -> None:
    """A header that contradicts itself about its bits is refused, not guessed at."""
    path = mr.write(mr.dataset((0, 0, 0), **changes), "a")
    with pytest.raises(DecodeError, match=message):
        pixel_sha256(path)


def test_a_missing_high_bit_is_the_usual_one(mr) -> None:
    """Without HighBit values begin at bit 0."""
    path = mr.write(mr.dataset((0, 0, 0), HighBit=None), "a")
    assert np.array_equal(stored_values(read_dataset(path), 0, "a"), mr.pixels(1))
