"""Four-valued answers: yes, no, unknown (missing), review (there, but a person must judge).

Strong Kleene logic over yes / no / unknown as in CQL, with review between a deciding value and
unknown: a deciding value wins, then review, then unknown.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from modic_annotate.domain.determination import Operand, Reason


class Truth(StrEnum):
    """Whether a statement holds."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"
    REVIEW = "review"


OPEN = (Truth.UNKNOWN, Truth.REVIEW)
"""Truths that decide nothing."""

_NOT = {Truth.YES: Truth.NO, Truth.NO: Truth.YES}
_REASON_ORDER = {reason: n for n, reason in enumerate(Reason)}


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether a statement holds, what was compared and what it rests on."""

    truth: Truth
    text: str = ""
    operands: tuple[Operand, ...] = ()
    reasons: tuple[Reason, ...] = ()
    """Why it is unknown or needs review; empty otherwise."""

    missing: tuple[str, ...] = ()
    """What is needed to decide it, one sentence each; empty where it is decided."""

    provisional: bool = False
    """Whether a yes or no rests on a reading that is not signed."""


def decided(holds: bool, text: str, *operands: Operand, provisional: bool = False) -> Answer:
    """Return a yes or no."""
    truth = Truth.YES if holds else Truth.NO
    return Answer(truth, text, operands, provisional=provisional)


def unknown(reason: Reason, sentence: str, *operands: Operand) -> Answer:
    """Return an answer that lacks data; `sentence` says which."""
    return Answer(Truth.UNKNOWN, "", operands, (reason,), (sentence,))


def review(reason: Reason, sentence: str, *operands: Operand, text: str = "") -> Answer:
    """Return an answer a person has to give; `sentence` says why."""
    return Answer(Truth.REVIEW, text, operands, (reason,), (sentence,))


def negate(answer: Answer) -> Answer:
    """Return the answer to the opposite statement."""
    return replace(answer, truth=_NOT.get(answer.truth, answer.truth))


def any_of(answers: Sequence[Answer]) -> Answer:
    """Return whether at least one statement holds; no without any."""
    return _combine(answers, strong=Truth.YES, weak=Truth.NO)


def all_of(answers: Sequence[Answer]) -> Answer:
    """Return whether every statement holds; yes without any."""
    return _combine(answers, strong=Truth.NO, weak=Truth.YES)


def implies(condition: Answer, statement: Answer) -> Answer:
    """Return whether a statement holds wherever its condition does."""
    return any_of([negate(condition), statement])


def replace_operands(answer: Answer, *operands: Operand) -> Answer:
    """Return the answer resting on these operands."""
    return replace(answer, operands=operands)


def one_meaning(answers: Sequence[Answer], sentence: str) -> Answer:
    """Merge the readings of a text that can be read in several ways.

    Where all give the same, that is the answer. A yes beside a no gives review, with `sentence`.
    """
    truths = {a.truth for a in answers}
    if {Truth.YES, Truth.NO} <= truths:
        operands = joined(answers)
        return review(Reason.AMBIGUOUS_SOURCE, sentence, *operands, text=_texts(answers))
    return any_of(answers) if Truth.NO in truths else all_of(answers)


def agree(statements: Sequence[Answer], reason: Reason, sentence: str) -> Answer:
    """Merge statements of one fact from several sources: one that knows suffices.

    Sources that know and differ give review, with `reason` and `sentence`. None gives unknown
    with what the first source lacks.
    """
    if len(statements) == 1 and statements[0].truth != Truth.REVIEW:
        return statements[0]
    known = [s for s in statements if s.truth != Truth.UNKNOWN]
    operands = joined(statements)
    if not known:
        return replace(statements[0], operands=operands)
    if any(s.truth == Truth.REVIEW for s in known):
        return replace(any_of([s for s in known if s.truth == Truth.REVIEW]), operands=operands)
    if len({s.truth for s in known}) > 1:
        return review(reason, sentence, *operands, text=_texts(known))
    provisional = all(s.provisional for s in known)
    return Answer(known[0].truth, _texts(known), operands, provisional=provisional)


def joined(answers: Iterable[Answer]) -> tuple[Operand, ...]:
    """Return the operands of several answers, each once, in order."""
    return tuple(dict.fromkeys(operand for a in answers for operand in a.operands))


def _combine(answers: Sequence[Answer], *, strong: Truth, weak: Truth) -> Answer:
    present = {a.truth for a in answers}
    truth = next((t for t in (strong, Truth.REVIEW, Truth.UNKNOWN) if t in present), weak)
    deciding = [a for a in answers if a.truth == truth]
    operands = joined(answers)
    if truth in OPEN:
        reasons = sorted({r for a in deciding for r in a.reasons}, key=_REASON_ORDER.__getitem__)
        missing = dict.fromkeys(m for a in answers for m in a.missing)
        return Answer(truth, _texts(answers), operands, tuple(reasons), tuple(missing))
    weakest = all if truth == strong else any  # one signed statement suffices to be strong
    provisional = bool(deciding) and weakest(a.provisional for a in deciding)
    return Answer(truth, _texts(deciding), operands, provisional=provisional)


def _texts(answers: Iterable[Answer]) -> str:
    return "; ".join(dict.fromkeys(a.text for a in answers if a.text))
