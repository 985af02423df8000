"""What follows where a reader puts another series into a slot, or takes one out."""

from __future__ import annotations

import pytest

from modic_annotate.domain.series import (
    Acquisition,
    FatTechnique,
    Plane,
    SeriesRole,
    Weighting,
)
from modic_annotate.domain.spine import Endplate
from modic_annotate.errors import ActRefusedError

L4_INF = Endplate.parse("L4-inferior")
T1, FS, NONE, STIR = Weighting.T1, FatTechnique.FS, FatTechnique.NONE, FatTechnique.STIR


def assign(used, role, reason="the first one moved"):
    return {"act": "assign_role", "role": role, "series_uid": used.series_uid, "reason": reason}


def grade(component="1"):
    return {"act": "grade", "endplate": "L4-inferior", "modic": "present", "component": component}


def signal(name, value):
    return {"act": "set_field", "endplate": "L4-inferior", "field": name, "value": value}


@pytest.fixture
def second_t2(kit):
    """A second T2 without fat suppression."""
    return kit.make_series(SeriesRole.OTHER, 8, Weighting.T2, NONE)


@pytest.fixture
def graded(case, kit, second_t2):
    """A reading with a change at L4 inferior, judged on T1, T2 and STIR."""
    case.put_images(*kit.three_series(), second_t2)
    with case.open() as session:
        case.do(session, *kit.number_the_spine(), grade())
        case.do(session, signal("t1_signal", "hypo"), signal("t2_signal", "hyper"))
        case.do(session, signal("fs_signal", "high"))
        yield session


def signals(session):
    found = session.state.findings[L4_INF]
    return found.t1_signal, found.t2_signal, found.fs_signal


@pytest.mark.parametrize(
    ("weighting", "fat", "plane", "role", "fits"),
    [
        (T1, NONE, Plane.SAGITTAL, "SAG_T1", False),
        (T1, FS, Plane.SAGITTAL, "SAG_T1", False),
        (T1, FS, Plane.SAGITTAL, "SAG_FS", False),
        (Weighting.T2, STIR, Plane.SAGITTAL, "SAG_FS", False),
        (T1, NONE, Plane.AXIAL, "AX_T1", False),
        (Weighting.T2, NONE, Plane.SAGITTAL, "SAG_T2", True),
        (T1, FS, Plane.SAGITTAL, "OTHER", True),
    ],
)
def test_no_reader_puts_an_enhanced_series_where_enhancement_misleads(  # noqa: PLR0917
    case, kit, weighting, fat, plane, role, fits
):
    """With a contrast agent stated in the images a series never fills a T1 slot or SAG_FS."""
    series = kit.make_series(SeriesRole.OTHER, 8, weighting, fat)
    series = series.replace(plane=plane, acquisition=Acquisition(contrast_agent=True))
    case.put_images(*kit.three_series(), series)
    with case.open() as session:
        if fits:
            case.do(session, assign(series, role))
            return
        with pytest.raises(ActRefusedError, match="after contrast agent cannot fill"):
            case.do(session, assign(series, role))


def test_a_signal_is_open_again_where_another_series_fills_its_slot(case, graded, second_t2):
    """What was judged on the former T2 is asked anew; T1 and fat-suppressed signals stay."""
    case.do(graded, assign(second_t2, "SAG_T2"))
    assert signals(graded) == ("hypo", None, "high")
    assert "t2_signal" not in graded.state.findings[L4_INF].origins
    assert any("T2 signal" in text for text in graded.missing())
    case.do(graded, {"act": "undo"})
    assert signals(graded) == ("hypo", "hyper", "high")


def test_a_signal_without_its_series_is_not_available_any_more(case, graded):
    """Where T2 leaves its slot and nothing follows, the T2 signal is not available."""
    case.do(graded, assign(graded.series_in("SAG_T2"), "OTHER", "it is fat suppressed"))
    assert signals(graded) == ("hypo", "not_available", "high")
    with pytest.raises(ActRefusedError, match="can only be 'not_available'"):
        case.do(graded, signal("t2_signal", "hyper"))


def test_a_signal_is_asked_once_its_series_is_there(case, graded, second_t2):
    """A slot that is filled later opens the signal that was not available."""
    case.do(graded, assign(graded.series_in("SAG_T2"), "OTHER", "it is fat suppressed"))
    case.do(graded, assign(second_t2, "SAG_T2"))
    assert signals(graded) == ("hypo", None, "high")


def test_an_endplate_without_change_keeps_its_open_signals(case, kit, second_t2):
    """Signals are asked of changes alone; a change of series asks nothing of other endplates."""
    case.put_images(*kit.three_series(), second_t2)
    with case.open() as session:
        absent = {"act": "grade", "endplate": "L4-inferior", "modic": "absent"}
        case.do(session, *kit.number_the_spine(), absent)
        case.do(session, assign(session.series_in("SAG_T2"), "OTHER"))
        assert signals(session) == (None, None, None)


def test_a_type_keeps_its_t1(case, graded):
    """A type rests on T1, so T1 cannot be taken away from under it."""
    with pytest.raises(ActRefusedError, match="which rests on T1"):
        case.do(graded, assign(graded.series_in("SAG_T1"), "OTHER"))


def test_the_reading_keeps_who_chose_and_why(case, kit, second_t2):
    """Both the series taken and the one set aside say who decided, and the reason."""
    case.put_images(*kit.three_series(), second_t2)
    with case.open() as session:
        before = session.series_in("SAG_T2")
        case.do(session, assign(second_t2, "SAG_T2", "sharper"))
        by_uid = {s.series_uid: s for s in session.series}
        for uid, role in ((second_t2.series_uid, "SAG_T2"), (before.series_uid, "OTHER")):
            used = by_uid[uid]
            assert (used.role, used.role_set_by, used.role_reason) == (role, "r1", "sharper")
