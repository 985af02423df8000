"""``scan`` as a coordinator reads it."""

from __future__ import annotations

import shutil

import pydicom
import pytest


@pytest.fixture
def messy(sample, tmp_path):
    """The sample with a slice missing from T1, an office file, and a copy of an image as CT."""
    folder = tmp_path / "cd"
    shutil.copytree(sample / "study", folder)
    (folder / "t1-07.dcm").unlink()
    (folder / "letter.txt").write_text("Dear colleague")
    (folder / "viewer.exe").write_bytes(b"MZ")
    other = pydicom.dcmread(folder / "t2-01.dcm")
    other.Modality = "CT"
    other.save_as(folder / "ct.dcm")
    return folder


def lines_with(text, *words):
    return [line for line in text.splitlines() if all(word in line for word in words)]


def test_each_series_is_a_row_with_its_slot_technique_and_grid(run, sample):
    """Slot, description, true technique, slices with their spacing; the chosen ones are marked."""
    out = run("scan", sample / "study").out
    (row,) = lines_with(out, "SAG_FS", "sagittal STIR", "13 of 320 x 320")
    assert row.lstrip().startswith(">")
    assert "TI 170 ms" in out


def test_it_says_what_a_reading_would_show(run, sample, messy):
    """One sentence names the series of each slot, and the slots that nothing fills."""
    whole = run("scan", sample / "study").out
    assert lines_with(whole, "A reading would show SAG_T1 T1 TSE sag, SAG_T2 T2 TSE sag")
    assert "Nothing here fills" not in whole
    assert lines_with(run("scan", messy).out, "Nothing here fills SAG_T1.")


def test_a_blocked_series_says_why_in_its_row(run, messy):
    """The reason stands where the evidence stands, with the place in mm."""
    out = " ".join(run("scan", messy).out.split())
    assert "BLOCKED: slice " in out
    assert "missing at" in out


def test_refusals_are_grouped_by_reason_with_counts(run, messy):
    """Every file that is part of no series is counted under its reason and named."""
    out = run("scan", messy).out
    assert "Refused, part of no series: 3 files" in out
    assert lines_with(out, "2", "not_dicom")
    assert lines_with(out, "letter.txt, viewer.exe")
    assert lines_with(out, "1", "not_mr", "modality CT")


def test_stacks_that_differ_in_place_alone_share_a_row(run, real_data):
    """An axial series through five discs is one row."""
    out = run("scan", real_data / "lumbar-hitachi-0.3t").out
    (row,) = lines_with(out, "AX_T2", "5 stacks")
    assert "3 + 3 + 3 + 4 + 4 of 512 x 512" in row
