"""One image frame as its file describes it, whatever program read the file."""

from __future__ import annotations

import re
from dataclasses import dataclass

from modic_annotate.domain.series import Acquisition
from modic_annotate.imaging.model import PatientIdentity, SliceRef
from modic_annotate.imaging.sources.archives import ImageFile

MR_IMAGE = "1.2.840.10008.5.1.4.1.1.4"
ENHANCED_MR_IMAGE = "1.2.840.10008.5.1.4.1.1.4.1"
LEGACY_CONVERTED_ENHANCED_MR = "1.2.840.10008.5.1.4.1.1.4.4"
MR_IMAGE_CLASSES = frozenset({MR_IMAGE, ENHANCED_MR_IMAGE, LEGACY_CONVERTED_ENHANCED_MR})
"""PS3.4 table B.5-1."""

_SIGNS = re.compile(r"[\W_]+")
_TELLING = 3  # letters or digits of a name or id that tell a person
WATER_SUPPRESSED = "WATER_SUPPRESSED"
"""Scan option for what only enhanced objects can say: an image of fat alone."""

MEDIA_STORAGE_DIRECTORY = "1.2.840.10008.1.3.10"


@dataclass(frozen=True, slots=True)
class Header:
    """What the header pass keeps of one frame; None or empty where the file is silent."""

    path: ImageFile
    frame: int
    sop_class_uid: str
    sop_instance_uid: str
    study_uid: str
    series_uid: str
    frame_of_reference_uid: str | None
    transfer_syntax: str
    series_number: int | None
    instance_number: int | None
    acquisition_number: int | None
    temporal_position: int | None
    images_in_acquisition: int | None
    description: str
    protocol_name: str
    sequence_name: str
    image_type: tuple[str, ...]
    scan_options_stated: bool
    """Whether the file has the attribute at all, if only empty: then "none" is a statement."""

    b_value: float | None
    position: tuple[float, float, float] | None
    orientation: tuple[float, float, float, float, float, float] | None
    pixel_spacing: tuple[float, float] | None
    rows: int
    columns: int
    samples_per_pixel: int
    photometric: str
    bits_allocated: int
    rescale_slope: float | None
    truncated: bool
    """Whether the file ends before the pixel data its header promises."""

    lone_multiframe: bool
    """Whether several frames share one position because the object states no others."""

    acquisition: Acquisition
    patient: PatientIdentity
    stack_id: str = ""
    """StackID of an enhanced frame."""

    dimensions: tuple[int, ...] = ()
    """DimensionIndexValues of an enhanced frame, whatever the pointers mean."""

    concatenation_uid: str = ""
    """What the objects of one concatenation share (PS3.3 C.7.6.16.2.2.4)."""

    concatenation_number: int | None = None
    concatenation_total: int | None = None
    lossy: str = ""
    """LossyImageCompression: 01 where some values were lost, 00 where none were."""

    acquisition_contrast: str = ""
    """AcquisitionContrast, which enhanced objects state (PS3.3 C.8.13.3.1.2)."""

    body_part: str = ""

    @property
    def label(self) -> str:
        """How a message names this image, without path or identity."""
        number = self.instance_number
        name = f"image {number}" if number is not None else f"instance ...{self.sop_tail}"
        return f"{name} frame {self.frame + 1}" if self.is_enhanced else name

    @property
    def file_label(self) -> str:
        """The image and the file it is in; a file named after the patient is not named."""
        identity = f"{self.patient.name or ''}^{self.patient.patient_id or ''}"
        name = self.path.name.casefold()
        words = _SIGNS.split(name)
        parts = [part for part in _SIGNS.split(identity.casefold()) if part]
        if any(part in words or (len(part) >= _TELLING and part in name) for part in parts):
            return self.label
        return f"{self.label} (file {self.path.name})"

    @property
    def sop_tail(self) -> str:
        """The end of the SOP instance UID, enough to find the file."""
        return self.sop_instance_uid[-8:]

    @property
    def is_enhanced(self) -> bool:
        """Whether the frame's geometry stands in functional groups."""
        return self.sop_class_uid in (ENHANCED_MR_IMAGE, LEGACY_CONVERTED_ENHANCED_MR)

    @property
    def is_mosaic(self) -> bool:
        """Whether one image holds many slices side by side (Siemens)."""
        return "MOSAIC" in self.image_type

    def slice_ref(self) -> SliceRef:
        """Return where this frame is stored."""
        return SliceRef(
            path=self.path,
            frame=self.frame,
            sop_instance_uid=self.sop_instance_uid,
            instance_number=self.instance_number,
            position_lps=self.position,
        )
