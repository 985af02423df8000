"""Whether a row of slices is regular, and which slice is at fault where it is not."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from modic_annotate.imaging.model import Problem
from modic_annotate.imaging.tolerances import POSITION_TOLERANCE_MM, SHEAR_TOLERANCE

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
    keep = np.concatenate([[True], np.diff(along) > POSITION_TOLERANCE_MM])
    along, across = along[keep], across[keep]
    labels = [label for label, kept in zip(labels, keep, strict=True) if kept]
    if along.size == 1:
        return doubled
    places = _places(along, step)
    off = _off_along(along, places, labels)
    missing = () if _irregular(off) else _missing(along, places, labels)
    found = (*doubled, *missing, *off, *_off_across(along, across, places, labels))
    return found or (_irregular_problem(along, labels),)


def _is_regular(along: Floats, across: Floats) -> bool:
    """Whether the line from the first to the last slice meets every slice, as a grid will."""
    n = along.size
    if n == 1:
        return True
    places = np.arange(n) / (n - 1)
    length = float(along[-1] - along[0])
    off_along = np.abs(along - along[0] - places * length).max()
    drift = across[-1] - across[0]
    off_across = np.abs(across - across[0] - places[:, None] * drift).max()
    return bool(
        length > (n - 1) * POSITION_TOLERANCE_MM
        and max(off_along, off_across) <= POSITION_TOLERANCE_MM
        and np.hypot(*drift) <= _most_drift(length)
    )


def _most_drift(length: float) -> float:
    return max(POSITION_TOLERANCE_MM, SHEAR_TOLERANCE * length)


def _doubled(along: Floats, labels: Sequence[str]) -> tuple[Problem, ...]:
    return tuple(
        Problem(
            "duplicate_slice",
            f"{_both(labels[i], labels[i + 1])}, {along[i]:.2f} mm along the slice normal; remove"
            " the one that does not belong",
            blocking=True,
        )
        for i in _where(np.diff(along) <= POSITION_TOLERANCE_MM)
    )


def _both(one: str, other: str) -> str:
    if one == other:
        return f"{one} is there twice"
    return f"{one} and {other} lie at the same place"


def _where(flags: NDArray[np.bool_]) -> list[int]:
    return [int(i) for i in np.flatnonzero(flags)]


def _places(along: Floats, step: float) -> NDArray[np.int64]:
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
    problems = []
    for i in _where(np.diff(places) > 1):
        where = ", ".join(
            f"{start + step * place:.2f} mm" for place in range(places[i] + 1, places[i + 1])
        )
        problems.append(
            Problem(
                "missing_slice",
                f"a slice is missing at {where} along the slice normal, between {labels[i]} and"
                f" {labels[i + 1]}; get the whole series",
                blocking=True,
            )
        )
    return tuple(problems)


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
            f"{labels[i]} at {along[i]:.2f} mm along the slice normal lies {abs(off[i]):.2f} mm"
            " from its place in the stack",
            blocking=True,
        )
        for i in at_fault
    )


def _irregular_problem(along: Floats, labels: Sequence[str]) -> Problem:
    steps = np.diff(along)
    return Problem(
        "irregular_spacing",
        f"the slice spacing varies from {steps.min():.2f} mm (after {labels[int(steps.argmin())]})"
        f" to {steps.max():.2f} mm (after {labels[int(steps.argmax())]})",
        blocking=True,
    )


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
                f"the slices drift sideways by {drift:.2f} mm over {length:.1f} mm, so they form"
                " no right-angled volume",
                blocking=True,
            )
        )
    off = np.linalg.norm(across - fitted, axis=1)
    problems += [
        Problem(
            "shifted_slice",
            f"{labels[i]} at {along[i]:.2f} mm along the slice normal is moved {off[i]:.2f} mm"
            " within its plane",
            blocking=True,
        )
        for i in _where(off > POSITION_TOLERANCE_MM)
    ]
    return tuple(problems)
