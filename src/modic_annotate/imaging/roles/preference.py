"""The rule by which one of several series for a slot comes before another.

A table, tried from the top: the first question that tells two series apart decides, and its words
are the reason given to the reader. The choice is a proposal; a reader may set it otherwise.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from modic_annotate.domain.series import FatTechnique, Plane
from modic_annotate.imaging.geometry.extent import SHORTER
from modic_annotate.imaging.model import Series
from modic_annotate.imaging.roles.regions import is_elsewhere

CONFIDENCE = {"high": 0, "moderate": 1, "low": 2, "none": 3}
PLAIN_FAT = (
    FatTechnique.NONE,
    FatTechnique.STIR,
    FatTechnique.FS,
    FatTechnique.IN_PHASE,
    FatTechnique.WATER,
)
"""Plain images before parts of a Dixon acquisition; STIR, which suppresses evenly, before FS."""

WHOLE_LUMBAR_MM = 200.0
"""Height of a field of view that holds T12 to S1 of most adults; more is no gain."""

EXTENT_STEP_MM = 5.0
"""Extents that differ by less than about one slice count as equal."""

Rank = float | str | tuple[float, ...]
"""Lower comes first."""


@dataclass(frozen=True, slots=True)
class Question:
    """One step of the rule: lower values come first."""

    reason: str
    """Why the first of two series comes first, where this tells them apart."""

    rank: Callable[[Series, Sequence[Series]], Rank]
    """Takes a stack, and all readable stacks of its series for the same slot."""


def _is_doubtful(entry: Series) -> bool:
    """Whether problems are listed; a smaller extent is weighed on its own, further down."""
    return any(problem.code != SHORTER for problem in entry.problems)


def _extent(_entry: Series, stacks: Sequence[Series]) -> float:
    """Return minus the thickness of all slices together, right to left or head to foot."""
    covered = sum(len(s.slices) * (s.spacing_mm[0] or s.acquisition.slice_thickness_mm or 1.0)
                  for s in stacks)  # fmt: skip
    return -round(covered / EXTENT_STEP_MM)


def _height(entry: Series, _stacks: Sequence[Series]) -> float:
    """Return minus the height of a sagittal field of view, as far as it is of use."""
    rows_mm = (entry.pixel_spacing_mm or (0.0, 0.0))[0]
    if entry.plane is not Plane.SAGITTAL:
        return 0.0
    return -round(min(entry.shape[1] * rows_mm, WHOLE_LUMBAR_MM) / EXTENT_STEP_MM)


def _pixel(entry: Series, _stacks: Sequence[Series]) -> float:
    rows, columns = entry.pixel_spacing_mm or (0.0, 0.0)
    return round(rows * columns, 4)


def _is_gradient(entry: Series) -> bool:
    return "GR" in (entry.acquisition.scanning_sequence or "").upper().split("\\")


RULE: tuple[Question, ...] = (
    Question("is not named after another part of the spine", lambda s, _: is_elsewhere(s)),
    Question("has no doubts listed", lambda s, _: _is_doubtful(s)),
    Question("has the surer role", lambda s, _: CONFIDENCE[s.role_confidence]),
    Question("is a spin echo", lambda s, _: _is_gradient(s)),
    Question("has the plainer technique", lambda s, _: PLAIN_FAT.index(s.fat)),
    Question("shows more of the lumbar spine from head to foot", _height),
    Question("covers more from the first slice to the last", _extent),
    Question("has the larger stack", lambda s, _: -s.shape[0]),
    Question("has the finer pixels", _pixel),
)
"""After it: the later of two series of one protocol, else the one acquired first."""

REPEATED = "repeats the same protocol later, mostly because the first was spoilt; compare both"
EARLIER = "was acquired first"


def rank_of(entry: Series, stacks: Sequence[Series]) -> tuple[Rank, ...]:
    """Return the place of a stack by the rule; lower comes first."""
    return tuple(question.rank(entry, stacks) for question in RULE)


def is_repeat(one: Series, other: Series) -> bool:
    """Whether two series have one name and one timing, so that one repeats the other."""
    return _protocol(one) == _protocol(other)


def _protocol(entry: Series) -> tuple[object, ...]:
    acquired = entry.acquisition
    times = (acquired.repetition_time_ms, acquired.echo_time_ms, acquired.inversion_time_ms)
    return (entry.description.casefold().strip(), entry.shape, entry.fat, *times)
