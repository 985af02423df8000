"""Room for every label: push positions apart as little as possible, keeping their order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(slots=True)
class _Block:
    """Neighbours pushed against each other; they share one shift."""

    total: float
    count: int

    @property
    def mean(self) -> float:
        return self.total / self.count


def spread(wanted: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Return positions at least `gap` apart, as near to the wanted ones as that allows.

    Least squares by pooling adjacent violators.

    Parameters
    ----------
    wanted
        Positions in the order they have to keep.
    gap
        Smallest distance between neighbours.
    low, high
        Ends of the room; `gap` wins where the room is too small.
    """
    blocks: list[_Block] = []
    for rank, position in enumerate(wanted):
        blocks.append(_Block(position - rank * gap, 1))
        while len(blocks) > 1 and blocks[-2].mean > blocks[-1].mean:
            last = blocks.pop()
            blocks[-1].total += last.total
            blocks[-1].count += last.count
    shifts = [block.mean for block in blocks for _ in range(block.count)]
    top = max(high - (len(wanted) - 1) * gap, low)
    return [min(max(shift, low), top) + rank * gap for rank, shift in enumerate(shifts)]
