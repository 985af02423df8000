"""The objects as independent programs see them: dicom3tools, DCMTK, dcmqi."""

from __future__ import annotations

import json
import re
from pathlib import Path
from subprocess import CompletedProcess

import pydicom
import pytest

from modic_annotate.evidence.contents import Contents
from tests.evidence.dicom.conftest import Peer

Objects = dict[str, Path]

NAMES = ("sr", "seg-SAG_T1", "seg-SAG_T2", "kos", "pr-SAG_T1", "pr-SAG_T2")

PRIVATE_SCHEME = r"Unrecognized defined term = <99MODIC>"
WORDS_MEANT = (
    PRIVATE_SCHEME,
    r"</PatientName\(0010,0010\)\[1\]> - Value dubious .* Retired Person Name form",
    r"</Study(Date|Time|ID)\(.*\)> - Missing attribute .* needed to build DICOMDIR",
)
"""Warnings that are meant: the private scheme; a record's id where a name stands, as in the images;
a study whose date, time and id were taken off the images."""


def test_every_kind_of_object_is_there(objects: Objects) -> None:
    """A report, a selection, and one object per painted and per key image series."""
    assert sorted(objects) == sorted(NAMES)


def judged(ran: CompletedProcess[str]) -> tuple[list[str], list[str]]:
    """Return the errors of a run of dciodvfy, and its warnings beside those meant."""
    lines = (ran.stdout + ran.stderr).splitlines()
    warnings = [line for line in lines if line.startswith("Warning")]
    unmeant = [w for w in warnings if not any(re.search(words, w) for words in WORDS_MEANT)]
    return [line for line in lines if line.startswith("Error")], unmeant


@pytest.mark.parametrize("name", NAMES)
def test_dciodvfy_finds_no_error(objects: Objects, peer: Peer, name: str) -> None:
    """dicom3tools has no error, and no warning beside those meant."""
    ran = peer("dciodvfy", "-new", objects[name])
    assert judged(ran) == ([], [])
    assert bool(re.search(PRIVATE_SCHEME, ran.stdout + ran.stderr)) is (name == "sr")


@pytest.mark.parametrize("name", NAMES)
def test_a_warning_that_is_not_meant_fails(
    objects: Objects, peer: Peer, name: str, tmp_path: Path
) -> None:
    """An attribute that is no part of the object is a warning; one that must be there, an error."""
    ds = pydicom.dcmread(objects[name])
    ds.RepetitionTime = 500
    ds.save_as(tmp_path / "foreign.dcm")
    errors, unmeant = judged(peer("dciodvfy", "-new", tmp_path / "foreign.dcm"))
    assert errors == []
    assert any("(0018,0080)" in warning for warning in unmeant)
    del ds.Modality
    ds.save_as(tmp_path / "lacking.dcm")
    errors, _ = judged(peer("dciodvfy", "-new", tmp_path / "lacking.dcm"))
    assert any("Modality" in error for error in errors)


def test_dcmtk_reads_the_report(objects: Objects, peer: Peer) -> None:
    """It parses without an error; what is absent is said to be absent."""
    ran = peer("dsrdump", "+Pc", objects["sr"])
    assert ran.returncode == 0, ran.stderr
    assert '"Finding")=(MC12,99MODIC,"Modic types 1 and 2, mixed")' in ran.stdout
    assert '"Finding")=(MC0,99MODIC,"No Modic change")' in ran.stdout
    assert '(272519000,SCT,"Absent")' in ran.stdout


def test_dcmtk_reads_the_selection(
    objects: Objects, peer: Peer, painted_contents: Contents
) -> None:
    """It parses without an error, and holds each key image once."""
    ran = peer("dsrdump", objects["kos"])
    assert ran.returncode == 0, ran.stderr
    images = {shown.note.sop_instance_uid for shown in painted_contents.key_images}
    assert ran.stdout.count("<contains IMAGE:") == len(images)


def test_dcmqi_reads_the_report(objects: Objects, peer: Peer, tmp_path: Path) -> None:
    """Its TID 1500 reader gives each endplate with its type, sizes and side."""
    out = tmp_path / "report.json"
    ran = peer("tid1500reader", "--inputDICOM", objects["sr"], "--outputMetadata", out)
    assert ran.returncode == 0, ran.stderr
    groups = json.loads(out.read_text("utf-8"))["Measurements"]
    lesion = next(
        g
        for g in groups
        if g["TrackingIdentifier"] == "L4-inferior" and "MC" in g["Finding"]["CodeValue"]
    )
    assert lesion["Finding"]["CodeValue"] == "MC12"
    values = {m["quantity"]["CodeValue"]: float(m["value"]) for m in lesion["measurementItems"]}
    assert values["LHP"] == pytest.approx(100 * values["121207"] / values["VBH"], abs=0.01)
    told = {
        e["conceptCode"]["CodeValue"]: e["conceptValue"]["CodeValue"]
        for e in lesion["qualitativeEvaluations"]
        if isinstance(e["conceptValue"], dict)
    }
    assert (told["EP"], told["MC"], told["T2SI"]) == ("EP-INF", "MC12", "HYPER")


def test_dcmqi_reads_the_segmentation(objects: Objects, peer: Peer, tmp_path: Path) -> None:
    """It gives one label map per group of segments, named by endplate and coded site."""
    arguments = ("--inputDICOM", objects["seg-SAG_T1"], "--outputDirectory", tmp_path, "-t", "nrrd")
    ran = peer("segimage2itkimage", *arguments)
    assert ran.returncode == 0, ran.stderr
    meta = json.loads((tmp_path / "meta.json").read_text("utf-8"))
    segments = [segment for group in meta["segmentAttributes"] for segment in group]
    assert [s["SegmentLabel"] for s in segments] == ["L4-inferior", "L5-superior"]
    assert [s["AnatomicRegionSequence"]["CodeMeaning"] for s in segments] == [
        "L4 vertebra",
        "L5 vertebra",
    ]
    assert len(list(tmp_path.glob("*.nrrd"))) == 2
