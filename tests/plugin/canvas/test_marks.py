"""What a finding looks like on the image."""

from __future__ import annotations

import pytest

from modic_annotate.domain.finding import Finding
from modic_annotate.domain.spine import Endplate
from modic_annotate_napari.canvas.marks import NEUTRAL, MarkStyle, mark_of

LINE = ((0.0, 0.0, 0.0), (0.0, 30.0, 0.0))
VERMILLION, YELLOW, BLUE = "#D55E00", "#F0E442", "#56B4E9"
SEEN = {"assessment": "assessed", "modic": "present"}


def types(*values):
    return SEEN | {"components": [{"modic_type": v} for v in values]}


CASES = [
    ({}, "L4 inf", MarkStyle.HOLLOW, (NEUTRAL,)),
    ({"assessment": "assessed", "modic": "absent"}, "L4 inf 0", MarkStyle.THIN, (NEUTRAL,)),
    (types("1"), "L4 inf 1", MarkStyle.SOLID, (VERMILLION,)),
    (types("2"), "L4 inf 2", MarkStyle.SOLID, (YELLOW,)),
    (types("3"), "L4 inf 3", MarkStyle.SOLID, (BLUE,)),
    (types("1", "2"), "L4 inf 1>2", MarkStyle.SOLID, (VERMILLION, YELLOW)),
    (types("2", "3") | {"equal_shares": True}, "L4 inf 2=3", MarkStyle.SOLID, (YELLOW, BLUE)),
    (SEEN | {"type_undetermined": True}, "L4 inf ?", MarkStyle.SOLID, (NEUTRAL,)),
    (
        {"assessment": "not_assessable", "assessment_reason": "motion"},
        "L4 inf x",
        MarkStyle.CROSSED,
        (NEUTRAL,),
    ),
]


@pytest.mark.parametrize(("fields", "text", "style", "colours"), CASES)
def test_text_and_style_say_what_the_colour_says(fields, text, style, colours):
    """Not read, none, each type, mixed, undetermined and unreadable all look different."""
    finding = Finding(endplate=Endplate.parse("L4-inferior"), **fields)
    mark = mark_of(finding, LINE)
    assert (mark.text, mark.style, mark.colours) == (text, style, colours)
    assert mark.graded == finding.is_read


def test_no_two_states_look_alike():
    """Text, style and colours together are unique per state."""
    assert len({case[1:] for case in CASES}) == len(CASES)


def test_a_hidden_grade_leaves_the_level_alone():
    """Where grades are to stay off the image, the mark shows the level and nothing else."""
    finding = Finding(endplate=Endplate.parse("L4-inferior"), **types("1"))
    mark = mark_of(finding, LINE, active=True, graded=False)
    assert (mark.text, mark.style, mark.graded, mark.active) == (
        "L4 inf", MarkStyle.HOLLOW, False, True,
    )  # fmt: skip
