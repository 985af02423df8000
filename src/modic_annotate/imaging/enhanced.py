"""Headers of enhanced MR objects: one per frame, from the functional groups (PS3.3 A.36).

What a group says is put into the words of the classic attributes, so that roles and stacks
need to know one vocabulary only.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from pydicom.dataset import Dataset

from modic_annotate.domain.series import Acquisition
from modic_annotate.imaging import values as v
from modic_annotate.imaging.classic import (
    base_header,
    orientation_of,
    pixel_spacing_of,
    position_of,
)
from modic_annotate.imaging.header import Header

_PULSE = {"SPIN": "SE", "GRADIENT": "GR", "BOTH": "SE\\GR"}
"""EchoPulseSequence (PS3.3 C.8.13.4) as ScanningSequence (C.8.3.1.1.1)."""

_MOST_FRAMES_WITHOUT_GROUPS = 1024


class Groups:
    """The functional groups of one frame: its own first, then the shared ones."""

    def __init__(self, own: Dataset | None, shared: Dataset | None) -> None:
        self._own = own
        self._shared = shared

    def __getitem__(self, keyword: str) -> Dataset:
        found = v.items(self._own, keyword) or v.items(self._shared, keyword)
        return found[0] if found else Dataset()


def enhanced_headers(path: Path, ds: Dataset, *, truncated: bool) -> tuple[Header, ...]:
    """Return one header per frame of an enhanced MR object."""
    base = base_header(path, ds, truncated=truncated, lone_multiframe=False)
    shared = next(iter(v.items(ds, "SharedFunctionalGroupsSequence")), None)
    own = v.items(ds, "PerFrameFunctionalGroupsSequence")
    n_frames = v.integer(ds, "NumberOfFrames") or max(len(own), 1)
    if n_frames > max(len(own), _MOST_FRAMES_WITHOUT_GROUPS):
        raise ValueError(n_frames)  # MALFORMED
    return tuple(
        _frame_header(base, ds, Groups(own[i] if i < len(own) else None, shared), i)
        for i in range(n_frames)
    )


def _frame_header(base: Header, ds: Dataset, groups: Groups, frame: int) -> Header:
    content = groups["FrameContentSequence"]
    frame_type = v.texts(groups["MRImageFrameTypeSequence"], "FrameType")
    return replace(
        base,
        frame=frame,
        position=position_of(groups["PlanePositionSequence"]),
        orientation=orientation_of(groups["PlaneOrientationSequence"]),
        pixel_spacing=pixel_spacing_of(groups["PixelMeasuresSequence"]),
        rescale_slope=v.number(groups["PixelValueTransformationSequence"], "RescaleSlope"),
        temporal_position=v.integer(content, "TemporalPositionIndex"),
        acquisition_number=v.integer(content, "FrameAcquisitionNumber"),
        b_value=v.number(groups["MRDiffusionSequence"], "DiffusionBValue"),
        image_type=tuple(part.upper() for part in frame_type) or base.image_type,
        scan_options_stated="SpectrallySelectedSuppression" in ds,
        acquisition=_acquisition(base.acquisition, ds, groups),
    )


def _acquisition(base: Acquisition, ds: Dataset, groups: Groups) -> Acquisition:
    timing = groups["MRTimingAndRelatedParametersSequence"]
    modifier = groups["MRModifierSequence"]
    measures = groups["PixelMeasuresSequence"]
    image_type = v.text(groups["MRImageFrameTypeSequence"], "FrameType")
    return base.model_copy(
        update={
            "scanning_sequence": _scanning_sequence(ds, modifier),
            "scan_options": _scan_options(ds, modifier),
            "image_type": image_type or base.image_type,
            "repetition_time_ms": v.number(timing, "RepetitionTime"),
            "flip_angle_deg": v.number(timing, "FlipAngle"),
            "echo_train_length": v.integer(timing, "EchoTrainLength"),
            "echo_time_ms": v.number(groups["MREchoSequence"], "EffectiveEchoTime"),
            "inversion_time_ms": v.number(modifier, "InversionTimes"),
            "slice_thickness_mm": v.number(measures, "SliceThickness"),
            "spacing_between_slices_mm": v.number(measures, "SpacingBetweenSlices"),
        }
    )


def _scanning_sequence(ds: Dataset, modifier: Dataset) -> str | None:
    words = [_PULSE.get(v.text(ds, "EchoPulseSequence"), "")]
    if v.text(modifier, "InversionRecovery") == "YES":
        words.append("IR")
    return "\\".join(word for word in words if word) or None


def _scan_options(ds: Dataset, modifier: Dataset) -> str | None:
    stated = v.text(modifier, "SpectrallySelectedSuppression") or v.text(
        ds, "SpectrallySelectedSuppression"
    )
    words = ["FS"] if stated == "FAT" else []
    if v.text(modifier, "SpectrallySelectedExcitation") == "WATER":
        words.append("WE")
    return "\\".join(words) or None
