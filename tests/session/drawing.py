"""Acts that draw on the test body, and grids to draw on."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import strategies as st

from modic_annotate.domain.grid import Grid
from tests.session.conftest import centre_of

HALF_AP_MM, HALF_HEIGHT_MM = 17.0, 12.5
"""Half the length and half the height of the body drawn."""


def grade(endplate: str = "L4-inferior") -> dict[str, Any]:
    """Grade a change of type 1."""
    return {"act": "grade", "endplate": endplate, "modic": "present", "component": "1"}


def stroke(line: list[tuple[float, float, float]], **more: Any) -> dict[str, Any]:
    """Paint with a brush of 2 mm."""
    usual = {"act": "brush_stroke", "endplate": "L4-inferior", "role": "SAG_T1"}
    return usual | {"polyline_lps_mm": line, "radius_mm": 2.0} | more


def corners(vertebra: str, x: float = 0.0, wider_mm: float = 0.0, *, flip: bool = False):
    """Place an upright body of 34 x 25 mm about its centre."""
    _, y, z = centre_of(vertebra)
    ap, height = HALF_AP_MM + wider_mm, HALF_HEIGHT_MM
    points = tuple(
        (x, round(y + a * ap, 4), z + h * height) for a, h in ((-1, 1), (1, 1), (1, -1), (-1, -1))
    )
    usual = {"act": "place_corners", "vertebra": vertebra, "role": "SAG_T1"}
    return usual | {"corners_lps_mm": points[::-1] if flip else points}


def place_box(vertebra: str, slices: tuple[float, ...] = (-4.0, 0.0, 4.0)) -> list[dict[str, Any]]:
    """Place the body on its outer and middle slices; paint the front of its lower endplate."""
    _, y, z = centre_of(vertebra)
    low = z - HALF_HEIGHT_MM
    painted = [
        stroke(
            [(x, y - 13.0, low + 4.0), (x, y - 3.0, low + 4.0)],
            endplate=f"{vertebra}-inferior",
            radius_mm=4.0,
        )
        for x in slices
    ]
    return [corners(vertebra, x) for x in (-20.0, 0.0, 20.0)] + painted


@st.composite
def grid_strategy(draw) -> Grid:
    """Draw a small grid, turned anyhow, with pixels longer one way and slices farther apart."""
    angles = [draw(st.floats(-1.0, 1.0)) for _ in range(3)]
    (ca, cb, cc), (sa, sb, sc) = np.cos(angles), np.sin(angles)
    turn = (
        np.array([[ca, -sa, 0], [sa, ca, 0], [0, 0, 1]])
        @ np.array([[cb, 0, sb], [0, 1, 0], [-sb, 0, cb]])
        @ np.array([[1, 0, 0], [0, cc, -sc], [0, sc, cc]])
    )
    # slices to the left, rows to the foot, columns to the back, before the turn
    axes = turn @ np.array([[1.0, 0, 0], [0, 0, 1.0], [0, -1.0, 0]])
    spacing = [draw(st.floats(2.0, 6.0)), draw(st.floats(0.3, 1.4)), draw(st.floats(0.3, 1.4))]
    matrix = np.eye(4)
    matrix[:3, :3] = axes * spacing
    matrix[:3, 3] = [draw(st.floats(-50, 50)) for _ in range(3)]
    return Grid(shape=(4, 30, 24), affine_lps=tuple(tuple(row) for row in matrix.tolist()))
