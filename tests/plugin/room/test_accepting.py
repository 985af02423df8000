"""A blocked series in the room: listed with its fault, accepted by key, shown with its gap."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from modic_annotate.conduct.link import link_study
from modic_annotate.domain.base import utc_now
from modic_annotate.domain.readers import Reader
from modic_annotate.domain.screening import Change, ScreeningRecord, Subject
from modic_annotate.domain.series import SeriesRole
from modic_annotate.samples import sample_folder
from modic_annotate.store.workspace import Workspace

LOST, LOST_INDEX = "t1-13.dcm", 2
REASON = "lies beside the bodies"


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """The sample linked without one T1 slice."""
    study = Path(shutil.copytree(sample_folder() / "study", tmp_path / "study"))
    (study / LOST).unlink()
    ws = Workspace.create(tmp_path / "ws", trial_id="demo-trial")
    ws.add_reader(Reader(id="R01", display_name="Demo Reader", title="MD"))
    subject, change = Subject(subject_id="S1"), Change(by="test", at=utc_now())
    record = ScreeningRecord(
        trial_id="demo-trial", record_id="K7Q-04", subject=subject, change=change, synthetic=True
    )
    ws.add_screening(record, by="test")
    link_study(ws, "K7Q-04", [study], by="test")
    return ws.root


def test_a_blocked_series_is_listed_accepted_and_shown_with_its_gap(open_room, settle) -> None:
    """The list names the fault; y and a reason accept it; the empty slice says what it is."""
    from modic_annotate_napari.desk.where import Step
    from modic_annotate_napari.present.lists import series_cards
    from modic_annotate_napari.steps.series import listed

    opened = open_room()
    desk = opened.room.desk
    assert opened.room.canvases.panel(SeriesRole.SAG_T1) is None
    desk.go(Step.SERIES)
    (place,) = [i for i, used in enumerate(listed(desk.session)) if used.faults]
    card = series_cards(desk)[place]
    assert (card.quality, card.title) == ("blocked", "SAG T1")
    assert "slice 3 of 15 is missing at" in card.lines[0]
    desk.row = place
    desk.run("quality.diagnostic")
    assert "y accepts it" in desk.message.text
    desk.run("series.accept")
    desk.submit(REASON)
    assert desk.session.acceptable == ()
    (card,) = [card for card in series_cards(desk) if "missing" in " ".join(card.lines)]
    assert f"Accepted by R01: {REASON}" in card.lines[-1]
    opened.host.dispose()
    opened.host.window.hide()
    settle()

    again = open_room()
    panel = again.room.canvases.panel(SeriesRole.SAG_T1)
    panel.show_slice(LOST_INDEX)
    assert (panel.title.remark, panel.title.image) == ("slice not acquired", "")
    assert again.room.canvases.instance_shown(SeriesRole.SAG_T1) is None
    panel.show_slice(LOST_INDEX + 1)
    assert (panel.title.remark, panel.title.image) == ("", "Im 12")
