"""A study of enhanced objects, several slices in one file: objects name frames, and are valid."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pydicom
import pytest

from modic_annotate import imaging
from modic_annotate.conduct.link import link_study
from modic_annotate.domain.readers import Reader
from modic_annotate.domain.spine import spine_order
from modic_annotate.eligibility.fitting import fitting_record
from modic_annotate.evidence import reading_from_sr, verify_evidence, write_evidence
from modic_annotate.evidence.bag_read import open_bag
from modic_annotate.evidence.contents import Contents
from modic_annotate.evidence.formats.dicom.held import held
from modic_annotate.phantom.vendors import VENDORS, Export, Form, Kind, Size, write_vendor_study
from modic_annotate.session.apply import apply_acts
from modic_annotate.store.workspace import Workspace
from tests.evidence.dicom.conftest import Peer

RECORD = "demo-001"
ENHANCED_MR = "1.2.840.10008.5.1.4.1.1.4.1"
STUDIED = date(2026, 3, 10)


def acts(series: imaging.Series) -> list[dict[str, object]]:
    """Number seven bodies down the middle slice, find nothing, sign."""
    slices, rows, columns = series.shape
    assert series.grid is not None
    bodies = [
        {
            "act": "place_body",
            "vertebra": vertebra,
            "role": "SAG_T2",
            "centroid_lps_mm": series.grid.to_lps(
                (slices // 2, rows * (0.1 + 0.12 * place), columns / 2)
            )
            .round(2)
            .tolist(),
        }
        for place, vertebra in enumerate(spine_order(5))
    ]
    stated = {
        "act": "state_numbering",
        "method": "assumed_from_sacrum",
        "confidence": "probable",
        "lumbar_count": 5,
        "lstv_castellvi": "none",
        "lstv_variant": "none",
    }
    grades = [
        {"act": "grade", "endplate": f"{vertebra}-{surface}", "modic": "absent"}
        for vertebra in spine_order(5)
        for surface in ("superior", "inferior")
        if (vertebra, surface) not in (("T12", "superior"), ("S1", "inferior"))
    ]
    sign = {"act": "sign", "meaning": "I have read these images", "not_covered_reason": "a test"}
    return [*bodies, stated, {"act": "sign_numbering"}, *grades, sign]


@pytest.fixture(name="package", scope="module")
def _package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A package of a study whose series are one enhanced object each, with a rescale."""
    root = tmp_path_factory.mktemp("enhanced")
    kinds = (Kind.T2, Kind.T1)
    write_vendor_study(root, Export(VENDORS["philips"], Form.ENHANCED, kinds=kinds, size=Size(48)))
    series = next(s for s in imaging.scan(root / "study").series if s.role == "SAG_T2")
    ws = Workspace.create(root / "ws", trial_id="trial")
    ws.add_reader(Reader(id="R01", display_name="Reader"))
    patient = series.patient
    record = fitting_record("trial", RECORD, patient.birth_year, patient.sex, STUDIED)
    ws.add_screening(record, by="coordinator")
    link_study(ws, RECORD, [root / "study"], by="coordinator", reason="another date")
    lines = "".join(f"{json.dumps(act)}\n" for act in acts(series))
    (root / "acts.jsonl").write_text(lines, encoding="utf-8")
    apply_acts(ws, RECORD, "R01", root / "acts.jsonl", lambda _line: None)
    return write_evidence(ws, RECORD, "fda_510k_bvna", date(2026, 3, 20), root / "bag").path


def test_it_verifies_and_reads_back(package: Path) -> None:
    """Objects made from the package alone are equal, and the report tells the reading."""
    assert verify_evidence(package).ok
    files = {p: c for p, c in open_bag(package).files.items() if p.startswith("data/")}
    one = Contents(files).signed[0]
    assert reading_from_sr(package / "data/dicom/R01-1/sr.dcm") == held(one.reading, one.signature)


def test_key_images_are_frames(package: Path) -> None:
    """Selection and presentation name the class of the object and the frame in it."""
    folder = package / "data/dicom/R01-1"
    note = json.loads((package / "data/imaging/key/R01-1/spine.json").read_bytes())
    frame = note["frame"] + 1
    selection = pydicom.dcmread(folder / "kos.dcm")
    (image,) = [item for item in selection.ContentSequence if item.ValueType == "IMAGE"]
    reference = image.ReferencedSOPSequence[0]
    assert (reference.ReferencedSOPClassUID, reference.ReferencedFrameNumber) == (
        ENHANCED_MR,
        frame,
    )
    state = pydicom.dcmread(folder / "pr-SAG_T2.dcm")
    window = state.SoftcopyVOILUTSequence[0]
    assert window.ReferencedImageSequence[0].ReferencedFrameNumber == frame
    slope, intercept = note["rescale"]
    told = (state.RescaleSlope, state.RescaleIntercept)
    assert told == pytest.approx((slope, intercept), rel=1e-6)
    assert slope != 1


@pytest.mark.parametrize("name", ["sr", "kos", "pr-SAG_T2"])
def test_dciodvfy_finds_no_error(package: Path, peer: Peer, name: str) -> None:
    """References to frames are as valid as those to single images."""
    ran = peer("dciodvfy", "-new", package / f"data/dicom/R01-1/{name}.dcm")
    assert [line for line in (ran.stdout + ran.stderr).splitlines() if "Error" in line] == []
