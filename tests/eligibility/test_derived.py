"""Labels of published schemes from findings: a table per scheme."""

from __future__ import annotations

import itertools

import pytest

from modic_annotate.domain.finding import Finding
from modic_annotate.domain.modic import ExtentCategory
from modic_annotate.domain.spine import DiscLevel
from modic_annotate.eligibility.derived import (
    FAYAD,
    SCHEMES,
    aim_group,
    fayad_type,
    nordic_type,
    udby_grade,
    vertebra_evidence,
)
from modic_annotate.eligibility.derived_discs import (
    RDES300_CODES,
    around_disc,
    genodisc_flags,
    rdes300_value,
)

OPEN = ("not read", "cannot be read", "outside", "indeterminate", "type undetermined")
CHANGES = ("1", "2", "3", "1 > 2", "2 > 1", "1 = 2", "2 > 3", "3 > 1", "1 > 2 > 3")


@pytest.fixture(scope="module")
def finding(make_reading):
    """A builder of one finding from words."""

    def make(words: str) -> Finding:
        reading = make_reading({"L4-inferior": words})
        return next(f for f in reading.findings if str(f.endplate) == "L4-inferior")

    return make


@pytest.fixture(scope="module")
def pair(make_reading):
    """A builder of what is read above and below the disc L4/5."""

    def make(above: str, below: str) -> tuple[Finding, Finding]:
        reading = make_reading({"L4-inferior": above, "L5-superior": below})
        return around_disc(reading, DiscLevel.parse("L4/5"))

    return make


@pytest.mark.parametrize(
    ("words", "nordic", "verified", "fayad"),
    [
        ("none", "0", True, None),
        ("1", "I", True, "I"),
        ("2", "II", True, "II"),
        ("3", "III", True, None),
        ("1 > 2", "I/II", True, "I-2"),
        ("2 > 1", "I/II", True, "II-1"),
        ("1 = 2", "I/II", True, None),
        ("3 > 2", "II/III", True, None),
        ("1 > 3", "I/III", False, None),
        ("1 > 2 > 3", "I/II/III", False, None),
    ],
)
def test_types_by_nordic_and_fayad(
    finding, words: str, nordic: str, verified: bool, fayad: str | None
) -> None:
    """Nordic names the set of types, Fayad the order of 1 and 2."""
    label = nordic_type(finding(words))
    assert (label.value, label.verified) == (nordic, verified)
    assert fayad_type(finding(words)).value == fayad


@pytest.mark.parametrize("words", OPEN)
def test_what_is_open_has_no_type_and_says_why(finding, words: str) -> None:
    """An endplate that is not read, or not typed, has no label in any scheme of types."""
    for label in (nordic_type(finding(words)), fayad_type(finding(words))):
        assert label.value is None
        assert label.why


@pytest.mark.parametrize(
    ("words", "why"),
    [("none", "no change"), ("3", "no type 3"), ("2 > 3", "no type 3"), ("1 = 2", "equal shares")],
)
def test_fayad_says_why_it_does_not_apply(finding, words: str, why: str) -> None:
    """That a scale has no place for a finding is another thing than a finding that is missing."""
    assert why in fayad_type(finding(words)).why


def test_fayad_is_ordered_from_oedema_to_fat() -> None:
    """The order of the scale is that of the paper."""
    assert FAYAD == ("I", "I-2", "II-1", "II")


@pytest.mark.parametrize(
    ("words", "group", "verified"),
    [
        (("2", "1 > 2"), "MC1", True),
        (("1", "not read"), "MC1", True),
        (("2 > 3", "3"), "MC2", True),
        (("3", "none"), "MC3", False),
        (("none", "none"), None, True),
        (("2", "not read"), None, True),
        (("2", "type undetermined"), None, True),
        (("none", "indeterminate"), None, True),
    ],
)
def test_group_after_aim(finding, words: tuple[str, ...], group: str | None, verified) -> None:
    """Any type 1 makes group 1, else any type 2 group 2; an open endplate may hold a type 1."""
    label = aim_group(finding(w) for w in words)
    assert (label.value, label.verified) == (group, verified)


@pytest.mark.parametrize(
    ("percents", "grade"),
    [
        ((24.9,), "A"),
        ((25.0, 10.0), "B"),
        ((10.0, 50.0), "B"),
        ((50.1,), "C"),
        ((50.1, None), "C"),
        ((30.0, None), None),
        ((None,), None),
        ((), None),
    ],
)
def test_udby_grade_by_the_largest_height(finding, percents, grade: str | None) -> None:
    """Below 25 % is A, 25 to 50 % is B, above is C; a height not known leaves all but C open."""
    found = [finding("1").replace(height_percent=p) for p in percents]
    label = udby_grade([*found, finding("none")])
    assert (label.value, label.lossy) == (grade, False)
    assert bool(label.why) == (grade is None)


@pytest.mark.parametrize(
    ("category", "grade", "lossy"),
    [
        (ExtentCategory.ENDPLATE_ONLY, "A", False),
        (ExtentCategory.UNDER_25, "A", False),
        (ExtentCategory.FROM_25_TO_50, "B", False),
        (ExtentCategory.FROM_50, "C", True),
    ],
)
def test_udby_grade_from_an_estimated_category(finding, category, grade, lossy) -> None:
    """A category stands in where nothing was measured; the upper one also holds exactly 50 %."""
    label = udby_grade([finding("1").replace(height_category=category)])
    assert (label.value, label.lossy) == (grade, lossy)


def test_a_measured_height_goes_before_an_estimated_one(finding) -> None:
    """Of two largest heights the measured one grades the level."""
    estimated = finding("1").replace(height_category=ExtentCategory.FROM_50)
    label = udby_grade([estimated, finding("2").replace(height_percent=60.0)])
    assert (label.value, label.lossy) == ("C", False)


@pytest.mark.parametrize(
    ("words", "flags"),
    [
        ("none", (0, 0, 0, 0)),
        ("1", (1, 0, 0, 0)),
        ("2", (0, 1, 0, 0)),
        ("3", (0, 0, 1, 0)),
        ("2 > 1", (1, 1, 0, 1)),
        ("1 = 2", (1, 1, 0, 1)),
        ("1 > 2 > 3", (1, 1, 1, 1)),
        *((words, (-100, -100, -100, -100)) for words in OPEN),
    ],
)
def test_genodisc_flags(pair, words: str, flags: tuple[int, ...]) -> None:
    """Upper is the endplate above the disc; each type has its flag, a mixture M besides."""
    names = ("Modic1", "Modic2", "Modic3", "ModicM")
    above = genodisc_flags(pair(words, "none"))
    below = genodisc_flags(pair("none", words))
    assert tuple(above[f"Upper{name}"] for name in names) == flags
    assert tuple(below[f"Lower{name}"] for name in names) == flags
    assert {above[f"Lower{name}"] for name in names} == {0}


@pytest.mark.parametrize(
    ("above", "below", "value", "lossy"),
    [
        ("none", "none", "absent", False),
        ("1", "1", "I", False),
        ("2", "2", "II", False),
        ("3", "3", "III", False),
        ("1", "none", "I", True),
        ("2", "not read", "II", True),
        ("2", "1", "I", True),
        ("3", "2", "II", True),
        ("1 > 2", "1 > 2", "I", True),
        ("2 > 3", "3", "II", True),
        ("1", "type undetermined", "I", True),
        ("indeterminate", "indeterminate", "indeterminate", False),
        ("type undetermined", "none", "indeterminate", True),
        ("indeterminate", "not read", "indeterminate", True),
        ("not read", "not read", "unknown", False),
        ("none", "not read", "unknown", True),
        ("cannot be read", "none", "unknown", True),
    ],
)
def test_rdes300_says_what_it_loses(pair, above: str, below: str, value: str, lossy) -> None:
    """One value per disc, whichever endplate it comes from; a loss is flagged and told."""
    for label in (rdes300_value(pair(above, below)), rdes300_value(pair(below, above))):
        assert (label.value, label.lossy) == (value, lossy)
        assert bool(label.why) == lossy
        assert value in RDES300_CODES


def test_rdes300_is_lossless_only_where_the_value_tells_both_endplates(pair) -> None:
    """Over all pairs: not lossy means that both endplates read alike and are not mixed."""
    for above, below in itertools.product((*CHANGES, *OPEN, "none"), repeat=2):
        if not rdes300_value(pair(above, below)).lossy:
            said = {f.words for f in pair(above, below)}
            assert len(said) == 1
            assert not {">", "="} & set(said.pop())


@pytest.mark.parametrize(("count", "disc"), [(6, "L5/L6"), (6, "L6/S1"), (4, "L4/S1")])
def test_rdes300_has_no_other_discs(make_reading, count: int, disc: str) -> None:
    """A disc the set does not name has no value, whatever is read there."""
    reading = make_reading(others="1", fields={"numbering.lumbar_count": count})
    label = rdes300_value(around_disc(reading, DiscLevel.parse(disc)))
    assert (label.value, label.why) == (None, "the set has no such disc")


def test_a_disc_outside_the_reading_is_not_read(make_reading) -> None:
    """An endplate without a finding counts as not read."""
    above, below = around_disc(make_reading(), DiscLevel.parse("T11/T12"))
    assert not above.is_read
    assert not below.is_read


def test_every_scheme_cites_its_source_and_what_was_read_of_it() -> None:
    """No scheme stands without its source and the part of it that was verified."""
    assert set(SCHEMES) == {"nordic", "fayad", "aim", "udby", "genodisc", "rdes300"}
    assert all(scheme.source and scheme.read for scheme in SCHEMES.values())


def test_evidence_per_vertebra(make_inputs, make_reading) -> None:
    """Each of L3 to S1 has evidence of a type 1 or 2, or none, or is open."""
    reading = make_reading({"L4-inferior": "1 > 2", "L5-superior": "3", "S1-superior": "not read"})
    found = vertebra_evidence(make_inputs({}, reading))
    assert [a.truth.value for a in found.values()] == ["no", "yes", "no", "unknown"]
    assert {a.truth.value for a in vertebra_evidence(make_inputs()).values()} == {"unknown"}
