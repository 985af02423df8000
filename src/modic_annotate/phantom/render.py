"""From a spine to pixels: sections within each slice, chemical shift, coil, noise, rounding."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from modic_annotate.phantom.anatomy import Spine
from modic_annotate.phantom.arch import paint_arches, paint_foramina
from modic_annotate.phantom.canal import paint_canal
from modic_annotate.phantom.canvas import GRAINS_MM, Canvas, make_textures
from modic_annotate.phantom.column import paint_column
from modic_annotate.phantom.noise import normal, stream_seed
from modic_annotate.phantom.protocol import Sequence
from modic_annotate.phantom.shapes import Array, ramp
from modic_annotate.phantom.signal import signals
from modic_annotate.phantom.trunk import paint_trunk

SECTIONS = ((-0.72, 0.083), (-0.36, 0.243), (0.0, 0.348), (0.36, 0.243), (0.72, 0.083))
"""Thin sections that make up a slice: where, in slice thicknesses, and with what weight.

The profile is a Gaussian whose width at half height is the nominal slice thickness.
"""

BLUR = 0.20
NOISE_BLUR = 0.08
"""Share that each neighbour takes, along rows and along columns: the image's own sharpness, and
what a scanner's interpolation does to noise."""

EDGE_PIXELS = 1.15
SPINE_MARGIN_MM = (12.0, 66.0)
"""In front of and behind the bodies: how far anything is painted in every section."""

COIL_REACH_MM = 235.0
COIL_GAIN = 1.2
COIL_LENGTH_MM = 175.0
COIL_Z_MM = -8.0
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
    points = slice_points(sequence, index)
    canvas = slice_canvas(spine, sequence, seed, points)
    levels = spine.outer.at(canvas.z)
    paint_trunk(canvas, spine, levels)
    _paint_spine(canvas, spine, sequence)
    axis, pixels = sequence.fat_shift
    water, fat = canvas.grey
    signal = _blurred(water + _misplaced(fat, pixels, axis), BLUR)
    signal = signal * _coil(canvas, sequence, levels)
    return _received(signal, sequence, stream_seed(seed, sequence.key, index))


def slice_points(sequence: Sequence, index: int) -> tuple[Array, Array, Array]:
    """Return x, y, z (LPS mm) of every pixel of a slice, each (rows, columns)."""
    along_row, along_column, _ = sequence.axes
    _, rows, columns = sequence.shape
    down = np.arange(rows, dtype=np.float64)[:, None] * sequence.pixel_mm
    right = np.arange(columns, dtype=np.float64)[None, :] * sequence.pixel_mm
    first = sequence.position(index)
    x, y, z = (
        p + down * c + right * r for p, c, r in zip(first, along_column, along_row, strict=True)
    )
    return x, y, z


def slice_canvas(
    spine: Spine,
    sequence: Sequence,
    seed: int,
    points: tuple[Array, Array, Array],
    textures: tuple[str, ...] = tuple(GRAINS_MM),
) -> Canvas:
    """Return an empty canvas with its textures at points (LPS mm) of the middle of a slice."""
    lateral, z = spine.straightened(points[0], points[2])
    return Canvas(
        lateral=lateral,
        y=points[1],
        z=z,
        grey=np.zeros((2, *z.shape)),
        textures=make_textures(spine, seed, (lateral, points[1], z), textures),
        tissue=signals(sequence.timing, sequence.gain),
        edge_mm=sequence.pixel_mm * EDGE_PIXELS,
    )


def _paint_spine(canvas: Canvas, spine: Spine, sequence: Sequence) -> None:
    """Paint the spine over the trunk, averaged over the slice's profile.

    The trunk hardly changes within a slice, so it is painted once, in the middle.
    """
    part = canvas.window(*_reach(spine), -1e9, 1e9)
    if part is None:
        return
    trunk = part.grey.copy()
    total = np.zeros_like(trunk)
    normal_axis = sequence.axes[2]
    for place, weight in SECTIONS:
        x_step, y_step, z_step = (place * sequence.thickness_mm * n for n in normal_axis)
        z = part.z + z_step
        lateral = part.lateral + (x_step - spine.midline_x(z) + spine.midline_x(part.z))
        section = replace(part, lateral=lateral, y=part.y + y_step, z=z, grey=trunk.copy())
        paint_column(section, spine)
        paint_foramina(section, spine)
        paint_canal(section, spine.tables.at(z))
        paint_arches(section, spine)
        total += section.grey * weight
    part.grey[...] = total


def _reach(spine: Spine) -> tuple[float, float]:
    """Return least and greatest y (LPS mm) of what is painted in every section."""
    bounds = [body.bounds(0.0) for body in spine.bodies]
    front, behind = SPINE_MARGIN_MM
    return min(b[0] for b in bounds) - front, max(b[1] for b in bounds) + behind


def _coil(canvas: Canvas, sequence: Sequence, levels: tuple[Array, ...]) -> Array:
    """Return the gain: falling with distance from the coil behind the lower lumbar spine."""
    back, cos, front, *_, fascia, fat = levels
    away = np.maximum(fascia + fat - (canvas.y - back) * cos, 0.0) / COIL_REACH_MM
    along = (canvas.z - COIL_Z_MM) / COIL_LENGTH_MM
    along = along * along
    gain = COIL_GAIN / ((1.0 + away * away) * (1.0 + along * along))
    banded = ramp(front - 24.0 - canvas.y, 22.0)
    return np.asarray(gain * (1.0 - (1.0 - sequence.front_share) * banded))


def _misplaced(image: Array, pixels: float, axis: int) -> Array:
    """Return the image moved by a part of a pixel or more towards higher indices, edges held."""
    whole = int(pixels)
    part = pixels - whole
    place = np.arange(image.shape[axis])
    near = image.take(np.maximum(place - whole, 0), axis)
    far = image.take(np.maximum(place - whole - 1, 0), axis)
    return np.asarray(near + (far - near) * part)


def _blurred(image: Array, share: float) -> Array:
    """Return the image with each pixel given in part to its four neighbours, edges held."""
    for axis in (0, 1):
        padded = np.concatenate([image.take([0], axis), image, image.take([-1], axis)], axis)
        n = image.shape[axis]
        before, after = (padded.take(range(i, i + n), axis) for i in (0, 2))
        image = image * (1.0 - 2.0 * share) + (before + after) * share
    return image


def _received(signal: Array, sequence: Sequence, seed: int) -> NDArray[np.uint16]:
    """Add noise to both channels, take the magnitude and round: Rician, as scanners give it."""
    channels = normal(seed, (2, *signal.shape)) * sequence.noise
    real, imaginary = (_blurred(channel, NOISE_BLUR) for channel in channels)
    magnitude = np.sqrt((signal + real) * (signal + real) + imaginary * imaginary)
    return np.asarray(np.clip(np.rint(magnitude), 0, LARGEST), dtype=np.uint16)
