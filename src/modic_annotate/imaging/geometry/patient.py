"""Show stored slices the way a radiologist hangs them, by whole-axis changes alone.

Sagittal: anterior at the left, head up, stepping forward from the patient's right to the left.
Coronal: the patient's right at the left, head up, from anterior to posterior.
Axial: the patient's right at the left, anterior up, from head to foot.
Directions are the grid's own in the patient, so a patient who lay prone, on the side or feet
first is shown like any other.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from modic_annotate.domain.grid import Grid

LEFT, POSTERIOR, HEAD = np.eye(3)
_LETTERS = (("R", "L"), ("A", "P"), ("F", "H"))
_SECOND_LETTER_COSINE = 0.5
"""An edge 30 degrees or more off its axis is named by two letters, the nearer one first."""

_HANGING = (
    (LEFT, -HEAD, POSTERIOR),  # sagittal
    (POSTERIOR, -HEAD, LEFT),  # coronal
    (-HEAD, POSTERIOR, LEFT),  # axial
)
"""Wanted directions of (slice, row, column) index, by the patient axis nearest the normal."""


@dataclass(frozen=True, slots=True)
class Display:
    """How to turn stored slices for display: transpose rows with columns first, then flip.

    `flip_rows` and `flip_columns` speak of the rows and columns as shown.
    """

    transpose: bool
    flip_rows: bool
    flip_columns: bool
    flip_slices: bool
    letters: tuple[str, str, str, str]
    """Patient directions at the top, bottom, left and right edge as shown."""

    def array(self, stored: NDArray[np.generic]) -> NDArray[np.generic]:
        """Return a view of an array (slice, row, column) as it is shown; nothing is copied."""
        shown = stored.swapaxes(1, 2) if self.transpose else stored
        flips = (self.flip_slices, self.flip_rows, self.flip_columns)
        return shown[tuple(slice(None, None, -1 if flip else 1) for flip in flips)]

    def grid(self, stored: Grid) -> Grid:
        """Return the grid of the array as shown: the same voxels at the same places."""
        affine, shape = stored.matrix, list(stored.shape)
        if self.transpose:
            affine[:, [1, 2]] = affine[:, [2, 1]]
            shape[1], shape[2] = shape[2], shape[1]
        for axis, flip in enumerate((self.flip_slices, self.flip_rows, self.flip_columns)):
            if flip:
                affine[:3, 3] += affine[:3, axis] * (shape[axis] - 1)
                affine[:3, axis] *= -1.0
        affine += 0.0  # -0.0 becomes 0.0
        return Grid(shape=(shape[0], shape[1], shape[2]), affine_lps=affine.tolist())

    def stored_slice(self, shown: int, n_slices: int) -> int:
        """Return the stored slice index of a shown one, or the other way round."""
        return n_slices - 1 - shown if self.flip_slices else shown


def display_orientation(grid: Grid) -> Display:
    """Return the whole-axis changes that hang the slices of a grid as this module says."""
    directions = _directions(grid)
    want_slice, want_row, want_column = _HANGING[int(np.argmax(np.abs(directions[0])))]
    row, column = directions[1], directions[2]
    kept = abs(row @ want_row) + abs(column @ want_column)
    turned = abs(column @ want_row) + abs(row @ want_column)
    transpose = bool(turned > kept)
    if transpose:
        row, column = column, row
    flip_rows, flip_columns = bool(row @ want_row < 0), bool(column @ want_column < 0)
    down = -row if flip_rows else row
    right = -column if flip_columns else column
    return Display(
        transpose=transpose,
        flip_rows=flip_rows,
        flip_columns=flip_columns,
        flip_slices=bool(directions[0] @ want_slice < 0),
        letters=tuple(direction_letters(d) for d in (-down, down, -right, right)),  # type: ignore[arg-type]
    )


def direction_letters(direction: ArrayLike) -> str:
    """Return the patient side a direction in LPS points to: L, R, A, P, H or F, two if oblique."""
    d = np.asarray(direction, dtype=np.float64)
    d = d / np.linalg.norm(d)
    order = np.argsort(-np.abs(d), kind="stable")
    first, *others = (
        _LETTERS[axis][int(d[axis] > 0)]
        for axis in order
        if axis == order[0] or abs(d[axis]) >= _SECOND_LETTER_COSINE
    )
    return first + "".join(others[:1])


def slice_offset_mm(grid: Grid, index: float) -> float:
    """Return how far a stored slice lies from the middle of the stack, in mm.

    Positive to the patient's left, back or head, whichever is nearest the normal.
    """
    step = grid.matrix[:3, 0]
    axis = int(np.argmax(np.abs(step)))
    offset = (index - (grid.shape[0] - 1) / 2) * float(np.linalg.norm(step))
    return offset if step[axis] > 0 else -offset


def side_label(grid: Grid, index: float) -> str:
    """Return a stored slice's offset from mid-stack in words: ``R 9 mm``, ``L 4.5 mm``, ``mid``."""
    offset = round(slice_offset_mm(grid, index), 1)
    axis = int(np.argmax(np.abs(grid.matrix[:3, 0])))
    return f"{_LETTERS[axis][int(offset > 0)]} {abs(offset):g} mm" if offset else "mid"


def _directions(grid: Grid) -> NDArray[np.float64]:
    """Return unit directions of (slice, row, column) index in LPS, shape (3, 3)."""
    steps = grid.matrix[:3, :3].T
    return np.asarray(steps / np.linalg.norm(steps, axis=1, keepdims=True))
