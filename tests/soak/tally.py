"""What came of the kills of one operation."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

N_PARTS = 10


def _no_parts() -> list[int]:
    return [0] * N_PARTS


@dataclass
class Tally:
    """Kills by moment, and what was seen afterwards."""

    before: int = 0
    """Before the process left its first trace."""

    during: int = 0
    after: int = 0
    """After its last acknowledgement, before it had ended."""

    faster: int = 0
    """Processes that had ended before they were killed; no kills."""

    rounds: int = 0
    parts: list[int] = field(default_factory=_no_parts)
    """Kills by tenth of the usual duration; the last holds what came later, too."""

    seen: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)

    @property
    def kills(self) -> int:
        """Processes killed."""
        return self.before + self.during + self.after

    @property
    def words(self) -> str:
        """The tally in one line."""
        seen = "".join(f", {n} {what}" for what, n in sorted(self.seen.items()))
        return (
            f"{self.kills} kills ({self.before} before, {self.during} during, {self.after} after; "
            f"by tenth {' '.join(map(str, self.parts))}), {self.faster} processes were faster, "
            f"{self.rounds} workspaces{seen}, {len(self.problems)} faults"
        )

    def count_part(self, share: float) -> None:
        """Count at which share of its usual duration a process was killed."""
        self.parts[min(int(share * N_PARTS), N_PARTS - 1)] += 1

    def add(self, more: Tally) -> None:
        """Add what came of further kills."""
        self.before += more.before
        self.during += more.during
        self.after += more.after
        self.faster += more.faster
        self.rounds += more.rounds
        self.parts = [a + b for a, b in zip(self.parts, more.parts, strict=True)]
        self.seen += more.seen
        self.problems += more.problems
