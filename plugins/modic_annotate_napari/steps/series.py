"""Series check: what each series is and on what evidence, and how good it is."""

from __future__ import annotations

from functools import partial

from modic_annotate.domain.series import QualityRating, SeriesRole, SeriesUsed
from modic_annotate.session.acts import AcceptSeries, AssignRole, RateQuality, ReturnToSite
from modic_annotate.session.session import ReadingSession
from modic_annotate_napari.desk.desk import Command, Desk
from modic_annotate_napari.desk.letters import ROLES
from modic_annotate_napari.desk.prompts import LetterPrompt, TextPrompt
from modic_annotate_napari.steps.quality import ask_reasons


def listed(session: ReadingSession) -> tuple[SeriesUsed, ...]:
    """Return the series in the order of the list: sagittal slots first, blocked ones last."""
    order = list(SeriesRole)
    by_role = partial(sorted, key=lambda used: order.index(used.role))
    return (*by_role(session.series), *by_role(session.acceptable))


def is_blocked(used: SeriesUsed) -> bool:
    """Whether a listed series waits for its faults to be accepted."""
    return bool(used.faults) and used.accepted_by is None


def selected(desk: Desk) -> SeriesUsed | None:
    """Return the series the step's list has selected."""
    series = listed(desk.session)
    return series[desk.row] if desk.row < len(series) else None


def move(desk: Desk, by: int) -> None:
    """Select the series above or below."""
    desk.row = min(max(desk.row + by, 0), max(len(listed(desk.session)) - 1, 0))
    desk.changed.emit()


def rate(desk: Desk, rating: QualityRating) -> None:
    """Rate the selected series, then select the next one."""
    series = selected(desk)
    if series is None:
        return
    role = series.role
    if is_blocked(series):
        desk.say("A blocked series is not rated; y accepts it, with the reason", refused=True)
        return
    if role == SeriesRole.OTHER:
        desk.say("Only series that fill a slot are rated; a puts it into one", refused=True)
        return
    if rating != QualityRating.DIAGNOSTIC:
        ask_reasons(desk, role, rating, partial(move, desk, 1))
    elif desk.act(RateQuality(role=role, rating=rating)):
        move(desk, 1)


def assign(desk: Desk) -> None:
    """Put the selected series into another slot; the reason is typed."""
    series = selected(desk)
    if series is None:
        return

    def reason_for(role: str) -> None:
        desk.ask(
            TextPrompt(
                f"why it is {role}",
                "role",
                required=True,
                answer=lambda text: _put(desk, series, SeriesRole(role), text),
            )
        )

    desk.ask(LetterPrompt("the slot of this series", "role", options=ROLES, answer=reason_for))


def accept(desk: Desk) -> None:
    """Accept the faults of the selected series; the reason is typed."""
    series = selected(desk)
    if series is None:
        return
    if not is_blocked(series):
        desk.say("This series is not blocked: there is nothing to accept", refused=True)
        return
    desk.ask(
        TextPrompt(
            "why it is read in spite of this",
            "accept",
            required=True,
            answer=lambda text: _accepted(desk, series, text),
        )
    )


def _accepted(desk: Desk, series: SeriesUsed, reason: str) -> None:
    act = AcceptSeries(series_uid=series.series_uid, stack=series.stack, reason=reason)
    if desk.act(act):
        desk.say("Accepted. Close the case and open it again to see this series side by side")


def _put(desk: Desk, series: SeriesUsed, role: SeriesRole, reason: str) -> None:
    """Put a series into a slot; it stays selected, wherever the list shows it then."""
    key = (series.series_uid, series.stack)
    act = AssignRole(role=role, series_uid=key[0], stack=key[1], reason=reason)
    if desk.act(act):
        keys = [(used.series_uid, used.stack) for used in listed(desk.session)]
        desk.row = keys.index(key)
        desk.changed.emit()


def return_to_site(desk: Desk) -> None:
    """Close the case as not read and ask the site for other images."""
    desk.ask(
        TextPrompt(
            "why the case goes back to the site",
            "return",
            required=True,
            answer=lambda text: desk.act(ReturnToSite(reason=text)),
        )
    )


COMMANDS: dict[str, Command] = {
    "series.previous": partial(move, by=-1),
    "series.next": partial(move, by=1),
    "quality.diagnostic": partial(rate, rating=QualityRating.DIAGNOSTIC),
    "quality.limited": partial(rate, rating=QualityRating.LIMITED),
    "quality.non_diagnostic": partial(rate, rating=QualityRating.NON_DIAGNOSTIC),
    "role.assign": assign,
    "series.accept": accept,
    "site.return": return_to_site,
}
