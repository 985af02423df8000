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
    painting,
    places,
    review,
    series,
    sign,
    three_clicks,
)

SKILLS = Skills(
    commands={
        **common.COMMANDS,
        **series.COMMANDS,
        **numbering.COMMANDS,
        **three_clicks.COMMANDS,
        **grading.COMMANDS,
        **answers.COMMANDS,
        **places.COMMANDS,
        **painting.COMMANDS,
        **discs.COMMANDS,
        **review.COMMANDS,
        **sign.COMMANDS,
        **cases.COMMANDS,
    },
    clicks={Step.NUMBERING: numbering.click},
    looking=cases.LOOKING,
)
