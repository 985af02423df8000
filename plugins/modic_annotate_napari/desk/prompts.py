"""Questions the desk is waiting on: a letter, some letters, some clicks or some text.

A prompt takes plain keys while it is open, so that a letter is an answer and nothing else; digits
go through it, since they mean Modic type and nothing else.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from modic_annotate.domain.base import PointLps
from modic_annotate.domain.series import SeriesRole
from modic_annotate_napari.desk.letters import Option


@dataclass
class Prompt:
    """What is asked, and where on screen it belongs."""

    title: str
    row: str = ""
    """Field the question is about; the panel opens it there."""

    wants_points = False
    named_keys: ClassVar[frozenset[str]] = frozenset()
    """Keys beyond the key table that answer it, such as arrows."""

    finished: bool = field(default=False, init=False)

    @property
    def hint(self) -> str:
        """What can be typed now, in words."""
        return ""

    def key(self, key: str) -> str | None:
        """Take a key: None where it is not this prompt's, else what to say ("" for nothing)."""
        return None


@dataclass
class LetterPrompt(Prompt):
    """One letter answers; Enter skips where that is allowed."""

    options: Sequence[Option] = ()
    answer: Callable[[str], object] = lambda value: None
    skip: Callable[[], None] | None = None
    required: bool = False
    """Whether Enter, which skips nothing here, says so instead of doing something else."""

    @property
    def hint(self) -> str:
        """The letters with their words."""
        return "   ".join(f"{o.key} {o.words}" for o in self.options)

    def key(self, key: str) -> str | None:
        """Answer by a letter of the table, skip by Enter, refuse other letters."""
        chosen = next((o for o in self.options if o.key == key), None)
        if chosen is not None:
            self.finished = True
            self.answer(chosen.value)
            return ""
        if key == "Enter" and self.skip is not None:
            self.finished = True
            self.skip()
            return ""
        if key == "Enter" and self.required:
            return f"The protocol asks for {self.title}: a letter answers, Esc leaves it open"
        return _no_answer(key, self.title)


@dataclass
class ChoicesPrompt(Prompt):
    """Several letters, each on or off; Enter records them."""

    options: Sequence[Option] = ()
    chosen: tuple[str, ...] = ()
    answer: Callable[[tuple[str, ...]], object] = lambda values: None
    whole: str = ""
    """The key that chooses all of them and records them, where there is one."""

    @property
    def hint(self) -> str:
        """The letters with their words; the chosen ones are marked by the view."""
        letters = "   ".join(f"{o.key} {o.words}" for o in self.options)
        return f"{letters}{f'   {self.whole} all of them' if self.whole else ''}   Enter records"

    def key(self, key: str) -> str | None:
        """Switch an option, or record all of them by Enter, in the order of the table."""
        option = next((o for o in self.options if o.key == key), None)
        if option is not None:
            kept = set(self.chosen) ^ {option.value}
            self.chosen = tuple(o.value for o in self.options if o.value in kept)
            return ""
        if key == self.whole:
            self.chosen = tuple(o.value for o in self.options)
        if key in ("Enter", self.whole):
            self.finished = True
            self.answer(self.chosen)
            return ""
        return _no_answer(key, self.title)


@dataclass
class PointsPrompt(Prompt):
    """Clicks on one series; done after the last, or by Enter once there are enough."""

    labels: Sequence[str] = ()
    least: int = 0
    answer: Callable[[tuple[PointLps, ...], SeriesRole], object] = lambda points, role: None
    joined: tuple[tuple[int, int], ...] | None = None
    """Which points a line joins on the image; None joins each to the one before."""

    points: tuple[PointLps, ...] = ()
    role: SeriesRole | None = None

    wants_points = True

    @property
    def hint(self) -> str:
        """Which point is clicked next."""
        if len(self.points) >= len(self.labels):
            return "Enter records"
        step = f"click {self.labels[len(self.points)]} ({len(self.points) + 1}/{len(self.labels)})"
        return f"{step}   Enter records" if len(self.points) >= self.least else step

    @property
    def lines(self) -> tuple[tuple[PointLps, PointLps], ...]:
        """The lines between the points clicked so far."""
        if self.joined is None:
            return tuple(itertools.pairwise(self.points))
        there = len(self.points)
        return tuple((self.points[a], self.points[b]) for a, b in self.joined if max(a, b) < there)

    def click(self, role: SeriesRole, point: PointLps) -> str:
        """Take a click; all points of one answer lie on one series."""
        if self.role not in (None, role):
            return "All points of one answer lie on the same series; Backspace takes one back"
        if len(self.points) >= len(self.labels):
            return "That is enough; Enter records"
        self.role = role
        self.points = (*self.points, point)
        if self.least == len(self.labels) == len(self.points):
            self._finish(role)
        return ""

    def key(self, key: str) -> str | None:
        """Record by Enter, take the last point back by Backspace."""
        if key == "Enter":
            if self.role is None or len(self.points) < self.least:
                return f"Still to click: {self.labels[len(self.points)]}"
            self._finish(self.role)
            return ""
        if key == "Backspace" and self.points:
            self.points = self.points[:-1]
            self.role = self.role if self.points else None
            return ""
        return _no_answer(key, self.title)

    def _finish(self, role: SeriesRole) -> None:
        self.finished = True
        self.answer(self.points, role)


@dataclass
class TextPrompt(Prompt):
    """A line of text, typed into a field that has the keyboard meanwhile."""

    text: str = ""
    answer: Callable[[str], object] = lambda text: None
    required: bool = False
    secret: bool = False

    @property
    def hint(self) -> str:
        """How to leave the field."""
        return "Enter records   Esc leaves it"

    def submit(self, text: str) -> None:
        """Record what was typed."""
        self.finished = True
        self.answer(text)


def _no_answer(key: str, title: str) -> str | None:
    """Refuse letters in words; leave digits, signs and named keys to the key table."""
    if len(key) == 1 and key.isalpha():
        return f"{key} is no answer to {title}; Esc leaves the question"
    return None
