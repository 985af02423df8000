"""One thing that was looked at."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Literal

State = Literal["ok", "missing", "not checked"]


@dataclass(frozen=True, slots=True)
class Check:
    """What was found, and what to do about it."""

    name: str
    state: State
    found: str
    advice: str = ""
    """What to do; empty where nothing is."""

    @classmethod
    def of(cls, name: str, found: str, *, ok: bool, advice: str) -> Check:
        """Make a check of a fact; the advice stands only where it is needed."""
        return cls(name, "ok", found) if ok else cls(name, "missing", found, advice)

    @property
    def line(self) -> str:
        """The check in one line."""
        words = self.found if not self.advice else f"{self.found}; {self.advice}"
        return f"{self.state:<11}  {self.name}: {words}"

    def to_json(self) -> dict[str, str]:
        """Return the check for machines."""
        return asdict(self)
