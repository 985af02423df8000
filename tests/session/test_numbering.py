"""Which body is which: placing, counting, sliding, signing, reopening."""

from __future__ import annotations

import pytest

from modic_annotate.domain.spine import Endplate, Vertebra
from modic_annotate.errors import ActRefusedError

L4_INF = Endplate.parse("L4-inferior")
STATED = {
    "act": "state_numbering",
    "method": "assumed_from_sacrum",
    "confidence": "probable",
    "lstv_castellvi": "none",
}


def place(kit, vertebra, count=5, **changes):
    return {
        "act": "place_body",
        "vertebra": vertebra,
        "centroid_lps_mm": kit.centre_of(vertebra, count),
        "role": "SAG_T1",
    } | changes


@pytest.mark.parametrize(("count", "n_endplates"), [(4, 10), (5, 12), (6, 14)])
def test_scope_follows_numbering(case, session, kit, count, n_endplates):
    """Four, five or six lumbar bodies give ten, twelve or fourteen endplates to read."""
    case.do(session, *kit.number_the_spine(count))
    assert len(session.scope) == n_endplates
    assert (str(session.scope[0]), str(session.scope[-1])) == ("T12-inferior", "S1-superior")


def test_nothing_is_graded_before_numbering_is_signed(case, session):
    """A grade before the numbering's signature is refused."""
    with pytest.raises(ActRefusedError, match="sign it before grading"):
        case.do(session, {"act": "grade", "endplate": "L4-inferior", "modic": "absent"})


@pytest.mark.parametrize(
    ("leave_out", "asked"),
    [
        ("method", "say how the levels were counted"),
        ("confidence", "say how sure"),
        ("lstv_castellvi", "transitional anatomy"),
    ],
)
def test_signature_asks_for_what_is_not_stated(case, session, kit, leave_out, asked):
    """Method, confidence and transitional anatomy must be stated before numbering is signed."""
    *placed, stated, sign = kit.number_the_spine()
    stated.pop(leave_out)
    with pytest.raises(ActRefusedError, match=asked):
        case.do(session, *placed, stated, sign)
    assert session.state.numbering.signed_at is None


def test_missing_body_is_named(case, session, kit):
    """A body of the count that was not placed is named when the numbering is to be signed."""
    *acts, sign = kit.number_the_spine()
    case.do(session, *acts, {"act": "remove_body", "vertebra": "L3"})
    with pytest.raises(ActRefusedError, match="place L3"):
        case.do(session, sign)


def test_t12_above_the_images_need_not_be_placed(case, kit):
    """T12 may stay unplaced where its centre is to be expected outside the images."""
    cut = []
    for used in kit.three_series():
        matrix = [list(row) for row in used.grid.affine_lps]
        matrix[2][3] = kit.centre_of("L1")[2] + 15.0
        grid = used.grid.replace(affine_lps=tuple(map(tuple, matrix)))
        cut.append(used.replace(grid=grid))
    case.put_images(*cut)
    with case.open() as session:
        *acts, sign = (a for a in kit.number_the_spine() if a.get("vertebra") != "T12")
        case.do(session, *acts, sign)
        assert str(session.lines[0].endplate) == "T12-inferior"


def test_every_body_placed_states_the_count(case, session, kit):
    """Where every body was placed by name, the count needs no further statement."""
    placed = [place(kit, v) for v in ("S1", "L5", "L4", "L3", "L2", "L1", "T12")]
    case.do(session, *placed, STATED, {"act": "sign_numbering"})
    assert session.state.numbering.lumbar_count == 5


def test_labels_must_run_head_to_foot(case, session, kit):
    """A numbering whose labels do not run head to foot is not signed."""
    *acts, sign = kit.number_the_spine()
    swapped = place(kit, "L3", centroid_lps_mm=kit.centre_of("L1"))
    with pytest.raises(ActRefusedError, match="L2 does not lie above L3"):
        case.do(session, *acts, swapped, sign)


def test_t13_is_refused_and_says_what_to_do(case, session, kit):
    """A thirteenth thoracic body is refused with advice, never silently left out of the scope."""
    with pytest.raises(ActRefusedError, match="say so in the note"):
        case.do(session, place(kit, "T12") | {"vertebra": "T13"})


def test_place_outside_the_images_is_refused(case, session, kit):
    """A centre outside the images cannot belong to this study."""
    with pytest.raises(ActRefusedError, match="outside the images"):
        case.do(session, place(kit, "L3", centroid_lps_mm=(0, 0, 900.0)))


def test_place_on_an_empty_slot_is_refused(case, session, kit):
    """A body cannot be placed on a slot no series fills."""
    with pytest.raises(ActRefusedError, match="No series fills AX_T2"):
        case.do(session, place(kit, "L3", role="AX_T2"))


def test_bodies_lie_in_one_frame_of_reference(case, kit):
    """Centres from series of different frames of reference are never mixed."""
    t1, t2, fs = kit.three_series()
    case.put_images(t1, t2.replace(frame_of_reference_uid="1.2.3.4"), fs)
    with case.open() as session:
        case.do(session, place(kit, "L3"))
        with pytest.raises(ActRefusedError, match="frame of reference"):
            case.do(session, place(kit, "L4", role="SAG_T2"))


def test_placing_again_moves_a_body(case, session, kit):
    """Placing a body again moves it; it stands once."""
    x, y, z = kit.centre_of("L3")
    moved = (x, y, z + 2.0)
    case.do(session, place(kit, "L3"), place(kit, "L3", centroid_lps_mm=moved))
    assert session.state.numbering.centre(Vertebra.L3) == moved
    assert len(session.state.numbering.bodies) == 1


@pytest.mark.parametrize("act", ["remove_body", "shift_labels", "state_numbering"])
def test_signed_numbering_is_reopened_before_it_changes(case, numbered, act):
    """A signed numbering refuses changes until it is reopened."""
    lines = {
        "remove_body": {"act": act, "vertebra": "L3"},
        "shift_labels": {"act": act, "by": 1},
        "state_numbering": {"act": act, "confidence": "definite"},
    }
    with pytest.raises(ActRefusedError, match="reopen it with a reason"):
        case.do(numbered, lines[act])


def test_signing_twice_and_reopening_twice_are_refused(case, numbered):
    """Signing a signed numbering, or reopening an open one, is refused."""
    with pytest.raises(ActRefusedError, match="signed already"):
        case.do(numbered, {"act": "sign_numbering"})
    reopen = {"act": "reopen_numbering", "reason": "count again"}
    with pytest.raises(ActRefusedError, match="open already"):
        case.do(numbered, reopen, reopen)


def test_removing_what_is_not_there_is_refused(case, session):
    """A body that is not placed cannot be removed."""
    with pytest.raises(ActRefusedError, match="nothing to remove"):
        case.do(session, {"act": "remove_body", "vertebra": "L3"})


def test_sliding_without_labels_and_stating_nothing_are_refused(case, session):
    """Sliding needs labels, and a statement needs content."""
    with pytest.raises(ActRefusedError, match="no labels to slide"):
        case.do(session, {"act": "shift_labels", "by": 1})
    with pytest.raises(ActRefusedError, match="Nothing is stated"):
        case.do(session, {"act": "state_numbering"})


def test_labels_slide_towards_the_head_and_back(case, session, kit):
    """After +1 the body that was L4 is called L5; after -1 it is L4 again."""
    *placed, _, _ = kit.number_the_spine()
    case.do(session, *placed, {"act": "shift_labels", "by": 1})
    numbering = session.state.numbering
    assert numbering.centre(Vertebra.L5) == kit.centre_of("L4")
    assert numbering.centre(Vertebra.S2) == kit.centre_of("S1")
    case.do(session, {"act": "shift_labels", "by": -1})
    assert session.state.numbering.centre(Vertebra.L4) == kit.centre_of("L4")


def test_label_without_a_next_one_does_not_slide(case, session, kit):
    """Sliding is refused where a body would lose its name."""
    *placed, _, _ = kit.number_the_spine()
    slide = {"act": "shift_labels", "by": 1}
    with pytest.raises(ActRefusedError, match="S2 has no label beyond it"):
        case.do(session, *placed, slide, slide)


def test_reading_without_a_next_label_does_not_slide(case, numbered):
    """What was read of a body is never dropped by a slide, even where its centre was removed."""
    slide = {"act": "shift_labels", "by": 1}
    case.do(
        numbered,
        {"act": "grade", "endplate": "S1-superior", "modic": "absent"},
        {"act": "reopen_numbering", "reason": "again"},
        slide,
        {"act": "remove_body", "vertebra": "S2"},
    )
    with pytest.raises(ActRefusedError, match="S2 has no label beyond it"):
        case.do(numbered, slide)


def test_four_lumbar_bodies_survive_sliding_back_and_forth(case, session, kit):
    """Sliding a four-body spine up and down gives the same labels again."""
    *placed, _, _ = kit.number_the_spine(4)
    case.do(session, *placed)
    before = {b.vertebra: b.centroid_lps_mm for b in session.state.numbering.bodies}
    case.do(session, {"act": "shift_labels", "by": -1}, {"act": "shift_labels", "by": 1})
    after = {b.vertebra: b.centroid_lps_mm for b in session.state.numbering.bodies}
    assert after == before


def test_other_count_renames_bodies_from_the_sacrum_up(case, session, kit):
    """Stating six lumbar bodies calls the body above S1 L6 and the highest placed one L1."""
    *placed, _, _ = kit.number_the_spine(5)
    case.do(session, *placed, {"act": "state_numbering", "lumbar_count": 6})
    numbering = session.state.numbering
    assert numbering.centre(Vertebra.L6) == kit.centre_of("L5")
    assert numbering.centre(Vertebra.L1) == kit.centre_of("T12")
    assert numbering.centre(Vertebra.T12) is None
    assert len(session.scope) == 14


def test_findings_lines_and_discs_go_with_their_bodies(case, numbered, kit):
    """After reopening, what was read and drawn of a body is renamed with it and nothing is lost."""
    x, y, z = kit.centre_of("L4")
    line = [[x, y - 15.0, z - 12.0], [x, y + 15.0, z - 12.0]]
    case.do(
        numbered,
        *kit.read_lesion("L4-inferior"),
        {"act": "grade", "endplate": "S1-superior", "modic": "absent"},
        {
            "act": "place_endplate",
            "endplate": "L4-inferior",
            "polyline_lps_mm": line,
            "role": "SAG_T1",
        },
        {"act": "set_disc_field", "disc": "L4/5", "field": "extrusion_mm", "value": 3.0},
        {"act": "reopen_numbering", "reason": "ribs seen on the localizer"},
        {"act": "shift_labels", "by": 1},
    )
    state = numbered.state
    assert state.findings[Endplate.parse("L5-inferior")].words == "type 1"
    assert not state.findings[L4_INF].is_read
    assert [str(ln.endplate) for ln in state.lines] == ["L5-inferior"]
    assert [str(d.disc) for d in state.discs.values() if d.extrusion_mm] == ["L5/S1"]
    assert [str(e) for e in state.set_aside] == ["S2-superior"]
    case.do(numbered, {"act": "shift_labels", "by": -1})
    assert numbered.state.findings[L4_INF].words == "type 1"
    assert numbered.state.findings[Endplate.parse("S1-superior")].words == "none"


def test_undo_of_a_slide_brings_all_labels_back(case, session, kit):
    """Undo takes a slide of the labels back whole."""
    *placed, _, _ = kit.number_the_spine()
    case.do(session, *placed)
    before = session.state
    case.do(session, {"act": "shift_labels", "by": 1}, {"act": "undo"})
    assert session.state == before


def test_report_that_numbers_differently_is_kept_as_an_offset(case, session):
    """An offset to a report's labels is stated and kept."""
    case.do(session, {"act": "state_numbering", "report_offset": -1})
    assert session.state.numbering.report_offset == -1
    assert "labels lie one body higher" in session.last_words
