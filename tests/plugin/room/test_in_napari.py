"""What a napari user meets: series opened as layers, the dock widget, and the window given back."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pydicom
import pytest

pytest.importorskip("napari", reason="napari is not installed (modic-annotate[gui])")

from napari.utils._proxies import PublicOnlyProxy
from qtpy.QtWidgets import QDockWidget

from modic_annotate.domain.reading import Purpose
from modic_annotate.samples import sample_folder
from modic_annotate_napari.replay.hands import Hands

SPACINGS = {"T1": (3.3, 0.42), "T2": (3.6, 0.49)}
"""Slice and pixel distance in mm, by the description of the sample's series."""


@pytest.fixture
def proxy(viewer):
    """The viewer as napari hands it to a plugin: what is not public warns, which is an error."""
    yield PublicOnlyProxy(viewer)
    viewer.layers.clear()


@pytest.fixture
def widget(proxy, viewer):
    """The dock widget in the window."""
    from modic_annotate_napari._widget import ModicReading

    made = ModicReading(proxy)
    viewer.window.add_dock_widget(made, name="Modic reading")
    yield made
    if made.opened is not None:
        made.opened.host.dispose()
    window = made.window()
    viewer.window.remove_dock_widget(made)
    made.deleteLater()
    window.hide()


def spaced(target: Path) -> Path:
    """Write the sample's T1 and T2 with other distances between slices and pixels."""
    target.mkdir()
    files = [pydicom.dcmread(f) for f in sorted((sample_folder() / "study").iterdir())]
    for name, (slice_mm, pixel_mm) in SPACINGS.items():
        series = [ds for ds in files if ds.SeriesDescription.startswith(name)]
        row, column = np.split(np.array(series[0].ImageOrientationPatient, float), 2)
        normal = np.cross(row, column)
        series.sort(key=lambda ds: float(normal @ np.array(ds.ImagePositionPatient, float)))
        first = np.array(series[0].ImagePositionPatient, float)
        for n, ds in enumerate(series):
            ds.ImagePositionPatient = [round(float(v), 5) for v in first + n * slice_mm * normal]
            ds.PixelSpacing = [pixel_mm, pixel_mm]
            ds.SpacingBetweenSlices = slice_mm
            ds.save_as(target / f"{name}-{n:02d}.dcm")
    return target


def test_series_open_with_their_scale_and_stand_beside_each_other_in_mm(proxy, tmp_path):
    """Series of 3.3 x 0.42 and 3.6 x 0.49 mm keep scale, unit, metadata and true distances."""
    layers = proxy.open(str(spaced(tmp_path / "study")), plugin="modic-annotate")
    assert [layer.name for layer in layers] == ["SAG T1", "SAG T2"]
    for layer, (slice_mm, pixel_mm) in zip(layers, SPACINGS.values(), strict=True):
        assert layer.scale == pytest.approx((slice_mm, pixel_mm, pixel_mm), abs=1e-4)
        assert [str(unit) for unit in layer.units] == ["millimeter"] * 3
        affine = np.asarray(layer.metadata["affine_lps"])
        one, other = np.array([1.0, 20.0, 30.0]), np.array([9.0, 200.0, 120.0])
        apart = affine[:3, :3] @ (other - one)
        world = np.subtract(layer.data_to_world(other), layer.data_to_world(one))
        assert np.linalg.norm(world) == pytest.approx(np.linalg.norm(apart), abs=1e-3)
        assert layer.metadata["series"]["role"] in ("SAG_T1", "SAG_T2")


def test_layers_hold_no_words_that_were_typed_at_the_scanner(proxy, tmp_path):
    """A name typed into the series' description reaches neither a layer's name nor its facts."""
    study = Path(shutil.copytree(sample_folder() / "study", tmp_path / "study"))
    for file in study.iterdir():
        ds = pydicom.dcmread(file)
        ds.PatientName, ds.SeriesDescription = "Plant^Olga", f"{ds.SeriesDescription} Plant Olga"
        ds.save_as(file)
    layers = proxy.open(str(study), plugin="modic-annotate")
    said = " ".join(f"{layer.name} {layer.metadata}" for layer in layers)
    assert "SAG_T1" in said
    assert "lant" not in said
    assert "lant" in str(pydicom.dcmread(next(study.iterdir())))


def test_practice_reads_the_open_series_and_leaves_nothing(widget, proxy, viewer, until, settle):
    """Practice on the sample is marked so; closed, it is gone and napari has its window back."""
    proxy.open_sample("modic-annotate", "lumbar")
    names = [layer.name for layer in viewer.layers]
    assert names == ["SAG T1", "SAG T2", "SAG T2 STIR"]
    docks = [d for d in widget.window().findChildren(QDockWidget) if d.isVisibleTo(d.window())]
    widget.practise()
    opened = widget.opened
    assert opened is not None, widget.message.text()
    until(lambda: opened.room.isVisible())
    folder = opened.opener.workspace
    header = opened.room.session.journal.header
    assert header.purpose == Purpose.TRAINING
    texts = [w.text() for w in opened.room.header.findChildren(type(widget.message))]
    assert "practice, nothing is kept" in texts
    Hands(opened.room).press("d")
    assert folder.is_dir()
    opened.host.dispose()
    settle()
    assert not folder.exists()
    assert [layer.name for layer in viewer.layers] == names
    assert all(d.isVisibleTo(d.window()) for d in docks)


def test_layers_of_another_reader_are_refused(widget, proxy):
    """Pixels without their place in the patient cannot be read, and the widget says what to do."""
    widget.practise()
    assert "No series is open" in widget.message.text()
    proxy.add_image(np.zeros((3, 8, 8)), name="stranger")
    widget.practise()
    assert widget.opened is None
    assert "choose the reader 'modic-annotate'" in widget.message.text()
