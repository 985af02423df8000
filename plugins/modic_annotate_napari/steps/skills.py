"""Everything the steps can do, in one table by action id."""

from __future__ import annotations

from modic_annotate_napari.desk.desk import Skills
from modic_annotate_napari.desk.where import Step
from modic_annotate_napari.steps import (
    answers,
    cases,
    common,
    discs,
    grading,
    numbering,
    places,
    review,
    series,
    sign,
)

SKILLS = Skills(
    commands={
        **common.COMMANDS,
        **series.COMMANDS,
        **numbering.COMMANDS,
        **grading.COMMANDS,
        **answers.COMMANDS,
        **places.COMMANDS,
        **discs.COMMANDS,
        **review.COMMANDS,
        **sign.COMMANDS,
        **cases.COMMANDS,
    },
    clicks={Step.NUMBERING: numbering.click},
    looking=cases.LOOKING,
)
