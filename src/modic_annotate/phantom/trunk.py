"""The trunk round the spine: skin, fat, muscle, vessels and what lies in front."""

from __future__ import annotations

import numpy as np

from modic_annotate.phantom.anatomy import Spine
from modic_annotate.phantom.canvas import Canvas
from modic_annotate.phantom.shapes import Array, ellipse, mix, ramp
from modic_annotate.phantom.tissues import Tissue

BELLY_Y_MM = -148.0
SKIN_MM = 1.8
SPINE_HALF_WIDTH_MM = 23.0


def paint_trunk(canvas: Canvas, spine: Spine, levels: tuple[Array, ...]) -> None:
    """Fill the canvas with everything that is not spine.

    `levels` are the spine's tables at the canvas, as ``Tables.at`` gives them.
    """
    back, cos, front, *_, fascia, fat = levels
    behind = (canvas.y - back) * cos
    before = canvas.y - front
    belly = canvas.y - (BELLY_Y_MM + canvas.z * canvas.z * 0.0009)
    skin = np.minimum(fascia + fat - behind, belly)
    septa = np.maximum(0.11 - np.abs(canvas.textures["septum"]), 0.0) * 2.4
    canvas.paint(skin, Tissue.SKIN)
    canvas.paint(skin - SKIN_MM, canvas.level(Tissue.FAT, "marrow", 0.05) * (1.0 - septa))
    wall = np.minimum(fascia - behind, belly - 22.0)
    canvas.paint(wall, Tissue.LIGAMENT)
    canvas.paint(wall - 1.0, _muscle(canvas, behind))
    _paint_abdomen(canvas, before, belly)
    _paint_psoas(canvas, before, spine.body("L1").middle.z)
    _paint_vessels(canvas, before, spine.body("L4").bottom.frame.z)
    ligament = np.minimum(before + 2.6, -before - 0.2)
    canvas.paint(np.minimum(ligament, 13.0 - np.abs(canvas.lateral)), Tissue.LIGAMENT)


def _muscle(canvas: Canvas, behind: Array) -> Array:
    """Return back muscle, streaked with fat: more so towards the foot and near the midline."""
    low = np.clip((40.0 - canvas.z) / 220.0, 0.0, 1.0)
    midline = ramp(6.0 - np.abs(canvas.lateral), 5.0)
    deep = np.clip(1.0 - behind / 60.0, 0.0, 1.0)
    streak = 0.75 * canvas.textures["streak"] + 0.40 * canvas.textures["trabecular"]
    streak = streak + 0.35 * canvas.textures["marrow"]
    share = (streak - 0.28 + 0.30 * low + 0.30 * midline + 0.15 * deep) * 1.3
    muscle = canvas.level(Tissue.MUSCLE, "trabecular", 0.10)
    return mix(muscle, canvas.tissue[Tissue.FAT] * 0.92, np.clip(share, 0.0, 0.8))


def _paint_abdomen(canvas: Canvas, before: Array, belly: Array) -> None:
    """Paint fat with bowel in it in front of the spine, inside the wall of the belly."""
    grain = canvas.textures["bowel"] + 0.25 * canvas.textures["septum"]
    grain = grain + 0.10 * canvas.textures["marrow"]
    loops = np.clip(grain * 7.0 + 0.4, 0.0, 1.0) * ramp(-before - 26.0, 10.0)
    filling = canvas.level(Tissue.BOWEL, "marrow", 0.45)
    wall = np.clip(1.0 - np.abs(grain - 0.04) * 9.0, 0.0, 1.0) * ramp(-before - 26.0, 10.0)
    vessels = np.clip(1.0 - np.abs(canvas.textures["streak"]) * 7.0, 0.0, 1.0)
    fat = canvas.level(Tissue.FAT, "septum", 0.10)
    fat = mix(fat, canvas.tissue[Tissue.MUSCLE], 0.4 * vessels * ramp(-before - 18.0, 10.0))
    content = mix(mix(fat, filling, loops), canvas.tissue[Tissue.MUSCLE], 0.6 * wall)
    gas = ramp(canvas.textures["bowel"] - 0.60, 0.3) * ramp(-before - 40.0, 8.0)
    inner = np.minimum(6.0 - before, belly - 34.0)
    canvas.paint(inner, content * (1.0 - 0.92 * gas), softness=2.0)


def _paint_psoas(canvas: Canvas, before: Array, top_z: float) -> None:
    size = np.clip((top_z + 10.0 - canvas.z) / 90.0, 0.02, 1.0)
    across = (np.abs(canvas.lateral) - SPINE_HALF_WIDTH_MM - 14.0 * size) / size
    inside = ellipse(across, (before - 17.0) / size, (15.0, 22.0)) * size
    canvas.paint(inside, canvas.level(Tissue.MUSCLE, "trabecular", 0.08), softness=1.5)


def _paint_vessels(canvas: Canvas, before: Array, fork_z: float) -> None:
    """Paint aorta (left) and caval vein (right), and the branches into which they fork."""
    below = np.maximum(fork_z - canvas.z, 0.0)
    size = np.clip(1.0 - below / 120.0, 0.55, 1.0)
    for side, radii in ((7.5, (8.5, 8.5)), (-15.0, (10.0, 7.5))):
        spread = side * (1.0 + below / 24.0)
        across = (canvas.lateral - spread) / size
        lumen = ellipse(across, (before + 4.5 + radii[1]) / size, radii) * size
        canvas.paint(lumen + 1.2, Tissue.MUSCLE)
        canvas.paint(lumen, canvas.level(Tissue.FLOWING_BLOOD, "septum", 0.5))
