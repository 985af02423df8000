"""What counts as time at an endplate, by a clock that the test turns."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from modic_annotate.domain.spine import Endplate
from modic_annotate_napari.attention import IDLE_S, Attention

L4, L5 = Endplate.parse("L4-inferior"), Endplate.parse("L5-inferior")
START = datetime(2026, 3, 20, 9, 0, tzinfo=UTC)


class Clock:
    """A clock that stands until it is turned."""

    def __init__(self) -> None:
        self.s = 0.0
        self.hidden: set[Endplate] = set()

    def watch(self) -> Attention:
        """Return attention that goes by this clock."""
        return Attention(
            in_view=lambda endplate: endplate not in self.hidden,
            clock=lambda: self.s,
            now=lambda: START + timedelta(seconds=self.s),
        )


@pytest.fixture
def clock() -> Clock:
    """A clock at zero."""
    return Clock()


def work(clock: Clock, watch: Attention, seconds: float, every: float = 5.0) -> None:
    """Be at work for a while, with an input every few seconds."""
    end = clock.s + seconds
    while clock.s < end:
        clock.s = min(clock.s + every, end)
        watch.stir()


def said(acts) -> list[tuple[Endplate, int, int]]:
    """Endplate, first sight in seconds, and duration of each act."""
    return [(a.endplate, int((a.since - START).total_seconds()), a.seconds) for a in acts]


def test_time_at_work_counts_and_a_long_stillness_does_not(clock):
    """A gap up to the limit counts wholly, a longer one not at all."""
    watch = clock.watch()
    clock.s = 10
    watch.turn(L4)
    work(clock, watch, 20)
    clock.s += IDLE_S + 1
    watch.stir()
    work(clock, watch, 10)
    clock.s += IDLE_S
    watch.turn(L5)
    assert said(watch.due(but=L5)) == [(L4, 10, 30 + int(IDLE_S))]


def test_an_endplate_out_of_view_is_not_attended(clock):
    """Active and not in view is no look; the first sight is when it comes into view."""
    watch = clock.watch()
    clock.hidden = {L4}
    watch.turn(L4)
    work(clock, watch, 30)
    assert watch.due_of(L4) == ()
    clock.hidden = set()
    work(clock, watch, 10)
    assert said(watch.due_of(L4)) == [(L4, 35, 5)]


def test_a_short_stay_waits_for_the_next_one(clock):
    """Passing by writes nothing; its time and first sight are kept for the grade."""
    watch = clock.watch()
    watch.turn(L4)
    work(clock, watch, 0.4)
    watch.turn(L5)
    assert watch.due(but=L5) == ()
    work(clock, watch, 3)
    watch.turn(L4)
    work(clock, watch, 1.8)
    assert said(watch.due_of(L4)) == [(L4, 0, 2)]
    assert said(watch.due()) == [(L5, 0, 3)]
    assert watch.due() == ()


def test_what_is_left_over_a_second_is_carried(clock):
    """Whole seconds are written, and the rest counts towards the next time."""
    watch = clock.watch()
    watch.turn(L4)
    work(clock, watch, 2.75, every=0.25)
    assert said(watch.due_of(L4)) == [(L4, 0, 2)]
    work(clock, watch, 1.5, every=0.25)
    assert [a.seconds for a in watch.due()] == [2]


def test_another_window_is_a_rest(clock):
    """While another window is in front nothing counts, however short it is."""
    watch = clock.watch()
    watch.turn(L4)
    work(clock, watch, 5)
    watch.pause()
    clock.s += 20
    watch.stir()
    work(clock, watch, 5)
    assert said(watch.due()) == [(L4, 0, 10)]
