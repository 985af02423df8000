"""Slices shown, quality, slots and the techniques they take."""

from __future__ import annotations

import pytest

from modic_annotate.domain.finding import Origin
from modic_annotate.domain.series import FatTechnique, SeriesRole, Weighting
from modic_annotate.errors import ActRefusedError
from modic_annotate.session.draft import SeriesKey


def show(*slices, role="SAG_T1", **more):
    return {"act": "show", "role": role, "slices": list(slices)} | more


def test_coverage_counts_each_slice_once(case, session):
    """Coverage is the share of different slices shown, whatever the order."""
    case.do(session, show(0, 1, 2), show(2, 1), show(14))
    assert session.coverage_percent("SAG_T1") == pytest.approx(100 * 4 / 15)
    assert session.coverage_percent("SAG_T2") == 0
    assert session.coverage_percent("AX_T2") == 0


def test_what_a_script_shows_is_no_coverage(case, session):
    """Slices shown by script are journalled and never counted."""
    case.do(session, {"act": "show", "role": "SAG_T1", "slices": "all"}, origin=Origin.SCRIPT)
    assert session.coverage_percent("SAG_T1") == 0
    assert len(session.journal.entries) == 1


def test_slices_that_do_not_exist_are_refused(case, session):
    """A slice outside the series cannot have been shown."""
    with pytest.raises(ActRefusedError, match="slices 0 to 14"):
        case.do(session, show(15))


def test_undo_passes_over_what_was_shown(case, session):
    """Undo takes back the last finding, not that slices were shown since."""
    case.do(session, {"act": "note", "text": "a"}, show(3), {"act": "undo"})
    assert session.state.note == ""
    assert session.state.shown[SeriesKey("1.2.826.0.1.1.1", 0)] == {3}
    case.do(session, show(4), {"act": "redo"})
    assert session.state.note == "a"
    assert session.state.shown[SeriesKey("1.2.826.0.1.1.1", 0)] == {3, 4}


def test_views_report_only_what_is_new(case, session):
    """Showing a slice again adds nothing to the journal; an empty slot is passed over."""
    session.show(SeriesRole.SAG_T1, (1,), Origin.MOUSE)
    session.show(SeriesRole.SAG_T1, (1,), Origin.MOUSE)
    session.show(SeriesRole.AX_T1, (1,), Origin.MOUSE)
    assert len(session.journal.entries) == 1


def test_one_of_several_series_is_shown_by_uid(case, kit):
    """A series that shares its slot is shown by UID and stack."""
    other = kit.make_series(SeriesRole.OTHER, 7)
    case.put_images(*kit.three_series(), other)
    with case.open() as session:
        case.do(session, show(2, role="OTHER", series_uid=other.series_uid))
        assert session.coverage_percent("OTHER") == pytest.approx(100 / 9)
        with pytest.raises(ActRefusedError, match="that UID and stack"):
            case.do(session, show(2, role="OTHER", series_uid=other.series_uid, stack=3))


def test_quality_is_rated_per_series(case, session):
    """A rating with its reasons stands for the series in the slot, and can be undone."""
    rate = {"act": "rate_quality", "role": "SAG_T1", "rating": "RID13", "reasons": ["motion"]}
    case.do(session, rate)
    (quality,) = session.state.quality.values()
    assert (quality.rating, quality.reasons) == ("RID13", ("motion",))
    case.do(session, {"act": "undo"})
    assert not session.state.quality


def assign(used, role, reason="it is"):
    return {"act": "assign_role", "role": role, "series_uid": used.series_uid, "reason": reason}


def test_reader_fills_a_slot_and_says_why(case, kit):
    """A series put into a slot says who put it there and why; the one before it becomes other."""
    better = kit.make_series(SeriesRole.OTHER, 8, Weighting.T1, FatTechnique.NONE)
    case.put_images(*kit.three_series(), better)
    with case.open() as session:
        before = session.series_in("SAG_T1")
        case.do(session, assign(better, "SAG_T1", "the first one moved"))
        assert session.series_in("SAG_T1").series_uid == better.series_uid
        roles = {s.series_uid: s for s in session.series}
        assert roles[before.series_uid].role == SeriesRole.OTHER
        assert roles[better.series_uid].role_set_by == "r1"
        assert roles[better.series_uid].role_reason == "the first one moved"
        case.do(session, {"act": "undo"})
        assert session.series_in("SAG_T1").series_uid == before.series_uid


@pytest.mark.parametrize(
    ("weighting", "fat", "role", "fits"),
    [
        (Weighting.T1, FatTechnique.NONE, "SAG_T1", True),
        (Weighting.T1, FatTechnique.FS, "SAG_T1", False),
        (Weighting.T1, FatTechnique.WATER, "SAG_T1", False),
        (Weighting.T1, FatTechnique.FS, "SAG_FS", False),
        (Weighting.T1, FatTechnique.WATER, "SAG_FS", False),
        (Weighting.T2, FatTechnique.STIR, "SAG_FS", True),
        (Weighting.T2, FatTechnique.NONE, "SAG_FS", False),
        (Weighting.T2, FatTechnique.STIR, "SAG_T2", False),
        (Weighting.T2, FatTechnique.IN_PHASE, "SAG_T2", True),
        (Weighting.T2, FatTechnique.FAT, "SAG_T2", False),
        (Weighting.UNKNOWN, FatTechnique.UNKNOWN, "SAG_T2", True),
        (Weighting.T2, FatTechnique.NONE, "AX_T2", False),
        (Weighting.T1, FatTechnique.FS, "OTHER", True),
    ],
)
def test_slots_take_only_their_technique(case, kit, weighting, fat, role, fits):
    """A reader may name what headers leave open, never contradict what they say."""
    series = kit.make_series(SeriesRole.OTHER, 8, weighting, fat)
    case.put_images(*kit.three_series(), series)
    with case.open() as session:
        if fits:
            case.do(session, assign(series, role))
            assert session.state.roles[SeriesKey(series.series_uid, 0)].role == role
        else:
            with pytest.raises(ActRefusedError, match="would lie about its technique"):
                case.do(session, assign(series, role))


def test_unknown_series_fills_no_slot(case, session):
    """A series that is not of this study cannot be put into a slot."""
    act = {"act": "assign_role", "role": "SAG_T1", "series_uid": "9.9", "reason": "r"}
    with pytest.raises(ActRefusedError, match="that UID and stack"):
        case.do(session, act)


def test_place_in_a_shared_slot_is_taken_on_the_nearest_series(case, kit):
    """Where several series share a slot, a place belongs to the one whose slice lies nearest."""
    far, near = (kit.make_series(SeriesRole.OTHER, n) for n in (7, 8))
    matrix = [list(row) for row in near.grid.affine_lps]
    matrix[0][3] += 1.5
    near = near.replace(grid=near.grid.replace(affine_lps=tuple(map(tuple, matrix))))
    case.put_images(*kit.three_series(), far, near)
    x, y, z = kit.centre_of("L3")
    place = {
        "act": "place_body",
        "vertebra": "L3",
        "centroid_lps_mm": [x + 1.4, y, z],
        "role": "OTHER",
    }
    with case.open() as session:
        case.do(session, place)
        assert session.state.numbering.bodies[0].series_uid == near.series_uid
        with pytest.raises(ActRefusedError, match="outside the images"):
            case.do(session, place | {"centroid_lps_mm": [900, y, z]})
