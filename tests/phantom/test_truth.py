"""The sample's pixels are what its truth says."""

from __future__ import annotations

import numpy as np
import pytest

from modic_annotate.domain.finding import Zone
from modic_annotate.domain.modic import ModicType
from modic_annotate.domain.series import SeriesRole
from modic_annotate.domain.spine import Endplate, Vertebra, disc_levels, spine_order
from modic_annotate.phantom import Truth, make_truth
from modic_annotate.phantom.truth import TruthLesion

T1, T2, FS = SeriesRole.SAG_T1, SeriesRole.SAG_T2, SeriesRole.SAG_FS
L4_INFERIOR, L5_SUPERIOR, L1_SUPERIOR = (
    Endplate.parse(name) for name in ("L4-inferior", "L5-superior", "L1-superior")
)
GRADED_BODIES = spine_order(5)
READ_ENDPLATES = [e for disc in disc_levels(GRADED_BODIES) for e in disc.endplates]
HEALTHY = [e for e in READ_ENDPLATES if e not in (L4_INFERIOR, L5_SUPERIOR, L1_SUPERIOR)]


def test_the_committed_truth_is_what_the_recipe_gives(truth: Truth) -> None:
    """The truth beside the images is that of the recipe in the code."""
    assert make_truth() == truth


def test_the_three_changes_are_those_of_the_sample(truth: Truth) -> None:
    """The sample holds exactly the three changes it is meant to hold."""
    found = {
        str(lesion.endplate): (
            [c.modic_type for c in lesion.components],
            lesion.height_percent,
            lesion.ap_percent,
        )
        for lesion in truth.lesions
    }
    assert found == {
        "L4-inferior": ([ModicType.TYPE_1, ModicType.TYPE_2], 40, 60),
        "L5-superior": ([ModicType.TYPE_2], 30, 100),
        "L1-superior": ([ModicType.TYPE_2], 12, 25),
    }


def test_the_mixed_change_lies_central_and_left(truth: Truth) -> None:
    """The L4-inferior change covers the front and middle thirds, centrally and on the left."""
    lesion = _lesion(truth, L4_INFERIOR)
    assert lesion.zones == (
        Zone.ANTERIOR_CENTRAL,
        Zone.ANTERIOR_LEFT,
        Zone.MIDDLE_CENTRAL,
        Zone.MIDDLE_LEFT,
    )


def test_bodies_run_from_t11_to_s2_head_to_foot(truth: Truth) -> None:
    """The truth names the bodies T11 to S2 in order, each below the one before."""
    names = [body.vertebra for body in truth.bodies]
    assert names == [Vertebra("T11"), *GRADED_BODIES, Vertebra("S2")]
    heights = [body.centroid_lps_mm[2] for body in truth.bodies]
    assert heights == sorted(heights, reverse=True)


def test_polylines_run_from_front_to_back(truth: Truth) -> None:
    """Every endplate's polyline goes towards the patient's back."""
    for endplate in truth.endplates:
        y = [point[1] for point in endplate.polyline_lps_mm]
        assert y == sorted(y)


@pytest.mark.parametrize("vertebra", GRADED_BODIES)
def test_a_body_centre_is_marrow_and_the_discs_beside_it_are_not(
    truth: Truth, series, vertebra: Vertebra
) -> None:
    """On T1 a body's front half is marrow, brighter than the disc above it."""
    body = truth.body(vertebra)
    front = np.mean([body.corners_lps_mm[0], body.corners_lps_mm[3]], axis=0)
    place = tuple((0.55 * np.array(body.centroid_lps_mm) + 0.45 * front).tolist())
    disc = next(d for d in truth.discs if d.disc.endswith(f"/{vertebra}"))
    marrow = series[T1].mean(place, 2)
    assert 330 < marrow < 700
    assert marrow > 1.25 * series[T1].mean(disc.centre_lps_mm)
    assert series[FS].mean(place, 2) < 140


@pytest.mark.parametrize("endplate", HEALTHY, ids=str)
@pytest.mark.parametrize("role", [T1, T2])
def test_an_endplate_lies_on_the_dark_line(truth: Truth, series, endplate, role) -> None:
    """Across each healthy endplate the darkest line lies within 1 mm of the true polyline."""
    line = np.array(truth.endplate(endplate).polyline_lps_mm)
    corners = truth.body(endplate.vertebra).corners_lps_mm
    down = np.mean(corners[2:], axis=0) - np.mean(corners[:2], axis=0)
    into = down if endplate.surface == "superior" else -down
    into = into / np.linalg.norm(into)
    steps = np.arange(-3.0, 3.01, 0.1)
    places = line[5:16]
    profiles = np.array([series[role].along(p + steps[:, None] * into) for p in places])
    # beyond the cortex the disc may be as dark: the edge towards marrow is half-way up from it
    mean = profiles.mean(axis=0)
    marrow = mean[-5:].mean()
    dark = mean[20:41].min()
    below = np.flatnonzero(mean < (marrow + dark) / 2)
    edge = steps[below[below <= 45].max()] - 0.5
    assert abs(edge) <= 1.0


LESIONS = [L4_INFERIOR, L5_SUPERIOR, L1_SUPERIOR]


@pytest.mark.parametrize("endplate", LESIONS, ids=str)
def test_a_predominant_component_has_its_signs(truth: Truth, series, endplate: Endplate) -> None:
    """Type 1 is dark on T1, bright on T2 and STIR; type 2 bright on T1 and T2, dark on STIR."""
    lesion = _lesion(truth, endplate)
    ratio = {role: _ratio(series[role], truth, lesion, 0.3) for role in (T1, T2, FS)}
    if lesion.components[0].modic_type == ModicType.TYPE_1:
        assert ratio[T1] < 0.8
        assert ratio[T2] > 1.3
        assert ratio[FS] > 3
    else:
        assert ratio[T1] > 1.2
        assert ratio[T2] > 1.15
        assert ratio[FS] < 1


def test_the_lesser_component_lies_deep_in_the_mixed_change(truth: Truth, series) -> None:
    """Near its far border the mixed change is type 2: bright on T1, far less so on STIR."""
    lesion = _lesion(truth, L4_INFERIOR)
    assert _ratio(series[T1], truth, lesion, 0.88) > 1.15
    assert _ratio(series[FS], truth, lesion, 0.88) < 0.5 * _ratio(series[FS], truth, lesion, 0.3)


@pytest.mark.parametrize("endplate", [L4_INFERIOR, L5_SUPERIOR], ids=str)
def test_a_change_ends_at_its_height(truth: Truth, series, endplate: Endplate) -> None:
    """On T1 the fatty border of a change is half faded within 1.2 mm of its true depth."""
    lesion = _lesion(truth, endplate)
    foot = np.array(lesion.endplate_below_deepest_lps_mm)
    axis = np.array(lesion.deepest_lps_mm) - foot
    depth = float(np.linalg.norm(axis))
    axis = axis / depth
    across = np.array([0.0, 1.0, 0.0]) - axis * axis[1]
    steps = np.arange(depth - 3.5, depth + 3.5, 0.1)
    rows = [
        series[T1].along(foot + steps[:, None] * axis + shift * across) for shift in (-1.5, 0, 1.5)
    ]
    mean = np.mean(rows, axis=0)
    peak, floor = mean[:20].max(), mean[-10:].mean()
    faded = steps[np.flatnonzero(mean > (peak + floor) / 2).max()]
    assert abs(faded - depth) <= 1.2


@pytest.mark.parametrize(
    ("endplate", "role"), [(L4_INFERIOR, FS), (L5_SUPERIOR, T1), (L1_SUPERIOR, T1)], ids=str
)
def test_a_change_has_its_front_to_back_extent(truth: Truth, series, endplate, role) -> None:
    """Just inside the endplate the bright part covers the true share of it."""
    lesion = _lesion(truth, endplate)
    foot = np.array(lesion.endplate_below_deepest_lps_mm)
    into = np.array(lesion.deepest_lps_mm) - foot
    into = into / np.linalg.norm(into) * 2.0
    line = np.array(truth.endplate(endplate).polyline_lps_mm)
    line = line + np.array([foot[0] - line[:, 0].mean(), 0.0, 0.0])
    share = np.linspace(0.0, 1.0, 201)
    places = np.stack([np.interp(share, np.linspace(0, 1, len(line)), c) for c in line.T], axis=1)
    values = series[role].along(places + into)
    deep = np.array(lesion.opposite_endplate_lps_mm)
    marrow = series[role].mean(tuple((foot + (deep - foot) * 0.75).tolist()), 2)
    bright = values > (values.max() + marrow) / 2
    # the corners of the body are rounded off, so a change that reaches both loses a little there
    tolerance = 12 if lesion.ap_percent == 100 else 8
    assert 100 * bright.mean() == pytest.approx(lesion.ap_percent, abs=tolerance)


def test_grey_order_of_the_tissues(truth: Truth, series) -> None:
    """Marrow, disc and fluid stand in the order of a lumbar exam on each kind of image."""
    l3 = truth.body(Vertebra.L3)
    disc = next(d for d in truth.discs if d.disc == "L3/L4")
    wall = (np.array(l3.corners_lps_mm[1]) + np.array(l3.corners_lps_mm[2])) / 2
    fluid = tuple((wall + np.array([0.0, 4.5, 0.0])).tolist())
    marrow = tuple((np.array(l3.centroid_lps_mm) + np.array([0.0, -6.0, 6.0])).tolist())
    grey = {
        role: [series[role].mean(p) for p in (fluid, disc.centre_lps_mm, marrow)]
        for role in (T1, T2, FS)
    }
    assert grey[T1] == sorted(grey[T1])
    assert grey[T2][0] > 1.5 * max(grey[T2][1:])
    assert grey[FS][0] > grey[FS][1] > 2 * grey[FS][2]


def _lesion(truth: Truth, endplate: Endplate) -> TruthLesion:
    lesion = truth.lesion(endplate)
    assert lesion is not None
    return lesion


def _ratio(series, truth: Truth, lesion: TruthLesion, depth: float) -> float:
    """Signal at a share of the change's depth over that of healthy marrow of the same body."""
    foot, deepest, opposite = (
        np.array(p)
        for p in (
            lesion.endplate_below_deepest_lps_mm,
            lesion.deepest_lps_mm,
            lesion.opposite_endplate_lps_mm,
        )
    )
    inside = foot + (deepest - foot) * (depth if lesion.height_mm > 5 else 0.62)
    healthy = foot + (opposite - foot) * 0.78
    radius = 1 if lesion.height_mm > 5 else 0
    along = truth.endplate(lesion.endplate).polyline_lps_mm
    shift = (np.array(along[-1]) - np.array(along[0])) * 0.04
    values = [series.mean(tuple((inside + k * shift).tolist()), radius) for k in (-1, 0, 1)]
    healthy_values = [series.mean(tuple((healthy + k * shift).tolist()), 2) for k in (-1, 0, 1)]
    return float(np.mean(values) / np.mean(healthy_values))
