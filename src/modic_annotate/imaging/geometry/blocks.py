"""Part parallel slices into blocks, as axial series through several discs have them.

A gap is either slices that are missing or the space between two blocks. What decides, in this
order: a sideways step means a new block; a gap that a few slices fit into exactly, or whose
image numbers skip as many, means missing slices; else axial slices begin a new block, and
sagittal or coronal ones only beyond a wide gap (a narrower one stays, as an irregularity).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from modic_annotate.domain.series import Plane
from modic_annotate.imaging.geometry.placing import is_placed, projections
from modic_annotate.imaging.geometry.planes import plane_of
from modic_annotate.imaging.geometry.positions import basic_step
from modic_annotate.imaging.geometry.tolerances import (
    BLOCK_OFFSET_MM,
    GAP_STEPS,
    MOST_PRESUMED_MISSING,
    POSITION_TOLERANCE_MM,
    SAGITTAL_BLOCK_GAP_STEPS,
)
from modic_annotate.imaging.headers.header import Header

_FEWEST_WITH_A_GAP = 3  # two slices have one step, which is no gap in anything


def split_blocks(frames: Sequence[Header]) -> list[list[Header]]:
    """Return the blocks of parallel frames, each in ascending order of position."""
    if len(frames) < _FEWEST_WITH_A_GAP or not is_placed(frames):
        return [list(frames)]
    along, across = projections(frames)
    order = np.argsort(along, kind="stable")
    ordered = [frames[i] for i in order]
    along, across = along[order], across[order]
    step = basic_step(along)
    blocks = [[ordered[0]]]
    for i in range(1, len(ordered)):
        gap = float(along[i] - along[i - 1])
        aside = float(np.linalg.norm(across[i] - across[i - 1]))
        if gap > GAP_STEPS * step > 0 and _parts(ordered[i - 1], ordered[i], gap / step, aside):
            blocks.append([])
        blocks[-1].append(ordered[i])
    return blocks if _credible(blocks) else [ordered]


def _parts(before: Header, after: Header, steps: float, aside: float) -> bool:
    """Whether a gap of so many steps lies between two blocks."""
    if aside > BLOCK_OFFSET_MM:
        return True
    whole = round(steps)
    fits = abs(steps - whole) <= whole * POSITION_TOLERANCE_MM
    missing = whole - 1
    if fits and (missing <= MOST_PRESUMED_MISSING or _skipped(before, after) == missing):
        return False
    if plane_of(before.orientation) is Plane.AXIAL:
        return True
    return steps >= SAGITTAL_BLOCK_GAP_STEPS


def _skipped(before: Header, after: Header) -> int | None:
    if before.instance_number is None or after.instance_number is None:
        return None
    return abs(after.instance_number - before.instance_number) - 1


def _credible(blocks: Sequence[Sequence[Header]]) -> bool:
    """Blocks are planned with several slices each; a lone slice beyond a gap is a fault."""
    return len(blocks) == 1 or min(len(block) for block in blocks) > 1
