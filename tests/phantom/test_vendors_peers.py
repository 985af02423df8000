"""Vendor studies in every encoding, read by other libraries and compared with the truth.

Where a peer differs the truth decides: it is the geometry the images were drawn with. Such cases
stand in ``PEER_IS_WRONG``, each with what the peer does; one that is right now must go.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pydicom
import pytest
from numpy.typing import NDArray

from modic_annotate.imaging import load_series, scan
from modic_annotate.phantom.vendors import VENDORS, Export, Form, Kind, Size, Syntax
from modic_annotate.phantom.vendors.truth import TruthStack

TINY = Size(48)
TOLERANCE_MM = 0.01
FORMS = [
    (vendor.key, form)
    for vendor in VENDORS.values()
    for form in Form
    if form is Form.CLASSIC or vendor.enhanced is not None
]
CASES = [(*case, syntax) for case in FORMS for syntax in Syntax]


@dataclass(frozen=True)
class Slice:
    """A slice as a peer reads it: centre of its first pixel in LPS mm, and shown values."""

    place: NDArray[np.float64]
    values: NDArray[np.float64]


def by_simpleitk(folder: Path, stack: TruthStack) -> Iterator[Slice]:
    """Read with SimpleITK: a series in its own order, or the one file of an enhanced object."""
    sitk = pytest.importorskip("SimpleITK", reason="SimpleITK is not installed")
    first = folder / stack.frames[0].file
    if len({frame.file for frame in stack.frames}) == 1:
        image = sitk.ReadImage(str(first))
    else:
        reader = sitk.ImageSeriesReader()
        names = reader.GetGDCMSeriesFileNames(str(first.parent), stack.series_uid)
        reader.SetFileNames(names)
        image = reader.Execute()
    for index, values in enumerate(sitk.GetArrayFromImage(image)):
        place = image.TransformIndexToPhysicalPoint((0, 0, index))
        yield Slice(np.array(place), values.astype(np.float64))


def by_highdicom(folder: Path, stack: TruthStack) -> Iterator[Slice]:
    """Read with highdicom, as a volume of a series or of an enhanced object."""
    highdicom = pytest.importorskip("highdicom", reason="highdicom is not installed")
    files = list(dict.fromkeys(frame.file for frame in stack.frames))
    if len(files) == 1:
        volume = highdicom.imread(folder / files[0]).get_volume(dtype=np.float64)
    else:
        datasets = [pydicom.dcmread(folder / name) for name in files]
        volume = highdicom.get_volume_from_series(datasets, dtype=np.float64)
    for index, values in enumerate(volume.array):
        place = volume.map_indices_to_reference(np.array([[index, 0, 0]]))[0]
        yield Slice(place, values)


def by_gdcm(folder: Path, stack: TruthStack) -> Iterator[Slice]:
    """Read each file with GDCM: its origin, spacing and frames, scaled here as it says."""
    gdcm = pytest.importorskip("gdcm", reason="python-gdcm is not installed")
    for name in dict.fromkeys(frame.file for frame in stack.frames):
        reader = gdcm.ImageReader()
        reader.SetFileName(str(folder / name))
        assert reader.Read()
        image = reader.GetImage()
        size = [image.GetDimension(i) for i in range(image.GetNumberOfDimensions())]
        content = image.GetBuffer().encode("utf-8", errors="surrogateescape")
        signed = image.GetPixelFormat().GetPixelRepresentation() == 1
        stored = np.frombuffer(content, "<i2" if signed else "<u2")
        stored = stored.reshape(-1, size[1], size[0])
        origin = np.array([image.GetOrigin(i) for i in range(3)])
        cosines = np.array([image.GetDirectionCosines(i) for i in range(6)]).reshape(2, 3)
        step = np.cross(*cosines) * image.GetSpacing(2)
        for index, values in enumerate(stored):
            shown = values * image.GetSlope() + image.GetIntercept()
            yield Slice(origin + index * step, shown)


def by_modic_annotate(folder: Path, stack: TruthStack) -> Iterator[Slice]:
    """Read with our own scan, as the peers are."""
    (series,) = scan(folder).series
    volume = load_series(series)
    for index, values in enumerate(volume.array):
        yield Slice(volume.grid.to_lps((index, 0, 0)), values.astype(np.float64))


READERS: dict[str, Callable[[Path, TruthStack], Iterator[Slice]]] = {
    "modic-annotate": by_modic_annotate,
    "SimpleITK": by_simpleitk,
    "highdicom": by_highdicom,
    "GDCM": by_gdcm,
}

_BY_FILE_ORDER = (
    "takes frames in the order of storage, evenly spaced, though each frame states its position"
    " (PS3.3 C.7.6.16.2.3)"
)
_PRIVATE_POINTER = (
    "raises a KeyError on a dimension that points to a private element, which PS3.3 C.7.6.17"
    " allows with its creator named"
)
_LITTLE_ENDIAN_ONLY = "refuses enhanced objects in explicit big endian"
_NO_SIGN = (
    "leaves the four bits above a signed 12-bit value unset, so that -70 becomes 4026: the sign"
    " is bit 11 by HighBit and PixelRepresentation (PS3.5 8.1.1)"
)
PEER_IS_WRONG: dict[tuple[str, str, Form, Syntax | None], str] = {
    ("SimpleITK", "philips", Form.ENHANCED, None): _BY_FILE_ORDER,
    ("GDCM", "philips", Form.ENHANCED, None): _BY_FILE_ORDER,
    ("highdicom", "philips", Form.ENHANCED, None): _PRIVATE_POINTER,
    ("highdicom", "siemens", Form.ENHANCED, Syntax.BIG_ENDIAN): _LITTLE_ENDIAN_ONLY,
    ("highdicom", "ge", Form.ENHANCED, Syntax.BIG_ENDIAN): _LITTLE_ENDIAN_ONLY,
    ("highdicom", "canon", Form.ENHANCED, Syntax.BIG_ENDIAN): _LITTLE_ENDIAN_ONLY,
    ("GDCM", "hitachi", Form.CLASSIC, Syntax.JPEG_LS): _NO_SIGN,
}
"""By peer, vendor, form and encoding (None: in any): what it does instead."""


@pytest.mark.parametrize("peer", READERS)
@pytest.mark.parametrize(("vendor", "form", "syntax"), CASES)
def test_a_reader_finds_the_truth(vendor_study, peer: str, vendor: str, form, syntax) -> None:
    """Every slice lies where it was drawn, to 0.01 mm, and holds the values that were stored."""
    export = Export(VENDORS[vendor], form, syntax, kinds=(Kind.T2,), size=TINY)
    folder, truth = vendor_study(export)
    (stack,) = truth.stacks
    wrong = _fault(READERS[peer], folder, stack)
    known = [PEER_IS_WRONG.get((peer, vendor, form, which)) for which in (syntax, None)]
    if any(known):
        assert wrong, f"{peer} is right on {vendor} {form} {syntax}: take it out of PEER_IS_WRONG"
        return
    assert wrong == ""


def test_no_entry_names_a_case_that_is_not_tried() -> None:
    """Each entry of PEER_IS_WRONG stands for a reader and a case of this test."""
    tried = {(peer, *case) for peer in READERS for case in CASES}
    tried |= {(peer, *case, None) for peer in READERS for case in FORMS}
    assert set(PEER_IS_WRONG) <= tried
    assert not any(peer == "modic-annotate" for peer, *_ in PEER_IS_WRONG)


def _fault(read, folder: Path, stack: TruthStack) -> str:
    """Return what a reader gets wrong, or an empty text."""
    try:
        slices = list(read(folder, stack))
    except Exception as error:  # noqa: BLE001 - a peer may raise whatever it likes
        return f"raises {error!r}"[:200]
    if len(slices) != len(stack.frames):
        return f"has {len(slices)} slices"
    for index, frame in enumerate(stack.frames):
        place = stack.grid.to_lps((index, 0, 0))
        nearest = min(slices, key=lambda one: float(np.linalg.norm(one.place - place)))
        away = float(np.linalg.norm(nearest.place - place))
        if away > TOLERANCE_MM:
            return f"no slice within {away:.2f} mm of slice {index}"
        if _stored_sha256(nearest.values, stack) != frame.pixel_sha256:
            return f"other values at slice {index}"
    return ""


def _stored_sha256(shown: NDArray[np.float64], stack: TruthStack) -> str:
    stored = np.rint((shown - stack.rescale_intercept) / stack.rescale_slope).astype(np.int64)
    bits = (stored & 0xFFFF).astype("<u2")  # signed or not, the same bits
    return hashlib.sha256(bits.tobytes()).hexdigest()
