"""What a machine needs to read and export, looked at one thing after another."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from modic_annotate.conduct.doctor import basics, decoders, window
from modic_annotate.conduct.doctor.check import Check

PARTS: tuple[Callable[[], Iterator[Check]], ...] = (
    basics.basics,
    decoders.decoders,
    window.window,
)


def examine() -> Iterator[Check]:
    """Look at everything, each as it is asked for: Python, folders, decoders, window."""
    for part in PARTS:
        yield from part()


__all__ = ["Check", "basics", "decoders", "examine", "window"]
