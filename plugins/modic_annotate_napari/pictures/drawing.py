"""Draws the pictures: the endplates of one disc of the phantom, in three series."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from modic_annotate.domain.spine import Endplate
from modic_annotate.phantom.anatomy import build_spine
from modic_annotate.phantom.protocol import SEQUENCES, Sequence
from modic_annotate.phantom.recipe import SAMPLE, Lesion, Recipe
from modic_annotate.phantom.render import render_slice
from modic_annotate.phantom.write import make_truth
from modic_annotate_napari.pictures import COMPONENTS, SIZE_PX, Kind

PIXEL_MM = 0.5
SEED = 20260311
SHOWN = Endplate.parse("L4-inferior")
"""The endplate in the middle of each picture."""


def recipe_of(kind: Kind) -> Recipe:
    """Return the sample's spine with no change but one of this kind."""
    types = COMPONENTS[kind]
    lesion = Lesion(
        endplate=SHOWN,
        components=types or COMPONENTS[Kind.TYPE_1],
        height_percent=42,
        anterior_percent=5,
        posterior_percent=85,
        deepest_percent=40,
        right=-0.9,
        left=0.9,
        edge_power=6,
    )
    changes = (lesion,) if types else ()
    return SAMPLE.replace(name=f"definition-{kind}", lesions=changes, mimics=(), rough_endplates=())


def draw(kind: Kind, series: str) -> NDArray[np.uint8]:
    """Return a picture, shape (row, column), 8 bits, in the series' own window."""
    sequence = _close_up(next(s for s in SEQUENCES if s.key == series))
    pixels = render_slice(build_spine(recipe_of(kind)), sequence, SEED, 0).astype(np.float64)
    centre, width = sequence.window
    shown = np.clip((pixels - (centre - width / 2)) / width, 0.0, 1.0)
    return np.asarray(np.rint(shown * 255), dtype=np.uint8)


def _close_up(sequence: Sequence) -> Sequence:
    """Return one slice of a sequence through the endplate alone, level and finely sampled."""
    truth = make_truth(recipe_of(Kind.NORMAL))
    line = np.array(next(e for e in truth.endplates if e.endplate == SHOWN).polyline_lps_mm)
    x, y, z = (float(v) for v in line.mean(axis=0))
    columns, rows = SIZE_PX
    return replace(
        sequence,
        shape=(1, rows, columns),
        pixel_mm=PIXEL_MM,
        turn_deg=(0.0, 0.0, 0.0),
        centre_lps_mm=(x, y, z + 3.0),
    )
