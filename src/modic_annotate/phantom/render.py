"""From a spine to pixels: sections within each slice, coil, noise, rounding."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from modic_annotate.phantom.anatomy import Spine
from modic_annotate.phantom.arch import paint_arches, paint_foramina
from modic_annotate.phantom.canal import paint_canal
from modic_annotate.phantom.canvas import Canvas, make_textures
from modic_annotate.phantom.column import paint_column
from modic_annotate.phantom.noise import normal, stream_seed
from modic_annotate.phantom.protocol import Sequence
from modic_annotate.phantom.shapes import Array, ramp
from modic_annotate.phantom.tissues import greys
from modic_annotate.phantom.trunk import paint_trunk

SECTIONS = 5
"""Thin sections that are averaged over the thickness of a slice."""

BLUR = 0.20
NOISE_BLUR = 0.08
"""Share that each neighbour takes, along rows and along columns: the image's own sharpness, and
what a scanner's interpolation does to noise."""

COIL_REACH_MM = 170.0
COIL_GAIN = 1.3
COIL_LENGTH_MM = 185.0
LARGEST = 4095
WORKERS = 2


def render_series(spine: Spine, sequence: Sequence, seed: int) -> NDArray[np.uint16]:
    """Return the stored pixels of a series, (slice, row, column), 12 bits."""
    with ThreadPoolExecutor(max_workers=WORKERS) as pool:
        slices = pool.map(
            lambda i: render_slice(spine, sequence, seed, i), range(sequence.shape[0])
        )
        return np.stack(list(slices))


def render_slice(spine: Spine, sequence: Sequence, seed: int, index: int) -> NDArray[np.uint16]:
    """Return the stored pixels of one slice, (row, column), 12 bits."""
    centre = _points(sequence, sequence.position(index))
    textures = make_textures(spine, seed, (centre[0] - spine.midline_x(centre[2]), *centre[1:]))
    normal_axis = sequence.axes[2]
    total = np.zeros(sequence.shape[1:])
    for section in range(SECTIONS):
        offset = sequence.thickness_mm * ((section + 0.5) / SECTIONS - 0.5)
        x, y, z = (c + offset * n for c, n in zip(centre, normal_axis, strict=True))
        canvas = Canvas(
            lateral=x - spine.midline_x(z),
            y=y,
            z=z,
            grey=np.zeros(sequence.shape[1:]),
            textures=textures,
            tissue=greys(sequence.contrast),
            edge_mm=sequence.pixel_mm * 1.15,
        )
        levels = spine.tables.at(z)
        paint_trunk(canvas, spine, levels)
        paint_column(canvas, spine)
        paint_foramina(canvas, spine)
        paint_canal(canvas, levels)
        paint_arches(canvas, spine)
        total += canvas.grey
    signal = _blurred(total / SECTIONS, BLUR) * _coil(spine, sequence, centre)
    return _received(signal, sequence, stream_seed(seed, sequence.key, index))


def _points(sequence: Sequence, first: Array) -> tuple[Array, Array, Array]:
    """Return x, y, z of every pixel of a slice, each (rows, columns)."""
    along_row, along_column, _ = sequence.axes
    _, rows, columns = sequence.shape
    down = np.arange(rows, dtype=np.float64)[:, None] * sequence.pixel_mm
    right = np.arange(columns, dtype=np.float64)[None, :] * sequence.pixel_mm
    x, y, z = (
        p + down * c + right * r for p, c, r in zip(first, along_column, along_row, strict=True)
    )
    return x, y, z


def _coil(spine: Spine, sequence: Sequence, points: tuple[Array, Array, Array]) -> Array:
    """Return the gain: falling with distance from the back, and dimmed in front of the spine."""
    _, y, z = points
    back, cos, front, *_, fascia, fat = spine.tables.at(z)
    away = np.maximum(fascia + fat - (y - back) * cos, 0.0) / COIL_REACH_MM
    along = (z - sequence.centre_lps_mm[2]) / COIL_LENGTH_MM
    along = along * along
    gain = COIL_GAIN / ((1.0 + away * away) * (1.0 + along * along))
    banded = ramp(front - 24.0 - y, 22.0)
    return np.asarray(gain * (1.0 - (1.0 - sequence.front_share) * banded))


def _blurred(image: Array, share: float) -> Array:
    """Return the image with each pixel given in part to its four neighbours, edges held."""
    for axis in (0, 1):
        padded = np.concatenate([image.take([0], axis), image, image.take([-1], axis)], axis)
        n = image.shape[axis]
        before, after = (padded.take(range(i, i + n), axis) for i in (0, 2))
        image = image * (1.0 - 2.0 * share) + (before + after) * share
    return image


def _received(signal: Array, sequence: Sequence, seed: int) -> NDArray[np.uint16]:
    """Add noise to both channels, take the magnitude and round."""
    channels = normal(seed, (2, *signal.shape)) * sequence.noise
    real, imaginary = (_blurred(channel, NOISE_BLUR) for channel in channels)
    magnitude = np.sqrt((signal + real) * (signal + real) + imaginary * imaginary)
    return np.asarray(np.clip(np.rint(magnitude), 0, LARGEST), dtype=np.uint16)
