"""Whether a row of slices is regular, and which slice is at fault where it is not."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from modic_annotate.imaging.geometry.tolerances import POSITION_TOLERANCE_MM, SHEAR_TOLERANCE
from modic_annotate.imaging.model import Problem

Floats = NDArray[np.float64]
_FEW_FOR_PAIRS = 600  # slopes of all pairs stay under a few MB


def basic_step(along: Floats) -> float:
    """Return the spacing that most neighbours have, in mm: the lower median, as gaps only add.

    Parameters
    ----------
    along
        Positions along the normal, shape (n,), ascending, in mm.
    """
    steps = np.sort(np.diff(along))
    steps = steps[steps > POSITION_TOLERANCE_MM]
    return float(steps[(steps.size - 1) // 2]) if steps.size else 0.0


def regularity_problems(
    along: Floats, across: Floats, labels: Sequence[str]
) -> tuple[Problem, ...]:
    """Return what keeps slices from being a regular volume, each slice at fault by name.

    Parameters
    ----------
    along
        Positions along the normal, shape (n,), ascending, in mm.
    across
        Positions in the image plane, shape (n, 2), in mm.
    labels
        How messages name the n slices.
    """
    if _is_regular(along, across):
        return ()
    step = basic_step(along)
    doubled = _doubled(along, labels)
    keep = first_at_each_place(along)
    along, across = along[keep], across[keep]
    labels = [label for label, kept in zip(labels, keep, strict=True) if kept]
    if along.size == 1:
        return doubled
    places = places_of(along, step)
    off = _off_along(along, places, labels)
    missing = () if _irregular(off) else _missing(along, places, labels)
    found = (*doubled, *missing, *off, *_off_across(along, across, places, labels))
    return found or (_irregular_problem(along, labels),)


def _is_regular(along: Floats, across: Floats) -> bool:
    return is_on_grid(along, across, np.arange(along.size))


def is_on_grid(along: Floats, across: Floats, places: NDArray[np.int64]) -> bool:
    """Whether the line from the first to the last slice meets every slice, as a grid will.

    Parameters
    ----------
    along, across
        Positions along the normal, shape (n,), ascending, and in the plane, shape (n, 2), in mm.
    places
        Slice index in the grid of each slice, shape (n,), ascending from 0.
    """
    if along.size == 1:
        return True
    share = places / places[-1]
    length = float(along[-1] - along[0])
    off_along = np.abs(along - along[0] - share * length).max()
    drift = across[-1] - across[0]
    off_across = np.abs(across - across[0] - share[:, None] * drift).max()
    return bool(
        length > places[-1] * POSITION_TOLERANCE_MM
        and max(off_along, off_across) <= POSITION_TOLERANCE_MM
        and np.hypot(*drift) <= _most_drift(length)
    )


def _most_drift(length: float) -> float:
    return max(POSITION_TOLERANCE_MM, SHEAR_TOLERANCE * length)


def first_at_each_place(along: Floats) -> NDArray[np.bool_]:
    """Return which of the slices, in ascending order, lie at a place of their own."""
    return np.concatenate([[True], np.diff(along) > POSITION_TOLERANCE_MM])


def _doubled(along: Floats, labels: Sequence[str]) -> tuple[Problem, ...]:
    return tuple(
        Problem(
            "duplicate_slice",
            f"{labels[i]} and {labels[i + 1]} lie at the same place, {along[i]:.2f} mm along the"
            " slice normal; remove the one that does not belong",
            blocking=True,
        )
        for i in _where(np.diff(along) <= POSITION_TOLERANCE_MM)
    )


def _where(flags: NDArray[np.bool_]) -> list[int]:
    return [int(i) for i in np.flatnonzero(flags)]


def places_of(along: Floats, step: float) -> NDArray[np.int64]:
    """Return the places of the slices in a regular row of the given step."""
    steps = np.maximum(np.rint(np.diff(along) / step), 1).astype(np.int64)
    return np.concatenate([[0], np.cumsum(steps)])


def _line(places: NDArray[np.int64], values: Floats) -> tuple[float, float]:
    """Fit values = start + place * slope so that few outliers do not move it (Theil, Sen)."""
    if places.size <= _FEW_FOR_PAIRS:
        i, j = np.triu_indices(places.size, 1)
        slope = float(np.median((values[j] - values[i]) / (places[j] - places[i])))
    else:
        slope = float((values[-1] - values[0]) / (places[-1] - places[0]))
    return float(np.median(values - places * slope)), slope


def _missing(
    along: Floats, places: NDArray[np.int64], labels: Sequence[str]
) -> tuple[Problem, ...]:
    start, step = _line(places, along)
    count = int(places[-1]) + 1
    problems = []
    for i in _where(np.diff(places) > 1):
        lost = range(int(places[i]) + 1, int(places[i + 1]))
        where = ", ".join(f"{start + step * place:.2f} mm" for place in lost)
        problems.append(
            Problem(
                "missing_slice",
                f"{_slices(lost, count)} missing at {where} along the slice normal, between"
                f" {labels[i]} and {labels[i + 1]}; get the whole series",
                blocking=True,
            )
        )
    return tuple(problems)


def _slices(lost: range, count: int) -> str:
    """Name places lost from a row of `count`, counted from 1 in ascending order of position."""
    numbers = ", ".join(str(place + 1) for place in lost)
    return (
        f"slice {numbers} of {count} is" if len(lost) == 1 else f"slices {numbers} of {count} are"
    )


def _off_along(
    along: Floats, places: NDArray[np.int64], labels: Sequence[str]
) -> tuple[Problem, ...]:
    start, step = _line(places, along)
    off = along - (start + places * step)
    at_fault = _where(np.abs(off) > POSITION_TOLERANCE_MM)
    if not at_fault:
        return ()
    if len(at_fault) > max(1, along.size // 4):
        return (_irregular_problem(along, labels),)
    return tuple(
        Problem(
            "shifted_slice",
            f"{_at(along, labels, i)} lies {abs(off[i]):.2f} mm from its place in the stack",
            blocking=True,
        )
        for i in at_fault
    )


def _irregular_problem(along: Floats, labels: Sequence[str]) -> Problem:
    steps = np.diff(along)
    return Problem(
        "irregular_spacing",
        f"the slice spacing varies from {steps.min():.2f} mm (after"
        f" {_at(along, labels, int(steps.argmin()))}) to {steps.max():.2f} mm (after"
        f" {_at(along, labels, int(steps.argmax()))})",
        blocking=True,
    )


def _at(along: Floats, labels: Sequence[str], i: int) -> str:
    return f"{labels[i]} at {along[i]:.2f} mm along the slice normal"


def _irregular(problems: Sequence[Problem]) -> bool:
    return any(problem.code == "irregular_spacing" for problem in problems)


def _off_across(
    along: Floats, across: Floats, places: NDArray[np.int64], labels: Sequence[str]
) -> tuple[Problem, ...]:
    lines = [_line(places, across[:, k]) for k in (0, 1)]
    fitted = np.stack([start + places * slope for start, slope in lines], axis=1)
    drift = float(np.hypot(lines[0][1], lines[1][1])) * float(places[-1])
    length = float(along[-1] - along[0])
    problems = []
    if drift > _most_drift(length):
        problems.append(
            Problem(
                "sheared_stack",
                f"the slices drift sideways by {drift:.2f} mm over {length:.1f} mm, from"
                f" {labels[0]} at {along[0]:.2f} mm to {labels[-1]} at {along[-1]:.2f} mm along"
                " the slice normal, so they form no right-angled volume",
                blocking=True,
            )
        )
    off = np.linalg.norm(across - fitted, axis=1)
    problems += [
        Problem(
            "shifted_slice",
            f"{_at(along, labels, i)} is moved {off[i]:.2f} mm within its plane",
            blocking=True,
        )
        for i in _where(off > POSITION_TOLERANCE_MM)
    ]
    return tuple(problems)
