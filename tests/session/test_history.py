"""Undo and redo without end, and the same state live, replayed and resumed after a cut."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from modic_annotate.domain.finding import Origin
from modic_annotate.errors import ActRefusedError, ModicAnnotateError
from modic_annotate.session.acts import ACT
from modic_annotate.session.session import ReadingSession

NAMES = ("T12", "L1", "L2", "L3", "L4", "L5", "L6", "S1")
ENDPLATES = st.builds(
    lambda v, s: f"{v}-{s}", st.sampled_from(NAMES), st.sampled_from(["superior", "inferior"])
)
TYPES = st.sampled_from(["1", "2", "3"])
ROLES = st.sampled_from(["SAG_T1", "SAG_T2", "SAG_FS"])


def line(act, **fields):
    return st.fixed_dictionaries({"act": st.just(act)} | fields)


POINTS = st.tuples(st.just(0.0), st.floats(-60, 20), st.floats(-120, 140))
ACTS = st.one_of(
    line("undo"),
    line("redo"),
    line("show", role=ROLES, slices=st.lists(st.integers(0, 10), max_size=4)),
    line(
        "attend",
        endplate=ENDPLATES,
        since=st.just("2026-03-20T09:00:00Z"),
        seconds=st.integers(0, 90),
    ),
    line("grade", endplate=ENDPLATES, modic=st.just("absent")),
    line("grade", endplate=ENDPLATES, modic=st.just("present"), component=TYPES),
    line("add_component", endplate=ENDPLATES, component=TYPES),
    line("equal_shares", endplate=ENDPLATES),
    line("type_undetermined", endplate=ENDPLATES),
    line("cannot_read", endplate=ENDPLATES, reason=st.sampled_from(["motion", "other"])),
    line("clear_finding", endplate=ENDPLATES),
    line("apply_usual", endplate=ENDPLATES),
    line(
        "set_field",
        endplate=ENDPLATES,
        field=st.sampled_from(["contour", "height_category", "note", "zones"]),
        value=st.sampled_from(["smooth", "[0,25)", None, ["anterior-left"]]),
    ),
    line(
        "measure", endplate=ENDPLATES, role=ROLES, lesion_lps_mm=st.tuples(POINTS, POINTS, POINTS)
    ),
    line(
        "set_disc_field", disc=st.just("L4/5"), field=st.just("stenosis"), value=st.just("absent")
    ),
    line("note", text=st.text(max_size=5)),
    line("raise_red_flag", kind=st.just("fracture")),
    line("rate_quality", role=ROLES, rating=st.just("RID12")),
    line("reopen_numbering", reason=st.just("again")),
    line("sign_numbering"),
    line("shift_labels", by=st.sampled_from([-1, 1])),
    line("state_numbering", lumbar_count=st.sampled_from([4, 5, 6])),
    line("place_body", vertebra=st.sampled_from(NAMES), centroid_lps_mm=POINTS, role=ROLES),
    line("remove_body", vertebra=st.sampled_from(NAMES)),
    line("all_remaining_none"),
)
SEQUENCES = st.lists(ACTS, max_size=25)
SLOW = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def attempt(session: ReadingSession, acts: list[dict[str, object]]) -> int:
    """Make all acts that are allowed and return how many were."""
    made = 0
    for act in acts:
        try:
            session.act(ACT.validate_python(act), Origin.KEY)
        except ActRefusedError:
            continue
        made += 1
    return made


def held(draft):
    """What undo and redo restore, facts left out."""
    return draft.replace(shown={}, claimed={}, attended=(), red_flags=())


@SLOW
@given(acts=SEQUENCES)
def test_undo_all_then_redo_all_is_identity(kit, acts):
    """Undoing everything gives the empty reading; redoing everything gives the state again."""
    with tempfile.TemporaryDirectory() as folder:
        case = kit.make_case(Path(folder) / "ws")
        with case.open() as session:
            empty = held(session.state)
            case.do(session, *kit.number_the_spine())
            attempt(session, acts)
            before = session.state
            undone = 0
            while session.can_undo:
                case.do(session, {"act": "undo"})
                undone += 1
            assert held(session.state) == empty
            for _ in range(undone):
                case.do(session, {"act": "redo"})
            assert session.state == before


@SLOW
@given(acts=SEQUENCES)
def test_replaying_the_journal_gives_the_live_state(kit, acts):
    """A second process that reads the journal holds the same state, undo and redo included."""
    with tempfile.TemporaryDirectory() as folder:
        case = kit.make_case(Path(folder) / "ws")
        with case.open() as session:
            case.do(session, *kit.number_the_spine(), *kit.show_all())
            made = attempt(session, acts)
            seen = ReadingSession.look(case.ws, case.record, case.reader)
            assert seen.state == session.state
            assert (seen.can_undo, seen.can_redo) == (session.can_undo, session.can_redo)
            assert seen.last_words == session.last_words
            n_before = len(kit.number_the_spine()) + len(kit.show_all())
            assert len(session.journal.entries) == made + n_before


@SLOW
@given(acts=SEQUENCES, cut=st.floats(0, 1))
def test_cut_at_any_byte_keeps_all_whole_lines(kit, acts, cut):
    """Whatever byte the journal is cut at, resuming keeps exactly the acts on whole lines."""
    with tempfile.TemporaryDirectory() as folder:
        case = kit.make_case(Path(folder) / "ws")
        states = []
        with case.open() as session:
            states.append(session.state)
            session.changed.connect(lambda _old, new, _act: states.append(new))
            case.do(session, *kit.number_the_spine())
            attempt(session, acts)
        path = case.journal_path()
        content = path.read_bytes()
        path.write_bytes(content[: int(cut * len(content))])
        n_whole = path.read_bytes().count(b"\n")
        with case.open() as session:
            assert len(session.journal.entries) == max(0, n_whole - 1)
            assert session.state == states[max(0, n_whole - 1)]
            case.do(session, {"act": "note", "text": "it goes on"})
        assert path.read_bytes().endswith(b"}\n")


def way_back(session):
    """Undo everything, then do everything again; return what was said and held at each step."""
    steps = []
    for act, more in (("undo", lambda: session.can_undo), ("redo", lambda: session.can_redo)):
        while more():
            session.act(ACT.validate_python({"act": act}), Origin.KEY)
            steps.append((session.last_words, held(session.state)))
    return steps


@SLOW
@given(parts=st.lists(SEQUENCES, min_size=2, max_size=3), torn=st.binary(max_size=40))
def test_restarts_change_nothing_of_state_or_undo(kit, parts, torn):
    """Killed between acts, a line torn off or not: state and the whole way back are as if not."""
    with tempfile.TemporaryDirectory() as folder:
        whole, broken = (kit.make_case(Path(folder) / name) for name in ("a", "b"))
        with whole.open() as session:
            whole.do(session, *kit.number_the_spine())
            for acts in parts:
                attempt(session, acts)
            with broken.open() as other:
                broken.do(other, *kit.number_the_spine())
            for acts in parts:
                with broken.journal_path().open("ab") as file:
                    file.write(torn.replace(b"\n", b" "))
                with broken.open() as other:
                    attempt(other, acts)
            with broken.open() as other:
                assert held(other.state) == held(session.state)
                assert (other.can_undo, other.can_redo) == (session.can_undo, session.can_redo)
                assert way_back(other) == way_back(session)


def test_undo_and_redo_survive_a_restart(case, kit):
    """What can be undone before closing can be undone after opening again."""
    with case.open() as session:
        case.do(session, *kit.number_the_spine(), *kit.read_lesion(), {"act": "undo"})
        before = session.state
    with case.open() as session:
        assert session.state == before
        case.do(session, {"act": "redo"})
        while session.can_undo:
            case.do(session, {"act": "undo"})
        assert session.state.numbering.bodies == ()


@pytest.mark.parametrize("act", ["undo", "redo"])
def test_nothing_to_take_back_is_refused(case, session, act):
    """Undo and redo say so where there is nothing left."""
    with pytest.raises(ActRefusedError, match=f"nothing to {act}"):
        case.do(session, {"act": act})


def test_new_act_ends_redo(case, session):
    """What was undone cannot be redone after another act."""
    case.do(session, {"act": "note", "text": "a"}, {"act": "undo"}, {"act": "note", "text": "b"})
    assert not session.can_redo


def test_last_words_say_what_and_how_to_undo(case, numbered):
    """The footer says what was recorded and how to take it back; showing slices is silent."""
    grade = {"act": "grade", "endplate": "L4-inferior", "modic": "present", "component": "1"}
    case.do(numbered, grade)
    assert numbered.last_words == "L4 inf: type 1; Backspace undoes"
    case.do(numbered, {"act": "show", "role": "SAG_T1", "slices": [1]})
    assert numbered.last_words == "L4 inf: type 1; Backspace undoes"
    case.do(numbered, {"act": "undo"})
    assert numbered.last_words == "Undone: L4 inf: type 1; Ctrl+Shift+Z does it again"
    case.do(numbered, {"act": "redo"})
    assert numbered.last_words == "Done again: L4 inf: type 1; Backspace undoes"


def test_every_act_has_words(case, session, kit):
    """No act leaves the footer without words, but slices shown."""
    lesion = kit.read_lesion()
    acts = [*kit.show_all(), *kit.number_the_spine(), *lesion, {"act": "discs_none"}]
    for act in [*acts, {"act": "all_remaining_none"}, kit.sign]:
        case.do(session, act)
        assert session.last_words or act["act"] == "show"
    assert session.last_words == "Signed"


def test_refused_acts_leave_no_trace(case, session):
    """A refused act is in neither journal nor state nor undo."""
    with pytest.raises(ModicAnnotateError):
        case.do(session, {"act": "grade", "endplate": "L4-inferior", "modic": "absent"})
    assert (session.journal.entries, session.can_undo, session.last_words) == ([], False, "")
