"""Fields, zones, categories and measures by keys, without a window."""

from __future__ import annotations

import pytest

from modic_annotate.domain.finding import Origin
from modic_annotate.domain.modic import Contour
from modic_annotate.domain.series import SeriesRole
from modic_annotate.domain.spine import Vertebra
from modic_annotate.session import acts
from modic_annotate_napari.desk.letters import FIELDS, ZONES
from tests.plugin.room.desk.hand import L1_SUP, T12_INF, made, press


def test_a_field_is_a_letter_and_an_answer(numbered):
    """C i sets the contour, d n the defect, a d the cause, p p the confidence."""
    press(numbered, "2", *"ci dn ad pp".replace(" ", ""))
    f = numbered.finding
    assert f.contour == Contour.IRREGULAR_INTACT
    assert (f.defect, f.attribution, f.confidence) == ("none", "degenerative", "probable")
    assert f.origins["contour"] == Origin.KEY


def test_signals_are_asked_series_by_series(numbered):
    """S asks T1, T2 and the fat-suppressed series in turn."""
    press(numbered, "2", "s", "h", "i", "s")
    f = numbered.finding
    assert (f.t1_signal, f.t2_signal, f.fs_signal) == ("hyper", "iso", "suppressed")
    assert numbered.prompt is None
    press(numbered, "s", "Enter", "Enter", "h")
    f = numbered.finding
    assert (f.t1_signal, f.t2_signal, f.fs_signal) == ("hyper", "iso", "high")


def test_enter_walks_through_the_open_fields(numbered):
    """After a type Enter asks one open field after the other; only optional ones are skipped."""
    press(numbered, "2", "Enter")
    required = numbered.session.protocol.required
    asked = []
    while numbered.prompt is not None:
        field = numbered.prompt.row
        asked.append(field)
        press(numbered, "Enter")
        if field in required:
            assert "a letter answers, Esc leaves it open" in numbered.message.text
            assert numbered.prompt.row == field
            press(numbered, FIELDS[field][0].key)
    assert asked == [a.field for a in numbered.session.protocol.asked]
    assert numbered.active == T12_INF
    press(numbered, "Enter")
    assert numbered.prompt is None
    assert numbered.active == L1_SUP


def test_a_letter_that_answers_nothing_is_refused(numbered):
    """While a question is open a wrong letter changes nothing and says so."""
    press(numbered, "2", "c", "q")
    assert numbered.prompt is not None
    assert numbered.finding.contour is None
    assert "q is no answer" in numbered.message.text
    press(numbered, "Escape")
    assert numbered.prompt is None


def test_digits_go_through_an_open_question(numbered):
    """A digit is a grade also while a question is open; a graded endplate keeps its grade."""
    press(numbered, "2", "c", "1")
    assert numbered.finding.words == "type 2"
    assert numbered.message.refused


def test_zones_are_a_grid_of_letters(numbered):
    """Q w e / a s d / z x c switch the cells; Enter records them; again switches them off."""
    press(numbered, "2", "z", "q", "s", "c", "q", "Enter")
    assert {str(z) for z in numbered.finding.zones} == {"middle-central", "posterior-left"}
    assert [option.key for option in ZONES] == list("qweasdzxc")


def test_one_key_stands_for_the_whole_endplate(numbered):
    """F in the zones records all nine at once, whatever was chosen before."""
    press(numbered, "2", "z", "q", "f")
    assert len(numbered.finding.zones) == len(ZONES)
    assert numbered.prompt is None


def test_categories_are_stepped_through(numbered):
    """V takes the protocol's next height category with each press, then begins again."""
    categories = numbered.session.protocol.extent_categories
    press(numbered, "2")
    seen = []
    for _ in range(len(categories) + 1):
        press(numbered, "v")
        seen.append(numbered.finding.height_category)
    assert seen == [*categories, categories[0]]
    assert numbered.finding.height_measurement.method == "estimated"


def test_fields_of_a_change_need_a_change(numbered):
    """On an endplate without a type the cause is not asked; the message says why."""
    press(numbered, "a")
    assert numbered.prompt is None
    assert "give its type first" in numbered.message.text


def test_the_usual_values_fill_by_one_key(numbered):
    """G fills the open fields as macro and keeps what was typed."""
    press(numbered, "2", "c", "s", "g")
    f = numbered.finding
    assert f.contour == Contour.SMOOTH
    assert (f.attribution, f.origins["attribution"]) == ("degenerative", Origin.MACRO)


def test_a_lesion_takes_at_most_twelve_keys(numbered):
    """Type, height, AP, zones, contour, cause and confidence: within twelve keys by macro."""
    keys = ["1", "+", "2", "g", "v", "v", "b", "z", "a", "s", "Enter"]
    press(numbered, *keys)
    assert len(keys) <= 12
    assert not [text for text in numbered.session.missing() if "lacks" in text]


def test_first_and_last_slice_take_the_slice_shown(numbered):
    """( and ) record the slice on screen as the ends of the lesion."""
    press(numbered, "2", "(", ")")
    uid = numbered.views.instance_shown(SeriesRole.SAG_T1)
    assert numbered.finding.first_sop_instance_uid == uid
    assert numbered.finding.last_sop_instance_uid == uid


def test_measuring_takes_clicks_and_the_body_height_once(numbered, truth):
    """M takes three points and, where no endplates are drawn, two of the body height."""
    x, y, z = truth.centres[Vertebra.L1]
    press(numbered, "Down", "2", "m")
    points = [(x, y - 10, z + 12), (x, y + 6, z + 12), (x, y, z + 4)]
    for point in [*points, (x, y, z + 13), (x, y, z - 13)]:
        numbered.click(SeriesRole.SAG_T1, point)
    f = numbered.finding
    assert f.body_height_mm == pytest.approx(26, abs=0.1)
    assert f.height_percent == pytest.approx(100 * 8 / 26, abs=2)
    assert made(numbered, acts.Measure)[0].role == SeriesRole.SAG_T1
    press(numbered, "Down", "2", "m")
    assert len(numbered.prompt.labels) == 3


def test_all_points_of_a_measurement_lie_on_one_series(numbered, truth):
    """A click on another canvas is refused; Backspace takes the last point back."""
    point = truth.centres[Vertebra.L1]
    press(numbered, "2", "m")
    numbered.click(SeriesRole.SAG_T1, point)
    numbered.click(SeriesRole.SAG_T2, point)
    assert "same series" in numbered.message.text
    assert len(numbered.prompt.points) == 1
    press(numbered, "Backspace")
    assert numbered.prompt.points == ()
    assert numbered.finding.words == "type 2"


def test_an_endplate_is_drawn_by_clicks_and_enter(numbered, truth):
    """L takes the endplate's points from front to back; Enter records from two on."""
    x, y, z = truth.centres[Vertebra.L1]
    press(numbered, "Down", "l")
    numbered.click(SeriesRole.SAG_T1, (x, y - 16, z + 14))
    press(numbered, "Enter")
    assert not made(numbered, acts.PlaceEndplate)
    numbered.click(SeriesRole.SAG_T1, (x, y + 16, z + 13))
    press(numbered, "Enter")
    (act,) = made(numbered, acts.PlaceEndplate)
    assert act.endplate == L1_SUP
    assert len(act.polyline_lps_mm) == 2


def test_view_keys_work_while_points_are_clicked(numbered):
    """Slices and window may be changed in the middle of a measurement."""
    press(numbered, "2", "m", ".", "w", "i")
    assert numbered.views.commands == ["slice.next", "window.preset", "pixels"]
    assert numbered.prompt is not None


def test_a_key_image_names_the_slice_shown(numbered):
    """K marks the slice under the pointer."""
    press(numbered, "2", "k")
    (act,) = made(numbered, acts.MarkKeyImage)
    assert act.role == SeriesRole.SAG_T1
    assert len(numbered.finding.key_images) == 1
