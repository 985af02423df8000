"""The phantom beside a real exam: the order of the tissues, the noise and the coil.

Tissues are found in the phantom by its geometry, in the exam by places chosen by hand.
"""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from modic_annotate import imaging
from modic_annotate.domain.series import SeriesRole
from modic_annotate.phantom import SAMPLE
from modic_annotate.phantom.anatomy import Spine, build_spine

ROLES = (SeriesRole.SAG_T1, SeriesRole.SAG_T2, SeriesRole.SAG_FS)

ORDER = {
    # dark to bright, as on the real exam; tissues within a tuple are not told apart by it. On T2
    # the exam's fat is as bright as marrow behind the spine and 1.4 times as bright in front of
    # it, so its place between marrow and disc is the coil's
    SeriesRole.SAG_T1: ["cortex CSF", "muscle", "cord disc", "marrow", "fat"],
    SeriesRole.SAG_T2: ["cortex muscle", "cord", "marrow fat", "CSF"],
    SeriesRole.SAG_FS: ["fat cortex muscle", "marrow", "cord", "disc", "CSF"],
}
DISC_ON_T2 = ["cortex muscle", "cord", "marrow", "disc", "CSF"]

REAL_PLACES = {
    # slice, rows, columns of the common sagittal grid
    "fat": (5, (250, 300), (326, 334)),
    "marrow": (5, (247, 270), (212, 240)),
    "muscle": (2, (210, 260), (288, 308)),
    "disc": (5, (229, 236), (218, 238)),
    "CSF": (5, (235, 285), (256, 262)),
    "cord": (5, (90, 115), (257, 262)),
    "air": (5, (150, 300), (380, 480)),
}
REAL_MARROW_BESIDE_CORD = (5, (90, 118), (212, 240))
REAL_CORTEX_ROWS = ((238, 250), (268, 284))
REAL_CORTEX_COLUMNS = (214, 238)


def in_order(means: dict[str, float], order: list[str]) -> bool:
    """Whether every tissue of a group is brighter than all of the group before."""
    groups = [[means[name] for name in group.split()] for group in order]
    return all(max(a) < min(b) for a, b in itertools.pairwise(groups))


def real_means(array: NDArray[np.float64]) -> dict[str, float]:
    """Mean of every tissue of the real exam; the cord's scaled to the coil's gain at the marrow.

    The cortex is the darkest pixel across two endplates, so disc and marrow brighten it.
    """
    means = {name: _box(array, place).mean() for name, place in REAL_PLACES.items()}
    means["cord"] *= means["marrow"] / _box(array, REAL_MARROW_BESIDE_CORD).mean()
    columns = slice(*REAL_CORTEX_COLUMNS)
    lines = [array[5, slice(*rows), columns].min(axis=0) for rows in REAL_CORTEX_ROWS]
    return {**{k: float(v) for k, v in means.items()}, "cortex": float(np.mean(lines))}


def phantom_means(series, spine: Spine) -> dict[str, float]:
    """Mean of every tissue of a phantom; the cord's scaled to the coil's gain at the marrow."""
    at = {
        "fat": _behind(spine, "L3", 0.5, 0.0),
        "marrow": [_body(spine, "L3", u, v, 4.0) for u in (-6.0, 0.0, 4.0) for v in (-6.0, 6.0)],
        "muscle": [_from_wall(spine, "L3", d, 17.0) for d in (34.0, 38.0)],
        "disc": [_disc(spine, "L2/L3", u, 1.0) for u in (-4.0, 0.0, 4.0)],
        "CSF": [_from_wall(spine, "L3", 4.5, 0.0)],
        "cord": [_from_wall(spine, "T12", 8.7, 0.0)],
    }
    means = {name: float(np.mean([series.mean(p) for p in places])) for name, places in at.items()}
    beside = np.mean([series.mean(_body(spine, "T12", -9.0, v, 0.0)) for v in (-8.0, 8.0)])
    means["cord"] *= means["marrow"] / float(beside)
    means["cortex"] = _cortex(series, spine)
    means["air"] = float(series.array[:, -60:-5, -40:-5].mean())
    return means


def _cortex(series, spine: Spine) -> float:
    lines = []
    for u in (-6.0, 0.0, 6.0):
        steps = np.arange(-16.5, -11.0, 0.25)
        lines.append(series.along([_body(spine, "L3", u, v, 0.0) for v in steps]).min())
    return float(np.mean(lines))


def _box(array: NDArray[np.float64], place) -> NDArray[np.float64]:
    index, rows, columns = place
    return array[index, slice(*rows), slice(*columns)]


def _body(spine: Spine, name: str, u: float, v: float, lateral: float):
    y, z = spine.body(name).middle.at(u, v)
    return _lps(spine, lateral, y, z)


def _disc(spine: Spine, name: str, u: float, lateral: float):
    disc = next(d for d in spine.discs if d.name == name)
    return _lps(spine, lateral, *disc.middle.at(u, 0.0))


def _from_wall(spine: Spine, name: str, distance: float, lateral: float):
    body = spine.body(name)
    half = (body.top.half_mm + body.bottom.half_mm) / 2
    return _lps(spine, lateral, *body.middle.at(half + distance, 0.0))


def _behind(spine: Spine, name: str, share: float, lateral: float):
    """Points in the fat below the skin, at a share of its depth."""
    z = spine.body(name).middle.z
    back, cos, *_, fascia, fat = (float(v) for v in spine.outer.at(np.array(z)))
    depth = (fascia + fat * share) / cos
    return [_lps(spine, lateral, back + depth + d, z) for d in (-1.5, 0.0, 1.5)]


def _lps(spine: Spine, lateral: float, y: float, z: float):
    x, z = spine.bent(lateral, z)
    return (x, y, z)


@pytest.mark.parametrize("role", ROLES)
def test_the_phantom_shows_tissues_in_the_order_of_the_exam(series, role: SeriesRole) -> None:
    """Fat, marrow, muscle, disc, CSF, cord and cortex stand as on the real exam."""
    means = phantom_means(series[role], build_spine(SAMPLE))
    assert in_order(means, ORDER[role]), means
    if role == SeriesRole.SAG_T2:
        assert in_order(means, DISC_ON_T2), means


@pytest.mark.parametrize("role", ROLES)
def test_the_real_exam_has_that_order(real_data: Path, role: SeriesRole) -> None:
    """The order held by the tests is the one measured on the real exam."""
    catalogue = imaging.scan(real_data / "lumbar-hitachi-0.3t")
    found = next(one for one in catalogue.series if one.role == role)
    means = real_means(np.asarray(imaging.load_series(found).array, dtype=np.float64))
    assert in_order(means, ORDER[role]), means
    if role == SeriesRole.SAG_T2:
        assert in_order(means, DISC_ON_T2), means


@pytest.mark.parametrize("role", ROLES)
def test_noise_in_air_is_that_of_a_magnitude_image(series, role: SeriesRole) -> None:
    """Behind the back mean and deviation stand as in a Rayleigh distribution, 1.91 to 1."""
    air = series[role].array[:, -60:-5, -40:-5]
    assert air.mean() / air.std() == pytest.approx(1.91, abs=0.12)


@pytest.mark.parametrize("role", ROLES)
def test_noise_is_seen_and_does_not_hide_the_marrow(series, role: SeriesRole) -> None:
    """Marrow has 10 to 60 times the noise: 3 to 20 times on the exam at a fifth of the field."""
    means = phantom_means(series[role], build_spine(SAMPLE))
    assert 10 < means["marrow"] / (means["air"] / 1.2533) < 60


def test_the_coil_falls_off_towards_the_head(series) -> None:
    """Marrow of T11 is darker than that of L3 as on the exam, by a fifth to a half."""
    spine = build_spine(SAMPLE)
    t1 = series[SeriesRole.SAG_T1]
    marrow = {}
    for name in ("T11", "L3"):
        y, z = spine.body(name).middle.at(-4.0, -6.0)
        marrow[name] = t1.mean((float(spine.midline_x(np.array(z))), y, z), 2)
    assert 0.5 < marrow["T11"] / marrow["L3"] < 0.8


def test_chemical_shift_thickens_one_endplate_and_thins_the_other(series) -> None:
    """On T1 the dark line of L3's upper endplate is broader than that of its lower one."""
    spine = build_spine(SAMPLE)
    t1 = series[SeriesRole.SAG_T1]
    dark = {}
    for name, surface, sign in (("top", "top", 1.0), ("bottom", "bottom", -1.0)):
        frame = getattr(spine.body("L3"), surface).frame
        deficits = []
        for u in (-8.0, -6.0, 8.0, 10.0):
            v0 = float(getattr(spine.body("L3"), surface).height(np.array(u / 17.0), np.array(0.0)))
            steps = np.arange(-1.0, 4.0, 0.1)
            line = [frame.at(u, v0 + sign * s) for s in steps]
            x = float(spine.midline_x(np.array(line[0][1])))
            values = t1.along([(x, y, z) for y, z in line])
            deficits.append(np.sum(1.0 - values / values[-1]) * 0.1)
        dark[name] = float(np.mean(deficits))
    assert dark["top"] > dark["bottom"] + 0.3
