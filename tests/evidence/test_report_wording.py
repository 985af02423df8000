"""The wording for a report: every endplate once, no type that was not read, nobody's identity."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modic_annotate.domain.finding import DiscFinding, Finding, Origin
from modic_annotate.domain.modic import (
    Attribution,
    Contour,
    Defect,
    FatSuppressedSignal,
    Signal,
)
from modic_annotate.domain.numbering import NumberingConfidence, TransitionalVariant
from modic_annotate.domain.reading import Reading, RedFlag, SeriesCoverage, SeriesQuality
from modic_annotate.domain.series import FatTechnique, Quality, QualityRating, SeriesRole
from modic_annotate.domain.spine import DiscLevel, Endplate
from modic_annotate.errors import RecordError
from modic_annotate.evidence.report_wording import endplates as lines
from modic_annotate.evidence.report_wording import report_wording
from modic_annotate.evidence.report_wording.technique import SLOT_WORDS
from tests.evidence.conftest import T1, T2, absent, numbering, reading

AT = datetime(2026, 1, 31, 12, 0, tzinfo=UTC)
HERE = Endplate.parse("L4-inferior")
PRESENT = {"assessment": "assessed", "modic": "present"}


def kinds(*types: str) -> dict[str, object]:
    return {**PRESENT, "components": tuple({"modic_type": kind} for kind in types)}


def with_finding(fields: dict[str, object]) -> Reading:
    """Return a reading without a change but for what is said of the L4 inferior endplate."""
    found = (Finding(endplate=e, **fields) if e == HERE else absent(e) for e in numbering().scope)
    return reading(findings=tuple(found))


CASES = [
    (
        {**kinds("1"), "height_percent": 12.0, "t1_signal": "hypo", "t2_signal": "hyper"},
        "L4/5, L4 inferior endplate: Modic type 1 change; signal T1 low, T2 high; "
        "extent 12 % of the body's height.",
    ),
    (
        kinds("1", "2"),
        "Modic type 1/2 change (mixed, type 1 predominant); extent not recorded.",
    ),
    (
        {**kinds("2", "3", "1"), "equal_shares": True},
        "Modic type 2/3/1 change (mixed, types 2 and 3 in equal parts, less of type 1)",
    ),
    (
        {**kinds("2"), "height_category": "[25,50)", "ap_category": "[50,100]"},
        "extent 25 to under 50 % of the body's height and 50 % or more of the endplate from "
        "front to back",
    ),
    ({**kinds("2"), "height_category": "endplate_only"}, "extent at the endplate only."),
    ({**PRESENT, "type_undetermined": True}, "Modic change, type undetermined; extent"),
    (
        {**kinds("3"), "fs_signal": "suppressed", "mimics": ("infection",), "contour": "blurred"},
        "suppressed with fat suppression; extent not recorded; endplate contour blurred; "
        "considered besides: infection.",
    ),
    (
        {**kinds("1"), "assessment": "limited", "assessment_reason": "missing_T2"},
        "read under limits (missing T2).",
    ),
    (
        {"assessment": "assessed", "modic": "indeterminate"},
        "Undetermined whether there is a Modic change: L4 inferior.",
    ),
    (
        {"assessment": "not_assessable", "assessment_reason": "motion"},
        "Cannot be read: L4 inferior (motion).",
    ),
    ({"assessment": "outside_fov"}, "Cannot be read: L4 inferior (outside the images)."),
    ({}, "Not read: L4 inferior."),
]


@pytest.mark.parametrize(("fields", "words"), CASES)
def test_what_is_said_of_an_endplate(fields: dict[str, object], words: str) -> None:
    """Type, signals, extent and limits as read; what was not read is said so."""
    assert words in report_wording(with_finding(fields))


LEVELS = [
    (kinds("1"), kinds("2", "1"), "L4/5: Modic type 1 and type 2."),
    (kinds("3"), {"assessment": "assessed", "modic": "absent"}, "L4/5: Modic type 3."),
    (kinds("3"), {}, "L4/5: Modic type 3; the other endplate not read."),
    ({**PRESENT, "type_undetermined": True}, {}, "L4/5: Modic change of undetermined type; the"),
    ({"assessment": "outside_fov"}, {}, "L4/5: cannot be read, not read."),
    ({}, {}, "L4/5: not read."),
    (
        {"assessment": "assessed", "modic": "absent"},
        {"assessment": "assessed", "modic": "indeterminate"},
        "L4/5: no Modic change at one endplate; the other endplate undetermined.",
    ),
    (
        {"assessment": "assessed", "modic": "absent"},
        {"assessment": "assessed", "modic": "absent"},
        "L4/5: no Modic change at either endplate.",
    ),
]


@pytest.mark.parametrize(("upper", "lower", "words"), LEVELS)
def test_what_is_said_of_a_level(
    upper: dict[str, object], lower: dict[str, object], words: str
) -> None:
    """Types of both endplates together; no negative for a level read by half."""
    given = {"L4-inferior": upper, "L5-superior": lower}
    found = (
        Finding(endplate=e, **given[str(e)]) if str(e) in given else absent(e)
        for e in numbering().scope
    )
    assert words in report_wording(reading(findings=tuple(found)))


def test_a_normal_spine_is_said_in_one_sentence() -> None:
    """All twelve endplates by name, and every level from T12 to S1."""
    text = report_wording(reading(findings=tuple(absent(e) for e in numbering().scope)))
    assert "No Modic change at the endplates read: T12 inferior, L1 superior" in text
    assert text.count("no Modic change at either endplate") == 6


GRADES = st.one_of(
    st.just({}),
    st.just({"assessment": "assessed", "modic": "absent"}),
    st.just({"assessment": "limited", "modic": "indeterminate"}),
    st.just({"assessment": "not_assessable", "assessment_reason": "hardware"}),
    st.just({**PRESENT, "type_undetermined": True}),
    st.builds(
        lambda types, equal: {**kinds(*types), "equal_shares": equal and len(types) > 1},
        st.lists(st.sampled_from("123"), min_size=1, max_size=3, unique=True),
        st.booleans(),
    ),
)
TYPES_SAID = re.compile(r"\btypes?((?:[ /,123]|and|type)*)")


@settings(max_examples=60, deadline=None)
@given(st.data(), st.sampled_from((4, 5, 6)))
def test_every_endplate_once_and_exactly_the_types_that_were_read(
    data: st.DataObject, count: int
) -> None:
    """For spines of four, five and six lumbar bodies, whatever was read of them."""
    counted = numbering().replace(lumbar_count=count, bodies=())
    scope = counted.scope
    grades = data.draw(st.lists(GRADES, min_size=len(scope), max_size=len(scope)))
    found = tuple(Finding(endplate=e, **g) for e, g in zip(scope, grades, strict=True))
    text = report_wording(reading(numbering=counted, endplates=(), findings=found))
    part = text.partition("\nEndplates:\n")[2].partition("\nBy level:")[0]
    for endplate in scope:
        name = f"{endplate.vertebra} {endplate.surface}"
        assert len(re.findall(rf"\b{name}\b", part)) == 1
    said = {digit for match in TYPES_SAID.findall(text) for digit in match if digit in "123"}
    assert said == {kind.value for finding in found for kind in finding.types}


def test_an_endplate_nobody_graded_is_named_as_not_read() -> None:
    """Also where the reading holds no finding of it at all."""
    scope = numbering().scope
    text = report_wording(reading(findings=tuple(absent(e) for e in scope[:-1])))
    assert "Not read: S1 superior." in text
    assert "L5/S1: no Modic change at one endplate; the other endplate not read." in text


@pytest.mark.parametrize(
    "change",
    [
        {"confidence": NumberingConfidence.UNCERTAIN},
        {"confidence": None},
        {"lstv_variant": TransitionalVariant.INDETERMINATE},
    ],
)
def test_uncertain_levels_are_said_to_be_so(change: dict[str, object]) -> None:
    """The count, its certainty and the transitional body; a certain count has no such line."""
    text = report_wording(reading(numbering=numbering().replace(**change)))
    assert "Levels counted up from the sacrum" in text
    assert "The level count is not certain" in text
    assert "The level count is not certain" not in report_wording(reading())


def test_technique_tells_sequences_and_what_was_not_there() -> None:
    """True techniques; a fat-suppressed T2 in the T2 slot does not pass for a plain one."""
    text = report_wording(reading())
    assert "Sagittal T1, no fat suppression, TR 500 TE 12 ms, 1.5 T, 4.0 mm" in text
    assert "Not among the sequences read: fat-suppressed sagittal." in text
    stir = T2.replace(fat=FatTechnique.STIR)
    text = report_wording(reading(series=(T1, stir)))
    assert "Not among the sequences read: sagittal T2, fat-suppressed sagittal." in text
    twice = report_wording(reading(series=(T1, T2, T2.replace(stack=1))))
    assert twice.count("Sagittal T2") == 1
    assert "4.0 mm from slice to slice, 2 stacks." in twice
    three = (T1, T2, stir.replace(role=SeriesRole.SAG_FS, series_uid="1.2.3"))
    assert "Not among" not in report_wording(reading(series=three))


def test_limits_of_the_images_are_said() -> None:
    """Ratings below diagnostic with the reasons the reading room offers, and slices not seen."""
    quality = Quality(rating=QualityRating.LIMITED, reasons=("motion", "as Dr Zweig said"))
    rated = SeriesQuality(series_uid=T2.series_uid, quality=quality)
    seen = SeriesCoverage(
        series_uid=T1.series_uid,
        role=SeriesRole.SAG_T1,
        n_slices=5,
        shown_sop_instance_uids=(),
        shown_percent=80.0,
    )
    text = report_wording(reading(quality=(rated,), coverage=(seen,)))
    assert "quality limited (motion)." in text
    assert "Not every slice was looked at: sagittal T1 80 %." in text


def test_discs_with_the_same_words_stand_together() -> None:
    """What was found, what was looked for; a disc nobody spoke of is left out."""
    clear = {
        "assessment": "assessed",
        **dict.fromkeys(("extrusion_mm", "protrusion_mm", "listhesis_mm"), 0.0),
        **dict.fromkeys(("spondylolysis", "stenosis"), "absent"),
        **dict.fromkeys(("facet_arthrosis", "facet_effusion"), "absent"),
    }
    discs = (
        DiscFinding(disc="L2/3", **clear),
        DiscFinding(disc="L3/4", **clear),
        DiscFinding(disc="L4/5", **{**clear, "protrusion_mm": 4.5, "stenosis": "present"}),
        DiscFinding(disc="L5/S1", assessment="outside_fov"),
        DiscFinding(disc=DiscLevel.parse("L1/2")),
    )
    text = report_wording(reading(discs=discs)).partition("\nDiscs:\n")[2]
    assert text.startswith("L2/3, L3/4: no extrusion, protrusion, listhesis, spondylolysis,")
    assert "L4/5: protrusion 4.5 mm; stenosis; no extrusion, listhesis, spondylolysis," in text
    assert "L5/S1: cannot be read." in text
    assert "L1/2" not in text


def test_notices_to_the_site_are_said_and_nothing_is_excluded() -> None:
    """Each kind once; infection, tumour and fracture are left to the report."""
    flags = tuple(
        RedFlag(kind=kind, at=AT, origin=Origin.KEY, note="seen by Dr Zweig")
        for kind in ("infection", "infection", "cauda_equina")
    )
    text = report_wording(reading(red_flags=flags, returned_to_site="call Dr Zweig"))
    assert "Notice given to the site at once: infection, cauda equina." in text
    assert "The examination was returned to the site." in text
    assert "Infection, tumour and fracture are not excluded by this wording" in text
    assert "Notice" not in report_wording(reading())


def test_no_identity_and_nothing_that_was_typed() -> None:
    """No id, date, note or reason stands in it, whatever the reading holds."""
    made = reading(
        note="NOTE Zweig",
        not_covered_reason="REASON Zweig",
        amendment_reason="WHY Zweig",
        contradictions=("LEFT Zweig",),
    )
    assert any(finding.note for finding in made.findings)
    text = report_wording(made)
    for word in ("Zweig", "reader-a", "sample-001", "partly", "2026", "trial", "1.2.826"):
        assert word not in text


def test_a_scripted_reading_says_that_nobody_read() -> None:
    """The block of a demonstration is no wording for a report."""
    assert "no person read these images" in report_wording(reading(scripted=True))
    assert "no person" not in report_wording(reading())


def test_a_draft_has_no_wording() -> None:
    """Only what is signed is offered."""
    with pytest.raises(RecordError, match="not signed yet"):
        report_wording(reading(status="draft"))


FORBIDDEN = ("eligib", "qualif", "candidate", "recommend", "success", "ablation", "criteria")


def test_no_verdict_and_no_advice() -> None:
    """The words say what was read; what follows from it is not theirs to say."""
    text = report_wording(with_finding(kinds("1", "2", "3"))).lower()
    assert [word for word in FORBIDDEN if word in text] == []
    assert "not diagnosis" in text


def test_every_value_has_its_words() -> None:
    """No signal, contour, defect, cause or slot is left without."""
    assert set(lines.SIGNAL_WORDS) == set(Signal)
    assert set(lines.SUPPRESSED_WORDS) == set(FatSuppressedSignal)
    assert set(lines.CONTOUR_WORDS) == set(Contour)
    assert set(lines.DEFECT_WORDS) == set(Defect)
    assert set(lines.CAUSE_WORDS) == set(Attribution)
    assert set(SLOT_WORDS) == set(SeriesRole)
