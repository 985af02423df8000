"""Describing a change: single fields, usual values, copies, key images, slices."""

from __future__ import annotations

import pytest

from modic_annotate.domain.finding import Finding, MeasurementMethod, Origin
from modic_annotate.domain.modic import (
    Attribution,
    Confidence,
    Contour,
    Defect,
    ExtentCategory,
    FatSuppressedSignal,
    ModicType,
    Signal,
)
from modic_annotate.domain.spine import Endplate
from modic_annotate.errors import ActRefusedError
from modic_annotate.session.reduce.fields import SETTABLE

L4_INF = Endplate.parse("L4-inferior")
USUAL = {"act": "apply_usual", "endplate": "L4-inferior"}


def grade(component="1", endplate="L4-inferior"):
    return {"act": "grade", "endplate": endplate, "modic": "present", "component": component}


NONE = {"act": "grade", "endplate": "L4-inferior", "modic": "absent"}


def field(name, value, endplate="L4-inferior"):
    return {"act": "set_field", "endplate": endplate, "field": name, "value": value}


@pytest.mark.parametrize(
    ("name", "value", "kept"),
    [
        ("contour", "irregular_intact", Contour.IRREGULAR_INTACT),
        ("defect", "schmorl", Defect.SCHMORL),
        ("attribution", "uncertain", Attribution.UNCERTAIN),
        ("confidence", "possible", Confidence.POSSIBLE),
        ("t1_signal", "hypo", Signal.HYPO),
        ("fs_signal", "partly_suppressed", FatSuppressedSignal.PARTLY_SUPPRESSED),
        ("height_category", "[50,100]", ExtentCategory.FROM_50),
        ("ap_category", "endplate_only", ExtentCategory.ENDPLATE_ONLY),
        ("zones", ["anterior-central", "middle-left"], ("anterior-central", "middle-left")),
        ("mimics", ["hemangioma"], ("hemangioma",)),
        ("endplate_score", 4, 4),
        ("note", "small", "small"),
        ("assessment", "limited", "limited"),
        ("left_right_mm", 12.5, 12.5),
    ],
)
def test_field_is_set_with_its_origin(case, numbered, name, value, kept):
    """A valid value is stored under its field, with how it came about."""
    case.do(numbered, grade(), field(name, value), origin=Origin.MOUSE)
    finding = numbered.state.findings[L4_INF]
    assert getattr(finding, name) == kept
    assert finding.origins[name] == Origin.MOUSE


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("conture", "smooth", "is not a field to set; settable are ap_category"),
        ("height_percent", 40, "is not a field to set"),
        ("origins", {}, "is not a field to set"),
        ("modic", "absent", "is not a field to set"),
        ("contour", "wavy", "contour"),
        ("zones", ["nowhere"], "zones"),
        ("endplate_score", 9, "endplate_score"),
        ("left_right_mm", -1, "left_right_mm"),
        ("assessment", "not_read", "only 'assessed' and 'limited'"),
        ("assessment", None, "never blank"),
        ("first_sop_instance_uid", "1.2.3", "no image of this study"),
        ("components", [{"modic_type": "2"}], "is type 1; components set shares"),
        ("components", "2", "does not take this"),
    ],
)
def test_value_that_does_not_fit_is_refused(case, numbered, name, value, why):
    """Unknown, derived and invalid values are refused in one sentence, and nothing changes."""
    case.do(numbered, grade())
    before = numbered.state
    with pytest.raises(ActRefusedError, match=why) as refused:
        case.do(numbered, field(name, value))
    assert "\n" not in str(refused.value)
    assert numbered.state is before


def test_settable_fields_are_fields_of_a_finding():
    """Every field said to be settable exists in the finding."""
    assert set(SETTABLE) <= set(Finding.model_fields)


def test_unread_endplate_takes_no_field(case, numbered):
    """A field of an endplate that is not read is refused."""
    with pytest.raises(ActRefusedError, match="grade it first"):
        case.do(numbered, field("contour", "smooth"))


@pytest.mark.parametrize("name", ["zones", "attribution", "height_category", "components"])
def test_no_change_has_no_place_size_or_cause(case, numbered, name):
    """What describes a change is refused where there is none."""
    with pytest.raises(ActRefusedError, match="holds no Modic change"):
        case.do(numbered, NONE, field(name, None))


def test_null_takes_a_field_back(case, numbered):
    """Null takes a value and its origin away again."""
    case.do(numbered, grade(), field("contour", "smooth"), field("contour", None))
    finding = numbered.state.findings[L4_INF]
    assert finding.contour is None
    assert "contour" not in finding.origins
    assert "contour cleared" in numbered.last_words


def test_category_by_eye_says_estimated(case, numbered):
    """A category set by eye says that it is estimated."""
    case.do(numbered, grade(), field("height_category", "[0,25)"))
    measurement = numbered.state.findings[L4_INF].height_measurement
    assert measurement.method == MeasurementMethod.ESTIMATED


def test_shares_are_set_for_the_graded_types(case, numbered):
    """Shares may be given to the graded components, in their order."""
    add = {"act": "add_component", "endplate": "L4-inferior", "component": "2"}
    shares = [
        {"modic_type": "1", "share": "[50,100]"},
        {"modic_type": "2", "share": "[25,50)"},
    ]
    case.do(numbered, grade(), add, field("components", shares))
    kept = numbered.state.findings[L4_INF].components
    assert [c.share for c in kept] == [ExtentCategory.FROM_50, ExtentCategory.FROM_25_TO_50]


@pytest.mark.parametrize(
    ("component", "signals"),
    [
        ("1", (Signal.HYPO, Signal.HYPER, FatSuppressedSignal.HIGH)),
        ("2", (Signal.HYPER, Signal.HYPER, None)),
        ("3", (Signal.HYPO, Signal.HYPO, None)),
    ],
)
def test_usual_values_fill_open_fields_as_macro(case, numbered, component, signals):
    """One act fills what is open with the protocol's usual values and the signals of the type."""
    case.do(numbered, grade(component), field("contour", "smooth"), USUAL)
    finding = numbered.state.findings[L4_INF]
    assert (finding.t1_signal, finding.t2_signal, finding.fs_signal) == signals
    assert (finding.attribution, finding.confidence, finding.defect) == (
        Attribution.DEGENERATIVE,
        Confidence.DEFINITE,
        Defect.NONE,
    )
    assert finding.contour == Contour.SMOOTH
    assert finding.origins["contour"] == Origin.KEY
    assert finding.origins["attribution"] == Origin.MACRO


def test_usual_values_leave_an_undetermined_type_without_signals(case, numbered):
    """No signals follow from a type that cannot be told."""
    case.do(numbered, {"act": "type_undetermined", "endplate": "L4-inferior"}, USUAL)
    assert numbered.state.findings[L4_INF].t1_signal is None


def test_usual_values_need_an_open_field_and_a_change(case, numbered):
    """The macro is refused where nothing is open or nothing is there."""
    with pytest.raises(ActRefusedError, match="no open field"):
        case.do(numbered, grade(), USUAL, USUAL)
    with pytest.raises(ActRefusedError, match="holds no Modic change"):
        case.do(
            numbered,
            NONE | {"endplate": "L3-inferior"},
            USUAL | {"endplate": "L3-inferior"},
        )


@pytest.mark.parametrize(
    ("kept_roles", "name", "value"),
    [
        (("SAG_T1", "SAG_FS"), "t2_signal", "hyper"),
        (("SAG_T1", "SAG_T2"), "fs_signal", "high"),
    ],
)
def test_signal_without_its_series_is_not_available(case, kit, kept_roles, name, value):
    """A signal can only be judged on its own series; a fat-suppressed one never stands for T2."""
    case.put_images(*(s for s in kit.three_series() if s.role in kept_roles))
    with case.open() as session:
        case.do(session, *kit.number_the_spine(), grade())
        assert getattr(session.state.findings[L4_INF], name) == "not_available"
        with pytest.raises(ActRefusedError, match="can only be 'not_available'"):
            case.do(session, field(name, value))
        case.do(session, field(name, "not_available"), USUAL)
        assert getattr(session.state.findings[L4_INF], name) == "not_available"


def test_copying_is_off_in_the_trial_protocol(case, numbered):
    """Copying from the facing endplate is refused where the protocol has it off."""
    copy = {"act": "copy_facing", "endplate": "L5-superior"}
    with pytest.raises(ActRefusedError, match="does not allow copying"):
        case.do(numbered, grade(), copy)


def test_copy_takes_the_description_but_no_size(case, numbered, monkeypatch):
    """Where copying is on, the copy says what it is and takes no size or place over."""
    allowing = numbered.protocol.replace(copy_facing_allowed=True)
    monkeypatch.setattr(
        numbered, "_context", type(numbered._context)(allowing, numbered._context.series)
    )
    copy = {"act": "copy_facing", "endplate": "L5-superior"}
    with pytest.raises(ActRefusedError, match="faces no endplate that is read"):
        case.do(numbered, copy)
    case.do(numbered, grade(), USUAL, field("height_category", "[0,25)"), copy)
    finding = numbered.state.findings[Endplate.parse("L5-superior")]
    assert finding.types == {ModicType.TYPE_1}
    assert finding.copied_from == L4_INF
    assert set(finding.origins.values()) == {Origin.COPY}
    assert finding.height_category is None


def test_key_image_names_series_and_slice(case, numbered, kit):
    """A key image is the slice nearest to the place that was marked, once."""
    mark = {
        "act": "mark_key_image",
        "endplate": "L4-inferior",
        "role": "SAG_T2",
        "at_lps_mm": kit.centre_of("L4"),
    }
    case.do(numbered, grade(), mark)
    (image,) = numbered.state.findings[L4_INF].key_images
    t2 = numbered.series_in("SAG_T2")
    assert image.sop_instance_uid == t2.instances[8].sop_instance_uid
    with pytest.raises(ActRefusedError, match="this key image already"):
        case.do(numbered, mark)
    with pytest.raises(ActRefusedError, match="outside the images"):
        case.do(numbered, mark | {"at_lps_mm": (0, 0, 900)})


def test_first_and_last_slice_give_those_between(case, numbered):
    """First and last slice, in either order, give every slice involved."""
    uids = [i.sop_instance_uid for i in numbered.series_in("SAG_T1").instances]
    case.do(numbered, grade(), field("last_sop_instance_uid", uids[4]))
    assert numbered.state.findings[L4_INF].sop_instance_uids == ()
    case.do(numbered, field("first_sop_instance_uid", uids[7]))
    assert numbered.state.findings[L4_INF].sop_instance_uids == tuple(uids[4:8])
