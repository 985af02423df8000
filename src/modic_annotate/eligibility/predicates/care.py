"""Statements about single kinds of conservative care: how long, how many sessions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Literal

from modic_annotate.domain.determination import Operand, Reason
from modic_annotate.domain.screening import CareEpisode, CareKind
from modic_annotate.eligibility.compare import fewest_days
from modic_annotate.eligibility.inputs import SCREENING, Inputs, Taken, take
from modic_annotate.eligibility.kleene import Answer, agree, decided, review, unknown
from modic_annotate.eligibility.predicates.base import Count, Predicate, Some
from modic_annotate.eligibility.predicates.duration import covered_days, episode_operands

WEEK_DAYS = 7

Numbered = tuple[int, CareEpisode]
"""An episode and its place in the record."""


class CareComponent(Predicate):
    """Care of one of the kinds was given, at least so long or so often.

    A list of episodes may be short, so what it lacks is unknown. An episode of no sessions or no
    months says that this kind was asked for and not given.
    """

    kind: Literal["care_component"] = "care_component"
    kinds: Some[CareKind]
    perhaps: tuple[CareKind, ...] = ()
    """Kinds that may hold the one asked for; alone they need review."""

    at_least_weeks: Count | None = None
    at_least_sessions: Count | None = None

    def evaluate(self, inputs: Inputs) -> Answer:
        """Return whether such care is recorded."""
        given, denied = self._episodes(inputs, self.kinds)
        operands = tuple(o for one in (*given, *denied) for o in _operands(inputs, one))
        if given and denied:
            sentence = f"{self._words} is recorded as given and as not given."
            return review(Reason.CONTRADICTION, sentence, *operands)
        if self._suffices(inputs, given):
            return decided(True, self._text, *operands)
        if denied:
            return decided(False, f"{self._words}: recorded as not given", *operands)
        return self._perhaps(inputs, operands)

    def _perhaps(self, inputs: Inputs, operands: tuple[Operand, ...]) -> Answer:
        similar, _ = self._episodes(inputs, self.perhaps)
        similar_operands = tuple(o for one in similar for o in _operands(inputs, one))
        if self._suffices(inputs, similar):
            names = " or ".join(dict.fromkeys(e.kind.replace("_", " ") for _, e in similar))
            sentence = f"Whether the recorded {names} includes {self._names} is not stated."
            return review(Reason.NOT_STATED, sentence, *operands, *similar_operands)
        sentence = f"The care episodes do not show {self._text}."
        return unknown(Reason.NOT_RECORDED, sentence, *operands, *similar_operands)

    def _episodes(
        self, inputs: Inputs, kinds: tuple[CareKind, ...]
    ) -> tuple[list[Numbered], list[Numbered]]:
        """Return the episodes of some kinds up to the as-of date: given ones, denied ones."""
        ours = [
            (n, e)
            for n, e in enumerate(inputs.screening.care.episodes)
            if e.kind in kinds and (e.started_on is None or e.started_on <= inputs.as_of)
        ]
        return [one for one in ours if not _is_none(one[1])], [o for o in ours if _is_none(o[1])]

    def _suffices(self, inputs: Inputs, given: list[Numbered]) -> bool:
        episodes = [e for _, e in given]
        days = (self.at_least_weeks or 0) * WEEK_DAYS
        sessions = sum(e.sessions or 0 for e in episodes)
        long_enough = covered_days(episodes, inputs.as_of) >= days
        return bool(episodes) and long_enough and sessions >= (self.at_least_sessions or 0)

    @property
    def _names(self) -> str:
        return " or ".join(kind.replace("_", " ") for kind in self.kinds)

    @property
    def _words(self) -> str:
        return self._names[0].upper() + self._names[1:]

    @property
    def _text(self) -> str:
        least = [
            f"at least {number} {unit}"
            for number, unit in (
                (self.at_least_weeks, "weeks"),
                (self.at_least_sessions, "sessions"),
            )
            if number is not None
        ]
        return f"{self._names} {' and '.join(least)}".strip()


def _is_none(episode: CareEpisode) -> bool:
    return episode.sessions == 0 or episode.months == 0


def _operands(inputs: Inputs, numbered: Numbered) -> Iterator[Operand]:
    index, episode = numbered
    base = f"/care/episodes/{index}"
    yield Operand(document=SCREENING, pointer=f"{base}/kind", value=episode.kind)
    for name, unit in (("months", "mo"), ("sessions", "{sessions}")):
        value: float | None = getattr(episode, name)
        if value is not None:
            yield Operand(document=SCREENING, pointer=f"{base}/{name}", value=value, unit=unit)
    yield from episode_operands(inputs, index, episode)


class ConsecutiveCareMonths(Predicate):
    """Conservative care without response ran for at least so many months without a gap.

    Recorded months may have gaps, so they refute and do not prove; dated episodes prove.
    """

    kind: Literal["consecutive_care_months"] = "consecutive_care_months"
    at_least_months: Count

    def evaluate(self, inputs: Inputs) -> Answer:
        """Return whether care ran that long without a gap."""
        words = "The duration of conservative care without response"
        taken = take(inputs, "/care/months_without_response", words, 0)
        episodes = list(enumerate(inputs.screening.care.episodes))
        operands = [o for n, e in episodes for o in episode_operands(inputs, n, e)]
        stated = [taken.operand] if isinstance(taken, Taken) else list(taken.operands)
        failed = [e for _, e in episodes if e.outcome == "no_response"]
        needed, days = fewest_days(self.at_least_months), longest_run_days(failed, inputs.as_of)
        too_short = isinstance(taken, Taken) and taken.value < self.at_least_months
        text = f"{days} consecutive days of care >= {needed} days ({self.at_least_months} months)"
        if days >= needed and not too_short:
            return decided(True, text, *stated, *operands)
        if days >= needed:
            sentence = "The recorded months of care contradict the recorded care episodes."
            return review(Reason.CONTRADICTION, sentence, *stated, *operands)
        if too_short and isinstance(taken, Taken):
            text = f"{taken.value:g} months is not >= {self.at_least_months} months"
            return decided(False, text, *stated, *operands)
        sentence = (
            f"Dated care episodes do not show {self.at_least_months} consecutive months "
            "without response."
        )
        if isinstance(taken, Taken):
            return review(Reason.NOT_STATED, sentence, *stated, *operands)
        return unknown(Reason.NOT_RECORDED, sentence, *stated, *operands)


def longest_run_days(episodes: Sequence[CareEpisode], as_of: date) -> int:
    """Return the days of the longest run of dated episodes without a day between them."""
    spans = sorted(
        (e.started_on, min(e.ended_on or as_of, as_of)) for e in episodes if e.started_on
    )
    longest, began, reached = 0, date.min, date.min
    for start, end in spans:
        if (start - reached).days > 1:
            began, reached = start, end
        reached = max(reached, end)
        longest = max(longest, (reached - began).days)
    return longest


class CareFailed(Predicate):
    """Conservative care was given without response; the source names no duration."""

    kind: Literal["care_failed"] = "care_failed"

    def evaluate(self, inputs: Inputs) -> Answer:
        """Return whether care without response is recorded, by months or by an episode."""
        words = "The duration of conservative care without response"
        taken = take(inputs, "/care/months_without_response", words, 0)
        if isinstance(taken, Answer):
            stated = taken
        else:
            text = f"{taken.value:g} months of care without response"
            stated = decided(taken.value > 0, text, taken.operand)
        sentence = "The recorded months of care contradict the recorded care episodes."
        return agree([stated, self._by_episodes(inputs)], Reason.CONTRADICTION, sentence)

    def _by_episodes(self, inputs: Inputs) -> Answer:
        episodes = list(enumerate(inputs.screening.care.episodes))
        operands = [o for n, e in episodes for o in episode_operands(inputs, n, e)]
        if any(e.outcome == "no_response" and not _is_none(e) for _, e in episodes):
            return decided(True, "a care episode without response", *operands)
        sentence = "No care episode without response is recorded."
        return unknown(Reason.NOT_RECORDED, sentence, *operands)
