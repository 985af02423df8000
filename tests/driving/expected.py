"""What a reading says, without ids and times: compared with what is expected of it.

``python -m tests.driving.expected STUDY ACTS FILE`` writes a file of ``expected/`` anew, from the
acts applied without any window; the readings by hand are compared with it, so that the two ways
to the same reading are held together.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from modic_annotate.domain.reading import Reading

FOLDER = Path(__file__).parent / "expected"
PARTS = {"numbering", "findings", "endplates", "discs", "quality", "contradictions"}
OWN = frozenset(
    {
        "origin",
        "origins",
        "committed_at",
        "first_view_at",
        "signed_at",
        "active_seconds",
        "series_uid",
        "sop_instance_uid",
        "first_sop_instance_uid",
        "last_sop_instance_uid",
        "sop_instance_uids",
        "frame_of_reference_uid",
        "coverage_percent",
    }
)
"""What belongs to the hands and to the copy of the images, not to what was said."""

NOTHING = (None, [], {}, "", False)
"""What a field holds that says nothing; it is left out."""

POINT_MM, PERCENT = 1.5, 5.0
"""A click lies on the nearest pixel of the screen, and a size follows from clicks."""


def said(reading: Reading) -> Any:
    """Return what a reading says, as plain JSON."""
    return _plain(json.loads(reading.model_dump_json(include=PARTS)))


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        kept = {key: _plain(held) for key, held in value.items() if not _is_own(key, value)}
        return {key: held for key, held in kept.items() if held not in NOTHING}
    return [_plain(held) for held in value] if isinstance(value, list) else value


def _is_own(key: str, fields: dict[str, Any]) -> bool:
    """Whether a field is none to compare; a category follows from the share, where that is told."""
    share = fields.get(key.replace("_category", "_percent"))
    return key in OWN or (key.endswith("_category") and share is not None)


def differences(expected: Any, made: Any, path: str = "") -> list[str]:
    """Return where two readings differ, figures by more than clicks can."""
    if isinstance(expected, dict) and isinstance(made, dict):
        keys = sorted(set(expected) | set(made))
        pairs = [(f"{path}.{key}", expected.get(key), made.get(key)) for key in keys]
    elif isinstance(expected, list) and isinstance(made, list) and len(expected) == len(made):
        pairs = [(f"{path}[{n}]", *pair) for n, pair in enumerate(zip(expected, made, strict=True))]
    elif isinstance(expected, float) and isinstance(made, int | float):
        allowed = PERCENT if "percent" in path else POINT_MM
        return [f"{path}: {made} for {expected}"] if abs(made - expected) > allowed else []
    else:
        return [f"{path}: {made!r} for {expected!r}"] if expected != made else []
    return [text for where, one, other in pairs for text in differences(one, other, where)]


def expected(name: str) -> Any:
    """Return an expected reading by its name."""
    return json.loads((FOLDER / f"{name}.json").read_text("utf-8"))


def main(arguments: list[str]) -> int:
    """Write what the acts give without a window."""
    from modic_annotate.session.apply import apply_acts
    from modic_annotate.store.workspace import Workspace
    from tests.plugin.room.conftest import READER, RECORD, link_case

    study, acts, name = arguments
    with tempfile.TemporaryDirectory() as folder:
        ws = Workspace.open(link_case(Path(folder) / "ws", Path(study)))
        apply_acts(ws, RECORD, READER, Path(acts), lambda _line: None)
        reading, _ = ws.reading(RECORD, f"{READER}-1")
    text = json.dumps(said(reading), indent=1, sort_keys=True)
    (FOLDER / f"{name}.json").write_text(text + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
