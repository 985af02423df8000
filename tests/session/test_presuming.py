"""Three clicks and a stated count: the centres between are presumed, never silently."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from modic_annotate.domain.spine import Vertebra, spine_order
from modic_annotate.errors import ActRefusedError
from modic_annotate.phantom.recipe import NORMAL
from modic_annotate.phantom.variants import (
    fractured,
    lumbarised,
    sacralised,
    scoliotic,
    slipped,
    with_lumbar_count,
)
from modic_annotate.phantom.write import make_truth
from modic_annotate.session.presuming import presumed_centres
from modic_annotate.store.canonical import parse_record

REAL_ACTS = Path(__file__).parents[1] / "real" / "lumbar-hitachi.acts.jsonl"
SPINES = {
    "four bodies": (with_lumbar_count(NORMAL, 4), 4, ("L2", "L3")),
    "usual": (NORMAL, 5, ("L2", "L3", "L4")),
    "six bodies": (with_lumbar_count(NORMAL, 6), 6, ("L3", "L4", "L5")),
    "lumbarised S1": (lumbarised(NORMAL), 5, ("L3", "L4")),
    "sacralised L5": (sacralised(NORMAL), 5, ("L3",)),
    "scoliosis": (scoliotic(NORMAL, 12.0), 5, ("L3",)),
    "slip of 8 mm": (slipped(NORMAL, "L4", 8.0), 5, ("L3",)),
    "fracture": (fractured(NORMAL, "L2"), 5, ("L3",)),
}
CASES = [(name, middle) for name, (_, _, middles) in SPINES.items() for middle in middles]


def clicks(kit, middle="L3", count=5, **changes):
    """Return the act of three clicks on the small case's spine."""
    places = [kit.centre_of(v, count) for v in ("S1", middle, "T12")]
    return {
        "act": "presume_bodies",
        "clicked_lps_mm": places,
        "lumbar_count": count,
        "role": "SAG_T1",
    } | changes


def is_inside(point, corners) -> bool:
    """Whether a point lies in the outline of a body, seen from the side (posterior, head)."""
    outline = np.array(corners)[:, 1:]
    edges = np.roll(outline, -1, axis=0) - outline
    away = np.asarray(point)[1:] - outline
    turn = edges[:, 0] * away[:, 1] - edges[:, 1] * away[:, 0]
    return bool((turn > 0).all() or (turn < 0).all())


@pytest.mark.parametrize(("spine", "middle"), CASES)
def test_every_presumed_centre_lies_inside_its_body(spine, middle):
    """On spines of every count, bent, slipped and broken, no centre lands in a neighbour."""
    recipe, count, _ = SPINES[spine]
    truth = make_truth(recipe)
    clicked = tuple(truth.body(Vertebra(v)).centroid_lps_mm for v in ("S1", middle, "T12"))
    centres = presumed_centres(clicked, count)
    assert tuple(centres) == tuple(reversed(spine_order(count)))
    assert [centres[Vertebra(v)] for v in ("S1", middle, "T12")] == list(clicked)
    for vertebra, centre in centres.items():
        assert is_inside(centre, truth.body(vertebra).corners_lps_mm), vertebra


def test_on_a_real_spine_no_presumed_centre_is_far_off():
    """On the places an independent look gave a real spine each is less than half a body away."""
    lines = [json.loads(line) for line in REAL_ACTS.read_text("utf-8").splitlines()]
    true = {
        Vertebra(a["vertebra"]): a["centroid_lps_mm"] for a in lines if a["act"] == "place_body"
    }
    clicked = tuple(tuple(true[Vertebra(v)]) for v in ("S1", "L3", "T12"))
    for vertebra, centre in presumed_centres(clicked, 5).items():
        assert np.linalg.norm(np.subtract(centre, true[vertebra])[1:]) < 8.0, vertebra


@pytest.mark.parametrize(
    ("spine", "stated"), [("four bodies", 5), ("usual", 4), ("usual", 6), ("six bodies", 5)]
)
def test_a_count_one_off_does_not_fit_the_click_half_way(spine, stated):
    """Counting one body too many or too few puts the middle click between two bodies: refused."""
    recipe, _, middles = SPINES[spine]
    truth = make_truth(recipe)
    middle = {"four bodies": "L3", "usual": "L3", "six bodies": "L4"}[spine]
    assert middle in middles
    clicked = tuple(truth.body(Vertebra(v)).centroid_lps_mm for v in ("S1", middle, "T12"))
    with pytest.raises(ActRefusedError, match=f"With {stated} lumbar bodies .* would lie between"):
        presumed_centres(clicked, stated)


@pytest.mark.parametrize("count", [4, 5, 6])
def test_three_clicks_place_three_and_presume_the_rest(case, session, kit, count):
    """Clicked centres are placed, the others presumed; count and scope follow the statement."""
    case.do(session, clicks(kit, count=count))
    numbering = session.state.numbering
    assert [b.vertebra for b in numbering.bodies] == list(spine_order(count))
    assert len(numbering.presumed) == count - 1
    assert not {Vertebra.S1, Vertebra.L3, Vertebra.T12} & set(numbering.presumed)
    assert numbering.lumbar_count == count
    assert len(session.scope) == 2 * count + 2


def test_a_presumed_centre_keeps_the_numbering_from_being_signed(case, session, kit):
    """Each presumed centre is named in the refusal, until confirmed."""
    stated = kit.number_the_spine()[-2]
    case.do(session, clicks(kit), stated)
    said = "confirm or correct the presumed centres of L1, L2, L4, L5"
    with pytest.raises(ActRefusedError, match=said):
        case.do(session, {"act": "sign_numbering"})
    assert any(said in text for text in session.missing())
    case.do(session, {"act": "confirm_bodies"}, {"act": "sign_numbering"})
    methods = {str(b.vertebra): b.method for b in session.state.numbering.bodies}
    assert methods == {
        "T12": "placed", "L1": "confirmed", "L2": "confirmed", "L3": "placed",
        "L4": "confirmed", "L5": "confirmed", "S1": "placed",
    }  # fmt: skip


def test_moving_a_presumed_centre_places_it(case, session, kit):
    """A centre put where it belongs by hand needs no confirmation."""
    case.do(session, clicks(kit))
    for vertebra in session.state.numbering.presumed:
        place = kit.centre_of(vertebra)
        case.do(
            session,
            {"act": "place_body", "vertebra": vertebra, "centroid_lps_mm": place, "role": "SAG_T1"},
        )
    assert session.state.numbering.presumed == ()
    with pytest.raises(ActRefusedError, match="nothing to confirm"):
        case.do(session, {"act": "confirm_bodies"})


def test_presumed_centres_slide_and_come_back_with_undo(case, session, kit):
    """Sliding keeps them presumed; one undo takes all three clicks' centres away."""
    case.do(session, clicks(kit), {"act": "shift_labels", "by": 1})
    assert [str(v) for v in session.state.numbering.presumed] == ["L2", "L3", "L5", "S1"]
    case.do(session, {"act": "undo"}, {"act": "undo"})
    assert session.state.numbering.bodies == ()


def test_three_clicks_do_not_overwrite_placed_bodies(case, session, kit):
    """Where a body is placed already the three clicks are refused."""
    s1 = kit.number_the_spine()[0]
    with pytest.raises(ActRefusedError, match="placed already"):
        case.do(session, s1, clicks(kit))


def test_three_clicks_go_upward_and_lie_in_the_images(case, session, kit):
    """Clicks in another order, or a place outside the images, are refused."""
    upward = clicks(kit)["clicked_lps_mm"]
    with pytest.raises(ActRefusedError, match="Click upward"):
        case.do(session, clicks(kit, clicked_lps_mm=upward[::-1]))
    far = [(x, y + 400.0, z) for x, y, z in upward]
    with pytest.raises(ActRefusedError, match="outside the images"):
        case.do(session, clicks(kit, clicked_lps_mm=far))


def test_a_transitional_vertebra_leans_one_way(case, session, kit):
    """With a Castellvi grade the numbering is not signed before its variant is stated."""
    *acts, stated, sign = kit.number_the_spine()
    case.do(session, *acts, stated | {"lstv_castellvi": "IIIa", "lstv_variant": None})
    with pytest.raises(ActRefusedError, match="say which way the transitional vertebra leans"):
        case.do(session, sign)
    case.do(session, {"act": "state_numbering", "lstv_variant": "lumbarised_S1"}, sign)
    assert session.state.numbering.lstv_variant == "lumbarised_S1"


def test_a_record_without_presumed_centres_looks_as_before(kit):
    """The method is written only where it is not a plain click, so that older records hold."""
    from modic_annotate.domain.numbering import BodyCentre

    body = BodyCentre(vertebra="L3", centroid_lps_mm=kit.centre_of("L3"), origin="mouse")
    assert "method" not in body.model_dump(mode="json")
    presumed = body.replace(method="presumed")
    assert presumed.model_dump(mode="json")["method"] == "presumed"
    text = presumed.model_dump_json().encode()
    assert parse_record(BodyCentre, text, "a centre") == presumed
