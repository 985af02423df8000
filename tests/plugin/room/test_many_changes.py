"""A spine full of changes: every line of what is reviewed and signed can be read."""

from __future__ import annotations

import pytest

pytest.importorskip("napari", reason="napari is not installed (modic-annotate[gui])")

from modic_annotate_napari.desk.where import Step
from modic_annotate_napari.present.signing import page as page_of
from modic_annotate_napari.replay.hands import Hands
from tests.plugin.room.conftest import SMALL, WIDE
from tests.plugin.room.looking import look_at


@pytest.fixture(params=[SMALL, WIDE], ids=["1366x768", "1920x1080"])
def full(request, open_room, number) -> Hands:
    """Hands on a room in which every endplate holds a described change of three types."""
    hands = Hands(open_room(request.param).room)
    number(hands)
    for _ in hands.room.session.scope:
        hands.press("1", "+", "2", "+", "3", "g", "v", "v", "b")
        hands.press("z", *"qweasdzxc", "Enter", "Down")
    hands.press("]")
    return hands


@pytest.mark.slow
def test_every_line_of_review_and_signature_can_be_read(full):
    """Rows are as high as their words; what is signed scrolls by key down to its last line."""
    look = look_at(full.room, [])
    assert (look.outside, look.overlaps) == ([], [])
    full.press("]")
    assert full.room.desk.step == Step.SIGN
    page = page_of(full.room.desk, full.room.case)
    said = {words for title, words, _ in page if words and title != "Time"}
    in_sight: set[str] = set()
    for _ in range(8):
        look = look_at(full.room, [])
        assert (look.outside, look.overlaps) == ([], [])
        in_sight |= {t.text for one in look.texts for t in one if t.in_sight}
        full.press("Down")
    assert said <= in_sight
