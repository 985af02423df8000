"""Volumes loaded by another process while napari starts are the ones that were linked."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from modic_annotate.domain.series import SAGITTAL_SLOTS
from modic_annotate.store.images import open_series
from modic_annotate.store.workspace import Workspace
from modic_annotate_napari.loading import loading_ahead, take
from tests.bench.room.case import RECORD, make_case


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with the sample linked."""
    return make_case(tmp_path_factory.mktemp("loading") / "ws")


def test_what_is_loaded_ahead_is_what_was_linked(workspace):
    """Each sagittal slot's pixels, grid, window and images, and each is given once."""
    ws = Workspace.open(workspace)
    index = ws.linked_images(RECORD)
    with loading_ahead(workspace, RECORD):
        volumes = take(workspace, RECORD)
        assert take(workspace, RECORD) == {}
    entries = [index.in_role(role) for role in SAGITTAL_SLOTS]
    assert set(volumes) == {(e.used.series_uid, e.used.stack) for e in entries}
    for entry in entries:
        ahead, here = (
            volumes[entry.used.series_uid, entry.used.stack],
            open_series(ws, index, entry),
        )
        assert np.array_equal(ahead.array, here.array)
        assert ahead.array.dtype == here.array.dtype
        assert (ahead.grid, ahead.window, ahead.inverted) == (here.grid, here.window, here.inverted)
        last = here.array.shape[0] - 1
        assert [ahead.instance_at(k) for k in (0, last)] == [here.instance_at(k) for k in (0, last)]


def test_what_cannot_be_loaded_ahead_is_left_to_the_usual_way(workspace):
    """A record that is not there gives no volumes and no error of its own."""
    with loading_ahead(workspace, "no-such-record"):
        assert take(workspace, "no-such-record") == {}


def test_nothing_is_taken_that_was_not_asked_for(workspace):
    """Without a process ahead there is nothing to take; what nobody takes is ended."""
    with loading_ahead(workspace, RECORD):
        pass
    assert take(workspace, RECORD) == {}
