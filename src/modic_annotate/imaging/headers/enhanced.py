"""Headers of enhanced MR objects: one per frame, from the functional groups (PS3.3 A.36).

What a group says is put into the words of the classic attributes, so that roles and stacks
need to know one vocabulary only.
"""

from __future__ import annotations

from dataclasses import replace

from pydicom.dataset import Dataset

from modic_annotate.domain.series import Acquisition
from modic_annotate.imaging.headers import values as v
from modic_annotate.imaging.headers.classic import (
    acquisition_of,
    base_header,
    orientation_of,
    pixel_spacing_of,
    position_of,
)
from modic_annotate.imaging.headers.header import WATER_SUPPRESSED, Header
from modic_annotate.imaging.sources.archives import ImageFile

_PULSE = {"SPIN": "SE", "GRADIENT": "GR", "BOTH": "SE\\GR"}
"""EchoPulseSequence (PS3.3 C.8.13.4) as ScanningSequence (C.8.3.1.1.1)."""

_SUPPRESSED = {"FAT": "FS", "WATER": WATER_SUPPRESSED}
_EXCITED = {"WATER": "WE", "FAT": WATER_SUPPRESSED}
"""SpectrallySelectedSuppression and -Excitation (PS3.3 C.8.13.4, C.8.13.5.5) as ScanOptions."""


_MAGNITUDE = "MAGNITUDE"

_UNASSIGNED = (
    "UnassignedSharedConvertedAttributesSequence",
    "UnassignedPerFrameConvertedAttributesSequence",
)
"""Where a converted object keeps the classic attributes that no other group takes (PS3.3
C.7.6.16.2.25.1 and C.7.6.16.2.26.1)."""


class Groups:
    """The functional groups of one frame: its own first, then the shared ones."""

    def __init__(self, own: Dataset | None, shared: Dataset | None) -> None:
        self._own = own
        self._shared = shared

    def __getitem__(self, keyword: str) -> Dataset:
        found = v.items(self._own, keyword) or v.items(self._shared, keyword)
        return found[0] if found else Dataset()


def enhanced_headers(path: ImageFile, ds: Dataset, *, truncated: bool) -> tuple[Header, ...]:
    """Return one header per frame of an enhanced MR object."""
    base = replace(
        base_header(path, ds, truncated=truncated, lone_multiframe=False),
        concatenation_uid=v.text(ds, "ConcatenationUID"),
        concatenation_number=v.integer(ds, "InConcatenationNumber"),
        concatenation_total=v.integer(ds, "InConcatenationTotalNumber"),
    )
    shared = next(iter(v.items(ds, "SharedFunctionalGroupsSequence")), None)
    own = v.items(ds, "PerFrameFunctionalGroupsSequence")
    n_frames = v.integer(ds, "NumberOfFrames") or max(len(own), 1)  # bounded: frames.py
    return tuple(
        _frame_header(base, ds, Groups(own[i] if i < len(own) else None, shared), i)
        for i in range(n_frames)
    )


def _frame_header(base: Header, ds: Dataset, groups: Groups, frame: int) -> Header:
    content = groups["FrameContentSequence"]
    converted = _converted(groups)
    kind = groups["MRImageFrameTypeSequence"]
    diffusion = v.number(groups["MRDiffusionSequence"], "DiffusionBValue")
    options = "ScanOptions" in converted or "SpectrallySelectedSuppression" in ds
    return replace(
        base,
        frame=frame,
        position=position_of(groups["PlanePositionSequence"]),
        orientation=orientation_of(groups["PlaneOrientationSequence"]),
        pixel_spacing=pixel_spacing_of(groups["PixelMeasuresSequence"]),
        rescale_slope=v.number(groups["PixelValueTransformationSequence"], "RescaleSlope"),
        temporal_position=v.integer(content, "TemporalPositionIndex"),
        acquisition_number=v.integer(content, "FrameAcquisitionNumber"),
        b_value=v.number(converted, "DiffusionBValue") if diffusion is None else diffusion,
        image_type=(*(_image_type(kind) or base.image_type), *_calculated(ds, kind)),
        acquisition_contrast=v.text(kind, "AcquisitionContrast").upper()
        or base.acquisition_contrast,
        stack_id=v.text(content, "StackID"),
        dimensions=tuple(int(n) for n in v.numbers(content, "DimensionIndexValues")),
        scan_options_stated=options,
        acquisition=_acquisition(base.acquisition, ds, groups, acquisition_of(converted)),
    )


def _converted(groups: Groups) -> Dataset:
    """Return the classic attributes of a converted frame; none in a true enhanced object."""
    attributes = Dataset()
    for keyword in _UNASSIGNED:
        attributes.update(groups[keyword])
    return attributes


def _image_type(kind: Dataset) -> tuple[str, ...]:
    """Return the frame's type, and last the component of the complex image that it is.

    ComplexImageComponent (PS3.3 C.8.13.3.1.2) stands beside the type, not in it.
    """
    parts = tuple(part.upper() for part in v.texts(kind, "FrameType"))
    component = v.text(kind, "ComplexImageComponent").upper()
    told = component in ("", _MAGNITUDE, *parts)
    return parts if told or not parts else (*parts, component)


def _calculated(ds: Dataset, kind: Dataset) -> tuple[str, ...]:
    """Return how the frame was calculated from a volume (MAX_IP, MPR, ...), if it was."""
    keyword = "VolumeBasedCalculationTechnique"
    technique = (v.text(kind, keyword) or v.text(ds, keyword)).upper()
    return () if technique in ("", "NONE") else (technique,)


def _acquisition(
    base: Acquisition, ds: Dataset, groups: Groups, converted: Acquisition
) -> Acquisition:
    timing = groups["MRTimingAndRelatedParametersSequence"]
    modifier = groups["MRModifierSequence"]
    measures = groups["PixelMeasuresSequence"]
    image_type = v.text(groups["MRImageFrameTypeSequence"], "FrameType")
    stated = {
        "scanning_sequence": _scanning_sequence(ds, modifier),
        "scan_options": _scan_options(ds, modifier),
        "image_type": image_type or base.image_type,
        "repetition_time_ms": v.number(timing, "RepetitionTime"),
        "flip_angle_deg": v.number(timing, "FlipAngle"),
        "echo_train_length": v.integer(timing, "EchoTrainLength")
        or v.integer(timing, "RFEchoTrainLength"),
        "contrast_agent": _contrast_agent(base, groups),
        "echo_time_ms": v.number(groups["MREchoSequence"], "EffectiveEchoTime"),
        "inversion_time_ms": v.number(modifier, "InversionTimes"),
        "slice_thickness_mm": v.number(measures, "SliceThickness"),
        "spacing_between_slices_mm": v.number(measures, "SpacingBetweenSlices"),
    }
    known = {
        name: getattr(converted, name) if value is None else value for name, value in stated.items()
    }
    return base.model_copy(update=known)


def _scanning_sequence(ds: Dataset, modifier: Dataset) -> str | None:
    words = [_PULSE.get(v.text(ds, "EchoPulseSequence"), "")]
    if v.text(ds, "EchoPlanarPulseSequence") == "YES":
        words.append("EP")
    if v.text(modifier, "InversionRecovery") == "YES":
        words.append("IR")
    return "\\".join(word for word in words if word) or None


def _scan_options(ds: Dataset, modifier: Dataset) -> str | None:
    stated = v.text(modifier, "SpectrallySelectedSuppression") or v.text(
        ds, "SpectrallySelectedSuppression"
    )
    excited = v.text(modifier, "SpectrallySelectedExcitation")
    words = [_SUPPRESSED.get(stated, ""), _EXCITED.get(excited, "")]
    return "\\".join(word for word in words if word) or None


def _contrast_agent(base: Acquisition, groups: Groups) -> bool | None:
    """Return whether an agent was given before this frame; an object may list one and not yet."""
    usage = groups["ContrastBolusUsageSequence"]
    given = v.text(usage, "ContrastBolusAgentAdministered")
    return given == "YES" if given in ("YES", "NO") else base.contrast_agent
