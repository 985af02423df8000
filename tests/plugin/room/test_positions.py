"""One spine stored in any position: it is hung alike, slice by slice, with its own numbers.

The sample's files are written anew as scanners store other positions: rows or columns the other
way round, rows and columns exchanged, slices numbered from the left. Every voxel keeps its place
in the patient, so the room has to show the same picture of the same body.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pydicom
import pytest

pytest.importorskip("napari", reason="napari is not installed (modic-annotate[gui])")

from modic_annotate.conduct.link import link_study
from modic_annotate.domain.base import utc_now
from modic_annotate.domain.readers import Reader
from modic_annotate.domain.screening import Change, ScreeningRecord, Subject
from modic_annotate.domain.series import SeriesRole
from modic_annotate.samples import sample_folder
from modic_annotate.store.workspace import Workspace
from modic_annotate_napari.replay.hands import Hands

T1, T2 = SeriesRole.SAG_T1, SeriesRole.SAG_T2
KEPT = ("t1-", "t2-")
Store = Callable[[pydicom.Dataset, np.ndarray], np.ndarray]


def _axes(ds: pydicom.Dataset) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """First place, and the steps from column to column and from row to row, LPS mm."""
    along = np.array(ds.ImageOrientationPatient, float)
    down, across = (float(v) for v in ds.PixelSpacing)
    return np.array(ds.ImagePositionPatient, float), along[:3] * across, along[3:] * down


def _place(ds: pydicom.Dataset, first: np.ndarray, across: np.ndarray, down: np.ndarray) -> None:
    units = [*(across / np.linalg.norm(across)), *(down / np.linalg.norm(down))]
    ds.ImageOrientationPatient = [f"{v:.10g}" for v in units]
    ds.ImagePositionPatient = [f"{v:.10g}" for v in first]


def rows_upward(ds: pydicom.Dataset, pixels: np.ndarray) -> np.ndarray:
    """Store the feet in the first row, as a spine scanned feet first may be."""
    first, across, down = _axes(ds)
    _place(ds, first + down * (ds.Rows - 1), across, -down)
    ds.PatientPosition = "FFS"
    return pixels[::-1]


def columns_forward(ds: pydicom.Dataset, pixels: np.ndarray) -> np.ndarray:
    """Store the back in the first column, as of a person lying prone."""
    first, across, down = _axes(ds)
    _place(ds, first + across * (ds.Columns - 1), -across, down)
    ds.PatientPosition = "HFP"
    return pixels[:, ::-1]


def lying(ds: pydicom.Dataset, pixels: np.ndarray) -> np.ndarray:
    """Store rows as columns, as of a person on the side whose image was not turned."""
    first, across, down = _axes(ds)
    _place(ds, first, down, across)
    ds.PixelSpacing = ds.PixelSpacing[::-1]
    ds.Rows, ds.Columns = ds.Columns, ds.Rows
    ds.PatientPosition = "HFDL"
    return pixels.T


def numbered_from_the_left(ds: pydicom.Dataset, pixels: np.ndarray) -> np.ndarray:
    """Number the images from the patient's left to the right."""
    ds.InstanceNumber = 100 - ds.InstanceNumber
    return pixels


def all_at_once(ds: pydicom.Dataset, pixels: np.ndarray) -> np.ndarray:
    """Everything the other way round."""
    for change in (numbered_from_the_left, rows_upward, columns_forward, lying):
        pixels = change(ds, pixels)
    ds.PatientPosition = "FFDR"
    return pixels


POSITIONS: tuple[Store, ...] = (
    rows_upward, columns_forward, lying, numbered_from_the_left, all_at_once,
)  # fmt: skip


@pytest.fixture
def room_of(tmp_path, viewer, until):
    """A function that opens a room on the sample stored in another position."""
    from modic_annotate_napari.reading_room import ROOM

    opened = []

    def run(store: Store | None) -> Hands:
        name = store.__name__ if store else "as it is"
        folder = tmp_path / name
        folder.mkdir()
        for path in (sample_folder() / "study").glob("*.dcm"):
            if path.name.startswith(KEPT):
                _store(path, folder / path.name, store)
        ws = Workspace.create(tmp_path / f"ws {name}", trial_id="t")
        ws.add_reader(Reader(id="R01"))
        change = Change(by="test", at=utc_now())
        subject = Subject(subject_id="s")
        ws.add_screening(
            ScreeningRecord(trial_id="t", record_id="case", subject=subject, change=change), "test"
        )
        link_study(ws, "case", [folder], by="test")
        room = ROOM.build(ws.root, "case", "R01", viewer=viewer)
        opened.append(room)
        room.host.window.showNormal()
        room.host.window.setGeometry(0, 0, 1366, 768)
        until(lambda: all(room.room.coverage.seen(u.role) for u, _ in room.room.canvases.panels))
        return Hands(room.room)

    yield run
    for room in opened:
        room.host.dispose()
        room.host.window.hide()


def _store(source: Path, target: Path, store: Store | None) -> None:
    ds = pydicom.dcmread(source)
    if store is not None:
        ds.decompress(generate_instance_uid=False)
        pixels = np.ascontiguousarray(store(ds, ds.pixel_array))
        ds.PixelData = pixels.tobytes()
    ds.save_as(target)


def shown(hands: Hands) -> dict[SeriesRole, list[tuple[np.ndarray, float, str, str]]]:
    """Turn the wheel once through all stops; return each slice as it is shown, with its title."""
    link, found = hands.room.canvases.link, {T1: {}, T2: {}}
    for _ in link.stops:
        hands.wheel(link.leader, -1)
    for _ in range(len(link.stops) + 1):
        for role, slices in found.items():
            panel = hands.panel(role)
            pixels = panel.display.pixels(panel.volume.array, panel.slice)
            title = panel.title
            slices.setdefault(panel.slice, (pixels, panel.centre_lps[0], title.image, title.side))
        hands.wheel(link.leader, 1)
    return {role: list(slices.values()) for role, slices in found.items()}


@pytest.mark.parametrize("store", POSITIONS, ids=lambda s: s.__name__)
def test_a_spine_looks_alike_however_it_is_stored(room_of, store):
    """Same pixels unresampled, anterior left and head up, right to left, with its image number."""
    usual, other = shown(room_of(None)), shown(room_of(store))
    for role in (T1, T2):
        assert len(other[role]) == len(usual[role]) == (15 if role == T1 else 17)
        assert [x for _, x, *_ in other[role]] == sorted(x for _, x, *_ in other[role])
        for one, same in zip(usual[role], other[role], strict=True):
            assert np.array_equal(one[0], same[0])
            assert same[1] == pytest.approx(one[1], abs=0.02)
            assert same[3] == one[3]
        numbers = [int(image.removeprefix("Im ")) for *_, image, _ in other[role]]
        usually = [int(image.removeprefix("Im ")) for *_, image, _ in usual[role]]
        turned = store in (numbered_from_the_left, all_at_once)
        assert usually == list(range(1, len(usually) + 1))
        assert numbers == ([100 - n for n in usually] if turned else usually)
    sides = [side for *_, side in other[T1]]
    assert sides[0].startswith("R ")
    assert sides[7] == "mid"
    assert sides[-1].startswith("L ")
