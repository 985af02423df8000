"""The sample's pixels are what its truth says."""

from __future__ import annotations

import numpy as np
import pytest

from modic_annotate.domain.finding import Zone
from modic_annotate.domain.modic import Contour, ModicType
from modic_annotate.domain.series import SeriesRole
from modic_annotate.domain.spine import Endplate, Vertebra, disc_levels, spine_order
from modic_annotate.phantom import Truth, make_truth
from modic_annotate.phantom.protocol import SEQUENCES
from modic_annotate.phantom.recipe import MimicKind
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
    assert 330 < marrow < 850
    assert marrow > 1.25 * series[T1].mean(disc.centre_lps_mm)
    assert series[FS].mean(place, 2) < 0.5 * marrow


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
    ratio = {role: _ratio(series[role], truth, lesion, 0.42) for role in (T1, T2, FS)}
    if lesion.components[0].modic_type == ModicType.TYPE_1:
        assert ratio[T1] < 0.8
        assert ratio[T2] > 1.3
        assert ratio[FS] > 2
    else:
        assert ratio[T1] > 1.2
        assert ratio[T2] > (1.15 if lesion.height_mm > 5 else 1.02)
        assert ratio[FS] < 1


def test_the_lesser_component_lies_deep_in_the_mixed_change(truth: Truth, series) -> None:
    """Near its far border the mixed change is type 2: bright on T1, far less so on STIR."""
    lesion = _lesion(truth, L4_INFERIOR)
    assert _ratio(series[T1], truth, lesion, 0.78) > 1.15
    assert _ratio(series[FS], truth, lesion, 0.88) < 0.5 * _ratio(series[FS], truth, lesion, 0.3)


@pytest.mark.parametrize("endplate", [L4_INFERIOR, L5_SUPERIOR], ids=str)
def test_a_change_ends_at_its_height(truth: Truth, series, endplate: Endplate) -> None:
    """On T1 the fatty border of a change is half faded within 1.2 mm of its true depth.

    Chemical shift has moved it by half a millimetre towards the foot, which is allowed for.
    """
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
    shift = SEQUENCES[1].fat_shift[1] * SEQUENCES[1].pixel_mm
    towards_foot = -1 if endplate.surface == "inferior" else 1
    assert abs(faded - depth - towards_foot * shift) <= 1.2


@pytest.mark.parametrize(
    ("endplate", "role"), [(L4_INFERIOR, FS), (L5_SUPERIOR, T1), (L1_SUPERIOR, T1)], ids=str
)
def test_a_change_has_its_front_to_back_extent(truth: Truth, series, endplate, role) -> None:
    """Just inside the endplate the bright part covers the true share of it."""
    lesion = _lesion(truth, endplate)
    foot = np.array(lesion.endplate_below_deepest_lps_mm)
    into = np.array(lesion.deepest_lps_mm) - foot
    # far enough in to lie below what chemical shift makes of the dark line
    into = into / np.linalg.norm(into) * (2.6 if role == T1 else 2.0)
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
    assert grey[FS][0] > grey[FS][1] > 1.5 * grey[FS][2]


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
    # a small change is compared with marrow near it, where the coil sees as much
    healthy = foot + (opposite - foot) * (0.78 if lesion.height_mm > 5 else 0.4)
    radius = 1 if lesion.height_mm > 5 else 0
    along = truth.endplate(lesion.endplate).polyline_lps_mm
    shift = (np.array(along[-1]) - np.array(along[0])) * 0.04
    values = [series.mean(tuple((inside + k * shift).tolist()), radius) for k in (-1, 0, 1)]
    healthy_values = [series.mean(tuple((healthy + k * shift).tolist()), 2) for k in (-1, 0, 1)]
    return float(np.mean(values) / np.mean(healthy_values))


HAEMANGIOMA_CLEAR_MM = 2.5


def test_the_only_mimic_is_a_haemangioma_in_t12(truth: Truth) -> None:
    """T12 holds a haemangioma that touches no endplate, and nothing else mimics a change."""
    (mimic,) = truth.mimics
    assert (mimic.kind, mimic.vertebra, mimic.endplate) == (MimicKind.HAEMANGIOMA, "T12", None)
    assert mimic.nearest_endplate_mm > HAEMANGIOMA_CLEAR_MM


def test_the_haemangioma_is_bright_on_t1_and_t2_and_touches_no_endplate(
    truth: Truth, series
) -> None:
    """Its middle outshines the marrow beside it, and its pixels stay off both endplates."""
    (mimic,) = truth.mimics
    body = truth.body(mimic.vertebra)
    down = np.array(body.corners_lps_mm[3]) - np.array(body.corners_lps_mm[0])
    for role in (T1, T2):
        beside = np.mean(
            [series[role].mean(tuple(mimic.centre_lps_mm + s * 0.36 * down)) for s in (-1, 1)]
        )
        assert series[role].mean(mimic.centre_lps_mm) > 1.15 * beside
    for mask in mimic.masks:
        points = _points_of(truth, mask)
        for name in ("T12-superior", "T12-inferior"):
            line = np.array(truth.endplate(Endplate.parse(name)).polyline_lps_mm)
            off = np.linalg.norm(points[:, None, 1:] - line[None, :, 1:], axis=2)
            assert off.min() > HAEMANGIOMA_CLEAR_MM


@pytest.mark.parametrize("endplate", LESIONS, ids=str)
def test_masks_lie_on_named_images_and_fill_the_change(truth: Truth, endplate: Endplate) -> None:
    """Each series has the change on neighbouring slices, and its runs hold its deepest place."""
    lesion = _lesion(truth, endplate)
    for one in truth.series:
        masks = [m for m in lesion.masks if m.role == one.role]
        slices = [m.slice for m in masks]
        assert slices == list(range(slices[0], slices[-1] + 1))
        for mask in masks:
            assert one.sop_instance_uids[mask.slice] == mask.sop_instance_uid
        near = min(masks, key=lambda m: abs(m.slice - one.grid.to_index([_middle(lesion)])[0, 0]))
        off = np.linalg.norm(_points_of(truth, near) - np.array(_middle(lesion)), axis=1)
        assert off.min() < 0.75 * one.grid.spacing_mm[0] + one.grid.spacing_mm[1]


def test_the_volume_of_masks_agrees_between_series(truth: Truth) -> None:
    """A change has the same volume on all three grids, to a sixth."""
    for endplate in (L4_INFERIOR, L5_SUPERIOR):
        lesion = _lesion(truth, endplate)
        volumes = []
        for one in truth.series:
            pixels = sum(m.pixels for m in lesion.masks if m.role == one.role)
            volumes.append(pixels * float(np.prod(one.grid.spacing_mm)))
        assert max(volumes) < 1.17 * min(volumes)


def test_the_pixels_of_a_mask_show_the_change(truth: Truth, series) -> None:
    """On T1 the pixels of the type 2 change outshine the body's other marrow."""
    lesion = _lesion(truth, L5_SUPERIOR)
    masks = [m for m in lesion.masks if m.role == T1 and m.pixels > 150]
    flat = series[T1].array.reshape(len(series[T1].array), -1)
    inside = np.mean([flat[m.slice][a : a + n].mean() for m in masks for a, n in m.runs])
    deep = np.array(lesion.opposite_endplate_lps_mm)
    foot = np.array(lesion.endplate_below_deepest_lps_mm)
    assert inside > 1.15 * series[T1].mean(tuple((foot + (deep - foot) * 0.75).tolist()), 2)


def test_rough_endplates_are_told_from_smooth_ones(truth: Truth) -> None:
    """L4-inferior and L5-superior are irregular yet intact, all others smooth."""
    rough = {e.endplate for e in truth.endplates if e.contour == Contour.IRREGULAR_INTACT}
    assert rough == {L4_INFERIOR, L5_SUPERIOR}
    assert {e.contour for e in truth.endplates} == {Contour.SMOOTH, Contour.IRREGULAR_INTACT}


def _middle(lesion: TruthLesion) -> tuple[float, ...]:
    foot = np.array(lesion.endplate_below_deepest_lps_mm)
    return tuple(((foot + np.array(lesion.deepest_lps_mm)) / 2).tolist())


def _points_of(truth: Truth, mask) -> np.ndarray:
    """Return the centres (n, 3) of a mask's pixels in LPS mm."""
    grid = truth.series_in(mask.role).grid
    pixels = np.concatenate([np.arange(a, a + n) for a, n in mask.runs])
    rows, columns = np.divmod(pixels, grid.shape[2])
    return grid.to_lps(np.stack([np.full_like(rows, mask.slice), rows, columns], axis=1))
