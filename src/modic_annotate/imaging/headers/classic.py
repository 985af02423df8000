"""Headers of classic MR objects: one image per file (PS3.3 A.4)."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TypedDict

from modic_annotate.domain.series import Acquisition
from modic_annotate.imaging.headers import values as v
from modic_annotate.imaging.headers.elements import Elements, Key
from modic_annotate.imaging.headers.header import Header
from modic_annotate.imaging.headers.values import Attributes
from modic_annotate.imaging.model import PatientIdentity
from modic_annotate.imaging.sources.archives import ImageFile

_DATE = re.compile(r"(\d{4})[.]?(\d{2})[.]?(\d{2})")  # ACR-NEMA wrote 2018.01.31

_NO_AGENT = frozenset(
    {"", "NO", "NONE", "N", "NIL", "-", "0", "NO CONTRAST", "WITHOUT CONTRAST", "WITHOUT", "OHNE",
     "SANS", "NO AGENT", "N/A", "NA"}
)  # fmt: skip
"""Some fill the attribute in any case."""

_FARTHEST_MM = 1e5  # a hundred metres: no magnet is as large
_POINT, _COSINES, _PAIR = 3, 6, 2


class _Shared(TypedDict):
    """The fields of a :class:`Header` that are the same for most files of a series."""

    sop_class_uid: str
    study_uid: str
    series_uid: str
    frame_of_reference_uid: str | None
    transfer_syntax: str
    series_number: int | None
    acquisition_number: int | None
    temporal_position: int | None
    images_in_acquisition: int | None
    description: str
    protocol_name: str
    sequence_name: str
    image_type: tuple[str, ...]
    scan_options_stated: bool
    b_value: float | None
    orientation: tuple[float, float, float, float, float, float] | None
    pixel_spacing: tuple[float, float] | None
    rows: int
    columns: int
    samples_per_pixel: int
    photometric: str
    bits_allocated: int
    rescale_slope: float | None
    lossy: str
    acquisition: Acquisition
    acquisition_contrast: str
    body_part: str


def classic_headers(path: ImageFile, ds: Attributes, *, truncated: bool) -> tuple[Header, ...]:
    """Return the one header of a classic MR object, or one per frame where it has several."""
    frames = v.integer(ds, "NumberOfFrames") or 1
    first = base_header(path, ds, truncated=truncated, lone_multiframe=frames > 1)
    return (first,)


def base_header(
    path: ImageFile, ds: Attributes, *, truncated: bool, lone_multiframe: bool
) -> Header:
    """Return what the top level of a data set says, as frame 0."""
    return Header(
        path=path,
        frame=0,
        sop_instance_uid=v.text(ds, "SOPInstanceUID"),
        instance_number=v.integer(ds, "InstanceNumber"),
        position=position_of(ds),
        truncated=truncated,
        lone_multiframe=lone_multiframe,
        patient=patient_of(ds),
        **(_remembered(ds.key()) if isinstance(ds, Elements) else _same_for_all(ds)),
    )


@lru_cache(maxsize=64)
def _remembered(key: Key) -> _Shared:
    """Work out once for all its files what a series says; `key` is what they say literally."""
    return _same_for_all(Elements.of(key))


def _same_for_all(ds: Attributes) -> _Shared:
    """Return what the images of a series have in common, as a rule."""
    return _Shared(
        sop_class_uid=v.text(ds, "SOPClassUID"),
        study_uid=v.text(ds, "StudyInstanceUID"),
        series_uid=v.text(ds, "SeriesInstanceUID"),
        frame_of_reference_uid=v.uid(ds, "FrameOfReferenceUID"),
        transfer_syntax=_transfer_syntax(ds),
        series_number=v.integer(ds, "SeriesNumber"),
        acquisition_number=v.integer(ds, "AcquisitionNumber"),
        temporal_position=v.integer(ds, "TemporalPositionIdentifier"),
        images_in_acquisition=v.integer(ds, "ImagesInAcquisition"),
        description=v.text(ds, "SeriesDescription"),
        protocol_name=v.text(ds, "ProtocolName"),
        sequence_name=v.text(ds, "SequenceName") or v.text(ds, "PulseSequenceName"),
        image_type=tuple(part.upper() for part in v.texts(ds, "ImageType")),
        scan_options_stated="ScanOptions" in ds,
        b_value=v.number(ds, "DiffusionBValue"),
        orientation=orientation_of(ds),
        pixel_spacing=pixel_spacing_of(ds),
        rows=v.integer(ds, "Rows") or 0,
        columns=v.integer(ds, "Columns") or 0,
        samples_per_pixel=v.integer(ds, "SamplesPerPixel") or 1,
        photometric=v.text(ds, "PhotometricInterpretation"),
        bits_allocated=v.integer(ds, "BitsAllocated") or 0,
        rescale_slope=v.number(ds, "RescaleSlope"),
        lossy=v.text(ds, "LossyImageCompression"),
        acquisition=acquisition_of(ds),
        acquisition_contrast=v.text(ds, "AcquisitionContrast").upper(),
        body_part=v.text(ds, "BodyPartExamined"),
    )


def position_of(ds: Attributes) -> tuple[float, float, float] | None:
    """Return ImagePositionPatient in LPS mm."""
    values = v.numbers(ds, "ImagePositionPatient")
    if len(values) != _POINT or max(map(abs, values)) > _FARTHEST_MM:
        return None
    return values[0], values[1], values[2]


def orientation_of(ds: Attributes) -> tuple[float, float, float, float, float, float] | None:
    """Return ImageOrientationPatient: the row direction, then the column direction."""
    c = v.numbers(ds, "ImageOrientationPatient")
    return (c[0], c[1], c[2], c[3], c[4], c[5]) if len(c) == _COSINES else None


def pixel_spacing_of(ds: Attributes) -> tuple[float, float] | None:
    """Return the distance of rows, then of columns, in mm."""
    values = v.numbers(ds, "PixelSpacing")
    sound = len(values) == _PAIR and min(values) > 0 and max(values) <= _FARTHEST_MM
    return (values[0], values[1]) if sound else None


def acquisition_of(ds: Attributes) -> Acquisition:
    """Return how the image was acquired, as the classic attributes say it."""
    return Acquisition(
        manufacturer=v.text(ds, "Manufacturer") or None,
        manufacturer_model_name=v.text(ds, "ManufacturerModelName") or None,
        magnetic_field_strength_t=v.number(ds, "MagneticFieldStrength"),
        scanning_sequence=v.text(ds, "ScanningSequence") or None,
        sequence_variant=v.text(ds, "SequenceVariant") or None,
        scan_options=v.text(ds, "ScanOptions") or None,
        image_type=v.text(ds, "ImageType") or None,
        repetition_time_ms=v.number(ds, "RepetitionTime"),
        echo_time_ms=v.number(ds, "EchoTime"),
        inversion_time_ms=v.number(ds, "InversionTime"),
        echo_train_length=v.integer(ds, "EchoTrainLength"),
        flip_angle_deg=v.number(ds, "FlipAngle"),
        slice_thickness_mm=_size(v.number(ds, "SliceThickness")),
        spacing_between_slices_mm=_size(v.number(ds, "SpacingBetweenSlices")),
        in_plane_phase_encoding_direction=v.text(ds, "InPlanePhaseEncodingDirection") or None,
        patient_position=v.text(ds, "PatientPosition") or None,
        contrast_agent=_contrast_agent(ds),
    )


def _size(value: float | None) -> float | None:
    return None if value is None else abs(value)  # some write the spacing with a direction sign


def _contrast_agent(ds: Attributes) -> bool | None:
    agent = v.text(ds, "ContrastBolusAgent").upper()
    if agent not in _NO_AGENT or v.raw(ds, "ContrastBolusAgentSequence"):
        return True
    return False if "ContrastBolusAgent" in ds else None


def patient_of(ds: Attributes) -> PatientIdentity:
    """Return who the image says it is of."""
    birth = _DATE.fullmatch(v.text(ds, "PatientBirthDate"))
    study = _DATE.fullmatch(v.text(ds, "StudyDate"))
    return PatientIdentity(
        name=v.text(ds, "PatientName").rstrip("=^ ") or None,
        patient_id=v.text(ds, "PatientID") or None,
        birth_year=int(birth[1]) if birth else None,
        sex=v.text(ds, "PatientSex") or None,
        study_date="-".join(study.groups()) if study else None,
    )


def _transfer_syntax(ds: Attributes) -> str:
    return v.text(v.file_meta(ds), "TransferSyntaxUID")
