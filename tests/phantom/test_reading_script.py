"""The sample's acts file."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from modic_annotate.domain.finding import Origin
from modic_annotate.domain.modic import Presence
from modic_annotate.domain.series import (
    FatTechnique,
    Instance,
    Plane,
    SeriesRole,
    SeriesUsed,
    Weighting,
)
from modic_annotate.domain.spine import endplates_between, spine_order
from modic_annotate.phantom import NORMAL, Truth, make_truth
from modic_annotate.phantom.reading_script import acts_lines, reading_acts
from modic_annotate.phantom.truth import TruthSeries
from modic_annotate.session.acts import ACT, Grade, Measure, PlaceBody, PlaceEndplate, Sign
from modic_annotate.session.draft import empty_draft
from modic_annotate.session.protocol import load_protocol
from modic_annotate.session.reduce.step import Context
from modic_annotate.session.reduce.table import apply_act

OFF_PLANE_MM = 0.05
SCATTER_MM = 4.5
"""Twice the script's scatter within the plane, and half a slice beside it."""


def test_the_committed_acts_are_made_from_the_truth(sample: Path, truth: Truth) -> None:
    """The acts file is what the script makes of the committed truth."""
    committed = (sample / "lesions.acts.jsonl").read_text("utf-8")
    assert committed == acts_lines(reading_acts(truth))


def test_every_line_is_an_act(sample: Path, truth: Truth) -> None:
    """Each line parses as the act it was made from."""
    lines = (sample / "lesions.acts.jsonl").read_text("utf-8").splitlines()
    assert tuple(ACT.validate_json(line) for line in lines) == reading_acts(truth)


def test_every_endplate_in_scope_is_graded_once_as_it_is(truth: Truth) -> None:
    """T12-inferior to S1-superior are graded head to foot, present where the truth has a change."""
    grades = [act for act in reading_acts(truth) if isinstance(act, Grade)]
    assert tuple(g.endplate for g in grades) == endplates_between(spine_order(5))
    for grade in grades:
        lesion = truth.lesion(grade.endplate)
        assert grade.modic == ("absent" if lesion is None else "present")
        assert grade.component == (lesion.components[0].modic_type if lesion else None)


def test_places_lie_on_a_slice(truth: Truth) -> None:
    """Every placed point lies in the plane of one slice of the series it names."""
    for act in reading_acts(truth):
        for role, points in _points(act):
            index = truth.series_in(role).grid.to_index(points)
            spacing = truth.series_in(role).grid.spacing_mm[0]
            off = np.abs(index[:, 0] - np.round(index[:, 0])) * spacing
            assert off.max() < OFF_PLANE_MM
            assert len(set(np.round(index[:, 0]))) == 1


def test_body_centres_are_near_the_truth_but_not_on_it(truth: Truth) -> None:
    """Centres are placed S1 upward, each within a hand's scatter of its body's centre."""
    placed = [act for act in reading_acts(truth) if isinstance(act, PlaceBody)]
    assert [p.vertebra for p in placed] == list(reversed(spine_order(5)))
    for act in placed:
        true = np.array(truth.body(act.vertebra).centroid_lps_mm)
        assert 0 < np.linalg.norm(np.array(act.centroid_lps_mm) - true) < SCATTER_MM


def test_a_reading_ends_with_its_signature(truth: Truth) -> None:
    """The last act, and no other, signs."""
    made = reading_acts(truth)
    assert isinstance(made[-1], Sign)
    assert made[-1].meaning == "I have read these images and this is my reading"
    assert not any(isinstance(act, Sign) for act in made[:-1])


def test_a_normal_spine_is_read_as_normal() -> None:
    """On the normal spine every endplate in scope is graded absent and nothing is measured."""
    made = reading_acts(make_truth(NORMAL))
    assert {act.modic for act in made if isinstance(act, Grade)} == {"absent"}
    assert not any(isinstance(act, Measure) for act in made)


def _points(act) -> list[tuple[SeriesRole, list]]:
    if isinstance(act, PlaceBody):
        return [(act.role, [act.centroid_lps_mm])]
    if isinstance(act, PlaceEndplate):
        return [(act.role, list(act.polyline_lps_mm))]
    if isinstance(act, Measure):
        return [(act.role, list(act.lesion_lps_mm))]
    return []


def test_the_acts_make_a_signed_reading_with_the_sizes_of_the_truth(truth: Truth) -> None:
    """A session takes every act, and measures each change to 1.5 % of the whole of its truth."""
    protocol = load_protocol("intracept-evidence")
    context = Context(protocol=protocol, series=tuple(_used(truth, one) for one in truth.series))
    draft = empty_draft(protocol)
    for act in reading_acts(truth):
        draft = apply_act(draft, act, Origin.KEY, datetime(2026, 3, 10, 9, tzinfo=UTC), context)
    assert draft.signed
    present = {e: f for e, f in draft.findings.items() if f.modic == Presence.PRESENT}
    assert set(present) == {lesion.endplate for lesion in truth.lesions}
    for lesion in truth.lesions:
        finding = present[lesion.endplate]
        assert [c.modic_type for c in finding.components] == [
            c.modic_type for c in lesion.components
        ]
        # three points of an endplate and places on the nearest slice leave what is allowed here
        assert finding.height_measurement.reference_source.endswith("from the placed endplate")
        assert finding.height_percent == pytest.approx(lesion.height_percent, abs=1.5)
        assert finding.height_mm == pytest.approx(lesion.height_mm, abs=0.5)
        assert finding.ap_percent == pytest.approx(lesion.ap_percent, abs=1.5)
        assert finding.zones == lesion.zones


TECHNIQUE = {
    SeriesRole.SAG_T1: (Weighting.T1, FatTechnique.NONE),
    SeriesRole.SAG_T2: (Weighting.T2, FatTechnique.NONE),
    SeriesRole.SAG_FS: (Weighting.T2, FatTechnique.STIR),
}


def _used(truth: Truth, one: TruthSeries) -> SeriesUsed:
    weighting, fat = TECHNIQUE[one.role]
    return SeriesUsed(
        study_uid=truth.study_uid,
        series_uid=one.series_uid,
        frame_of_reference_uid=truth.frame_of_reference_uid,
        role=one.role,
        weighting=weighting,
        fat=fat,
        plane=Plane.SAGITTAL,
        grid=one.grid,
        instances=tuple(
            Instance(sop_instance_uid=uid, pixel_sha256="0" * 64) for uid in one.sop_instance_uids
        ),
    )
