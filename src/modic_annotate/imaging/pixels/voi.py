"""The window that a header asks for (PS3.3 C.11.2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pydicom.dataset import Dataset

from modic_annotate.imaging.headers import values as v
from modic_annotate.imaging.model import Problem

_SIGMOID = "SIGMOID"
_LEAST_WIDTH = {"LINEAR": 1.0, "LINEAR_EXACT": 0.0, _SIGMOID: 0.0}
"""By VOILUTFunction: from a width of 1 on, and above 0 (C.11.2.1.2 and C.11.2.1.3)."""


@dataclass(frozen=True, slots=True)
class Voi:
    """What one image asks of its display."""

    window: tuple[float, float] | None
    """Centre and width of the first window, in rescaled values; None where there is none, its
    function is unknown, or the width is not one of its function."""

    function: str
    has_table: bool
    """Whether there is a VOI LUT."""


def voi_of(ds: Dataset) -> Voi:
    """Return what a classic header, or a Frame VOI LUT item, asks."""
    function = v.text(ds, "VOILUTFunction").upper() or "LINEAR"
    centre, width = v.number(ds, "WindowCenter"), v.number(ds, "WindowWidth")
    least = _LEAST_WIDTH.get(function)
    window = None
    if centre is not None and width is not None and least is not None and 0.0 < width >= least:
        window = centre, width
    return Voi(window, function, bool(v.items(ds, "VOILUTSequence")))


def voi_problems(asked: Sequence[Voi]) -> tuple[Problem, ...]:
    """Return what the images ask of the display that a linear window does not do."""
    problems = []
    if any(voi.window and voi.function == _SIGMOID for voi in asked):
        message = "the images ask for a sigmoid window; a linear one of its centre and width is"
        problems.append(Problem("voi_function", f"{message} shown"))
    if any(voi.function not in _LEAST_WIDTH for voi in asked):
        message = "the images ask for a window function that is not known, and not applied"
        problems.append(Problem("voi_function", message))
    if any(voi.has_table and voi.window is None for voi in asked):
        message = "the images ask for a table of grey values (VOI LUT), which is not applied"
        problems.append(Problem("voi_table", message))
    return tuple(problems)
