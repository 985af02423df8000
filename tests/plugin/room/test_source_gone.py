"""From a medium that is gone to a signature, by the window: what is kept and what is shown."""

from __future__ import annotations

import re
import shutil
from datetime import datetime
from pathlib import Path

import pytest

pytest.importorskip("napari", reason="napari is not installed (modic-annotate[gui])")

from modic_annotate.conduct.link import link_study
from modic_annotate.domain.base import utc_now
from modic_annotate.domain.readers import Reader
from modic_annotate.domain.screening import Change, ScreeningRecord, Subject
from modic_annotate.samples import sample_folder
from modic_annotate.store.workspace import Workspace
from modic_annotate_napari.replay.hands import Hands


@pytest.mark.parametrize("mode", ["deidentified", "verbatim"])
def test_the_room_opens_after_the_medium_is_gone(tmp_path, viewer, until, mode):
    """Linked images are read from the workspace: every slice of every series comes up."""
    from modic_annotate_napari.reading_room import ROOM

    medium = Path(shutil.copytree(sample_folder() / "study", tmp_path / "medium"))
    ws = Workspace.create(tmp_path / "ws", trial_id="t")
    ws.add_reader(Reader(id="R01"))
    change, subject = Change(by="test", at=utc_now()), Subject(subject_id="s")
    ws.add_screening(
        ScreeningRecord(trial_id="t", record_id="case", subject=subject, change=change), "test"
    )
    link_study(ws, "case", [medium], by="test", mode=mode)
    shutil.rmtree(medium)
    opened = ROOM.build(ws.root, "case", "R01", viewer=viewer)
    try:
        opened.host.window.showNormal()
        opened.host.window.setGeometry(0, 0, 1366, 768)
        panels = opened.room.canvases.panels
        until(lambda: all(opened.room.coverage.seen(used.role) for used, _ in panels))
        Hands(opened.room).see_everything()
        assert all(len(opened.room.coverage.seen(u.role)) == p.n_slices for u, p in panels)
    finally:
        opened.host.dispose()
        opened.host.window.hide()


def test_signing_shows_local_time_with_its_offset(open_room, number):
    """Before and after the signature the wall clock stands on the page, with its offset."""
    hands = Hands(open_room().room)
    number(hands)
    hands.see_everything()
    hands.press("A", "]", "]")
    for _ in range(2):
        shown = re.search(r"[Tt]ime (\d{4}-\d\d-\d\d \d\d:\d\d(:\d\d)?[+-]\d\d:\d\d)", _page(hands))
        assert shown, _page(hands)
        at = datetime.fromisoformat(shown[1])
        assert abs((datetime.now().astimezone() - at).total_seconds()) < 120
        hands.press("Enter")
    assert hands.room.session.state.signed


def _page(hands: Hands) -> str:
    return hands.room.page.text
