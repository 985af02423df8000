"""Gestures of the series step, and turning the wheel."""

from __future__ import annotations

from modic_annotate.domain.series import QualityRating
from modic_annotate.session import acts
from modic_annotate_napari.desk.letters import ROLES
from modic_annotate_napari.desk.where import Step
from modic_annotate_napari.replay.hands import Hands, ReplayError
from modic_annotate_napari.replay.moves import answer, go
from modic_annotate_napari.steps.quality import WORDS
from modic_annotate_napari.steps.series import listed

_RATE = {
    QualityRating.DIAGNOSTIC: "quality.diagnostic",
    QualityRating.LIMITED: "quality.limited",
    QualityRating.NON_DIAGNOSTIC: "quality.non_diagnostic",
}


def show(hands: Hands, act: acts.Show) -> None:
    """Turn the wheel through the slices not seen yet; in any step that shows the canvases."""
    if hands.room.desk.step in (Step.REVIEW, Step.SIGN):
        go(hands, Step.ENDPLATES)
    wanted = range(hands.panel(act.role).n_slices) if act.slices == "all" else act.slices
    unseen = set(wanted) - hands.room.coverage.seen(act.role)
    if unseen and act.slices == "all":
        hands.see_everything()
    hands.see(act.role, sorted(unseen - hands.room.coverage.seen(act.role)))


def _select_series(hands: Hands, series_uid: str, stack: int) -> None:
    go(hands, Step.SERIES)
    desk = hands.room.desk
    keys = [(used.series_uid, used.stack) for used in listed(desk.session)]
    if (series_uid, stack) not in keys:
        raise ReplayError(f"Series {series_uid} is not in this study")
    wanted = keys.index((series_uid, stack))
    while desk.row != wanted:
        hands.action("series.next" if desk.row < wanted else "series.previous")


def rate_quality(hands: Hands, act: acts.RateQuality) -> None:
    """Select the series of a slot and rate it."""
    used = hands.room.session.series_in(act.role)
    if used is None:
        raise ReplayError(f"No series fills {act.role}")
    _select_series(hands, used.series_uid, used.stack)
    hands.action(_RATE[act.rating])
    if act.rating != QualityRating.DIAGNOSTIC:
        if not act.reasons:
            raise ReplayError(
                f"The rating of {act.role} gives no reason, and the room asks for one"
            )
        hands.press(WORDS.key)
        hands.type("; ".join(act.reasons))


def assign_role(hands: Hands, act: acts.AssignRole) -> None:
    """Put a series into a slot, with the reason."""
    _select_series(hands, act.series_uid, act.stack)
    hands.action("role.assign")
    answer(hands, ROLES, act.role)
    hands.type(act.reason)


def attend(hands: Hands, act: acts.Attend) -> None:
    """Refuse: how long a reader was at an endplate is nothing that a file could do again."""
    raise ReplayError("A file has no eyes; leave its 'attend' lines out")


def accept_series(hands: Hands, act: acts.AcceptSeries) -> None:
    """Accept a blocked series, with the reason."""
    _select_series(hands, act.series_uid, act.stack)
    hands.action("series.accept")
    hands.type(act.reason)


def return_to_site(hands: Hands, act: acts.ReturnToSite) -> None:
    """Close the case as not read."""
    go(hands, Step.SERIES)
    hands.action("site.return")
    hands.type(act.reason)
