"""A finding's rules of form, categories at their boundaries, and the type in words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from modic_annotate.domain.finding import DiscFinding, Finding
from modic_annotate.domain.modic import Component, ExtentCategory, ModicType
from modic_annotate.domain.spine import Endplate

E = "L4-inferior"
ONE, TWO, THREE = ({"modic_type": t} for t in "123")
PRESENT = {"endplate": E, "assessment": "assessed", "modic": "present"}


@pytest.mark.parametrize(
    ("percent", "category"),
    [
        (0, "[0,25)"),
        (24.9999, "[0,25)"),
        (25, "[25,50)"),
        (49.9999, "[25,50)"),
        (50, "[50,100]"),
        (100, "[50,100]"),
    ],
)
def test_a_boundary_belongs_to_the_upper_category(percent: float, category: str) -> None:
    """Categories are half-open: 25 and 50 open the next one."""
    assert ExtentCategory.of_percent(percent) == category


@given(st.floats(0, 100), st.sampled_from(["height", "ap", "area"]))
def test_a_percentage_fits_its_own_category_and_no_other(percent: float, extent: str) -> None:
    """A finding takes a percentage with its category and refuses any other but endplate only."""
    fits = ExtentCategory.of_percent(round(percent, 4))
    for category in ExtentCategory:
        fields = PRESENT | {
            "components": [ONE],
            f"{extent}_percent": percent,
            f"{extent}_category": category,
        }
        if category in (fits, ExtentCategory.ENDPLATE_ONLY):
            made = Finding.model_validate(fields)
            assert getattr(made, f"{extent}_category") == category
        else:
            with pytest.raises(ValidationError, match=f"contradicts {extent}_percent"):
                Finding.model_validate(fields)


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        (PRESENT, "needs a type"),
        ({"modic": "absent", "assessment": "assessed", "components": [ONE]}, "belong to a change"),
        ({"modic": "absent", "assessment": "assessed", "height_percent": 5}, "belong to a change"),
        (PRESENT | {"components": [ONE], "type_undetermined": True}, "both named and undetermined"),
        (PRESENT | {"components": [ONE, ONE]}, "each type may stand once"),
        (PRESENT | {"components": [ONE], "equal_shares": True}, "equal shares need two"),
        ({"assessment": "not_assessable"}, "needs a reason"),
        ({"assessment": "assessed"}, "both read or both not"),
        ({"modic": "absent"}, "both read or both not"),
        (
            PRESENT
            | {
                "assessment": "not_assessable",
                "assessment_reason": "motion",
                "components": [ONE],
            },
            "cannot be read holds no change",
        ),
        (PRESENT | {"components": [ONE], "height_percent": 101}, "less than or equal to 100"),
        (PRESENT | {"components": [ONE], "height_mm": float("nan")}, "finite"),
        (PRESENT | {"components": [ONE], "modc": 1}, "Extra inputs"),
    ],
)
def test_a_finding_that_breaks_a_rule_is_refused(fields: dict[str, object], problem: str) -> None:
    """Each rule of form has its own message."""
    with pytest.raises(ValidationError, match=problem):
        Finding.model_validate({"endplate": E} | fields)


@pytest.mark.parametrize(
    ("fields", "words", "is_read"),
    [
        ({}, "not read", False),
        ({"assessment": "assessed", "modic": "absent"}, "none", True),
        ({"assessment": "assessed", "modic": "indeterminate"}, "indeterminate", True),
        (
            {"assessment": "not_assessable", "assessment_reason": "motion"},
            "cannot be read",
            True,
        ),
        ({"assessment": "outside_fov"}, "cannot be read", True),
        (PRESENT | {"components": [ONE]}, "type 1", True),
        (PRESENT | {"components": [TWO, ONE]}, "type 2 > 1", True),
        (PRESENT | {"components": [ONE, TWO], "equal_shares": True}, "type 1 = 2", True),
        (
            PRESENT | {"components": [ONE, TWO, THREE], "equal_shares": True},
            "type 1 = 2 > 3",
            True,
        ),
        (PRESENT | {"type_undetermined": True}, "type undetermined", True),
    ],
)
def test_a_type_is_said_in_words(fields: dict[str, object], words: str, is_read: bool) -> None:
    """What stands on screen and in exports says the components in their order."""
    finding = Finding.model_validate({"endplate": E} | fields)

    assert (finding.words, finding.is_read) == (words, is_read)


def test_the_three_unknowns_are_three_values() -> None:
    """Not read, read and none seen, and cannot be read differ."""
    not_read = Finding(endplate=Endplate.parse(E))
    none_seen = Finding.model_validate({"endplate": E, "assessment": "assessed", "modic": "absent"})
    unreadable = Finding.model_validate(
        {"endplate": E, "assessment": "not_assessable", "assessment_reason": "motion"}
    )

    assert len({(f.assessment, f.modic) for f in (not_read, none_seen, unreadable)}) == 3


def test_a_finding_is_frozen_and_replace_validates() -> None:
    """A finding does not change; a changed copy obeys the same rules."""
    finding = Finding.model_validate(PRESENT | {"components": [ONE]})

    with pytest.raises(ValidationError, match="frozen"):
        finding.note = "x"  # type: ignore[misc]
    with pytest.raises(ValidationError, match="needs a type"):
        finding.replace(components=())
    assert finding.replace(note="x").types == {ModicType.TYPE_1}


def test_a_share_fits_its_percentage() -> None:
    """A component's share and its percentage cannot contradict each other."""
    assert Component(modic_type="1", share="[25,50)", share_percent=30).share_percent == 30
    with pytest.raises(ValidationError, match=r"contradicts 60\.0 %"):
        Component(modic_type="1", share="[25,50)", share_percent=60)


def test_a_disc_begins_not_read() -> None:
    """Nothing about a disc defaults to normal."""
    disc = DiscFinding(disc="L4/5")

    assert disc.assessment == "not_read"
    assert disc.extrusion_mm is disc.stenosis is None
