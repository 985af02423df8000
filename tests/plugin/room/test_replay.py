"""An acts file as real events on the real room: same reading, other hands."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

pytest.importorskip("napari", reason="napari is not installed (modic-annotate[gui])")

from modic_annotate.domain.finding import Origin
from modic_annotate.errors import ReadingError
from modic_annotate.session import acts
from modic_annotate.session.apply import apply_acts
from modic_annotate.store.workspace import Workspace
from modic_annotate_napari.reading_room import ROOM
from modic_annotate_napari.replay.gestures import GESTURES
from modic_annotate_napari.replay.hands import ReplayError
from modic_annotate_napari.replay.run import PICTURES, replay

POINT_MM, PERCENT = 3.0, 8.0
"""A click lies on the nearest slice and pixel; sizes follow from clicks."""

OWN = {"origins", "origin", "committed_at", "first_view_at", "signed_at", "active_seconds"} | {
    "coverage_percent"
}
"""What belongs to the hands that made an act, not to what was said."""


def plain(value: object) -> object:
    """A finding or numbering without times and origins; a measured share stands for its class."""
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items() if k not in OWN and not _is_class(k, value)}
    return [plain(v) for v in value] if isinstance(value, list) else value


def _is_class(key: str, fields: dict) -> bool:
    """Whether a field is the category of a share that was measured."""
    measured = fields.get(key.replace("_category", "_percent")) is not None
    return key.endswith("_category") and measured


def assert_alike(one: object, other: object, path: str = "") -> None:
    """Compare two plain values; numbers of places and sizes within what a click allows."""
    if isinstance(one, dict):
        assert isinstance(other, dict), path
        assert set(one) == set(other), path
        for key in one:
            assert_alike(one[key], other[key], f"{path}.{key}")
    elif isinstance(one, list):
        assert isinstance(other, list), path
        assert len(one) == len(other), path
        for index, (a, b) in enumerate(zip(one, other, strict=True)):
            assert_alike(a, b, f"{path}[{index}]")
    elif isinstance(one, float):
        tolerance = PERCENT if "percent" in path else POINT_MM
        assert other == pytest.approx(one, abs=tolerance), path
    else:
        assert one == other, path


def test_every_kind_of_act_has_a_gesture():
    """Whatever an acts file may hold can be made by hand."""
    kinds = set(acts.Act.__origin__.__args__)
    assert set(GESTURES) == kinds


@pytest.mark.slow
def test_the_sample_replayed_equals_the_sample_applied(
    qapp, viewer, workspace, truth, tmp_path, settle
):
    """Real keys and clicks sign the same reading as the headless application of the file."""
    opened = ROOM.build(workspace, "K7Q-04", "R01", driven_by="acts_file", viewer=viewer)
    try:
        result = replay(opened.room, truth.acts, tmp_path / "pictures")
        entries = list(opened.room.session.journal.entries)
    finally:
        opened.host.dispose()
        opened.host.window.hide()
    settle()
    ws = Workspace.open(workspace)
    apply_acts(ws, "K7Q-04", "R02", truth.acts, lambda n: None)
    by_hand, _ = ws.reading("K7Q-04", "R01-1")
    by_script, _ = ws.reading("K7Q-04", "R02-1")

    assert result.signed
    assert [p.name for p in result.screenshots] == list(PICTURES.values())
    assert all(p.stat().st_size > 10_000 for p in result.screenshots)
    assert Origin.SCRIPT not in {e.origin for e in entries}
    clicked = (acts.PlaceBody, acts.PlaceEndplate, acts.Measure)
    assert {e.origin for e in entries if isinstance(e.act, clicked)} == {Origin.MOUSE}
    assert {e.origin for e in entries if isinstance(e.act, acts.Grade)} == {Origin.KEY}
    assert ws.signature("K7Q-04", "R01-1")[0].signature_class == "scripted-demo"
    assert all(c.shown_percent == 100 for c in by_hand.coverage)
    for part in ("numbering", "findings", "discs", "quality", "contradictions"):
        one = json.loads(by_script.model_dump_json(include={part}))
        other = json.loads(by_hand.model_dump_json(include={part}))
        if part != "contradictions":
            assert_alike(plain(one), plain(other), part)


@pytest.mark.parametrize(
    ("lines", "complaint"),
    [
        (['{"act":"sign_numbering"}'], "line 1 (sign_numbering): .*place S1"),
        (
            ['{"act":"note","text":"x"}'],
            "line 1 (note): .*Sign the numbering first",
        ),
        (
            ['{"act":"place_body","vertebra":"L3","centroid_lps_mm":[2,-8,16],"role":"SAG_T1"}'],
            "line 1 (place_body): .*clicked from S1 upward",
        ),
        (
            ['{"act":"place_body","vertebra":"S1","centroid_lps_mm":[2,-8,900],"role":"SAG_T1"}'],
            "line 1 (place_body): .*outside the canvas",
        ),
        (['{"act":"show","role":"AX_T1","slices":"all"}'], "line 1 (show): No canvas shows AX_T1"),
    ],
)
def test_an_act_the_room_cannot_make_stops_the_replay(open_room, tmp_path, lines, complaint):
    """The error names the file's line and says what stood in the way."""
    file = tmp_path / "wrong.jsonl"
    file.write_text("\n".join(lines) + "\n")
    pattern = complaint.replace("(", r"\(").replace(")", r"\)")
    with pytest.raises(ReplayError, match=pattern):
        replay(open_room(driven_by="acts_file").room, file, tmp_path / "pictures")


def test_a_replay_in_its_own_process_reports_what_stopped_it(display, workspace, tmp_path):
    """The caller gets the sentence of the room, not a traceback."""
    file = tmp_path / "wrong.jsonl"
    file.write_text('{"act":"sign_numbering"}\n')
    with pytest.raises(ReadingError, match=r"line 1 \(sign_numbering\)") as caught:
        ROOM.replay(workspace, "K7Q-04", "R01", file, tmp_path / "pictures")
    assert "\n" not in str(caught.value)
    with pytest.raises(ReadingError, match="R99"):
        ROOM.replay(workspace, "K7Q-04", "R99", Path(file), tmp_path / "pictures")


def test_ends_zones_notes_and_discs_are_made_by_hand(open_room, truth, tmp_path):
    """Acts the sample does not hold are made by their keys too, and compared."""
    opened = open_room(driven_by="acts_file")
    t1 = opened.room.session.series_in(acts.SeriesRole.SAG_T1).instances
    first = json.dumps({"field": "first_sop_instance_uid", "value": t1[4].sop_instance_uid})
    wanted = ("place_body", "state_numbering", "sign_numbering")
    head = [
        line
        for line in truth.acts.read_text().splitlines()
        if line.strip() and json.loads(line)["act"] in wanted
    ]
    l5 = '"endplate":"L5-inferior"'
    tail = [
        f'{{"act":"type_undetermined",{l5}}}',
        f'{{"act":"set_field",{l5},{first[1:]}',
        f'{{"act":"set_field",{l5},"field":"mimics","value":["hemangioma","fracture"]}}',
        f'{{"act":"set_field",{l5},"field":"height_category","value":"[25,50)"}}',
        f'{{"act":"set_field",{l5},"field":"note","value":"odd rim, see 3"}}',
        '{"act":"set_disc_field","disc":"L5/S1","field":"stenosis","value":"absent"}',
        '{"act":"set_disc_field","disc":"L5/S1","field":"listhesis_mm","value":4.5}',
        '{"act":"cannot_read","endplate":"S1-superior","reason":"motion"}',
        '{"act":"undo"}',
        '{"act":"redo"}',
        '{"act":"clear_finding","endplate":"S1-superior"}',
        '{"act":"raise_red_flag","kind":"fracture"}',
        '{"act":"note","text":"second look wanted"}',
        '{"act":"reopen_numbering","reason":"counted again"}',
        '{"act":"shift_labels","by":-1}',
        '{"act":"undo"}',
    ]
    file = tmp_path / "more.jsonl"
    file.write_text("\n".join(head + tail) + "\n")
    result = replay(opened.room, file, tmp_path / "pictures")
    draft = opened.room.session.state
    finding = draft.findings[acts.Endplate.parse("L5-inferior")]
    assert not result.signed
    assert finding.note == "odd rim, see 3"
    assert finding.first_sop_instance_uid == t1[4].sop_instance_uid
    assert draft.note == "second look wanted"
    assert [flag.kind for flag in draft.red_flags] == ["fracture"]
