"""Which changes count, at one endplate, at a body and over all bodies.

A body counts by its endplates, so the superior endplate of L3 belongs to L3. Each table of
parameters is a decision where published rules differ or are silent; what stays ambiguous needs
review.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Mapping
from typing import Literal

from modic_annotate.domain.determination import Reason
from modic_annotate.domain.finding import Finding
from modic_annotate.domain.modic import Attribution, Confidence, Mimic, ModicType
from modic_annotate.domain.spine import Vertebra
from modic_annotate.eligibility.endplates import (
    at_endplate,
    endplates_in_scope,
    gated,
    unless_flagged,
)
from modic_annotate.eligibility.inputs import Inputs
from modic_annotate.eligibility.kleene import (
    OPEN,
    Answer,
    Truth,
    all_of,
    any_of,
    decided,
    joined,
    review,
    unknown,
)
from modic_annotate.eligibility.predicates.base import Predicate, Some

GRAVE_MIMICS = (Mimic.INFECTION, Mimic.METASTASIS_OR_INFILTRATION, Mimic.FRACTURE)
EXTRA_BODIES = (Vertebra.L6,)
"""Bodies the published rules do not know (K190504 names L3 through S1)."""

_CONFIDENCE_ORDER = (Confidence.POSSIBLE, Confidence.PROBABLE, Confidence.DEFINITE)
Bodies = tuple[Vertebra, ...]

NO_READING = "No reading of the MRI states the endplates."


class ModicRule(Predicate):
    """Which changes at which bodies count."""

    bodies: Some[Vertebra]
    least_confidence: Confidence = Confidence.PROBABLE
    """A change held with less confidence needs review."""

    not_stated: Literal["unknown", "accept"] = "unknown"
    """What a change counts whose attribution or confidence the reader did not state."""

    def judge(self, finding: Finding, words: str) -> Answer:
        """Return whether a change that is present counts as a Modic change."""
        return all_of([decided(True, words), *self._doubts(finding)])

    def _doubts(self, finding: Finding) -> Iterable[Answer]:
        place = f"the change at the {finding.endplate.words}"
        stated = {"cause": finding.attribution, "confidence": finding.confidence}
        for name, value in stated.items():
            if value is None and self.not_stated == "unknown":
                yield unknown(Reason.NOT_STATED, f"The {name} of {place} is not stated.")
        if finding.attribution in (Attribution.UNCERTAIN, Attribution.OTHER):
            sentence = f"The cause of {place} is {finding.attribution}, not degenerative."
            yield review(Reason.ATTRIBUTION, sentence)
        grave = [m for m in finding.mimics if m in GRAVE_MIMICS]
        if grave:
            names = ", ".join(m.replace("_", " ") for m in grave)
            yield review(Reason.MIMIC, f"A mimic of {place} is considered: {names}.")
        if finding.confidence is not None and _is_below(finding.confidence, self.least_confidence):
            yield review(Reason.LOW_CONFIDENCE, f"The reader holds {place} only possible.")

    def by_body(self, inputs: Inputs) -> dict[Vertebra, Answer]:
        """Return for each body in scope whether a change that counts is there, head to foot."""
        found: dict[Vertebra, list[Answer]] = {}
        for endplate in endplates_in_scope(inputs):
            answer = at_endplate(inputs, endplate, self.judge)
            found.setdefault(endplate.vertebra, []).append(answer)
        return {body: any_of(answers) for body, answers in found.items()}


def _is_below(confidence: Confidence, least: Confidence) -> bool:
    return _CONFIDENCE_ORDER.index(confidence) < _CONFIDENCE_ORDER.index(least)


class TypedModicRule(ModicRule):
    """Which changes of which types at which bodies count."""

    types: Some[ModicType]
    mixed_with_other_type: Literal["review", "qualifies", "disqualifies"] = "review"
    """What a change counts that holds a type of `types` beside another, e.g. 2/3."""

    def judge(self, finding: Finding, words: str) -> Answer:
        """Return whether a change that is present counts by its types."""
        base = super().judge(finding, words)
        place = f"The change at the {finding.endplate.words}"
        if finding.type_undetermined:
            sentence = f"{place} has an undetermined type."
            return all_of([base, review(Reason.TYPE_UNDETERMINED, sentence, text=words)])
        counted = finding.types & frozenset(self.types)
        mixed = bool(counted) and counted != finding.types
        if mixed and self.mixed_with_other_type == "review":
            sentence = f"{place} is mixed with a type that does not qualify; the sources differ."
            return all_of([base, review(Reason.MIXED_WITH_OTHER_TYPE, sentence, text=words)])
        disqualified = mixed and self.mixed_with_other_type == "disqualifies"
        return all_of([decided(bool(counted) and not disqualified, words), base])

    def anywhere(self, inputs: Inputs) -> Answer:
        """Return whether a change that counts is at any of the bodies; one suffices."""
        if not inputs.readings:
            return unknown(Reason.NO_READING, NO_READING)
        at = self.by_body(inputs)
        inside = [answer for body, answer in at.items() if body in self.bodies]
        found = any_of([*inside, *(in_doubt_if_extra(b, at[b]) for b in EXTRA_BODIES if b in at)])
        none = f"no change of type {' or '.join(self.types)} at {', '.join(self.bodies)}"
        return gated(inputs, unless_flagged(inputs, said_none(inputs, found, none)))

    def over_completions(
        self,
        inputs: Inputs,
        holds: Callable[[Bodies], bool],
        words: Callable[[Bodies, Bodies], str],
    ) -> Answer:
        """Return what holds of the bodies with a change that counts."""
        if not inputs.readings:
            return unknown(Reason.NO_READING, NO_READING)
        at = {b: a for b, a in self.by_body(inputs).items() if b in (*self.bodies, *EXTRA_BODIES)}
        at = {b: in_doubt_if_extra(b, a) if b in EXTRA_BODIES else a for b, a in at.items()}
        return gated(inputs, over_completions(at, holds, words))


def said_none(inputs: Inputs, found: Answer, none: str) -> Answer:
    """Say in words what a no says, which single endplates leave unsaid."""
    if found.truth != Truth.NO:
        return found
    return any_of([decided(False, none, provisional=inputs.draft), found])


def in_doubt_if_extra(body: Vertebra, answer: Answer) -> Answer:
    """Turn a change at a body the rules do not know into review."""
    if answer.truth != Truth.YES:
        return answer
    sentence = f"The published rules do not know {body}; a person must judge its change."
    return review(Reason.EXTRA_BODY, sentence, *answer.operands, text=answer.text)


def over_completions(
    at: Mapping[Vertebra, Answer],
    holds: Callable[[Bodies], bool],
    words: Callable[[Bodies, Bodies], str],
) -> Answer:
    """Return what holds of the set of bodies with a change, whichever way open bodies fall.

    Open bodies are tried both ways; only where every way gives the same is the answer decided.
    `words` says it of the fewest and the most bodies there can be.
    """
    open_bodies = [b for b, a in at.items() if a.truth in OPEN]
    certain = {b for b, a in at.items() if a.truth == Truth.YES}
    least = tuple(b for b in at if b in certain)
    most = tuple(b for b in at if b in certain or b in open_bodies)
    ways = {
        holds(tuple(b for b in at if b in certain or b in chosen))
        for n in range(len(open_bodies) + 1)
        for chosen in itertools.combinations(open_bodies, n)
    }
    if len(ways) > 1:
        return any_of([at[b] for b in open_bodies])
    provisional = any(a.provisional for a in at.values())
    return decided(
        ways == {True}, words(least, most), *joined(at.values()), provisional=provisional
    )
