"""The desk on a real session, without a window."""

from __future__ import annotations

from pathlib import Path

import pytest

from modic_annotate.domain.series import SeriesRole
from modic_annotate.session.session import open_session
from modic_annotate.store.workspace import Workspace
from modic_annotate_napari.desk.desk import Desk
from modic_annotate_napari.desk.where import Step
from modic_annotate_napari.keymap import KeyMap
from modic_annotate_napari.steps.skills import SKILLS
from tests.plugin.room.desk.hand import Views, press


@pytest.fixture
def desk(workspace: Path):
    """A desk on a fresh reading of the sample."""
    with open_session(Workspace.open(workspace), "K7Q-04", "R01") as session:
        yield Desk(session, Views(session), KeyMap(), SKILLS)


@pytest.fixture
def numbered(desk: Desk, truth):
    """The desk after the numbering was clicked, stated and signed."""
    press(desk, "Enter")
    for centre in truth.centres.values():
        desk.click(SeriesRole.SAG_T1, centre)
    press(desk, "g", "Enter")
    assert desk.step == Step.ENDPLATES
    return desk
