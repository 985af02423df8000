"""Vendor studies as independent validators see them, and beside the real objects they imitate."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pydicom
import pytest
from pydicom.datadict import private_dictionary_VR
from pydicom.dataset import Dataset
from pydicom.fileset import FileSet

from modic_annotate.phantom.vendors import VENDORS, Export, Form, Kind, Size, VendorTruth

TINY = Size(48)
SERIES = (Kind.T2, Kind.T1, Kind.STIR, Kind.LOCALIZER)
FORMS = [
    pytest.param(vendor, form, id=f"{vendor.key}-{form}")
    for vendor in VENDORS.values()
    for form in Form
    if form is Form.CLASSIC or vendor.enhanced is not None
]
_UNSATISFIED = (
    "Attribute present when condition unsatisfied (which may not be present otherwise)"
    " Type 2C Conditional Element=<{}> Module=<{}>"
)
_LATERALITY = _UNSATISFIED.format("Laterality", "GeneralSeries")
_INVERSION = _UNSATISFIED.format("InversionTime", "MRImage")
DELIBERATE = {
    ("ge", Form.CLASSIC): {
        _LATERALITY: "empty in public header dumps",
        _INVERSION: "0 where nothing is inverted: chosen by us",
    },
    ("hitachi", Form.CLASSIC): {
        _LATERALITY: "empty in the shared exam",
        _INVERSION: "0 on spin echo in the shared exam",
        _UNSATISFIED.format("TriggerTime", "MRImage"): "empty in the shared exam",
        "Shall not be present when PixelSpacing is present - attribute <PixelAspectRatio>": (
            "1\\1 in the shared exam"
        ),
        "PixelAspectRatio may not be present when it has a ratio of 1:1 - values are 1\\1": (
            "1\\1 in the shared exam"
        ),
    },
    ("uih", Form.CLASSIC): {
        "Illegal negative value - SpacingBetweenSlices": "a minus sign: chosen by us",
        "Not permitted to be negative - attribute <SpacingBetweenSlices>": (
            "a minus sign: chosen by us"
        ),
    },
}
"""Errors of dciodvfy that come of a habit, and why it is kept; all others would be our faults."""

HITACHI_LACKS = {
    "DeidentificationMethod",
    "NumberOfPhaseEncodingSteps",
    "PatientIdentityRemoved",
    "ReconstructionDiameter",
}
"""Attributes of the shared exam's images that the phantom leaves out."""


@pytest.mark.parametrize(("vendor", "form"), FORMS)
def test_dciodvfy_finds_no_errors_but_those_meant(vendor_study, vendor, form) -> None:
    """The validator of dicom3tools has no error that is not listed, and every listed one."""
    tool = _program("dciodvfy", "dicom3tools")
    folder, truth = vendor_study(Export(vendor, form, kinds=SERIES, size=TINY))
    found = {error for name in _one_of_each(truth) for error in _errors(tool, folder / name)}
    found |= {error for name in truth.no_images for error in _errors(tool, folder / name)}
    assert found == set(DELIBERATE.get((vendor.key, form), {}))


@pytest.mark.parametrize(("vendor", "form"), FORMS)
def test_dcmtk_reads_every_file(vendor_study, vendor, form) -> None:
    """DCMTK parses every file, private blocks and all, without a word of complaint."""
    tool = _program("dcmdump", "dcmtk")
    folder, _ = vendor_study(Export(vendor, form, kinds=SERIES, size=TINY))
    for path in (p for p in folder.rglob("*") if p.is_file()):
        ran = subprocess.run([tool, "-q", str(path)], capture_output=True, check=False)
        assert (ran.returncode, ran.stderr) == (0, b""), path.name


@pytest.mark.parametrize("name", ["philips", "hitachi"])
def test_the_index_names_every_image(vendor_study, name: str) -> None:
    """DICOMDIR leads to each image through its patient, study and series."""
    folder, truth = vendor_study(Export(VENDORS[name], kinds=SERIES, size=TINY))
    index = FileSet(folder / "DICOMDIR")
    listed = {Path(item.path).relative_to(folder).as_posix() for item in index}
    index._stage["t"].cleanup()  # a temporary folder that pydicom leaves to the collector
    assert listed == {frame.file for stack in truth.stacks for frame in stack.frames}


@pytest.mark.parametrize(("vendor", "form"), FORMS)
def test_private_elements_agree_with_the_dictionary(vendor_study, vendor, form) -> None:
    """Each private element has its creator, and the VR that is known for it."""
    folder, truth = vendor_study(Export(vendor, form, kinds=SERIES, size=TINY))
    dataset = pydicom.dcmread(folder / truth.stacks[0].frames[0].file)
    private = [e for e in dataset.iterall() if e.tag.is_private and not e.tag.is_private_creator]
    assert private
    for element in private:
        assert element.private_creator, element.tag
        try:
            known = private_dictionary_VR(element.tag, element.private_creator)
        except KeyError:
            continue
        assert known == element.VR, element.tag
    assert max(len(e.value) for e in private if e.VR == "OB") >= 1024


@pytest.mark.parametrize(
    ("name", "facts"),
    [
        ("siemens", {"BitsStored": 12, "PixelRepresentation": 0, "ScanningSequence": "SE"}),
        ("ge", {"BitsStored": 16, "PixelRepresentation": 1, "InversionTime": 0, "Laterality": ""}),
        ("philips", {"RescaleType": "normalized", "RescaleSlope": 1.08083028083028}),
        ("canon", {"Manufacturer": "CANON_MEC", "SeriesNumber": 1000, "SequenceVariant": "NONE"}),
        ("hitachi", {"PixelRepresentation": 1, "HighBit": 11, "NumberOfFrames": 1}),
        ("uih", {"Manufacturer": "UIH", "SpacingBetweenSlices": -3.85, "SeriesNumber": 101}),
    ],
)
def test_each_vendor_has_its_habits(vendor_study, name: str, facts: dict[str, object]) -> None:
    """What tells a vendor's classic T2 from others stands in its header."""
    dataset = _first_of(vendor_study, name)
    assert {keyword: dataset[keyword].value for keyword in facts} == facts


def test_spacing_and_windows_are_stated_in_more_than_one_way(vendor_study) -> None:
    """Canon writes the gap, Siemens two windows, GE six significant digits."""
    assert _first_of(vendor_study, "canon").SpacingBetweenSlices == pytest.approx(0.35)
    assert len(_first_of(vendor_study, "siemens").WindowCenter) == 2
    position = _first_of(vendor_study, "ge").ImagePositionPatient
    assert all(len(re.sub(r"\D", "", v.original_string)) <= 6 for v in position)
    assert "SequenceName" not in _first_of(vendor_study, "ge")


def test_names_in_other_scripts_are_there(vendor_study) -> None:
    """Canon and UIH add an ideographic name, in the character set each declares."""
    for name in ("canon", "uih"):
        assert _first_of(vendor_study, name).PatientName.ideographic == "合成^模型"


def test_a_decoy_position_lies_half_a_pixel_aside(vendor_study) -> None:
    """Philips states another ImagePositionPatient in a private sequence."""
    dataset = _first_of(vendor_study, "philips")
    decoy = dataset[0x2005, 0x140F].value[0].ImagePositionPatient
    apart = sum((a - b) ** 2 for a, b in zip(dataset.ImagePositionPatient, decoy, strict=True))
    assert apart**0.5 == pytest.approx(2**0.5 * dataset.PixelSpacing[0] / 2, rel=1e-3)


def test_hitachi_stores_truly_negative_values(vendor_study) -> None:
    """Signed 12 of 16 bits with values below zero, as the extremes say too."""
    dataset = _first_of(vendor_study, "hitachi")
    assert dataset.pixel_array.min() == dataset.SmallestImagePixelValue < 0


@pytest.mark.real
def test_hitachi_has_the_attributes_of_the_shared_exam(vendor_study, real_data: Path) -> None:
    """A phantom's image has what the real one has, but for what is listed, and the same habits."""
    real = pydicom.dcmread(real_data / "lumbar-hitachi-0.3t/DCM/D0000000", stop_before_pixels=True)
    drawn = _first_of(vendor_study, "hitachi")
    assert _keywords(real) - _keywords(drawn) == HITACHI_LACKS
    for keyword in (
        "SpecificCharacterSet", "ImageType", "Manufacturer", "ManufacturerModelName",
        "SeriesDescription", "ScanningSequence", "SequenceVariant", "ScanOptions", "SequenceName",
        "RepetitionTime", "EchoTime", "InversionTime", "EchoTrainLength", "MagneticFieldStrength",
        "BitsStored", "HighBit", "PixelRepresentation", "NumberOfFrames", "PixelAspectRatio",
        "AcquisitionNumber", "SeriesNumber", "Laterality", "TriggerTime",
    ):  # fmt: skip
        assert drawn[keyword].value == real[keyword].value, keyword


@pytest.mark.real
def test_siemens_shares_the_groups_of_the_shared_object(vendor_study, real_data: Path) -> None:
    """Functional groups stand for all frames or for each as in the real XA30 object."""
    real = pydicom.dcmread(real_data / "siemens-enhanced-sag-t1/enhanced.dcm")
    drawn = _first_of(vendor_study, "siemens", Form.ENHANCED)
    for keyword in ("SharedFunctionalGroupsSequence", "PerFrameFunctionalGroupsSequence"):
        theirs, ours = real[keyword].value[0], drawn[keyword].value[0]
        assert _keywords(theirs) - {"ReferencedImageSequence"} == _keywords(ours)
        assert _creators(theirs) == _creators(ours)
    pointers = [item.DimensionIndexPointer for item in real.DimensionIndexSequence]
    assert [item.DimensionIndexPointer for item in drawn.DimensionIndexSequence] == pointers


def _first_of(vendor_study, name: str, form: Form = Form.CLASSIC) -> Dataset:
    folder, truth = vendor_study(Export(VENDORS[name], form, kinds=SERIES, size=TINY))
    return pydicom.dcmread(folder / truth.stacks[0].frames[0].file)


def _keywords(dataset: Dataset) -> set[str]:
    return {element.keyword for element in dataset if not element.tag.is_private} - {"PixelData"}


def _creators(dataset: Dataset) -> list[tuple[int, str]]:
    return [(int(e.tag), e.value) for e in dataset if e.tag.is_private_creator]


def _one_of_each(truth: VendorTruth) -> list[str]:
    return [stack.frames[0].file for stack in truth.stacks]


def _errors(tool: str, path: Path) -> set[str]:
    ran = subprocess.run([tool, str(path)], capture_output=True, text=True, check=False)
    lines = [line for line in (ran.stderr + ran.stdout).splitlines() if "Error - " in line]
    return {re.sub(r" = <?-[\d.]+>?$", "", line.split("Error - ", 1)[1]) for line in lines}


def _program(name: str, package: str) -> str:
    tool = shutil.which(name)
    if tool is None:
        pytest.skip(f"{name} ({package}) is not installed")
    return tool
