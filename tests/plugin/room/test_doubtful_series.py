"""A series that can be read and is doubtful says so on its card."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from modic_annotate.conduct.link import link_study
from modic_annotate.conduct.screening_import import import_record
from modic_annotate.domain.readers import Reader
from modic_annotate.domain.series import SeriesRole
from modic_annotate.samples import sample_folder
from modic_annotate.store.workspace import Workspace


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """The sample linked without its last T2 image; its record has the id the room opens."""
    study = Path(shutil.copytree(sample_folder() / "study", tmp_path / "study"))
    (study / "t2-01.dcm").unlink()
    ws = Workspace.create(tmp_path / "ws", trial_id="demo-trial")
    ws.add_reader(Reader(id="R01", display_name="Demo Reader", title="MD"))
    record = tmp_path / "record.json"
    text = (sample_folder() / "screening-record.json").read_text("utf-8")
    record.write_text(text.replace('"demo-001"', '"K7Q-04"'), encoding="utf-8")
    import_record(ws, record, by="test")
    link_study(ws, "K7Q-04", [study], by="test")
    return ws.root


def test_the_card_of_a_series_tells_what_is_doubtful(open_room) -> None:
    """The reader sees that the T2 seems to lack an image; the sound series say nothing."""
    from modic_annotate_napari.present.lists import series_cards
    from modic_annotate_napari.steps.series import listed

    desk = open_room().room.desk
    cards = dict(zip((s.role for s in listed(desk.session)), series_cards(desk), strict=True))
    (doubtful,) = [s for s in listed(desk.session) if s.doubts]
    assert doubtful.role == SeriesRole.SAG_T2
    assert set(doubtful.doubts) <= set(cards[SeriesRole.SAG_T2].lines)
    assert "image numbers 1 of this series are not there" in " ".join(doubtful.doubts)
