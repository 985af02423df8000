"""Statements about spans of time: months of pain, months of care, time since surgery.

Dates enter as whole days before the as-of date; months turn into days by `compare`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Literal

from modic_annotate.domain.determination import Operand, Reason
from modic_annotate.domain.screening import CareEpisode
from modic_annotate.eligibility.compare import fewest_days, most_days
from modic_annotate.eligibility.inputs import SCREENING, Inputs, Taken, of_day, take
from modic_annotate.eligibility.kleene import Answer, agree, decided, review, unknown
from modic_annotate.eligibility.predicates.base import Count, Predicate

_PAIN_CONTRADICTS = "The recorded months of pain contradict the recorded start of the pain."
_CARE_CONTRADICTS = "The recorded months of care contradict the recorded care episodes."


def _at_least(days: int, months: int) -> tuple[bool, str]:
    needed = fewest_days(months)
    verb = ">=" if days >= needed else "is not >="
    return days >= needed, f"{days} days {verb} {needed} days ({months} months)"


class PainMonths(Predicate):
    """Low back pain has lasted at least so many months."""

    kind: Literal["pain_months"] = "pain_months"
    at_least_months: Count

    def evaluate(self, inputs: Inputs) -> Answer:
        """Return whether pain lasted that long, by its start, by recorded months, or by both."""
        since = take(inputs, "/pain/low_back_pain_since", "The start of the low back pain")
        months = take(inputs, "/pain/low_back_pain_months", "The duration of low back pain", 0)
        statements = [months if isinstance(months, Answer) else self._by_months(inputs, months)]
        if isinstance(since, Answer):
            statements.append(since)
        else:
            holds, text = _at_least(inputs.days_since(since.value), self.at_least_months)
            statements.append(decided(holds, text, since.operand))
            if isinstance(months, Taken) and not _consistent(inputs, since, months):
                statements.append(review(Reason.CONTRADICTION, _PAIN_CONTRADICTS))
        return agree(statements, Reason.CONTRADICTION, _PAIN_CONTRADICTS)

    def _by_months(self, inputs: Inputs, months: Taken) -> Answer:
        holds = months.value >= self.at_least_months
        seen = months.recorded.observed_on
        age_days = 0 if seen is None else inputs.days_since(seen)
        if not holds and fewest_days(months.value) + age_days >= fewest_days(self.at_least_months):
            sentence = (
                f"{months.value} months of pain were recorded {age_days} days before the as-of "
                "date; ask again how long the pain has lasted."
            )
            return review(Reason.BOUNDARY, sentence, months.operand)
        verb = ">=" if holds else "is not >="
        text = f"{months.value} months {verb} {self.at_least_months} months"
        return decided(holds, text, months.operand)


def _consistent(inputs: Inputs, since: Taken, months: Taken) -> bool:
    """Whether months agree with a start date to one month, on the day they were recorded."""
    days: int = ((months.recorded.observed_on or inputs.as_of) - since.value).days
    return fewest_days(max(months.value - 1, 0)) <= days <= most_days(months.value + 1)


class CareMonths(Predicate):
    """Conservative care without response has lasted at least so many months."""

    kind: Literal["care_months"] = "care_months"
    at_least_months: Count

    def evaluate(self, inputs: Inputs) -> Answer:
        """Return whether care lasted that long, by the stated months or by the episodes."""
        words = "The duration of conservative care without response"
        stated = take(inputs, "/care/months_without_response", words, 0)
        if isinstance(stated, Taken):
            holds = stated.value >= self.at_least_months
            verb = ">=" if holds else "is not >="
            text = f"{stated.value:g} months {verb} {self.at_least_months} months"
            stated = decided(holds, text, stated.operand)
        statements = [stated, self._by_episodes(inputs)]
        return agree(statements, Reason.CONTRADICTION, _CARE_CONTRADICTS)

    def _by_episodes(self, inputs: Inputs) -> Answer:
        """Return yes where dated episodes reach; a list may be short, so never no."""
        episodes = list(enumerate(inputs.screening.care.episodes))
        operands = [o for n, episode in episodes for o in episode_operands(inputs, n, episode)]
        failed = [e for _, e in episodes if e.outcome == "no_response"]
        tried = [e for _, e in episodes if e.outcome != "relief"]
        holds, text = _at_least(covered_days(failed, inputs.as_of), self.at_least_months)
        if holds:
            return decided(True, f"care episodes: {text}", *operands)
        if covered_days(tried, inputs.as_of) >= fewest_days(self.at_least_months):
            sentence = (
                f"Care episodes cover {self.at_least_months} months only with those whose outcome "
                "is partial or not stated."
            )
            return review(Reason.NOT_STATED, sentence, *operands)
        sentence = f"Care episodes do not show {self.at_least_months} months without response."
        return unknown(Reason.NOT_RECORDED, sentence, *operands)


def episode_operands(inputs: Inputs, index: int, episode: CareEpisode) -> list[Operand]:
    """Return when an episode ran and how it ended, as operands."""
    base = f"/care/episodes/{index}"
    dated = {"started_on": episode.started_on, "ended_on": episode.ended_on}
    operands = [of_day(inputs, f"{base}/{name}", day) for name, day in dated.items() if day]
    operands.append(Operand(document=SCREENING, pointer=f"{base}/outcome", value=episode.outcome))
    return operands


def covered_days(episodes: Sequence[CareEpisode], as_of: date) -> int:
    """Return the days up to `as_of` on which at least one dated episode ran.

    An episode without an end is taken as running; one without a start counts by its months,
    alone, since nothing says whether it overlaps another.
    """
    spans = sorted(
        (e.started_on, min(e.ended_on or as_of, as_of)) for e in episodes if e.started_on
    )
    total, reached = 0, date.min
    for start, end in spans:
        first = max(start, reached)
        total += max((end - first).days, 0)
        reached = max(reached, end)
    undated = [fewest_days(int(e.months)) for e in episodes if e.months and not e.started_on]
    return max([total, *undated])


class SurgeryOlderThan(Predicate):
    """The last lumbar surgery lies more than so many months back."""

    kind: Literal["surgery_older_than"] = "surgery_older_than"
    months: Count

    def evaluate(self, inputs: Inputs) -> Answer:
        """Return whether surgery is that old; review where the kind of months would decide."""
        taken = take(inputs, "/exclusions/surgery_on", "The date of the lumbar surgery")
        if isinstance(taken, Answer):
            return taken
        days = inputs.days_since(taken.value)
        least, most = fewest_days(self.months), most_days(self.months)
        text = f"surgery {days} days before, {self.months} months are {least} to {most} days"
        if least < days <= most:
            sentence = f"Whether surgery is more than {self.months} months ago hangs on days."
            return review(Reason.BOUNDARY, sentence, taken.operand, text=text)
        return decided(days > most, text, taken.operand)
