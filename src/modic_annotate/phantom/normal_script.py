"""The short reading of a normal spine: number it, then say that nothing is there."""

from __future__ import annotations

from modic_annotate.phantom.reading_script import MEANING, reading_acts
from modic_annotate.phantom.truth import Truth
from modic_annotate.session import acts


def normal_acts(truth: Truth) -> tuple[acts.Act, ...]:
    """Return the acts of a reader who looks at all of a normal spine and finds no change.

    Raises
    ------
    ValueError
        The spine has a change.
    """
    if truth.lesions:
        raise ValueError(f"{truth.recipe} has {len(truth.lesions)} changes, so it is not normal")
    made = reading_acts(truth)
    numbered = next(i for i, act in enumerate(made) if isinstance(act, acts.SignNumbering)) + 1
    rest = (acts.AllRemainingNone(), acts.DiscsNone(), acts.Sign(meaning=MEANING))
    return (*made[:numbered], *rest)
