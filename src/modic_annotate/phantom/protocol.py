"""How the phantom is imaged: three sagittal series on three grids that share nothing but space."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from modic_annotate.domain.grid import Grid
from modic_annotate.domain.series import Plane, SeriesRole
from modic_annotate.phantom.shapes import Array, cos_sin
from modic_annotate.phantom.signal import Timing, shift_pixels
from modic_annotate.phantom.tissues import Contrast

DIRECTION_DECIMALS = 8
POSITION_DECIMALS = 5

AlongImage = tuple[tuple[float, float, float], tuple[float, float, float]]
PLANE_AXES: dict[Plane, AlongImage] = {
    Plane.SAGITTAL: ((0.0, 1.0, 0.0), (0.0, 0.0, -1.0)),
    Plane.CORONAL: ((1.0, 0.0, 0.0), (0.0, 0.0, -1.0)),
    Plane.AXIAL: ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0)),
}
"""Directions (LPS) of increasing column and row index before any turn, as radiology shows them."""


@dataclass(frozen=True, slots=True)
class Sequence:
    """One stack of slices: its grid, and what its headers say of the acquisition."""

    key: str
    role: SeriesRole
    contrast: Contrast
    number: int
    description: str
    shape: tuple[int, int, int]
    """Slices, rows, columns."""

    pixel_mm: float
    thickness_mm: float
    spacing_mm: float
    """Between slice centres, so the gap is what it exceeds the thickness by."""

    turn_deg: tuple[float, float, float]
    """Yaw (about z), lean to the left (about y), and turn about x: within a sagittal plane."""

    centre_lps_mm: tuple[float, float, float]
    repetition_ms: float
    echo_ms: float
    inversion_ms: float | None
    echo_train: int
    echo_spacing_ms: float
    flip_deg: float
    gain: float
    """Grey of pure, fully recovered water at the middle of the coil."""

    noise: float
    """Deviation of the noise in grey levels."""

    bandwidth_hz: float
    """Per pixel; the narrower, the farther fat is misplaced."""

    phase_along: Literal["ROW", "COL"]
    """Axis of phase encoding as DICOM names it; frequency is encoded along the other one."""

    front_share: float
    """Signal left in front of the spine under the saturation band."""

    window: tuple[int, int]
    """Centre and width offered to viewers."""

    fat_kept: float = 1.0
    """Share of fat's signal that a spectral saturation pulse leaves; 1 where there is none,
    0 in the water image and -1 in the opposed-phase image of a Dixon series."""

    tesla: float = 1.5
    plane: Plane = Plane.SAGITTAL
    water_kept: float = 1.0
    """Share of water's signal in the image; 0 in the fat image of a Dixon series."""

    @property
    def timing(self) -> Timing:
        """What the signal equations need to know."""
        return Timing(
            repetition_ms=self.repetition_ms,
            echo_ms=self.echo_ms,
            echo_train=self.echo_train,
            echo_spacing_ms=self.echo_spacing_ms,
            inversion_ms=self.inversion_ms,
            fat_kept=self.fat_kept,
            water_kept=self.water_kept,
            tesla=self.tesla,
        )

    @property
    def fat_shift(self) -> tuple[int, float]:
        """Array axis (0 row index, 1 column index) and pixels by which fat is misplaced."""
        axis = 0 if self.phase_along == "ROW" else 1
        return axis, shift_pixels(self.tesla, self.bandwidth_hz)

    @property
    def axes(self) -> tuple[Array, Array, Array]:
        """Unit vectors of increasing column, row and slice index, in LPS."""
        turn = _turn(self.turn_deg)
        along_row, along_column = (
            np.round(turn @ np.array(axis), DIRECTION_DECIMALS) for axis in PLANE_AXES[self.plane]
        )
        normal = np.cross(along_row, along_column)
        return along_row, along_column, normal

    def position(self, index: int) -> Array:
        """Return the centre of the first pixel of a slice, as written into its header."""
        slices, rows, columns = self.shape
        along_row, along_column, normal = self.axes
        first = (
            np.array(self.centre_lps_mm)
            - along_row * self.pixel_mm * (columns - 1) / 2
            - along_column * self.pixel_mm * (rows - 1) / 2
            + normal * self.spacing_mm * (index - (slices - 1) / 2)
        )
        return np.asarray(np.round(first, POSITION_DECIMALS) + 0.0)

    @property
    def grid(self) -> Grid:
        """The grid as its headers state it."""
        along_row, along_column, _ = self.axes
        first, last = self.position(0), self.position(self.shape[0] - 1)
        affine = np.eye(4)
        affine[:3, 0] = (last - first) / (self.shape[0] - 1)
        affine[:3, 1] = along_column * self.pixel_mm
        affine[:3, 2] = along_row * self.pixel_mm
        affine[:3, 3] = first
        rows = tuple(tuple(float(v) for v in row) for row in np.round(affine, 9))
        return Grid.model_validate({"shape": self.shape, "affine_lps": rows})

    def instance_number(self, index: int) -> int:
        """Return the image number of a slice: the scanner counts from the patient's right."""
        return self.shape[0] - index


def _turn(degrees: tuple[float, float, float]) -> Array:
    """Return the rotation by yaw (about z), lean (about y) and turn (about x)."""
    (a, b), (c, d), (e, f) = (cos_sin(angle) for angle in degrees)
    yaw = np.array([[a, -b, 0], [b, a, 0], [0, 0, 1]])
    lean = np.array([[c, 0, d], [0, 1, 0], [-d, 0, c]])
    turn = np.array([[1, 0, 0], [0, e, -f], [0, f, e]])
    return np.asarray(yaw @ lean @ turn)


SEQUENCES = (
    Sequence(
        key="t2",
        role=SeriesRole.SAG_T2,
        contrast=Contrast.T2,
        number=3,
        description="T2 TSE sag",
        shape=(17, 384, 384),
        pixel_mm=0.8125,
        thickness_mm=3.5,
        spacing_mm=3.85,
        turn_deg=(-1.4, 1.5, 0.0),
        centre_lps_mm=(1.3, 14.0, 13.0),
        repetition_ms=3600,
        echo_ms=102,
        inversion_ms=None,
        echo_train=17,
        echo_spacing_ms=11.3,
        flip_deg=150,
        gain=2170.0,
        noise=23.0,
        bandwidth_hz=190.0,
        phase_along="COL",
        front_share=0.45,
        window=(520, 1150),
    ),
    Sequence(
        key="t1",
        role=SeriesRole.SAG_T1,
        contrast=Contrast.T1,
        number=4,
        description="T1 TSE sag",
        shape=(15, 320, 320),
        pixel_mm=0.9375,
        thickness_mm=4.0,
        spacing_mm=4.4,
        turn_deg=(1.2, 0.6, 0.8),
        centre_lps_mm=(2.4, 11.0, 14.0),
        repetition_ms=560,
        echo_ms=9.8,
        inversion_ms=None,
        echo_train=3,
        echo_spacing_ms=9.8,
        flip_deg=150,
        gain=1430.0,
        noise=21.0,
        bandwidth_hz=360.0,
        phase_along="ROW",
        front_share=0.75,
        window=(580, 1180),
    ),
    Sequence(
        key="stir",
        role=SeriesRole.SAG_FS,
        contrast=Contrast.STIR,
        number=5,
        description="STIR sag",
        shape=(13, 320, 320),
        pixel_mm=0.96875,
        thickness_mm=4.5,
        spacing_mm=5.0,
        turn_deg=(2.3, 0.2, -0.6),
        centre_lps_mm=(1.6, 17.0, 12.0),
        repetition_ms=4100,
        echo_ms=60,
        inversion_ms=170,
        echo_train=9,
        echo_spacing_ms=12.0,
        flip_deg=150,
        gain=1500.0,
        noise=20.0,
        bandwidth_hz=220.0,
        phase_along="COL",
        front_share=0.5,
        window=(430, 940),
    ),
)
"""In the order in which a scanner would run them."""

T2_FAT_SATURATED = replace(
    SEQUENCES[0],
    key="t2fs",
    role=SeriesRole.SAG_FS,
    contrast=Contrast.T2_FS,
    number=6,
    description="T2 TSE FS sag",
    echo_ms=81.9,
    echo_train=13,
    echo_spacing_ms=11.7,
    fat_kept=0.06,
    window=(400, 900),
)
"""T2 with spectral fat saturation, to take in place of STIR."""
