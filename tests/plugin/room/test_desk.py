"""Keys and clicks as acts: the desk on a real session, without a window."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from modic_annotate.domain.finding import Finding, Origin
from modic_annotate.domain.modic import Contour, ModicType, Presence
from modic_annotate.domain.series import SeriesRole
from modic_annotate.domain.spine import DiscLevel, Endplate, Vertebra
from modic_annotate.evidence.report_wording.technique import KNOWN_LIMITS
from modic_annotate.session import acts
from modic_annotate.session.session import open_session
from modic_annotate.store.workspace import Workspace
from modic_annotate_napari.desk.desk import Desk
from modic_annotate_napari.desk.letters import FIELDS, ZONES
from modic_annotate_napari.desk.where import Step
from modic_annotate_napari.key_file import PRESETS
from modic_annotate_napari.keymap import KeyMap, Press
from modic_annotate_napari.present.finding import ROWS
from modic_annotate_napari.steps import quality, returning, review
from modic_annotate_napari.steps.asked import open_fields
from modic_annotate_napari.steps.skills import SKILLS

T12_INF, L1_SUP, S1_SUP = (
    Endplate.parse(t) for t in ("T12-inferior", "L1-superior", "S1-superior")
)


class Views:
    """Stands for the canvases: shows everything, remembers what was asked of the view."""

    def __init__(self, session) -> None:
        self.session = session
        self.outside: set[Endplate] = set()
        self.commands: list[str] = []

    def in_t1_view(self, endplate):
        """Whether an endplate is in view."""
        return endplate not in self.outside

    def hand(self):
        """The pointer is on T1."""
        return SeriesRole.SAG_T1

    def point_shown(self, role, near):
        """Whatever point is asked for is shown."""
        return near

    def instance_shown(self, role):
        """The fourth slice is shown."""
        return self.session.series_in(role).instances[3].sop_instance_uid

    def command(self, name):
        """Remember what was asked of the view."""
        self.commands.append(name)
        return ""


@pytest.fixture
def desk(workspace: Path):
    """A desk on a fresh reading of the sample."""
    with open_session(Workspace.open(workspace), "K7Q-04", "R01") as session:
        yield Desk(session, Views(session), KeyMap(), SKILLS)


def press(desk: Desk, *keys: str) -> None:
    """Press keys one after the other."""
    for key in keys:
        desk.press(Press(key))


def see_everything(desk: Desk) -> None:
    """Report every slice of T1 and T2 as shown."""
    for role in (SeriesRole.SAG_T1, SeriesRole.SAG_T2):
        used = desk.session.series_in(role)
        desk.session.show(role, tuple(range(used.grid.shape[0])), Origin.MOUSE)


def made(desk: Desk, kind: type) -> list:
    """The journalled acts of one kind."""
    return [e.act for e in desk.session.journal.entries if isinstance(e.act, kind)]


@pytest.fixture
def numbered(desk: Desk, truth):
    """The desk after the numbering was clicked, stated and signed."""
    press(desk, "Enter")
    for centre in truth.centres.values():
        desk.click(SeriesRole.SAG_T1, centre)
    press(desk, "g", "Enter")
    assert desk.step == Step.ENDPLATES
    return desk


# numbering


def test_clicks_count_themselves_from_s1_upward(desk, truth):
    """The first click is S1, the next L5, and so on to T12."""
    press(desk, "Enter")
    for centre in truth.centres.values():
        desk.click(SeriesRole.SAG_T1, centre)
    clicked = [act.vertebra for act in made(desk, acts.PlaceBody)]
    assert clicked == [Vertebra(v) for v in ["S1", "L5", "L4", "L3", "L2", "L1", "T12"]]
    assert {e.origin for e in desk.session.journal.entries} == {Origin.MOUSE}


def test_a_click_near_a_centre_moves_it(desk, truth):
    """A click within a few millimetres of a centre corrects that body and names no new one."""
    press(desk, "Enter")
    x, y, z = truth.centres[Vertebra.S1]
    desk.click(SeriesRole.SAG_T1, (x, y, z))
    desk.click(SeriesRole.SAG_T1, (x, y + 4, z + 2))
    bodies = desk.session.state.numbering.bodies
    assert [b.vertebra for b in bodies] == [Vertebra.S1]
    assert bodies[0].centroid_lps_mm == pytest.approx((x, y + 4, z + 2), abs=1e-3)


def test_nothing_is_signed_before_everything_is_said(desk, truth):
    """Enter does not sign a numbering that lacks bodies, method or confidence; it says what."""
    press(desk, "Enter", "Enter")
    assert desk.step == Step.NUMBERING
    assert desk.message.refused
    assert "place S1" in desk.message.text


def test_each_question_of_the_numbering_is_a_letter_and_an_answer(desk):
    """Method, confidence, count and transitional anatomy take two keys each."""
    press(desk, "Enter", "m", "r", "c", "d", "b", "x", "t", "a", "v", "i", "d", "l")
    said = desk.session.state.numbering
    assert (said.method, said.confidence, said.lumbar_count) == ("thoracolumbar_rib", "definite", 6)
    assert (said.lstv_castellvi, said.lstv_variant) == ("Ia", "indeterminate")
    assert said.report_offset == 1


def test_an_l6_spine_has_fourteen_endplates(desk, truth):
    """Stating six lumbar bodies renames those placed, asks for one more, and widens the scope."""
    press(desk, "Enter")
    for centre in truth.centres.values():
        desk.click(SeriesRole.SAG_T1, centre)
    press(desk, "b", "x")
    x, y, z = truth.centres[Vertebra.T12]
    desk.click(SeriesRole.SAG_T1, (x, y + 6, z + 33))
    press(desk, "m", "a", "c", "p", "t", "n", "Enter")
    assert len(desk.session.scope) == 14


def test_the_usual_numbering_needs_the_bodies_first(desk, truth):
    """One key states the common case, but never before S1 to T12 are clicked."""
    press(desk, "Enter", "g")
    assert desk.message.refused
    assert desk.session.state.numbering.method is None


def test_endplates_open_once_the_numbering_is_signed(desk):
    """The steps behind the numbering are closed until it is signed."""
    press(desk, "]", "]")
    assert desk.step == Step.NUMBERING
    assert "Sign the numbering first" in desk.message.text


def test_reopening_asks_for_a_reason(numbered):
    """A signed numbering reopens with words, not without."""
    press(numbered, "[", "u")
    numbered.submit("  ")
    assert numbered.session.state.numbering.signed_at is not None
    numbered.submit("L5 was S1")
    assert numbered.session.state.numbering.signed_at is None


# grading


def test_none_leads_on_to_the_next_open_endplate(numbered):
    """After 0 the endplate below becomes active."""
    assert numbered.active == T12_INF
    press(numbered, "0")
    assert numbered.active == L1_SUP


def test_a_type_stays_for_its_fields(numbered):
    """After 1, 2 or 3 the endplate stays active."""
    press(numbered, "2")
    assert numbered.active == T12_INF


def test_the_way_on_never_leads_to_a_graded_endplate(numbered):
    """Graded endplates are passed over, and after the last one the first open one follows."""
    press(numbered, "Down", "2", "Up", "0")
    assert numbered.active == Endplate.parse("L1-inferior")
    press(numbered, "End", "0")
    assert numbered.active == Endplate.parse("L1-inferior")


def test_a_stray_digit_does_not_overwrite(numbered):
    """2 then 0 stays 2, and the message says how to reopen or undo."""
    press(numbered, "2", "0")
    assert numbered.finding.words == "type 2"
    assert numbered.message.refused
    assert "Delete" in numbered.message.text
    assert "Backspace" in numbered.message.text
    press(numbered, "Delete", "0")
    assert numbered.session.state.findings[T12_INF].modic == Presence.ABSENT


def test_no_grade_outside_the_t1_view(numbered):
    """An endplate that is not inside the T1 canvas cannot be graded, and the message says so."""
    numbered.views.outside = {T12_INF}
    press(numbered, "0", "1", "8")
    assert not numbered.finding.is_read
    assert "outside the T1 view" in numbered.message.text


@pytest.mark.parametrize("repeated", ["0", "1", "A", "Enter", "Backspace", "Down"])
def test_a_held_key_does_nothing(numbered, repeated):
    """Key repeat makes no act and moves nothing but slices."""
    before = len(numbered.session.journal.entries), numbered.active
    for _ in range(30):
        numbered.press(Press(repeated, repeated=True))
    assert (len(numbered.session.journal.entries), numbered.active) == before


def test_a_held_slice_key_goes_on(numbered):
    """Slices may be stepped through by holding the key."""
    for _ in range(5):
        numbered.press(Press(".", repeated=True))
    assert numbered.views.commands == ["slice.next"] * 5


ORDERS = [order for n in (1, 2, 3) for order in itertools.permutations("123", n)]


@pytest.mark.parametrize("order", ORDERS, ids=["".join(o) for o in ORDERS])
def test_every_mixture_takes_few_keys(numbered, order):
    """Each order of components is typed as digit, then plus and digit; the words follow."""
    keys = [order[0], *itertools.chain.from_iterable(("+", c) for c in order[1:])]
    press(numbered, *keys)
    assert numbered.finding.words == "type " + " > ".join(order)
    shifted = {"1": "!", "2": "@", "3": "#"}
    assert len([order[0], *(shifted[c] for c in order[1:])]) <= 4


def test_a_french_keyboard_mixes_without_shift(numbered):
    """With the azerty preset & + é is type 1 > 2: a digit answers whatever key gives it."""
    numbered.keymap = KeyMap().changed(PRESETS["azerty"])
    press(numbered, "&", "+", "é")
    assert numbered.finding.words == "type 1 > 2"
    press(numbered, "+", '"', "=")
    assert numbered.finding.words == "type 1 = 2 > 3"
    press(numbered, "Down", "ç", "h")
    assert numbered.session.state.findings[L1_SUP].words == "cannot be read"


def test_shift_and_digit_adds_a_component(numbered):
    """Shift+2 after 1 is the same as plus and 2."""
    press(numbered, "1", "@", "=")
    assert numbered.finding.words == "type 1 = 2"


def test_undetermined_and_unreadable_have_keys_of_their_own(numbered):
    """8 is a change of unknown type; 9 asks why, and h says hardware."""
    press(numbered, "8", "Down", "9")
    assert numbered.prompt is not None
    press(numbered, "h")
    findings = numbered.session.state.findings
    assert findings[T12_INF].words == "type undetermined"
    assert findings[L1_SUP].words == "cannot be read"
    assert findings[L1_SUP].assessment_reason == "hardware"


def test_all_remaining_none_needs_every_slice(numbered):
    """A before full coverage is refused in words; after it, every open endplate is none."""
    press(numbered, "2", "A")
    assert "full coverage" in numbered.message.text
    see_everything(numbered)
    press(numbered, "A")
    assert not numbered.session.state.open_endplates
    assert numbered.finding.words == "type 2"
    assert numbered.session.state.findings[S1_SUP].origins["modic"] == Origin.BULK


# fields


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


# discs, notes, notices, undo, review, sign


def test_discs_are_none_of_these_by_two_keys(numbered):
    """After full coverage e Enter says of every disc that none of the features is seen."""
    press(numbered, "e", "Enter")
    assert "full coverage" in numbered.message.text
    see_everything(numbered)
    press(numbered, "e", "Enter")
    states = {d.spondylolysis for d in numbered.session.state.discs.values()}
    assert states == {"absent"}


def test_a_disc_feature_is_a_letter_and_a_length_is_typed(numbered):
    """In the disc panel y steps through the states and l takes millimetres."""
    press(numbered, "End", "e", "y", "l")
    numbered.submit("4,5")
    disc = numbered.session.state.discs[DiscLevel.parse("L5/S1")]
    assert disc.spondylolysis == "present"
    assert disc.listhesis_mm == 4.5
    press(numbered, "l")
    numbered.submit("much")
    assert "not a length" in numbered.message.text


def test_a_red_flag_is_out_before_any_signature(numbered):
    """F and a letter notify the site at once."""
    press(numbered, "f", "i")
    (flag,) = numbered.session.state.red_flags
    assert flag.kind == "infection"


@pytest.mark.parametrize("step", Step)
def test_the_site_is_notified_from_every_step(numbered, step):
    """F and a letter, wherever the reader stands; the footer says that the site knows."""
    numbered.go(step)
    press(numbered, "f", "c")
    assert [flag.kind for flag in numbered.session.state.red_flags] == ["cauda_equina"]
    assert numbered.message.text.startswith("Site notified: cauda equina")
    assert numbered.step == step


def test_an_endplate_without_change_is_asked_nothing(numbered):
    """After 0 no field is open, signals least of all; Enter there leads on."""
    press(numbered, "0", "Up")
    assert numbered.active == T12_INF
    assert open_fields(numbered) == ()
    press(numbered, "Enter")
    assert numbered.prompt is None
    assert numbered.active == L1_SUP


def test_scores_volumes_and_derived_labels_stay_off_the_screen():
    """The panel has no row for the endplate score, volume or any derived label."""
    shown = {field for _, _, fields in ROWS for field in fields}
    assert not {f for f in shown if "score" in f or "volume" in f or "teps" in f}
    assert shown <= set(Finding.model_fields)


def test_a_wrong_key_costs_one_undo(numbered):
    """After any one act in the endplates step a single Backspace brings the state before it."""
    see_everything(numbered)
    press(numbered, "2")
    for keys in (("+", "1"), ("=",), ("v",), ("b",), ("g",), ("c", "s"), ("A",), ("e", "Enter")):
        before = numbered.session.state
        press(numbered, *keys)
        if keys == ("=",):
            assert numbered.message.refused  # one component has no equal
            continue
        assert numbered.session.state != before, keys
        press(numbered, "Backspace")
        assert numbered.session.state == before, keys


def test_backspace_undoes_and_redo_redoes(numbered):
    """Backspace and Ctrl+Z take back, Ctrl+Shift+Z does again."""
    press(numbered, "2", "c", "s", "Backspace", "Ctrl+Z")
    assert not numbered.session.state.findings[T12_INF].is_read
    press(numbered, "Ctrl+Shift+Z", "Ctrl+Shift+Z")
    assert numbered.session.state.findings[T12_INF].contour == Contour.SMOOTH


def test_review_leads_to_an_endplate_and_on_to_the_signature(numbered):
    """Enter turns to the chosen row; with none chosen it goes on."""
    press(numbered, "]", "Down", "Down", "Enter")
    assert numbered.step == Step.ENDPLATES
    assert numbered.active == L1_SUP
    press(numbered, "]", "Enter")
    assert numbered.step == Step.SIGN


def test_enter_returns_to_the_line_of_the_review(numbered):
    """From a row of the review Enter asks what is open there, then stands on that row again."""
    press(numbered, "2", "g", "]", "Down", "Enter")
    assert numbered.active == T12_INF
    press(numbered, "Enter")
    assert numbered.prompt.row == "fs_signal"
    press(numbered, "Enter", "u")
    while numbered.prompt is not None:
        press(numbered, "Enter")
    press(numbered, "Enter")
    assert numbered.step == Step.REVIEW
    assert [row.endplate for row in review.rows(numbered.session)][numbered.row - 1] == T12_INF
    press(numbered, "[", "Enter")
    assert numbered.step == Step.ENDPLATES


def test_the_signature_leads_to_what_is_missing_and_back(numbered):
    """G goes to the first gap; when it is closed Enter stands before the signature again."""
    press(numbered, "]", "Enter", "g")
    assert (numbered.step, numbered.active) == (Step.ENDPLATES, T12_INF)
    press(numbered, "0", "Enter")
    assert numbered.step == Step.SIGN
    assert "T12" not in " ".join(returning.gaps(numbered.session))
    press(numbered, "[", "[", "[", "u")
    numbered.submit("looked again")
    press(numbered, "Enter", "]", "]", "g")
    assert numbered.active == L1_SUP


def test_every_gap_leads_somewhere(numbered):
    """What is missing leads to its endplate, to the images, or to the numbering."""
    press(numbered, "2")
    wanted = {returning.goal_of(numbered.session, gap).step for gap in numbered.session.missing()}
    assert wanted == {Step.ENDPLATES}
    press(numbered, "[", "u")
    numbered.submit("looked again")
    first, *_ = numbered.session.missing()
    assert returning.goal_of(numbered.session, first) == returning.Goal(Step.NUMBERING)


def test_signing_says_what_is_missing(numbered):
    """An incomplete reading is not signed; the message lists what is missing."""
    press(numbered, "]", "Enter", "Enter")
    numbered.submit("the patient moved")
    assert not numbered.session.state.signed
    assert "is not read" in numbered.message.text


def test_a_report_repeats_the_reasons_the_room_offers_and_no_typed_ones():
    """What stands in the wording of a reading can be told from what a reader wrote."""
    assert {reason.value for reason in quality.REASONS} == KNOWN_LIMITS


def test_the_meaning_of_the_signature_can_be_changed(numbered):
    """In the sign step m changes what the signature says."""
    press(numbered, "]", "Enter", "m")
    numbered.submit("second reading")
    assert numbered.meaning == "second reading"


def test_series_are_rated_by_one_key_each(desk):
    """D rates the selected series and selects the next; a lesser rating asks why."""
    press(desk, "d", "l", "Enter")
    assert "a letter, or o for words" in desk.message.text
    press(desk, "m", "n", "Enter", "u", "m", "o")
    desk.submit("")
    assert desk.prompt is not None
    desk.submit("motion; low field")
    rated = made(desk, acts.RateQuality)
    assert [a.rating for a in rated] == ["RID12", "RID13", "RID14"]
    assert [a.reasons for a in rated] == [(), ("motion", "noise"), ("motion", "low field")]


def test_a_case_goes_back_to_the_site_with_a_reason(desk):
    """T closes the case as not read; afterwards nothing is recorded any more."""
    press(desk, "t")
    desk.submit("no sagittal T1")
    assert desk.session.state.returned_to_site == "no sagittal T1"
    press(desk, "d")
    assert desk.message.refused


def test_a_reading_goes_on_where_it_stood(workspace, numbered):
    """Opened again, the desk stands at the endplate of the last act."""
    press(numbered, "0", "Down", "2")
    numbered.session.close()
    with open_session(Workspace.open(workspace), "K7Q-04", "R01") as session:
        again = Desk(session, Views(session), KeyMap(), SKILLS)
        assert again.step == Step.ENDPLATES
        assert again.active == Endplate.parse("L1-inferior")


def test_an_unknown_key_is_answered_in_words(numbered):
    """A key without a meaning changes nothing and points to the key table."""
    before = len(numbered.session.journal.entries)
    press(numbered, "7", "u", "Left")
    assert len(numbered.session.journal.entries) == before
    assert "? shows the keys" in numbered.message.text


def test_components_are_typed_values(numbered):
    """What a digit records is a Modic type, predominant first."""
    press(numbered, "3", "+", "1")
    assert [c.modic_type for c in numbered.finding.components] == [
        ModicType.TYPE_3,
        ModicType.TYPE_1,
    ]


@pytest.mark.parametrize(
    ("percent", "said"),
    [
        (49.97, "49.97% [25,50)"),
        (49.9, "49.9% [25,50)"),
        (50.0, "50% [50,100]"),
        (24.6, "24.6% [0,25)"),
        (31.2, "31% [25,50)"),
    ],
)
def test_a_share_close_to_a_boundary_is_told_more_closely(percent, said):
    """A share is rounded to whole percent, but not so that it seems to lie in another category."""
    from modic_annotate_napari.present.finding import _share

    assert _share(percent, None) == said
