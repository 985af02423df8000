"""The words of the footer."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, get_args

import pytest

from modic_annotate.domain.base import Record
from modic_annotate.domain.finding import DiscFinding, Finding
from modic_annotate.domain.numbering import Numbering
from modic_annotate.domain.spine import DiscLevel, Endplate
from modic_annotate.session import acts
from modic_annotate.session.draft import Draft
from modic_annotate.session.reduce import discs, fields
from modic_annotate.session.values import VALUES, value_words
from modic_annotate.session.words import TELLERS, words_of

L4_INF, DISC = Endplate.parse("L4-inferior"), DiscLevel.parse("L4/L5")
E = {"endplate": "L4-inferior"}
PLACE = {"role": "SAG_T1", "vertebra": "L5", "centroid_lps_mm": (0.0, 0.0, 0.0)}
POINTS = ((0.0, 0.0, 0.0), (0.0, 9.0, 0.0), (0.0, 4.0, 5.0))
CORNERS = ((0.0, 0.0, 9.0), (0.0, 9.0, 9.0), (0.0, 9.0, 0.0), (0.0, 0.0, 0.0))
STROKE = {"role": "SAG_T1", "polyline_lps_mm": POINTS, "radius_mm": 2.0}
GROWN = {"tolerance": 10.0, "runs": [[3, 2]]}
CHANGE: dict[str, Any] = {
    "assessment": "assessed",
    "modic": "present",
    "components": ({"modic_type": "1"}, {"modic_type": "2"}),
}
UNREADABLE = {"assessment": "not_assessable", "assessment_reason": "motion"}
NONE = {"assessment": "assessed", "modic": "absent"}


@dataclass(frozen=True)
class Stage:
    """A draft after an act, in which one endplate and one disc hold these values."""

    finding: dict[str, Any] | None = None
    disc: dict[str, Any] | None = None

    @property
    def draft(self) -> Draft:
        """The draft itself."""
        finding = Finding(endplate=L4_INF, **(self.finding or {}))
        disc = DiscFinding(disc=DISC, **(self.disc or {}))
        return Draft(numbering=Numbering(), findings={L4_INF: finding}, discs={DISC: disc})


def said(act: dict[str, Any], finding: dict[str, Any] | None = None, **disc: object) -> str:
    """Return the words of an act that left these values behind."""
    return words_of(acts.ACT.validate_python(act), Stage(finding, disc).draft)


CASES = [
    ({"act": "show", "role": "SAG_T1", "slices": "all"}, None, ""),
    (
        {
            "act": "attend",
            "endplate": "L4-inferior",
            "since": "2026-03-20T09:00:00Z",
            "seconds": 5,
        },
        None,
        "",
    ),
    ({"act": "rate_quality", "role": "SAG_T1", "rating": "RID12"}, None, "T1: diagnostic"),
    (
        {"act": "rate_quality", "role": "SAG_FS", "rating": "RID13", "reasons": ["motion"]},
        None,
        "fat suppressed: limited (motion)",
    ),
    ({"act": "rate_quality", "role": "SAG_T2", "rating": "RID14"}, None, "T2: not usable"),
    (
        {"act": "assign_role", "role": "AX_T2", "series_uid": "1.2", "reason": "axial"},
        None,
        "series used as axial T2",
    ),
    (
        {"act": "accept_series", "series_uid": "1.2", "reason": "seen on both sides"},
        None,
        "series accepted in spite of its faults",
    ),
    ({"act": "place_body", **PLACE}, None, "L5 centre placed"),
    (
        {
            "act": "presume_bodies",
            "clicked_lps_mm": POINTS,
            "lumbar_count": 6,
            "role": "SAG_T1",
        },
        None,
        "six lumbar bodies; the centres between the clicks are presumed, not confirmed",
    ),
    ({"act": "confirm_bodies"}, None, "presumed centres confirmed"),
    ({"act": "remove_body", "vertebra": "L5"}, None, "L5 centre removed"),
    ({"act": "shift_labels", "by": 1}, None, "labels moved one body towards the head"),
    ({"act": "shift_labels", "by": -1}, None, "labels moved one body towards the foot"),
    ({"act": "sign_numbering"}, None, "numbering signed, 1 endplates to read"),
    ({"act": "reopen_numbering", "reason": "x"}, None, "numbering reopened"),
    (
        {"act": "place_endplate", **E, "role": "SAG_T1", "polyline_lps_mm": POINTS},
        None,
        "L4 inf: endplate drawn",
    ),
    (
        {"act": "place_corners", "vertebra": "L5", "role": "SAG_T1", "corners_lps_mm": CORNERS},
        None,
        "L5 corners placed",
    ),
    (
        {"act": "brush_stroke", **E, **STROKE},
        {**CHANGE, "height_mm": 9.04, "height_percent": 30.4, "derived": ("height_mm",)},
        "L4 inf: painted, height 9.0 mm, 30 %",
    ),
    ({"act": "brush_stroke", **E, **STROKE, "erase": True}, CHANGE, "L4 inf: erased"),
    (
        {"act": "grow_region", **E, "role": "SAG_T1", "seed_lps_mm": POINTS[0], **GROWN},
        CHANGE,
        "L4 inf: region added",
    ),
    ({"act": "clear_mask", **E}, CHANGE, "L4 inf: mask cleared"),
    ({"act": "grade", **E, "modic": "absent"}, NONE, "L4 inf: none"),
    ({"act": "add_component", **E, "component": "2"}, CHANGE, "L4 inf: type 1 > 2"),
    (
        {"act": "equal_shares", **E},
        {**CHANGE, "equal_shares": True},
        "L4 inf: type 1 = 2",
    ),
    (
        {"act": "type_undetermined", **E},
        {**CHANGE, "components": (), "type_undetermined": True},
        "L4 inf: type undetermined",
    ),
    (
        {"act": "cannot_read", **E, "reason": "motion"},
        UNREADABLE,
        "L4 inf: cannot be read, motion",
    ),
    ({"act": "clear_finding", **E}, {}, "L4 inf: not read"),
    (
        {"act": "measure", **E, "role": "SAG_T1", "lesion_lps_mm": POINTS},
        {**CHANGE, "height_mm": 9.04, "height_percent": 30.4},
        "L4 inf: height 9.0 mm, 30 %",
    ),
    ({"act": "apply_usual", **E}, CHANGE, "L4 inf: usual values filled in"),
    ({"act": "copy_facing", **E}, CHANGE, "L4 inf: type 1 > 2"),
    ({"act": "all_remaining_none"}, None, "all remaining endplates: none"),
    ({"act": "discs_none"}, None, "all remaining discs: none of these"),
    (
        {"act": "mark_key_image", **E, "role": "SAG_T1", "at_lps_mm": POINTS[0]},
        CHANGE,
        "L4 inf: key image marked",
    ),
    ({"act": "note", "text": "x"}, None, "note on the reading changed"),
    ({"act": "note", "text": ""}, None, "note on the reading cleared"),
    ({"act": "raise_red_flag", "kind": "cauda_equina"}, None, "Site notified: cauda equina"),
    ({"act": "return_to_site", "reason": "x"}, None, "Returned to the site"),
    ({"act": "undo"}, None, "undone"),
    ({"act": "redo"}, None, "done again"),
    ({"act": "sign", "meaning": "x"}, None, "Signed"),
]


@pytest.mark.parametrize(("act", "finding", "words"), CASES)
def test_an_act_in_plain_words(act, finding, words):
    """Each act is told as a radiologist says it."""
    assert said(act, finding) == words


NUMBERINGS = [
    ({"method": "assumed_from_sacrum"}, "from the sacrum"),
    ({"method": "L5_nerve_morphology", "confidence": "uncertain"}, "L5 nerve, uncertain"),
    ({"lumbar_count": 6}, "six lumbar bodies"),
    ({"lstv_castellvi": "none"}, "no transitional features"),
    ({"lstv_variant": "none"}, "no transitional features"),
    ({"lstv_castellvi": "IIa"}, "transitional vertebra, Castellvi IIa"),
    ({"lstv_castellvi": "present_ungraded"}, "transitional vertebra present, ungraded"),
    ({"lstv_castellvi": "not_assessable"}, "transitional vertebra cannot be told"),
    ({"lstv_variant": "sacralised_L5"}, "sacralised L5"),
    ({"lstv_variant": "indeterminate"}, "transitional vertebra of indeterminate kind"),
    ({"report_offset": 0}, "same labels as the report"),
    ({"report_offset": 1}, "the report's labels lie one body lower"),
    ({"report_offset": -2}, "the report's labels lie 2 bodies higher"),
    (
        {
            "method": "assumed_from_sacrum",
            "confidence": "probable",
            "lumbar_count": 5,
            "lstv_castellvi": "none",
            "lstv_variant": "none",
        },
        "from the sacrum, probable, five lumbar bodies, no transitional features",
    ),
]


@pytest.mark.parametrize(("stated", "words"), NUMBERINGS)
def test_a_numbering_in_plain_words(stated, words):
    """What is stated of the numbering is one phrase, and nothing is said twice."""
    assert said({"act": "state_numbering", **stated}) == f"numbering: {words}"


FIELDS = [
    ("ap_category", "[0,25)", "AP extent under 25 %"),
    ("height_category", "[50,100]", "height 50 % and over"),
    ("area_category", "[25,50)", "endplate area 25 to under 50 %"),
    ("area_percent", 12.5, "endplate area 12.5 %"),
    ("left_right_mm", 21.0, "left-right extent 21 mm"),
    ("t1_signal", "hypo", "T1 signal low"),
    ("fs_signal", "partly_suppressed", "fat-suppressed signal partly suppressed"),
    ("t2_signal", "not_available", "T2 signal not available"),
    ("contour", "irregular_intact", "contour irregular, intact"),
    ("contour", None, "contour cleared"),
    ("defect", "none", "no defect"),
    ("defect", "schmorl", "defect Schmorl node"),
    ("attribution", "degenerative", "cause degenerative"),
    ("confidence", "probable", "confidence probable"),
    ("mimics", ("hemangioma", "red_marrow"), "mimics considered haemangioma, red marrow"),
    ("zones", ("anterior-right", "middle-right"), "zones ant+mid, right"),
    ("zones", (), "zones cleared"),
    ("first_sop_instance_uid", "1.2.3", "first slice set"),
    ("endplate_score", 4, "endplate score 4"),
    ("note", "odd rim", "note changed"),
]


@pytest.mark.parametrize(("name", "value", "words"), FIELDS)
def test_a_field_in_plain_words(name, value, words):
    """A field is told by its name and the value it now has, without stored codes."""
    act = {"act": "set_field", **E, "field": name, "value": None}
    assert said(act, {**CHANGE, name: value}) == f"L4 inf: {words}"


DISCS = [
    ("listhesis_mm", 4.5, "listhesis 4.5 mm"),
    ("listhesis_mm", None, "listhesis cleared"),
    ("facet_arthrosis", "undetermined", "facet arthrosis undetermined"),
    ("note", "x", "note changed"),
]


@pytest.mark.parametrize(("name", "value", "words"), DISCS)
def test_a_disc_in_plain_words(name, value, words):
    """A feature of a disc is told with its unit."""
    act = {"act": "set_disc_field", "disc": str(DISC), "field": name, "value": None}
    assert said(act, None, **{name: value}) == f"{DISC}: {words}"


def test_every_act_has_a_teller():
    """No kind of act is without words."""
    kinds: tuple[type[Record], ...] = get_args(get_args(acts.Act)[0])
    assert set(TELLERS) == set(kinds)
    told = {case[0]["act"] for case in CASES} | {"state_numbering", "set_field", "set_disc_field"}
    assert told == {kind.model_fields["act"].default for kind in kinds}


def test_words_hold_no_stored_codes():
    """Neither intervals nor underscores nor code numbers reach the reader."""
    words = [value_words(name, value) for name, values in VALUES.items() for value in values]
    assert not [text for text in words if re.search(r"[_\[]|RID\d|SAG|hyp", text)]
    assert value_words("note", "a_b") == "a b"


@pytest.mark.parametrize("name", [*fields.SETTABLE, *(f"disc {n}" for n in discs.SETTABLE)])
def test_every_settable_field_has_a_name(name):
    """No field is told by its name in the file."""
    kind = DiscFinding if name.startswith("disc ") else Finding
    assert kind.model_fields[name.removeprefix("disc ")].title
