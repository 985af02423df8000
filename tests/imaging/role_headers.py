"""Headers for judging roles, without files."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from modic_annotate.domain.series import Acquisition
from modic_annotate.imaging.headers.header import MR_IMAGE, Header
from modic_annotate.imaging.model import PatientIdentity
from modic_annotate.imaging.roles.judging import role_of

SAGITTAL = (0.0, 1.0, 0.0, 0.0, 0.0, -1.0)
AXIAL = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0)
CORONAL = (1.0, 0.0, 0.0, 0.0, 0.0, -1.0)

SILENT = Header(
    path=Path("a"),
    frame=0,
    sop_class_uid=MR_IMAGE,
    sop_instance_uid="1.2",
    study_uid="1.3",
    series_uid="1.4",
    frame_of_reference_uid=None,
    transfer_syntax="1.2.840.10008.1.2.1",
    series_number=1,
    instance_number=1,
    acquisition_number=None,
    temporal_position=None,
    images_in_acquisition=None,
    description="",
    protocol_name="",
    sequence_name="",
    image_type=("ORIGINAL", "PRIMARY"),
    scan_options_stated=False,
    b_value=None,
    position=(0.0, 0.0, 0.0),
    orientation=SAGITTAL,
    pixel_spacing=(0.5, 0.5),
    rows=4,
    columns=4,
    samples_per_pixel=1,
    photometric="MONOCHROME2",
    bits_allocated=16,
    rescale_slope=None,
    truncated=False,
    lone_multiframe=False,
    acquisition=Acquisition(),
    patient=PatientIdentity(),
)
"""A sagittal MR image that says nothing of its technique."""

_OF_ACQUISITION = {
    "tr": "repetition_time_ms",
    "te": "echo_time_ms",
    "ti": "inversion_time_ms",
    "flip": "flip_angle_deg",
    "train": "echo_train_length",
    "variant": "sequence_variant",
    "agent": "contrast_agent",
    "maker": "manufacturer",
    "field": "magnetic_field_strength_t",
}


def header(
    words: str = "", sequence: str | None = "SE", options: str | None = "", **facts: Any
) -> Header:
    """Return a header; `kinds` are the values of ImageType from the third on."""
    acquired = {name: facts.pop(key) for key, name in _OF_ACQUISITION.items() if key in facts}
    first = facts.pop("image_type", ("ORIGINAL", "PRIMARY"))
    return replace(
        SILENT,
        description=words,
        scan_options_stated=options is not None,
        image_type=(*first, *facts.pop("kinds", ())),
        acquisition=Acquisition(
            scanning_sequence=sequence, scan_options=options or None, **acquired
        ),
        **facts,
    )


def judged(**facts: Any) -> tuple[str, str, str]:
    """Return role, weighting and fat technique of such a header."""
    found = role_of(header(**facts))
    return found.role.value, found.weighting.value, found.fat.value
