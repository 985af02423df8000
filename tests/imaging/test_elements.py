"""The quick header walk says what pydicom says, or says nothing."""

from __future__ import annotations

from pathlib import Path

import pydicom
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence
from pydicom.uid import (
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    JPEGLSLossless,
)

from modic_annotate.imaging.headers import reading as headers
from modic_annotate.imaging.headers.elements import read_elements
from modic_annotate.imaging.headers.reading import read_headers
from modic_annotate.samples import sample_folder


def thoroughly(path: Path, monkeypatch: pytest.MonkeyPatch):
    with monkeypatch.context() as patch:
        patch.setattr(headers, "_quick", lambda head, file: None)
        return read_headers(path)


def is_quick(path: Path) -> bool:
    return read_elements(path.read_bytes()) is not None


@pytest.mark.real
def test_real_files_read_alike(real_data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every real file, in every encoding, gives the same headers quickly as thoroughly."""
    files = [path for path in real_data.rglob("*") if path.is_file()]
    assert len(files) > 70
    for path in files:
        assert read_headers(path) == thoroughly(path, monkeypatch)
    assert sum(map(is_quick, files)) == 67 + 8 + 1  # all but big endian and what is no image


def test_sample_files_are_quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """The sample study is read quickly throughout, and alike."""
    for path in sorted((sample_folder() / "study").iterdir()):
        assert is_quick(path)
        assert read_headers(path) == thoroughly(path, monkeypatch)


def nested(*, undefined: bool) -> Sequence:
    inner, outer = Dataset(), Dataset()
    inner.CodeMeaning = "x" * 7
    outer.PurposeOfReferenceCodeSequence = Sequence([inner])
    sequence = Sequence([outer, Dataset()])
    for item in (inner, outer, *sequence):
        item.is_undefined_length_sequence_item = undefined
    outer["PurposeOfReferenceCodeSequence"].is_undefined_length = undefined
    return sequence


@pytest.mark.parametrize("syntax", [ExplicitVRLittleEndian, ImplicitVRLittleEndian, JPEGLSLossless])
@pytest.mark.parametrize("undefined", [True, False])
def test_sequences_are_stepped_over(mr, monkeypatch, syntax, undefined) -> None:
    """Nested sequences, of stated length or not, do not stop the walk."""
    ds = mr.dataset((1, 2, 3), RescaleSlope="2")
    ds.ReferencedImageSequence = nested(undefined=undefined)
    ds["ReferencedImageSequence"].is_undefined_length = undefined
    if syntax is JPEGLSLossless:
        ds.compress(syntax)
    ds.file_meta.TransferSyntaxUID = syntax
    path = mr.write(ds, "a")
    assert is_quick(path)
    assert read_headers(path) == thoroughly(path, monkeypatch)


def test_a_broken_sequence_stops_the_walk(mr) -> None:
    """A sequence whose items are no items is left to pydicom."""
    ds = mr.dataset((1, 2, 3))
    ds.ReferencedImageSequence = nested(undefined=True)
    ds["ReferencedImageSequence"].is_undefined_length = True
    raw = mr.write(ds, "a").read_bytes()
    assert read_elements(raw) is not None
    assert read_elements(raw.replace(b"\xfe\xff\x00\xe0", b"\xfe\xff\x01\xe0")) is None


@pytest.mark.parametrize(
    ("changes", "quick"),
    [
        ({"ContrastBolusAgent": "GADAVIST"}, True),
        ({"ContrastBolusAgent": "NONE"}, True),
        ({"ContrastBolusAgentSequence": nested(undefined=False)}, True),
        ({"ContrastBolusAgentSequence": Sequence([])}, True),
        ({"DiffusionBValue": 500.0}, True),
        ({"EchoTime": ""}, True),
        ({"ScanOptions": ["FS", "SP"]}, True),
        ({"SpacingBetweenSlices": "-4.5"}, True),
        ({"NumberOfFrames": "3"}, True),
        ({"syntax": ExplicitVRBigEndian}, False),
        ({"syntax": DeflatedExplicitVRLittleEndian}, False),
        ({"SpecificCharacterSet": "ISO_IR 100", "PatientName": "Müller"}, True),
        ({"SpecificCharacterSet": "ISO_IR 192", "PatientName": "Y^T=山田^太郎=やまだ"}, True),
        ({"SpecificCharacterSet": "ISO_IR 192", "SeriesDescription": "腰椎 T1"}, True),
        ({"SpecificCharacterSet": "ISO_IR 101", "PatientName": "Dvořák"}, False),
        ({"SpecificCharacterSet": ["", "ISO 2022 IR 87"], "PatientName": "Y^T=山田^太郎"}, False),
    ],
)
def test_values_of_every_kind_read_alike(mr, monkeypatch, changes, quick) -> None:
    """What the walk does not know is left to pydicom; what it knows, it reads the same."""
    path = mr.write(mr.dataset((1, 2, 3), **changes), "a")
    assert is_quick(path) is quick
    assert read_headers(path) == thoroughly(path, monkeypatch)


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        (b"\x28\x00\x10\x00US", b"\x28\x00\x10\x00SS"),
        (b"\x28\x00\x10\x00US", b"\x28\x00\x10\x00ZZ"),
        (b"\x28\x00\x10\x00US\x02\x00\x28\x00", b"\x28\x00\x10\x00US\x04\x00\x28\x00\0\0"),
        (b"\x28\x00\x10\x00US\x02\x00\x28\x00", b"\x28\x00\x10\x00US\x01\x00\x28"),
    ],
)
def test_odd_representations_are_left_to_pydicom(mr, monkeypatch, good, bad) -> None:
    """Another VR than the dictionary's, an unknown one, other lengths: pydicom judges."""
    path = mr.write(mr.dataset((1, 2, 3)), "a")
    raw = path.read_bytes()
    assert raw.count(good) == 1
    path.write_bytes(raw.replace(good, bad))
    assert not is_quick(path)
    assert read_headers(path) == thoroughly(path, monkeypatch)


def test_a_header_beyond_the_first_look_is_read(mr, monkeypatch) -> None:
    """A private block of 100 kB before the pixels does not hide them."""
    ds = mr.dataset((1, 2, 3))
    ds.private_block(0x0019, "TEST", create=True).add_new(1, "OB", bytes(100_000))
    path = mr.write(ds, "a")
    (found,) = read_headers(path)
    assert not found.truncated
    assert (found,) == thoroughly(path, monkeypatch)


@given(data=st.data())
def test_damage_never_leads_astray(tmp_path_factory, data) -> None:
    """A header cut or with bytes changed gives None or what pydicom gives, never an exception."""
    whole = _plain()
    at = data.draw(st.integers(132, len(whole) - 1))
    cut = whole[:at]
    broken = whole[:at] + bytes([data.draw(st.integers(0, 255))]) + whole[at + 1 :]
    for raw in (cut, broken):
        path = tmp_path_factory.mktemp("damage") / "a"
        path.write_bytes(raw)
        read_headers(path)  # a series or a refusal; hypothesis finds what raises
    assert read_elements(cut[: len(cut) // 2]) is None


def _plain() -> bytes:
    path = next((sample_folder() / "study").iterdir())
    head = path.read_bytes()
    at = pydicom.dcmread(path)["PixelData"].file_tell or len(head)
    return head[: at + 64]
