"""Every encoding of one image decodes to its values, or is refused by name."""

from __future__ import annotations

import hashlib
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pydicom
import pytest
from numpy.typing import NDArray
from pydicom.encaps import encapsulate
from pydicom.uid import JPEG2000, JPEG2000Lossless, JPEGBaseline8Bit, RLELossless

from modic_annotate.errors import DecodeError
from modic_annotate.imaging import load_series, pixel_sha256, scan
from modic_annotate.imaging.pixels import compressed
from modic_annotate.imaging.pixels.decode import read_dataset, stored_values
from tests.imaging.encoders import LOSSLESS, jpeg_12_bit

SHAPE = (40, 48)


@dataclass(frozen=True)
class Kind:
    """How values are stored, and from where to where they run."""

    dtype: str
    bits: int
    low: int
    high: int

    def values(self) -> NDArray[np.integer]:
        """Noise over the whole range, with both ends in it."""
        chance = np.random.default_rng(self.bits)
        values = chance.integers(self.low, self.high, SHAPE, endpoint=True).astype(self.dtype)
        values[0, :2] = self.low, self.high
        return values


KINDS = {
    "u12": Kind("u2", 12, 0, 4095),
    "u16": Kind("u2", 16, 0, 65535),
    "s12": Kind("i2", 12, -2048, 2047),
    "s16": Kind("i2", 16, -32768, 32767),
    "u8": Kind("u1", 8, 0, 255),
}


def sha256_of(values: NDArray[np.integer]) -> str:
    kind = "<i2" if values.dtype.kind == "i" else "<u2"
    return hashlib.sha256(values.astype(kind).tobytes()).hexdigest()


def made(mr, values: NDArray[np.integer], bits: int, **changes) -> Path:
    ds = mr.dataset((0, 0, 0), values, BitsStored=bits, HighBit=bits - 1, **changes)
    return mr.write(ds, "plain")


def read(path: Path, frame: int = 0) -> NDArray[np.integer]:
    return stored_values(read_dataset(path), frame, path.name)


@pytest.mark.parametrize("encoding", LOSSLESS)
@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_a_lossless_encoding_is_exact(mr, kind: Kind, encoding: str) -> None:
    """Values of every kind survive every lossless encoding, with their hash."""
    values = kind.values()
    plain = made(mr, values, kind.bits)
    coded = mr.folder / "coded"
    LOSSLESS[encoding](plain, coded)
    decoded = read(coded)
    assert decoded.dtype == values.dtype
    assert decoded.dtype.isnative
    assert np.array_equal(decoded, values)
    assert pixel_sha256(coded) == pixel_sha256(plain) == sha256_of(values)
    plain.unlink()
    (series,) = scan(mr.folder).series
    assert not series.problems
    volume = load_series(series)
    assert np.array_equal(volume.array[0], values)
    assert not volume.problems


def test_a_12_bit_lossy_jpeg_needs_an_extra(mr, monkeypatch) -> None:
    """Without imagecodecs a 12-bit JPEG is refused, with what to install."""
    monkeypatch.setitem(sys.modules, "imagecodecs", None)
    ds = mr.dataset((0, 0, 0), BitsStored=12, HighBit=11)
    ds.file_meta.TransferSyntaxUID = "1.2.840.10008.1.2.4.51"
    ds.PixelData = encapsulate([b"\xff\xd8\xff\xd9"])
    ds["PixelData"].is_undefined_length = True
    mr.write(ds, "odd.dcm")
    with pytest.raises(DecodeError, match=r"odd\.dcm \(JPEG Extended.*modic-annotate\[jpeg12\]"):
        load_series(scan(mr.folder).series[0])


@pytest.mark.parametrize("name", ["u12", "s12"])
def test_a_12_bit_lossy_jpeg_is_read_with_the_extra(mr, name) -> None:
    """With imagecodecs a 12-bit JPEG is near its source; signed values keep their sign."""
    signed = name == "s12"
    ramp = np.add.outer(np.arange(SHAPE[0]) * 40, np.arange(SHAPE[1]) * 50).astype(np.uint16)
    coded = mr.folder / "coded"
    jpeg_12_bit(made(mr, ramp, 12), coded)
    ds = pydicom.dcmread(coded)
    ds.PixelRepresentation = int(signed)
    ds.save_as(coded)
    wanted = np.where(ramp > 2047, ramp.astype(int) - 4096, ramp) if signed else ramp
    off = np.abs(read(coded).astype(int) - wanted)
    assert read(coded).dtype == (np.int16 if signed else np.uint16)
    assert np.minimum(off, 4096 - off).max() <= 2  # at the fold of the sign it may wrap
    (mr.folder / "plain").unlink()
    assert [p.code for p in scan(mr.folder).series[0].problems] == ["lossy_compression"]


def baseline(mr, **changes) -> Path:
    """An 8-bit baseline JPEG of the kind that the doctor tries."""
    from modic_annotate.conduct.doctor.decoders import expected
    from tests.fuzz.seeds import doctor_frames

    frame = dict(doctor_frames())[JPEGBaseline8Bit]
    values = expected(JPEGBaseline8Bit).astype(np.uint8)
    ds = mr.dataset((0, 0, 0), values, **changes)
    ds.PixelData = encapsulate([frame])
    ds["PixelData"].is_undefined_length = True
    ds["PixelData"].VR = "OB"
    ds.file_meta.TransferSyntaxUID = JPEGBaseline8Bit
    return mr.write(ds, "coded")


@pytest.mark.parametrize("allocated", [8, 16])
def test_an_8_bit_jpeg_is_read_in_either_width(mr, allocated) -> None:
    """A baseline JPEG is read also where its header allocates 16 bits for its 8."""
    path = baseline(mr, BitsAllocated=allocated, BitsStored=8, HighBit=7)
    from modic_annotate.conduct.doctor.decoders import expected

    decoded = read(path)
    assert decoded.dtype == f"u{allocated // 8}"
    assert np.abs(decoded.astype(int) - expected(JPEGBaseline8Bit)).max() <= 2


def test_a_codestream_of_more_bits_than_allocated_is_refused(mr) -> None:
    """Twelve bits cannot lie in eight; they are not cut off."""
    coded = mr.folder / "coded"
    LOSSLESS["JPEG-LS, pydicom"](made(mr, KINDS["u12"].values(), 12), coded)
    ds = pydicom.dcmread(coded)
    ds.BitsAllocated, ds.BitsStored, ds.HighBit = 8, 8, 7
    ds.save_as(coded)
    with pytest.raises(DecodeError, match="holds values of 12 bits, its header says 8"):
        read(coded)


@pytest.mark.parametrize("encoding", ["JPEG 2000, pydicom", "JPEG-LS, pydicom", "RLE, pydicom"])
def test_an_absurd_size_is_refused_before_it_is_decoded(mr, encoding) -> None:
    """A few bytes that promise 65535 x 65535 values cost no memory."""
    coded = mr.folder / "coded"
    LOSSLESS[encoding](made(mr, KINDS["u12"].values(), 12), coded)
    ds = pydicom.dcmread(coded)
    ds.Rows = ds.Columns = 65535
    ds.save_as(coded)
    with pytest.raises(DecodeError, match="states an image of 65535 x 65535"):
        read(coded)
    ds.Rows, ds.Columns = 4000, 5000
    ds.save_as(coded)
    with pytest.raises(DecodeError, match=r"decodes to shape \(40, 48\)|holds less than"):
        read(coded)


@pytest.mark.parametrize("encoding", [name for name in LOSSLESS if name.startswith("J")])
def test_a_frame_cut_short_is_refused(mr, encoding) -> None:
    """A compressed frame without its end is damaged, whatever its decoder makes of it."""
    coded = mr.folder / "coded"
    LOSSLESS[encoding](made(mr, KINDS["u12"].values(), 12), coded)
    ds = pydicom.dcmread(coded)
    frame = pydicom.encaps.get_frame(ds.PixelData, 0, number_of_frames=1)
    ds.PixelData = encapsulate([frame[: len(frame) // 2]])
    ds.save_as(coded)
    with pytest.raises(DecodeError, match=r"coded \(.*(damaged|cannot be decoded)"):
        read(coded)


def test_what_a_decoder_only_says_is_heard(mr, capfd) -> None:
    """A JPEG with values knocked out decodes with a word on standard error: an error here."""
    coded = mr.folder / "coded"
    LOSSLESS["JPEG lossless SV1, gdcm"](made(mr, KINDS["u12"].values(), 12), coded)
    ds = pydicom.dcmread(coded)
    frame = pydicom.encaps.get_frame(ds.PixelData, 0, number_of_frames=1)
    middle = len(frame) // 2
    ds.PixelData = encapsulate([frame[:middle] + frame[-100:]])
    ds.save_as(coded)
    with pytest.raises(DecodeError, match="damaged"):
        read(coded)
    assert capfd.readouterr().err == ""


class PanicException(BaseException):
    """As decoders in Rust raise it: no Exception."""


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (PanicException("range end index"), r"plain \(RLE Lossless\) cannot be decoded at frame 1"),
        (RuntimeError("no"), r"plain \(RLE Lossless\) cannot be decoded at frame 1"),
        (MemoryError(), "too little memory to decode plain"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_whatever_a_decoder_raises_is_one_of_ours(mr, monkeypatch, error, message) -> None:
    """A decoder that panics, fails or finds no memory is told by file and syntax."""
    _fail_with(monkeypatch, error)
    ds = pydicom.dcmread(made(mr, KINDS["u12"].values(), 12))
    ds.compress(RLELossless)
    with pytest.raises(DecodeError, match=message):
        stored_values(ds, 0, "plain")


def test_an_interruption_stays_one(mr, monkeypatch) -> None:
    """Ctrl-C while a frame is decoded is no fault of the file."""
    _fail_with(monkeypatch, KeyboardInterrupt())
    ds = pydicom.dcmread(made(mr, KINDS["u12"].values(), 12))
    ds.compress(RLELossless)
    with pytest.raises(KeyboardInterrupt):
        stored_values(ds, 0, "plain")


def _fail_with(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(compressed, "_by_plugin", fail)


@pytest.mark.parametrize(
    ("syntax", "stated", "code"),
    [
        (JPEG2000Lossless, None, None),
        (JPEG2000Lossless, "01", "lossy_compression"),
        (JPEG2000, None, "perhaps_lossy_compression"),
        (JPEG2000, "00", None),
        (JPEG2000, "01", "lossy_compression"),
    ],
)
def test_lossy_images_say_so(mr, syntax, stated, code) -> None:
    """Loss is told where the header states it or the encoding may have it; it blocks nothing."""
    ds = mr.dataset((0, 0, 0), LossyImageCompression=stated)
    ds.compress(JPEG2000Lossless)
    ds.file_meta.TransferSyntaxUID = syntax
    mr.write(ds, "a")
    (series,) = scan(mr.folder).series
    assert [problem.code for problem in series.problems] == ([code] if code else [])
    assert not series.blocked


def test_a_baseline_jpeg_is_lossy_whatever_it_states(mr) -> None:
    """JPEG baseline cannot be lossless, though its header may say 00."""
    baseline(mr, LossyImageCompression="00")
    (series,) = scan(mr.folder).series
    (problem,) = series.problems
    assert problem.message.startswith("images were compressed with loss (JPEG Baseline")


@pytest.mark.parametrize("extended", [False, True])
def test_a_multiframe_object_is_cut_at_its_offsets(mr, extended) -> None:
    """Frames are found by a basic or an extended offset table, in whatever fragments."""
    values = [mr.pixels(i) for i in range(3)]
    ds = mr.enhanced(mr.stack(3), SeriesDescription="T1")
    ds.compress(RLELossless)
    frames = list(pydicom.encaps.generate_frames(ds.PixelData, number_of_frames=3))
    if extended:
        coded = pydicom.encaps.encapsulate_extended(frames)
        ds.PixelData, ds.ExtendedOffsetTable, ds.ExtendedOffsetTableLengths = coded
    else:
        ds.PixelData = encapsulate(frames, fragments_per_frame=2)
    path = mr.write(ds, "a")
    assert all(np.array_equal(read(path, i), values[i]) for i in range(3))
