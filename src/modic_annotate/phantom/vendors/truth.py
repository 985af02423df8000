"""What is true of a vendor study, by the geometry it was drawn with and not by what was written."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from modic_annotate.domain.base import Record, Sha256, Uid
from modic_annotate.domain.grid import Grid
from modic_annotate.domain.series import FatTechnique, Plane, SeriesRole, Weighting
from modic_annotate.phantom.truth import Truth


class TruthFrame(Record):
    """One slice: where it is stored and what its values are."""

    file: str
    """Below the study's folder."""

    frame: int
    """From 0; 0 in a classic image."""

    sop_instance_uid: Uid
    instance_number: int
    pixel_sha256: Sha256
    """Over stored values before encoding: 16 bit little endian, C order."""


class TruthStack(Record):
    """One stack of a series, and what a scan must find of it."""

    series_uid: Uid
    series_number: int
    description: str
    kind: str
    role: SeriesRole
    weighting: Weighting
    fat: FatTechnique
    plane: Plane
    grid: Grid
    rescale_slope: float = 1.0
    rescale_intercept: float = 0.0
    frames: tuple[TruthFrame, ...]
    """In slice order of the grid: lowest first along row direction x column direction."""


class VendorTruth(Record):
    """Everything that is known of one vendor study."""

    schema_id: Annotated[
        Literal["modic-annotate/vendor-phantom-truth/1"], Field(alias="schema")
    ] = "modic-annotate/vendor-phantom-truth/1"
    vendor: str
    form: str
    syntax: str
    transfer_syntax_uid: Uid
    patient_position: str
    study_uid: Uid
    frame_of_reference_uid: Uid
    stacks: tuple[TruthStack, ...]
    no_images: tuple[str, ...] = ()
    """Files of the study's folder that hold no image: an index, raw data."""

    spine: Truth
    """Bodies, endplates, discs and changes, without series of its own."""
