"""An enhanced MR image (PS3.3 A.36): the frames of a stack or of a whole series in one file."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from pydicom.dataset import Dataset
from pydicom.tag import BaseTag, Tag
from pydicom.uid import UID, EnhancedMRImageStorage

from modic_annotate.phantom.dicom import STUDY_TIME, phantom_uid
from modic_annotate.phantom.vendors import common, groups
from modic_annotate.phantom.vendors.export import Image
from modic_annotate.phantom.vendors.vendor import EnhancedHabits

PHILIPS_IMAGE_TYPE = Tag(0x2005, 0x1011), "Philips MR Imaging DD 001"
PHILIPS_FRAME_GROUP = Tag(0x2005, 0x140F), "Philips MR Imaging DD 005"
"""Private elements that a dimension points to, and their creators."""

_POINTERS: Mapping[str, tuple[BaseTag, BaseTag]] = {
    "StackID": (Tag("StackID"), Tag("FrameContentSequence")),
    "InStackPositionNumber": (Tag("InStackPositionNumber"), Tag("FrameContentSequence")),
    "TemporalPositionIndex": (Tag("TemporalPositionIndex"), Tag("FrameContentSequence")),
    "PhilipsImageType": (PHILIPS_IMAGE_TYPE[0], PHILIPS_FRAME_GROUP[0]),
}
_VALUES: Mapping[str, Callable[[Image, int], int]] = {
    "StackID": lambda image, position: image.stack + 1,
    "InStackPositionNumber": lambda image, position: position,
    "TemporalPositionIndex": lambda image, position: 1,
    "PhilipsImageType": lambda image, position: _image_kinds(image).index(image.part.kind) + 1,
}


def frames_of(habits: EnhancedHabits, stacks: Sequence[Sequence[Image]]) -> list[Image]:
    """Return the images of one object in the order in which they are stored as frames."""
    frames: list[Image] = []
    for images in stacks:
        ranks = habits.frame_order.ranks(len(images))
        frames += sorted(images, key=lambda image: ranks[image.rank])
    return frames


def instance_uid(image: Image, number: int) -> UID:
    """Return the UID of the object, by its number within the series."""
    return phantom_uid(image.export.study, image.protocol.key, "object", number)


def enhanced_dataset(habits: EnhancedHabits, frames: Sequence[Image], number: int) -> Dataset:
    """Return an object as a data set with native little endian pixels.

    Parameters
    ----------
    habits
        The vendor's.
    frames
        In the order of storage.
    number
        Of the object within its series, from 1; its InstanceNumber.
    """
    first = frames[0]
    dataset = common.start(first, EnhancedMRImageStorage, instance_uid(first, number))
    dataset.InstanceNumber = number
    _add_image(dataset, first)
    types = zip(*(groups.image_type(image) for image in frames), strict=True)
    dataset.ImageType = [values[0] if len(set(values)) == 1 else "MIXED" for values in types]
    _add_pulse_sequence(dataset, first)
    _add_dimensions(dataset, first, habits)
    _add_groups(dataset, frames, habits)
    common.add_pixel_format(dataset, first)
    dataset.NumberOfFrames = len(frames)
    dataset.PixelData = np.stack([image.pixels for image in frames]).tobytes()
    return dataset


def _add_image(dataset: Dataset, image: Image) -> None:
    started = f"{image.export.recipe.study_date}{STUDY_TIME}"
    groups.describe_frame(dataset, image)
    dataset.AcquisitionNumber = image.protocol.ordinal
    dataset.AcquisitionDateTime = started
    dataset.AcquisitionDuration = 180.0
    dataset.ContentQualification = "PRODUCT"
    dataset.ResonantNucleus = "1H"
    dataset.MagneticFieldStrength = f"{image.vendor.tesla:g}"
    dataset.KSpaceFiltering = "NONE"
    dataset.ApplicableSafetyStandardAgency = "IEC"
    dataset.AcquisitionContextSequence = []
    dataset.PresentationLUTShape = "IDENTITY"


def _add_pulse_sequence(dataset: Dataset, image: Image) -> None:
    suppressed = groups.is_fat_suppressed(image)
    dataset.PulseSequenceName = image.words.sequence_name or "fse-xl"
    dataset.MRAcquisitionType = "2D"
    dataset.EchoPulseSequence = "SPIN"
    dataset.MultipleSpinEcho = "NO"
    dataset.MultiPlanarExcitation = "YES"
    dataset.PhaseContrast = dataset.TimeOfFlightContrast = "NO"
    dataset.SteadyStatePulseSequence = "NONE"
    dataset.EchoPlanarPulseSequence = "NO"
    dataset.SaturationRecovery = "NO"
    dataset.SpectrallySelectedSuppression = "FAT" if suppressed else "NONE"
    dataset.OversamplingPhase = "2D"
    dataset.GeometryOfKSpaceTraversal = "RECTILINEAR"
    dataset.SegmentedKSpaceTraversal = "PARTIAL"
    dataset.RectilinearPhaseEncodeReordering = "LINEAR"
    dataset.NumberOfKSpaceTrajectories = 1


def _add_dimensions(dataset: Dataset, image: Image, habits: EnhancedHabits) -> None:
    organisation = Dataset()
    organisation.DimensionOrganizationUID = phantom_uid(
        image.export.study, image.protocol.key, "dimensions"
    )
    dataset.DimensionOrganizationSequence = [organisation]
    indices = []
    for name in habits.dimensions:
        item = Dataset()
        item.DimensionOrganizationUID = organisation.DimensionOrganizationUID
        item.DimensionIndexPointer, item.FunctionalGroupPointer = _POINTERS[name]
        if item.DimensionIndexPointer.is_private:
            item.DimensionIndexPrivateCreator = PHILIPS_IMAGE_TYPE[1]
            item.FunctionalGroupPrivateCreator = PHILIPS_FRAME_GROUP[1]
        indices.append(item)
    dataset.DimensionIndexSequence = indices


def _add_groups(dataset: Dataset, frames: Sequence[Image], habits: EnhancedHabits) -> None:
    shared, own = Dataset(), [Dataset() for _ in frames]
    for keyword, build in groups.GROUPS.items():
        items = [build(image) for image in frames]
        same = all(item == items[0] for item in items)
        if keyword in habits.shared and keyword not in groups.FRAME_GROUPS and same:
            setattr(shared, keyword, [items[0]])
            continue
        for group, item in zip(own, items, strict=True):
            setattr(group, keyword, [item])
    for group, image in zip(own, frames, strict=True):
        position = image.rank + 1
        values = [_VALUES[name](image, position) for name in habits.dimensions]
        group.FrameContentSequence = [groups.frame_content(image, position, values)]
        habits.private(shared, group, image)
    dataset.SharedFunctionalGroupsSequence = [shared]
    dataset.PerFrameFunctionalGroupsSequence = own


def _image_kinds(image: Image) -> list[str]:
    """Return the kinds of a series in the order of its stacks."""
    return list(dict.fromkeys(str(part.kind) for part in image.protocol.parts))
