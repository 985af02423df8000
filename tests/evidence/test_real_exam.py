"""A real 0.3 T exam, numbered from the sacrum as daily life has it: it exports and verifies."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from modic_annotate import imaging
from modic_annotate.conduct.link import link_study
from modic_annotate.domain.readers import Reader
from modic_annotate.domain.spine import spine_order
from modic_annotate.eligibility.fitting import fitting_record
from modic_annotate.evidence import verify_evidence, write_evidence
from modic_annotate.session.apply import apply_acts
from modic_annotate.store.workspace import Workspace

pytestmark = pytest.mark.real

RECORD = "demo-001"
CENTRES_MM = {
    "T12": (155.1, 72.0),
    "L1": (156.3, 105.5),
    "L2": (155.5, 140.1),
    "L3": (155.5, 177.8),
    "L4": (157.9, 213.9),
    "L5": (165.9, 247.8),
    "S1": (180.5, 276.7),
}
"""Body centres by eye on the middle T2 slice: mm to the right of, and below, its first pixel."""


@pytest.fixture(name="ws")
def _ws(real_data: Path, tmp_path: Path) -> Workspace:
    """A workspace in which the exam was linked, numbered, read as free of change and signed."""
    exam = real_data / "lumbar-hitachi-0.3t"
    series = next(s for s in imaging.scan(exam).series if s.role == "SAG_T2")
    ws = Workspace.create(tmp_path / "ws", trial_id="trial")
    ws.add_reader(Reader(id="R01", display_name="Reader"))
    patient = series.patient
    studied = date.fromisoformat(str(patient.study_date))
    record = fitting_record("trial", RECORD, patient.birth_year, patient.sex, studied)
    ws.add_screening(record, by="coordinator")
    link_study(ws, RECORD, [exam], by="coordinator")
    middle = series.shape[0] // 2
    acts: list[dict[str, object]] = [
        {"act": "place_body", "vertebra": v, "role": "SAG_T2", "centroid_lps_mm": list(lps)}
        for v, (x, y) in CENTRES_MM.items()
        for lps in [series.grid.to_lps((middle, y / 0.684, x / 0.684)).round(2)]
    ]
    acts += [
        {
            "act": "state_numbering",
            "method": "assumed_from_sacrum",
            "confidence": "probable",
            "lumbar_count": 5,
            "lstv_castellvi": "none",
            "lstv_variant": "none",
        },
        {"act": "sign_numbering"},
        *(
            {"act": "grade", "endplate": f"{v}-{s}", "modic": "absent"}
            for v in spine_order(5)
            for s in ("superior", "inferior")
            if (v, s) not in (("T12", "superior"), ("S1", "inferior"))
        ),
        {"act": "sign", "meaning": "I have read these images", "not_covered_reason": "a test"},
    ]
    path = tmp_path / "acts.jsonl"
    path.write_text("".join(f"{json.dumps(act)}\n" for act in acts), encoding="utf-8")
    apply_acts(ws, RECORD, "R01", path, lambda _line: None)
    return ws


def test_a_spine_counted_from_the_sacrum_is_ordinary(
    ws: Workspace, real_data: Path, tmp_path: Path
) -> None:
    """It carries its caveat, a labelled picture of the spine, and matches the hospital's pixels."""
    result = write_evidence(ws, RECORD, "fda_510k_bvna", date(2026, 3, 20), tmp_path / "package")
    exam = real_data / "lumbar-hitachi-0.3t"
    verification = verify_evidence(result.path, dicom=exam, root=result.root_sha256)
    assert verification.ok, verification.text()
    determination = json.loads((result.path / "data/determination.json").read_bytes())
    assert any("from the sacrum, confidence probable" in c for c in determination["caveats"])
    assert not any("numbering_uncertain" in row["reasons"] for row in determination["outcomes"])
    note = json.loads((result.path / "data/imaging/key/R01-1/spine.json").read_bytes())
    assert (note["role"], note["slice_place"]) == ("SAG_T2", "middle of the stack")
    right, down, _ = np.array(note["pixel_to_lps_mm"]).T
    assert right[1] > 0.3
    assert down[2] < -0.3
