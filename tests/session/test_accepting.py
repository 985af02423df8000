"""A blocked series is read once the reader accepts its fault, and the record says so."""

from __future__ import annotations

import pytest

from modic_annotate.domain.series import Fault
from modic_annotate.errors import ActRefusedError
from modic_annotate.session.draft import SeriesKey

GAP = Fault(code="missing_slice", message="slice 7 of 15 is missing at 2.00 mm")
MISSING = 6
REASON = "the endplates are seen on both sides of the gap"


@pytest.fixture
def gapped(kit):
    """A T1 whose seventh slice was not acquired, and the rest of the case."""
    t1, *others = kit.three_series()
    instances = tuple(i for n, i in enumerate(t1.instances) if n != MISSING)
    return t1.replace(instances=instances, faults=(GAP,), not_acquired=(MISSING,)), others


@pytest.fixture
def session(case, gapped):
    t1, others = gapped
    case.put_images(*others, t1)
    with case.open() as session:
        yield session


def accept(used, **more):
    return {"act": "accept_series", "series_uid": used.series_uid, "reason": REASON} | more


def test_a_blocked_series_is_not_read(case, session, gapped) -> None:
    """It fills no slot, is shown nowhere and refuses every act until it is accepted."""
    t1, _ = gapped
    assert session.series_in("SAG_T1") is None
    assert [used.series_uid for used in session.acceptable] == [t1.series_uid]
    assert t1.series_uid not in {used.series_uid for used in session.series}
    show = {"act": "show", "role": "SAG_T1", "slices": [1], "series_uid": t1.series_uid}
    with pytest.raises(ActRefusedError, match=r"slice 7 of 15 is missing at 2\.00 mm; accept it"):
        case.do(session, show)
    with pytest.raises(ActRefusedError, match="accept it first"):
        case.do(
            session,
            {"act": "assign_role", "role": "OTHER", "series_uid": t1.series_uid, "reason": "r"},
        )


def test_accepting_opens_it_and_says_who_and_why(case, session, gapped) -> None:
    """It fills its slot with its fault, the reader and the reason beside it; undo closes it."""
    t1, _ = gapped
    case.do(session, accept(t1))
    used = session.series_in("SAG_T1")
    assert used.series_uid == t1.series_uid
    (kept,) = [s for s in session.series if s.series_uid == t1.series_uid]
    assert (kept.faults, kept.accepted_by, kept.accepted_reason) == ((GAP,), "r1", REASON)
    assert session.acceptable == ()
    assert session.last_words.startswith("series accepted in spite of its faults")
    case.do(session, {"act": "undo"})
    assert session.series_in("SAG_T1") is None


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"series_uid": "9.9"}, "must come again from the site"),
        ({"stack": 4}, "must come again from the site"),
        ({"reason": "  "}, "needs the reason"),
    ],
)
def test_what_may_not_be_accepted_is_refused(case, session, gapped, change, message) -> None:
    """Blocked for good, unknown, or without a reason: refused, and nothing is written."""
    with pytest.raises(ActRefusedError, match=message):
        case.do(session, accept(gapped[0]) | change)
    assert not session.journal.entries


def test_a_sound_or_accepted_series_has_nothing_to_accept(case, session, gapped) -> None:
    """Accepting twice, or what has no fault, is refused."""
    t1, (t2, _) = gapped
    with pytest.raises(ActRefusedError, match="no fault to accept"):
        case.do(session, accept(t2))
    case.do(session, accept(t1))
    with pytest.raises(ActRefusedError, match="accepted already"):
        case.do(session, accept(t1))


def test_coverage_asks_for_no_slice_that_is_not_there(case, session, gapped) -> None:
    """All 14 acquired slices shown is full coverage; the one not acquired was never seen."""
    t1, _ = gapped
    case.do(session, accept(t1), {"act": "show", "role": "SAG_T1", "slices": list(range(14))})
    assert session.coverage_percent("SAG_T1") == pytest.approx(100 * 13 / 14)
    case.do(session, {"act": "show", "role": "SAG_T1", "slices": "all"})
    assert session.coverage_percent("SAG_T1") == 100
    assert MISSING not in session.state.shown[SeriesKey(t1.series_uid, 0)]
    before = len(session.journal.entries)
    session.show("SAG_T1", (MISSING,), "mouse")
    assert len(session.journal.entries) == before


def test_nothing_is_pointed_at_on_a_slice_that_is_not_there(case, session, gapped) -> None:
    """A point on the slice not acquired names no image: the act is refused."""
    t1, _ = gapped
    case.do(session, accept(t1))
    x, y, z = t1.grid.to_lps((MISSING, 320, 200)).tolist()
    line = {
        "act": "place_endplate",
        "endplate": "L4-inferior",
        "role": "SAG_T1",
        "polyline_lps_mm": [[x, y, z], [x, y + 20, z]],
    }
    with pytest.raises(ActRefusedError, match="Slice 7 of 15 of SAG_T1 was not acquired"):
        case.do(session, line)


def test_slices_beyond_the_gap_keep_their_images(case, session, gapped) -> None:
    """A point on the slice after the gap names that slice's own image."""
    t1, _ = gapped
    case.do(session, accept(t1))
    x, y, z = t1.grid.to_lps((MISSING + 1, 320, 200)).tolist()
    case.do(
        session,
        {
            "act": "place_endplate",
            "endplate": "L4-inferior",
            "role": "SAG_T1",
            "polyline_lps_mm": [[x, y, z], [x, y + 20, z]],
        },
    )
    (line,) = session.state.lines
    assert line.sop_instance_uid == f"{t1.series_uid}.{MISSING + 2}"


def test_the_signed_reading_and_its_amendment_keep_the_acceptance(case, gapped, kit) -> None:
    """The reading holds fault, reader and reason; the amendment begins with the series open."""
    t1, others = gapped
    case.put_images(*others, t1)
    with case.open() as session:
        case.do(session, accept(t1), *kit.read_normal(), kit.sign)
    reading, _ = case.ws.reading(case.record, "r1-1")
    (used,) = [s for s in reading.series if s.series_uid == t1.series_uid]
    assert (used.faults, used.not_acquired) == ((GAP,), (MISSING,))
    assert (used.accepted_by, used.accepted_reason) == ("r1", REASON)
    (seen,) = [c for c in reading.coverage if c.series_uid == t1.series_uid]
    assert (seen.n_slices, len(seen.shown_sop_instance_uids), seen.shown_percent) == (14, 14, 100)
    with case.open(amends="r1-1", reason="contour seen again") as amendment:
        assert amendment.series_in("SAG_T1").series_uid == t1.series_uid
        shown = amendment.state.shown[SeriesKey(t1.series_uid, 0)]
        assert shown == set(range(15)) - {MISSING}


def test_a_reading_without_faults_is_spelt_as_before(session) -> None:
    """Where nothing had to be accepted, no record has a key for it: older hashes stay right."""
    told = session.series_in("SAG_T2").model_dump(mode="json")
    assert not {"faults", "accepted_by", "accepted_reason", "not_acquired"} & told.keys()
