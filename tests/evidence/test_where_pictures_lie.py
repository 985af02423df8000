"""Every picture says which image it is: the PACS number and the side, as the DICOM file has it."""

from __future__ import annotations

import json
import re

import numpy as np
import pydicom
import pytest

from modic_annotate.evidence.bag import Files
from modic_annotate.samples import sample_folder


@pytest.fixture(name="headers", scope="module")
def _headers() -> dict[str, list[pydicom.Dataset]]:
    """The sample's headers by slot, from the patient's right to left."""
    slots: dict[str, list[pydicom.Dataset]] = {"SAG_T1": [], "SAG_T2": [], "SAG_FS": []}
    names = {"t1": "SAG_T1", "t2": "SAG_T2", "stir": "SAG_FS"}
    for path in sorted((sample_folder() / "study").glob("*.dcm")):
        ds = pydicom.dcmread(path, stop_before_pixels=True)
        slots[names[path.name.split("-")[0]]].append(ds)
    return {k: sorted(v, key=lambda ds: ds.ImagePositionPatient[0]) for k, v in slots.items()}


def test_each_picture_names_its_image_and_side(sample_bag: Files, headers) -> None:
    """Number and millimetres from mid-stack are those of the slice the picture's place lies on."""
    notes = [json.loads(v) for k, v in sample_bag.items() if re.search(r"/key/.*\.json$", k)]
    page = sample_bag["data/summary.html"].decode("utf-8")
    assert len(notes) == 7
    for note in notes:
        slices = headers[note["role"]]
        normal = np.cross(*np.reshape(np.array(slices[0].ImageOrientationPatient, float), (2, 3)))
        normal = normal * np.sign(normal[0])  # towards the patient's left
        places = np.array([np.dot(normal, ds.ImagePositionPatient) for ds in slices])
        mine = int(np.argmin(abs(places - np.dot(normal, note["centre_lps_mm"]))))
        assert note["instance_number"] == slices[mine].InstanceNumber
        off_mm = places[mine] - places.mean()
        if abs(off_mm) < 0.05:
            assert note["slice_place"] == "middle of the stack"
        else:
            side, mm, _ = note["slice_place"].split()
            assert side == ("L" if off_mm > 0 else "R")
            assert float(mm) == pytest.approx(abs(off_mm), abs=0.06)
        assert f"image {note['instance_number']}" in page
        assert note["slice_place"] in page
