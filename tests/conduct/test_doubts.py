"""What is doubtful about a series and does not block it: told at the link, kept, and shown."""

from __future__ import annotations

import shutil
from pathlib import Path

import pydicom
import pytest

from modic_annotate.conduct.link import link_study
from modic_annotate.conduct.screening_import import import_record
from modic_annotate.domain.series import SeriesRole
from modic_annotate.samples import sample_folder
from modic_annotate.store.workspace import Workspace


@pytest.fixture
def ws(tmp_path: Path) -> Workspace:
    """A workspace with the sample's screening record."""
    made = Workspace.create(tmp_path / "ws", trial_id="demo-trial")
    import_record(made, sample_folder() / "screening-record.json", by="c")
    return made


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """A copy of the sample's images."""
    return Path(shutil.copytree(sample_folder() / "study", tmp_path / "study"))


def doubts(ws: Workspace, role: SeriesRole) -> tuple[str, ...]:
    found = ws.linked_images("demo-001").in_role(role)
    assert found is not None
    return found.used.doubts


def test_a_sound_study_has_no_doubts(ws, study) -> None:
    """Nothing is told of the sample, and its index does not speak of doubts at all."""
    report = link_study(ws, "demo-001", [study], by="c")
    assert "about SAG" not in report.message
    assert b"doubts" not in ws.store.get("images/demo-001/index.json")


def test_a_lost_end_is_told_and_kept(ws, study) -> None:
    """A series without its first image is read; that it seems to lack one stays with it."""
    (study / "t2-01.dcm").unlink()
    report = link_study(ws, "demo-001", [study], by="c")
    (doubt, *_) = doubts(ws, SeriesRole.SAG_T2)
    assert f"about SAG_T2: {doubt}" in report.message
    assert "1" in doubt
    assert doubts(ws, SeriesRole.SAG_T1) == ()


def test_values_beyond_what_the_header_states_are_told_and_kept(ws, study) -> None:
    """Only the pixels tell it, when they are decoded for the link; the image is named by number."""
    damaged = pydicom.dcmread(study / "t1-08.dcm")
    damaged.add_new("SmallestImagePixelValue", "US", 0)
    damaged.add_new("LargestImagePixelValue", "US", 3)
    damaged.save_as(study / "t1-08.dcm")
    report = link_study(ws, "demo-001", [study], by="c")
    (doubt,) = doubts(ws, SeriesRole.SAG_T1)
    assert doubt.startswith("image 8: grey values lie beyond the range")
    assert doubt in report.message
