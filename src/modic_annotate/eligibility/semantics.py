"""Every published version of the evaluator's rules, so that an old package can be judged again.

A change that makes any row come out otherwise, or a determination be written otherwise, is a new
version: the rules of the old one stay, under their number, as long as packages name them. An input
that no package held before (a report's transcription) is none: without it every row is as it was.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Protocol

from modic_annotate.domain.attachment import Transcription
from modic_annotate.domain.determination import Determination, FrozenInputs
from modic_annotate.domain.reading import Reading
from modic_annotate.domain.screening import ScreeningRecord
from modic_annotate.eligibility.criteria import CriteriaSet
from modic_annotate.eligibility.evaluate import assess


class Evaluator(Protocol):
    """What judges a record and its readings by a set."""

    def __call__(
        self,
        screening: ScreeningRecord,
        readings: Sequence[Reading],
        criteria: CriteriaSet,
        as_of: date,
        frozen: FrozenInputs | None = None,
        report: Transcription | None = None,
    ) -> Determination:
        """Return the determination."""
        ...


PUBLISHED: Mapping[int, Evaluator] = MappingProxyType({1: assess})
"""Version -> its evaluator; none is ever taken away."""
