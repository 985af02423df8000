"""Spines with other counts, transitional, slipped, bent and broken ones."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from modic_annotate.domain.modic import Contour, FatSuppressedSignal, ModicType
from modic_annotate.domain.numbering import TransitionalVariant
from modic_annotate.domain.spine import Endplate, Surface
from modic_annotate.phantom import NORMAL, SAMPLE, Recipe, make_truth
from modic_annotate.phantom.anatomy import build_spine
from modic_annotate.phantom.protocol import SEQUENCES, T2_FAT_SATURATED, Sequence
from modic_annotate.phantom.recipe import Lesion, Mimic, MimicKind
from modic_annotate.phantom.render import render_slice
from modic_annotate.phantom.variants import (
    fractured,
    infected,
    lumbarised,
    sacralised,
    scoliotic,
    slipped,
    wedged,
    with_lumbar_count,
)

T2, T1, STIR = SEQUENCES
NOTHING: tuple[Sequence, ...] = ()


@pytest.mark.parametrize("count", [4, 5, 6])
def test_a_spine_has_so_many_lumbar_bodies(count: int) -> None:
    """The truth counts the lumbar bodies and names them L1 downward, S1 below the last."""
    truth = make_truth(with_lumbar_count(NORMAL, count), sequences=NOTHING)
    names = [str(b.vertebra) for b in truth.bodies]
    wanted = [f"L{i + 1}" for i in range(count)]
    assert names == ["T11", "T12", *wanted, "S1", "S2"]
    assert truth.lumbar_count == count
    heights = [b.centroid_lps_mm[2] for b in truth.bodies]
    assert heights == sorted(heights, reverse=True)


@pytest.mark.parametrize("count", [4, 6])
def test_other_counts_stack_without_overlap(count: int) -> None:
    """Bodies of a spine with another count do not run into each other."""
    for upper, lower in itertools.pairwise(build_spine(with_lumbar_count(SAMPLE, count)).bodies):
        y, z = upper.bottom.frame.at(0.0, 0.0)
        assert lower.top.frame.local(np.array(y), np.array(z))[1] < 0


def test_seven_lumbar_bodies_are_refused() -> None:
    """Only 4, 5 and 6 lumbar bodies can be asked for."""
    with pytest.raises(ValueError, match="not 7"):
        with_lumbar_count(NORMAL, 7)


@pytest.mark.parametrize(
    ("change", "variant", "disc"),
    [
        (sacralised, TransitionalVariant.SACRALISED_L5, "L5/S1"),
        (lumbarised, TransitionalVariant.LUMBARISED_S1, "S1/S2"),
    ],
)
def test_transitional_spines_say_so(change, variant: TransitionalVariant, disc: str) -> None:
    """A sacralised L5 has a low, dry disc below it; a lumbarised S1 a high, wet one."""
    truth, usual = (make_truth(r, sequences=NOTHING) for r in (change(NORMAL), NORMAL))
    assert truth.variant == variant
    here, there = (next(d for d in t.discs if d.disc == disc) for t in (truth, usual))
    assert (here.height_mm > there.height_mm) == (variant == TransitionalVariant.LUMBARISED_S1)


@pytest.mark.parametrize("by_mm", [-4.0, 6.0])
def test_a_slipped_body_stands_in_front_of_the_one_below(by_mm: float) -> None:
    """The back corners of two bodies are apart by the slip, in the lower endplate's direction."""
    truths = [make_truth(r, sequences=NOTHING) for r in (NORMAL, slipped(NORMAL, "L4", by_mm))]
    offsets = []
    for truth in truths:
        l4, l5 = (np.array(truth.body(v).corners_lps_mm) for v in ("L4", "L5"))
        along = (l5[1] - l5[0]) / np.linalg.norm(l5[1] - l5[0])
        offsets.append(float((l5[1] - l4[2]) @ along))
    assert offsets[1] - offsets[0] == pytest.approx(by_mm, abs=0.05)
    assert next(d for d in truths[1].discs if d.disc == "L4/L5").slip_mm == by_mm


def test_scoliosis_bends_the_midline_and_tilts_endplates() -> None:
    """The anchor body moves sideways by what was asked, T11 and S2 hardly."""
    usual, bent = (make_truth(r, sequences=NOTHING) for r in (NORMAL, scoliotic(NORMAL, 15.0)))
    moved = {
        str(b.vertebra): b.centroid_lps_mm[0] - a.centroid_lps_mm[0]
        for a, b in zip(usual.bodies, bent.bodies, strict=True)
    }
    assert moved["L3"] == pytest.approx(15.0, abs=0.2)
    assert abs(moved["T11"]) < 1
    spine = build_spine(scoliotic(NORMAL, 15.0))
    right, left = (spine.bent(side, 70.0) for side in (-20.0, 20.0))
    assert left[1] - right[1] > 3


def test_straightening_undoes_bending() -> None:
    """A place of the straight spine is found again from its bent one, to 0.01 mm."""
    spine = build_spine(scoliotic(NORMAL, -18.0))
    for lateral, z in itertools.product((-20.0, 0.0, 20.0), (-60.0, 10.0, 90.0)):
        x, real_z = spine.bent(lateral, z)
        back = spine.straightened(np.array(x), np.array(real_z))
        assert [float(v) for v in back] == pytest.approx([lateral, z], abs=0.01)


def test_a_wedged_body_has_lost_height_in_front() -> None:
    """The front height falls by the share asked for, the back height stays."""
    usual, broken = (make_truth(r, sequences=NOTHING) for r in (NORMAL, wedged(NORMAL, "L1", 25)))
    a, b = usual.body("L1"), broken.body("L1")
    assert b.front_height_mm == pytest.approx(0.75 * a.front_height_mm, rel=0.05)
    assert b.back_height_mm == pytest.approx(a.back_height_mm, rel=0.05)


def _change(kind: ModicType, *, suppressed: bool = True) -> Recipe:
    lesion = Lesion(
        endplate=Endplate.parse("L3-inferior"),
        components=(kind,),
        height_percent=40,
        anterior_percent=0,
        posterior_percent=100,
        deepest_percent=50,
        right=-0.9,
        left=0.9,
        edge_power=8,
        suppressed=suppressed,
    )
    return NORMAL.replace(lesions=(lesion,))


def _signs(recipe: Recipe, vertebra: str, v: float, u: float = 0.0) -> dict[str, float]:
    """Signal at a place of a body (mm from its middle) over that of the normal spine."""
    signs = {}
    for sequence in (T1, T2, STIR, T2_FAT_SATURATED):
        levels = []
        for one in (recipe, NORMAL):
            spine = build_spine(one)
            y, z = spine.body(vertebra).middle.at(u, v)
            point = (float(spine.midline_x(np.array(z))), y, z)
            index = np.rint(sequence.grid.to_index([point])[0]).astype(int)
            frame = render_slice(spine, sequence, 5, int(index[0])).astype(float)
            levels.append(frame[index[1] - 1 : index[1] + 2, index[2] - 2 : index[2] + 3].mean())
        signs[sequence.key] = levels[0] / levels[1]
    return signs


@pytest.mark.parametrize(
    ("kind", "suppressed", "low", "high"),
    [
        (ModicType.TYPE_1, True, "t1", "t2 stir t2fs"),
        (ModicType.TYPE_2, True, "stir t2fs", "t1 t2"),
        (ModicType.TYPE_2, False, "", "t1 t2"),
        (ModicType.TYPE_3, True, "t1 t2 stir t2fs", ""),
    ],
)
def test_each_type_has_its_signs(kind, suppressed: bool, low: str, high: str) -> None:
    """Type 1 is dark on T1 and bright on T2 and STIR, 2 bright and suppressed, 3 dark."""
    signs = _signs(_change(kind, suppressed=suppressed), "L3", 9.0)
    assert all(signs[key] < 0.85 for key in low.split()), signs
    assert all(signs[key] > 1.15 for key in high.split()), signs
    if not suppressed:
        assert 0.75 < signs["stir"] < 1.3


@pytest.mark.parametrize(
    ("suppressed", "sign"),
    [(True, FatSuppressedSignal.SUPPRESSED), (False, FatSuppressedSignal.ISO)],
)
def test_the_truth_says_whether_a_type_2_is_suppressed(suppressed: bool, sign) -> None:
    """A type 2 that fat suppression leaves is iso on the fat-suppressed series."""
    truth = make_truth(_change(ModicType.TYPE_2, suppressed=suppressed), sequences=NOTHING)
    assert truth.lesions[0].fat_suppressed == sign


def test_infection_destroys_both_endplates_of_its_disc() -> None:
    """Both endplates are destructive, the disc is fluid, the marrow dark on T1, bright on STIR."""
    recipe = infected(NORMAL, "L2")
    truth = make_truth(recipe, sequences=NOTHING)
    destroyed = {str(e.endplate) for e in truth.endplates if e.contour == Contour.DESTRUCTIVE}
    assert destroyed == {"L2-inferior", "L3-superior"}
    assert next(d for d in truth.discs if d.disc == "L2/L3").fluid > 0.5
    signs = _signs(recipe, "L3", -9.0)
    assert signs["t1"] < 0.7
    assert signs["stir"] > 1.5


def test_a_fresh_fracture_is_wedged_and_oedematous() -> None:
    """The front has lost height and the marrow below the endplate is bright on STIR."""
    recipe = fractured(NORMAL, "L1")
    truth = make_truth(recipe, sequences=NOTHING)
    assert truth.body("L1").front_height_mm < 0.85 * truth.body("L1").back_height_mm
    assert [m.kind for m in truth.mimics] == [MimicKind.FRACTURE]
    assert _signs(recipe, "L1", -4.5, 4.0)["stir"] > 1.3


def test_a_schmorl_node_sinks_into_its_body() -> None:
    """A node is dark on T1 in the marrow it displaces, and its oedema bright on STIR."""
    node = Mimic(kind=MimicKind.SCHMORL, vertebra="L3", size_mm=5.0)
    recipe = NORMAL.replace(mimics=(node,))
    assert _signs(recipe, "L3", -9.5)["t1"] < 0.75
    assert _signs(recipe, "L3", -4.4)["stir"] > 1.15
    (truth,) = make_truth(recipe, sequences=NOTHING).mimics
    assert str(truth.endplate) == "L3-superior"
    assert truth.nearest_endplate_mm == 0


@pytest.mark.parametrize(("kind", "bright"), [(ModicType.TYPE_1, "stir"), (ModicType.TYPE_2, "t1")])
def test_a_corner_lesion_changes_one_corner(kind: ModicType, bright: str) -> None:
    """The front upper corner has the signal of its type, the middle of the endplate has not."""
    corner = Mimic(
        kind=MimicKind.CORNER,
        vertebra="L4",
        surface=Surface.SUPERIOR,
        size_mm=13.0,
        along=-1.0,
        half_ap_mm=17.5,
        signal=kind,
    )
    recipe = NORMAL.replace(mimics=(corner,))
    assert _signs(recipe, "L4", -10.0, -13.0)[bright] > 1.15
    assert _signs(recipe, "L4", -9.0, 2.0)[bright] == pytest.approx(1.0, abs=0.05)
