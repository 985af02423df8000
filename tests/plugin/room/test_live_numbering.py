"""Numbering by live clicks: the real exam's bodies, and spines that have more or fewer."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("napari", reason="napari is not installed (modic-annotate[gui])")

from qtpy.QtWidgets import QLabel

from modic_annotate.conduct.link import link_study
from modic_annotate.conduct.worklist import worklist
from modic_annotate.domain.base import utc_now
from modic_annotate.domain.finding import Origin
from modic_annotate.domain.readers import Reader
from modic_annotate.domain.screening import Change, ScreeningRecord, Subject
from modic_annotate.domain.series import SeriesRole
from modic_annotate.domain.spine import spine_order
from modic_annotate.phantom import NORMAL, Truth
from modic_annotate.phantom.protocol import SEQUENCES
from modic_annotate.phantom.variants import with_lumbar_count
from modic_annotate.phantom.write import write_phantom
from modic_annotate.store.workspace import Workspace
from modic_annotate_napari.desk.where import Step
from modic_annotate_napari.replay.hands import Hands

T1 = SeriesRole.SAG_T1
RECORD, READER, OTHER = "count", "R01", "R02"
SLICES = 5
"""Enough for a spine to be numbered on; drawing more of them takes longer."""


@pytest.fixture
def opened(qapp, viewer, until):
    """A function that opens a room on any linked case; it is closed after the test."""
    from modic_annotate_napari.reading_room import ROOM

    rooms = []

    def run(workspace: Path, record: str, reader: str = READER) -> Hands:
        room = ROOM.build(workspace, record, reader, viewer=viewer)
        rooms.append(room)
        room.host.window.showNormal()
        room.host.window.setGeometry(0, 0, 1920, 1080)
        until(lambda: all(room.room.coverage.seen(u.role) for u, _ in room.room.canvases.panels))
        return Hands(room.room)

    yield run
    for room in rooms:
        room.host.dispose()
        room.host.window.hide()


def inside(point, corners) -> bool:
    """Whether a point lies inside a convex outline, both as (n, 2) of posterior and head."""
    edges = np.roll(corners, -1, axis=0) - corners
    away = np.asarray(point) - corners
    cross = edges[:, 0] * away[:, 1] - edges[:, 1] * away[:, 0]
    return bool((cross > 0).all() or (cross < 0).all())


@pytest.mark.real
def test_every_live_click_on_the_real_exam_lies_inside_its_body(real_study, opened, tmp_path):
    """Clicked from S1 upward by hand, each centre lies between the endplates of its own body."""
    workspace = Path(shutil.copytree(real_study.workspace, tmp_path / "ws"))
    hands = opened(workspace, real_study.record)
    hands.press("]")
    for centre in real_study.centres:
        hands.click(T1, centre)
    hands.press("g", "Enter")
    assert hands.room.desk.step == Step.ENDPLATES
    bodies = hands.room.session.state.numbering.bodies
    assert [b.vertebra for b in bodies] == list(spine_order(5))
    assert {b.origin for b in bodies} == {Origin.MOUSE}
    drawn = dict(zip(map(str, hands.room.session.scope), real_study.endplates, strict=True))
    for body in bodies[1:-1]:
        upper, lower = (drawn[f"{body.vertebra}-{s}"] for s in ("superior", "inferior"))
        outline = np.array([upper[0], upper[-1], lower[-1], lower[0]])[:, 1:]
        assert inside(body.centroid_lps_mm[1:], outline), body.vertebra
    assert bodies[0].centroid_lps_mm[2] > drawn["T12-inferior"][:, 2].max()
    assert bodies[-1].centroid_lps_mm[2] < drawn["S1-superior"][:, 2].min()


@pytest.fixture(scope="module", params=[4, 6])
def other_count(request, tmp_path_factory) -> tuple[Path, Truth]:
    """A linked phantom of four or six lumbar bodies, in a workspace of its own."""
    folder = tmp_path_factory.mktemp(f"bodies-{request.param}")
    thin = tuple(replace(s, shape=(SLICES, *s.shape[1:])) for s in SEQUENCES[:2])
    truth = write_phantom(folder, with_lumbar_count(NORMAL, request.param), sequences=thin)
    ws = Workspace.create(folder / "ws", trial_id="t")
    for reader in (READER, OTHER):
        ws.add_reader(Reader(id=reader))
    subject = Subject(subject_id="s")
    change = Change(by="test", at=utc_now())
    ws.add_screening(
        ScreeningRecord(trial_id="t", record_id=RECORD, subject=subject, change=change), by="test"
    )
    link_study(ws, RECORD, [folder / "study"], by="test")
    return folder / "ws", truth


@pytest.mark.slow
def test_every_n_of_m_follows_the_count(other_count, opened):
    """Four lumbar bodies have ten endplates and six have fourteen, wherever they are counted."""
    folder, truth = other_count
    count = truth.lumbar_count
    total, order = 2 * count + 2, spine_order(count)
    hands = opened(folder, RECORD)
    room = hands.room
    hands.press("]")
    hands.press("b", {4: "f", 6: "x"}[count])
    for vertebra in reversed(order):
        hands.click(T1, truth.body(vertebra).centroid_lps_mm)
    hands.press("g", "Enter")
    assert room.desk.step == Step.ENDPLATES, room.footer.message.text()
    placed = room.session.state.numbering.bodies
    assert [b.vertebra for b in placed] == list(order)
    for body in placed:
        assert (
            np.linalg.norm(
                np.subtract(body.centroid_lps_mm, truth.body(body.vertebra).centroid_lps_mm)[1:]
            )
            < 2.0
        )
    assert _tabs(room) == f"Endplates 0/{total}"
    assert len(room.side.table.rows) == total
    assert len(room.canvases.panel(T1)._overlay.label_boxes()) == total
    hands.press("0", "0")
    assert _tabs(room) == f"Endplates 2/{total}"
    hands.see_everything()
    hands.press("A")
    assert _tabs(room).startswith(f"Endplates {total}/{total}")
    hands.press("]")
    assert len(room.review.rows.rows) == total
    assert room.side.summary._rows[0].value == f"{total} of {total}"
    (item,) = worklist(Workspace.open(folder), READER)
    assert item.words == f"draft, {total} of {total} endplates"


def test_three_clicks_and_a_count_number_a_spine_of_any_count(other_count, opened):
    """Four or six bodies: S1, one half-way, T12, the count by letter, a look, and it is signed."""
    folder, truth = other_count
    count = truth.lumbar_count
    hands = opened(folder, RECORD, OTHER)
    room = hands.room
    hands.press("]", "e")
    for vertebra in ("S1", "L3", "T12"):
        hands.click(T1, truth.body(vertebra).centroid_lps_mm)
    hands.press("i")
    assert "would lie between" in room.footer.message.text()
    assert room.desk.prompt is not None
    hands.press({4: "f", 6: "x"}[count])
    assert "presumed, not confirmed" in room.footer.message.text()
    assert len(room.canvases.panel(T1)._overlay._marks.presumed) == count - 1
    hands.press("g", "Enter")
    assert room.desk.step == Step.NUMBERING
    assert "confirm or correct the presumed centres" in room.footer.message.text()
    l2 = truth.body("L2").centroid_lps_mm
    hands.drag(T1, room.session.state.numbering.centre("L2"), l2)
    assert "L2" not in room.session.state.numbering.presumed
    hands.press("y", "Enter")
    assert room.desk.step == Step.ENDPLATES, room.footer.message.text()
    assert _tabs(room) == f"Endplates 0/{2 * count + 2}"
    placed = room.session.state.numbering.bodies
    assert [b.vertebra for b in placed] == list(spine_order(count))
    for body in placed:
        true = truth.body(body.vertebra)
        z = [corner[2] for corner in true.corners_lps_mm]
        assert min(z) < body.centroid_lps_mm[2] < max(z)


def _tabs(room) -> str:
    texts = [tab.text() for tab in room.header.findChildren(QLabel)]
    return next(text for text in texts if text.startswith("Endplates"))
