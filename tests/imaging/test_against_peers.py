"""Every series of the shared real exams beside SimpleITK and highdicom, corner by corner."""

from __future__ import annotations

from pathlib import Path

import pytest

from modic_annotate.imaging import Catalogue, load_series, scan
from modic_annotate.imaging.model import Series
from tests.imaging.peers import (
    AGREEMENT_MM,
    Peer,
    by_highdicom,
    by_simpleitk,
    farthest_corner_mm,
    same_pixels,
)

pytestmark = pytest.mark.real

PEERS = {"highdicom": by_highdicom, "SimpleITK": by_simpleitk}
EXACT = "exact"

PEER_IS_WRONG = {
    ("T1 AX, whole series", "SimpleITK"): "17 slices every 11.80 mm",
    ("T2 AX, whole series", "SimpleITK"): "17 slices every 11.80 mm",
    ("ax_asc_35sl, stack 0", "SimpleITK"): "9 slices every 1.00 mm",
}
"""What a peer loads that is no volume: five disc blocks, each of its own tilt, are not 17 slices
of one stack, and nine encodings of one mosaic are not nine slices."""

PEER_REFUSES = {
    ("T1 AX, whole series", "highdicom"): "Images do not have the same orientation.",
    ("T2 AX, whole series", "highdicom"): "Images do not have the same orientation.",
    ("ax_asc_35sl, stack 0", "highdicom"): "Series is not a regularly-spaced volume.",
}
"""What a peer refuses, rightly."""


@pytest.fixture(scope="module")
def found(real_data: Path) -> Catalogue:
    return scan(real_data)


def parts(found: Catalogue) -> dict[str, tuple[Series, ...]]:
    """Return every stack by name, and every series of several stacks as a whole."""
    named: dict[str, tuple[Series, ...]] = {}
    by_uid: dict[str, list[Series]] = {}
    for series in found.series:
        by_uid.setdefault(series.series_uid, []).append(series)
    for stacks in by_uid.values():
        name = stacks[0].description
        if len(stacks) > 1:
            named[f"{name}, whole series"] = tuple(stacks)
        named |= {f"{name}, stack {series.stack}": (series,) for series in stacks}
    return named


def verdict(read: Peer | str, stacks: tuple[Series, ...]) -> str:
    """Return what a peer made of the files, and demand agreement where it is one stack of ours."""
    if isinstance(read, str):
        return read
    if len(stacks) > 1 or stacks[0].blocked:
        return f"{read.array.shape[0]} slices every {read.spacing_mm:.2f} mm"
    volume = load_series(stacks[0])
    off_mm = farthest_corner_mm(volume.grid, read)
    if off_mm > AGREEMENT_MM:
        return f"corners {off_mm:.2f} mm off"
    return EXACT if same_pixels(volume.array, volume.grid, read) else "other pixels"


@pytest.mark.parametrize("peer", PEERS)
def test_every_real_series_agrees_with_its_peers(found: Catalogue, peer: str) -> None:
    """Corners to 0.01 mm and every pixel, or the peer's fault stands in a table, none too many."""
    differing = {}
    for name, stacks in parts(found).items():
        files = list(dict.fromkeys(ref.path for series in stacks for ref in series.slices))
        made = verdict(PEERS[peer](files), stacks)
        if made != EXACT:
            differing[name, peer] = made
    known = {**PEER_IS_WRONG, **PEER_REFUSES}
    assert differing == {key: said for key, said in known.items() if key[1] == peer}


def test_the_real_exams_have_what_is_compared(found: Catalogue) -> None:
    """Sagittal series, axial disc blocks, an enhanced object and a mosaic, all but it readable."""
    blocked = [series for series in found.series if series.blocked]
    assert len(found.series) - len(blocked) == 3 + 5 + 5 + 1
    assert [p.code for series in blocked for p in series.problems if p.blocking] == ["mosaic"]
    (enhanced,) = [s for s in found.series if s.n_files == 1 and s.shape[0] > 1]
    assert enhanced.shape[0] == 96
