"""``python -m tests.fuzz.replay FOLDER``: each folder in it through the ingest, in a process.

Prints a line for each: its name, and what was found or what came out.
"""

from __future__ import annotations

import sys
from pathlib import Path

from tests.fuzz.case import One
from tests.fuzz.seeds import Study
from tests.fuzz.workers import run


def study_in(folder: Path) -> Study:
    """Return the files of a folder by their names in it."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def main(arguments: list[str]) -> int:
    """Replay the folders."""
    for folder in sorted(Path(arguments[0]).iterdir()):
        (tally,) = run(One(study_in(folder)), range(1))
        lines = [f"FOUND {name}" for name in tally.findings] or sorted(tally.outcomes)
        sys.stdout.write(f"{folder.name}: {'; '.join(lines)}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
