"""What the readings say of the discs: each level merged over readers, then any level."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from modic_annotate.domain.determination import Reason
from modic_annotate.domain.finding import DiscFinding
from modic_annotate.domain.modic import TriState
from modic_annotate.domain.reading import Reading
from modic_annotate.domain.spine import DiscLevel, disc_levels
from modic_annotate.eligibility.compare import Operator, comparison
from modic_annotate.eligibility.inputs import Inputs, of_reading
from modic_annotate.eligibility.kleene import Answer, agree, any_of, decided, review, unknown

Statement = Callable[[Reading, int, DiscFinding], Answer]
"""What one reading says of one disc finding, given its index in the reading."""


def feature_at_any_level(inputs: Inputs, fields: Sequence[str], words: str) -> Answer:
    """Return whether a feature (any of `fields`) is seen at any disc level that was read."""

    def statement(reading: Reading, index: int, disc: DiscFinding) -> Answer:
        return any_of([_feature(inputs, reading, index, (disc, name)) for name in fields])

    return _at_any_level(inputs, statement, words)


def measure_at_any_level(
    inputs: Inputs, fields: Sequence[str], words: str, how: Operator, threshold_mm: float
) -> Answer:
    """Return whether the largest of `fields`, in mm, compares as stated at any disc level."""

    def statement(reading: Reading, index: int, disc: DiscFinding) -> Answer:
        found = {name: getattr(disc, name) for name in fields}
        known = {name: float(mm) for name, mm in found.items() if mm is not None}
        if not known:
            return _not_read(disc.disc)
        name = max(known, key=known.__getitem__)
        operand = of_reading(reading, f"/discs/{index}/{name}", known[name])
        text = f"{disc.disc}: {comparison(known[name], how, threshold_mm, 'mm')}"
        holds = how.holds(known[name], threshold_mm)
        return decided(holds, text, operand, provisional=inputs.draft)

    return _at_any_level(inputs, statement, words)


def _at_any_level(inputs: Inputs, statement: Statement, words: str) -> Answer:
    levels = dict.fromkeys(d for r in inputs.readings for d in disc_levels(r.numbering.order))
    by_level = [_at_level(inputs, level, statement, words) for level in levels]
    return any_of(by_level) if by_level else unknown(Reason.NO_READING, f"{words} is not read.")


def _at_level(inputs: Inputs, level: DiscLevel, statement: Statement, words: str) -> Answer:
    said = [
        statement(reading, index, disc)
        for reading in inputs.readings
        for index, disc in enumerate(reading.discs)
        if disc.disc == level
    ]
    sentence = f"{words} at {level}: the readers disagree."
    return agree(said or [_not_read(level)], Reason.READERS_DISAGREE, sentence)


def _feature(
    inputs: Inputs, reading: Reading, index: int, field: tuple[DiscFinding, str]
) -> Answer:
    disc, name = field
    value: TriState | None = getattr(disc, name)
    if value is None:
        return _not_read(disc.disc)
    operand = of_reading(reading, f"/discs/{index}/{name}", value)
    words = f"{name.replace('_', ' ')} at {disc.disc}"
    if value == TriState.UNDETERMINED:
        sentence = f"The reader could not determine {words}."
        return review(Reason.PRESENCE_INDETERMINATE, sentence, operand)
    holds = value == TriState.PRESENT
    return decided(holds, f"{words} {value}", operand, provisional=inputs.draft)


def _not_read(level: DiscLevel) -> Answer:
    return unknown(Reason.NOT_READ, f"Disc {level} is not read.")
