"""``python -m tests.fuzz.minimise FOLDER OUT``: the least of a finding's files that still shows it.

Files are left out, then parts of them, larger ones first, as long as what is found stays the same.
"""

from __future__ import annotations

import sys
from pathlib import Path

from tests.fuzz.case import write
from tests.fuzz.replay import study_in
from tests.fuzz.seeds import Study
from tests.fuzz.workers import found_in

FEWEST_BYTES = 1


def minimised(study: Study) -> Study:
    """Return the least files that show the first finding of a study."""
    wanted = found_in(study)
    if wanted is None:
        raise ValueError("nothing is found in this study")
    for name in list(study):
        without = {other: content for other, content in study.items() if other != name}
        if without and found_in(without) == wanted:
            study = without
    for name in study:
        study = _shorter(study, name, wanted)
    return study


def _shorter(study: Study, name: str, wanted: str) -> Study:
    step = max(len(study[name]) // 2, FEWEST_BYTES)
    while True:
        at = 0
        while at < len(study[name]):
            content = study[name][:at] + study[name][at + step :]
            shorter = {**study, name: content}
            if found_in(shorter) == wanted:
                study = shorter
            else:
                at += step
        if step == FEWEST_BYTES:
            return study
        step = max(step // 2, FEWEST_BYTES)


def main(arguments: list[str]) -> int:
    """Minimise the files of a folder into another."""
    source, target = map(Path, arguments)
    study = study_in(source)
    found = found_in(study)
    least = minimised(study)
    write(least, target)
    sys.stdout.write(f"{found}: {sum(map(len, least.values()))} bytes\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
