"""Whole readings in the real napari process, by the X server's own keys, clicks and wheel.

What is signed is compared with what the same acts give without a window (``tests/driving``).
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

pytest.importorskip("napari", reason="napari is not installed (modic-annotate[gui])")

from modic_annotate.domain.finding import Origin
from modic_annotate.domain.reading import Reading, SignatureClass
from modic_annotate.domain.series import SAGITTAL_SLOTS
from modic_annotate.session.session import ReadingSession
from modic_annotate.store.workspace import Workspace
from tests.driving import by_acts
from tests.driving.expected import differences, expected, said
from tests.driving.x_room import reading
from tests.plugin.room.conftest import REAL_ACTS, REAL_RECORD, RECORD

READER = "R01"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.gui,
    pytest.mark.skipif(shutil.which("xdotool") is None, reason="xdotool is not installed"),
]


def _signed(workspace: Path, record: str) -> Reading:
    """Return the signed reading: made by a person's hands alone, every slice seen."""
    ws = Workspace.open(workspace)
    signature, _ = ws.signature(record, "R01-1")
    assert signature.signature_class == SignatureClass.ATTESTATION
    made, _ = ws.reading(record, "R01-1")
    assert not made.scripted
    shown = {one.shown_percent for one in made.coverage if one.role in SAGITTAL_SLOTS}
    assert shown == {100}
    session = ReadingSession.look(ws, record, READER)
    assert Origin.SCRIPT not in {entry.origin for entry in session.journal.entries}
    return made


def test_the_sample_with_its_lesions(display, workspace, truth):
    """Numbering, lines, callipers, letters and the wheel sign the reading the acts describe."""
    with reading(display, workspace, RECORD, READER) as room:
        by_acts.make_all(room, truth.acts)
        counts = room.now["counts"]
    made = _signed(workspace, RECORD)
    assert differences(expected("sample-lesions"), said(made)) == []
    assert {body.origin for body in made.numbering.bodies} == {Origin.MOUSE}
    assert {finding.origins["modic"] for finding in made.findings} == {Origin.KEY}
    acts = [json.loads(line) for line in truth.acts.read_text("utf-8").splitlines()]
    assert counts["clicks"] == _points(acts)


@pytest.mark.real
def test_the_real_exam(display, real_study, tmp_path):
    """A hospital's images: the same hands, every endplate drawn on them and graded."""
    workspace = Path(shutil.copytree(real_study.workspace, tmp_path / "ws"))
    with reading(display, workspace, REAL_RECORD, READER) as room:
        by_acts.make_all(room, REAL_ACTS)
    made = _signed(workspace, REAL_RECORD)
    assert differences(expected("lumbar-hitachi"), said(made)) == []


def _points(acts: list[dict]) -> int:
    """How many places acts name that are clicked one by one."""
    return sum(
        (act["act"] == "place_body")
        + len(act.get("polyline_lps_mm", ()))
        + len(act.get("lesion_lps_mm", ()))
        for act in acts
    )
