"""What napari is told of the plugin, and what its reader makes of files."""

from __future__ import annotations

from importlib.metadata import entry_points

import numpy as np
import pytest

from modic_annotate.samples import sample_folder
from modic_annotate_napari._reader import get_reader, read
from modic_annotate_napari._sample import sample

npe2 = pytest.importorskip("npe2", reason="napari is not installed (modic-annotate[gui])")


@pytest.fixture(scope="module")
def layers():
    """The sample study as napari layers."""
    return read(str(sample_folder() / "study"))


def test_the_manifest_is_valid_and_named_like_the_distribution():
    """Napari finds reader, sample and widget under the name modic-annotate."""
    manifest = npe2.PluginManifest.from_distribution("modic-annotate")
    manifest.validate_imports()
    assert manifest.name == "modic-annotate"
    assert [w.display_name for w in manifest.contributions.widgets] == ["Modic reading"]
    assert manifest.contributions.readers[0].accepts_directories


def test_the_core_finds_the_room_by_its_entry_point():
    """The entry-point group modic_annotate.reader names an object that opens and replays."""
    (entry,) = entry_points(group="modic_annotate.reader")
    room = entry.load()
    assert callable(room.open)
    assert callable(room.replay)


@pytest.mark.parametrize("name", ["notes.txt", "fake.dcm", "empty.dcm"])
def test_the_reader_leaves_other_files_alone(name, tmp_path):
    """A file that is not DICOM gets no reader, whatever it is called."""
    file = tmp_path / name
    file.write_bytes(b"" if name.startswith("empty") else b"x" * 200)
    assert get_reader(str(file)) is None
    assert get_reader(str(tmp_path)) is None
    assert get_reader(str(tmp_path / "gone.dcm")) is None


def test_the_reader_takes_files_and_folders_of_dicom():
    """One file, several files and a folder are taken."""
    study = sample_folder() / "study"
    files = sorted(str(f) for f in study.iterdir())
    assert get_reader(str(study)) is read
    assert get_reader(files[0]) is read
    assert get_reader(files) is read


def test_layers_are_scaled_in_mm_and_keep_their_affine(layers):
    """Each series is an image layer: plain scale in mm for napari, the affine in the metadata."""
    assert sorted(kwargs["name"] for _, kwargs, _ in layers) == ["SAG T1", "SAG T2", "SAG T2 STIR"]
    for array, kwargs, kind in layers:
        assert kind == "image"
        assert kwargs["units"] == ("mm", "mm", "mm")
        affine = np.asarray(kwargs["metadata"]["affine_lps"])
        assert affine.shape == (4, 4)
        assert np.allclose(np.linalg.norm(affine[:3, :3], axis=0), kwargs["scale"])
        assert kwargs["metadata"]["series"]["shape"] == list(array.shape)
        assert "affine" not in kwargs
        assert "rotate" not in kwargs


def test_layer_names_hold_nothing_from_the_patient_module(layers):
    """Names and arguments of a layer hold plane and technique alone."""
    said = " ".join(str(kwargs["name"]) for _, kwargs, _ in layers)
    assert set(said.split()) <= {"SAG", "T1", "T2", "STIR"}


def test_the_sample_is_offered(layers):
    """Napari's sample menu gives the same series as the sample folder."""
    assert [k["name"] for _, k, _ in sample()] == [k["name"] for _, k, _ in layers]
