"""What is told apart from vendor to vendor, as data; each vendor fills it in its own module."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from pydicom.dataset import Dataset

from modic_annotate.phantom.vendors.kinds import Kind
from modic_annotate.phantom.vendors.protocols import Protocol

if TYPE_CHECKING:
    from modic_annotate.phantom.vendors.export import Image


class Form(StrEnum):
    """One image per file (PS3.3 A.4), or a whole stack or series per file (A.36)."""

    CLASSIC = "classic"
    ENHANCED = "enhanced"


class Order(StrEnum):
    """How images are counted along row direction x column direction of an unflipped stack."""

    ASCENDING = "ascending"
    DESCENDING = "descending"
    INTERLEAVED = "interleaved"
    """As acquired: every other slice, then those between."""

    def ranks(self, count: int) -> tuple[int, ...]:
        """Return the place, from 0, at which each of `count` slices is counted."""
        indices = list(range(count))
        if self is Order.DESCENDING:
            return tuple(reversed(indices))
        if self is Order.INTERLEAVED:
            acquired = indices[::2] + indices[1::2]
            return tuple(acquired.index(i) for i in indices)
        return tuple(indices)


class Spacing(StrEnum):
    """What stands in SpacingBetweenSlices of a classic image."""

    CENTRES = "centre to centre"
    GAP = "gap between slices"
    NEGATIVE = "centre to centre with a minus sign"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class Words:
    """How one kind of series is named and described in the header."""

    description: str
    image_type: tuple[str, ...]
    scanning_sequence: tuple[str, ...] = ("SE",)
    variant: tuple[str, ...] = ("SK",)
    options: tuple[str, ...] = ()
    sequence_name: str = ""


@dataclass(frozen=True, slots=True)
class Pixels:
    """How grey values are stored."""

    bits_stored: int
    signed: bool
    factor: int = 1
    shift: int = 0
    """Stored value = grey value x factor + shift."""

    states_extremes: bool = True
    """Whether SmallestImagePixelValue and LargestImagePixelValue are written."""

    @property
    def bounds(self) -> tuple[int, int]:
        """Least and greatest value that can be stored."""
        top: int = 2 ** (self.bits_stored - int(self.signed)) - 1
        return (-top - 1 if self.signed else 0), top


@dataclass(frozen=True, slots=True)
class Decimals:
    """How numbers are spelt (VR DS: at most 16 characters)."""

    position: Callable[[float], str]
    direction: Callable[[float], str]


@dataclass(frozen=True, slots=True)
class Rescale:
    """From stored to shown values (PS3.3 C.11.1)."""

    slope: float
    intercept: float
    type: str


@dataclass(frozen=True, slots=True)
class EnhancedHabits:
    """How a vendor fills an enhanced object."""

    shared: frozenset[str]
    """Functional groups that stand once for all frames, where they are the same in all."""

    frame_order: Order
    """In which frames are stored within a stack, whatever their in-stack positions."""

    dimensions: tuple[str, ...]
    object_per_stack: bool = False
    states_contrast: bool = True
    """Whether AcquisitionContrast is stated; else it is UNKNOWN."""

    states_spacing: bool = True
    private: Callable[[Dataset, Dataset, Image], None] = lambda shared, frame, image: None
    """Adds private elements to the shared and to the frame's functional groups."""


@dataclass(frozen=True, slots=True, eq=False)
class Vendor:
    """One manufacturer's habits; there is one value of each."""

    key: str
    manufacturer: str
    model: str
    software: str
    tesla: float
    words: Mapping[Kind, Words]
    character_set: tuple[str, ...]
    pixels: Pixels
    decimals: Decimals
    order: Order
    spacing: Spacing
    series_number: tuple[int, int]
    """Factor and offset of the ordinal number of a series."""

    place: Callable[[Image, int], str]
    """File name, from an image and how many files were written before it."""

    add_private: Callable[[Dataset, Image], None]
    touch: Callable[[Dataset, Image], None]
    """Last changes to a classic image: what is absent, empty or more than there should be."""

    enhanced: EnhancedHabits | None = None
    rescale: Callable[[Protocol], Rescale | None] = lambda protocol: None
    patient_name_suffix: str = ""
    dixon_in_one_series: bool = False
    dicomdir: str = ""
    """Name of the medium's index; empty where none is written."""

    raw_file: str = ""
    """Name of a file beside the images that holds none; empty where none is written."""

    protocol_prefix: str = ""
