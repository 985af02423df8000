"""A small case for faults: three tiny series, a record, a reading, made once and copied."""

from __future__ import annotations

import json
import re
import shutil
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian

from modic_annotate.conduct.link import link_study
from modic_annotate.conduct.screening_import import import_record
from modic_annotate.domain.links import ReadingLink
from modic_annotate.domain.readers import Reader
from modic_annotate.domain.screening import Change, ScreeningRecord, Subject
from modic_annotate.domain.spine import spine_order
from modic_annotate.session.apply import apply_acts
from modic_annotate.store.canonical import canonical_bytes
from modic_annotate.store.workspace import Workspace

RECORD, READER = "case1", "r1"
AS_OF = date(2026, 3, 20)
CRITERIA = "fda_510k_bvna"
AT = datetime(2026, 3, 20, 9, 0, tzinfo=UTC)
NAME = "Sorgenfrei^Wilma"
MR_IMAGE = "1.2.840.10008.5.1.4.1.1.4"
UID = "1.2.826.0.1.3680043.10.77"
TECHNIQUES = {"T1 SAG": (460, 12, 3, ""), "T2 SAG": (3200, 110, 11, ""), "STIR": (4000, 60, 8, 150)}
ROLES = ("SAG_T1", "SAG_T2", "SAG_FS")
N_SLICES, SIZE = 3, 24
VARIES = re.compile(r"sha256|uid|^at$|_at$|change|local_time|^path$|^files$")
"""Fields that differ between two runs of one operation: times, and UIDs and hashes made of them."""


@dataclass(frozen=True)
class Templates:
    """Folders to copy: each holds ``ws/``, the later ones with more done."""

    folder: Path
    study: Path
    record_file: Path
    acts_file: Path
    acts: tuple[dict[str, Any], ...]

    def copy(self, stage: str, to: Path) -> Workspace:
        """Copy a stage (``empty``, ``recorded``, ``linked``, ``read``, ``signed``) and open it."""
        shutil.rmtree(to, ignore_errors=True)
        shutil.copytree(self.folder / stage, to / "ws")
        return Workspace.open(to / "ws")


def make_templates(folder: Path) -> Templates:
    """Make all stages."""
    acts = (*_acts(), {"act": "sign", "meaning": "I read these images"})
    made = Templates(folder, _study(folder / "study"), _record(folder), folder / "acts", acts)
    made.acts_file.write_text("".join(f"{json.dumps(act)}\n" for act in acts), "utf-8")
    unsigned = folder / "unsigned-acts"
    unsigned.write_text("".join(f"{json.dumps(act)}\n" for act in acts[:-1]), "utf-8")
    ws = Workspace.create(folder / "empty")
    ws.add_reader(Reader(id=READER))
    steps: dict[str, Callable[[Workspace], object]] = {
        "recorded": lambda ws: import_record(ws, made.record_file, "c"),
        "linked": lambda ws: link_study(ws, RECORD, [made.study], "c"),
        "read": lambda ws: apply_acts(ws, RECORD, READER, unsigned, _ignore),
    }
    before = "empty"
    for stage, step in steps.items():
        shutil.copytree(folder / before, folder / stage)
        step(Workspace.open(folder / stage))
        before = stage
    shutil.copytree(folder / "linked", folder / "signed")
    apply_acts(Workspace.open(folder / "signed"), RECORD, READER, made.acts_file, _ignore)
    return made


def state_of(ws: Workspace) -> dict[str, Any]:
    """Return all a workspace holds, every record parsed, without what differs from run to run."""
    state: dict[str, Any] = {"readers": sorted(ws.readers())}
    for record in ws.record_ids():
        revisions = [ws.screening(record, n)[0] for n in ws.revisions(record)]
        linked = ws.store.exists(f"images/{record}/index.json")
        index = ws.images(record).model_dump(mode="json") if linked else None
        links = ws.links(record)
        readings = [link.reading_id for link in links if isinstance(link, ReadingLink)]
        state[record] = {
            "revisions": [r.model_dump(mode="json") for r in revisions],
            "links": [link.model_dump(mode="json") for link in links],
            "pixels": _pixels(index),
            "readings": [ws.reading(record, r)[0].model_dump(mode="json") for r in readings],
            "signatures": [ws.signature(record, r)[0].model_dump(mode="json") for r in readings],
            "acts": _acts_in(ws),
        }
    steady: dict[str, Any] = without_varying(state)
    return steady


def _pixels(index: Mapping[str, Any] | None) -> list[list[str]]:
    """Return the hashes of an index, kept under a name that is not left out."""
    series = index["series"] if index else []
    return [[i["pixel_sha256"] for i in s["used"]["instances"]] for s in series]


def _acts_in(ws: Workspace) -> dict[str, list[object]]:
    keys = [key for key in ws.store.list("readings") if key.endswith(".journal.jsonl")]
    lines = {key: ws.store.get(key).split(b"\n")[1:-1] for key in keys}
    return {key: [json.loads(line)["act"] for line in lines[key]] for key in keys}


def without_varying(value: Any) -> Any:
    """Return parsed JSON without what differs between two runs."""
    if isinstance(value, dict):
        return {k: without_varying(v) for k, v in value.items() if not VARIES.search(k)}
    return [without_varying(v) for v in value] if isinstance(value, list) else value


def _ignore(_line: int) -> None: ...


def _record(folder: Path) -> Path:
    record = ScreeningRecord(
        trial_id="trial",
        record_id=RECORD,
        subject=Subject(subject_id="S-1"),
        change=Change(by="c", at=AT),
    )
    path = folder / "record.json"
    path.write_bytes(canonical_bytes(record))
    return path


def _acts() -> tuple[dict[str, Any], ...]:
    shown = ({"act": "show", "role": role, "slices": "all"} for role in ROLES)
    placed = (
        {"act": "place_body", "vertebra": v, "centroid_lps_mm": (0.0, 24.0, 120.0 - 30.0 * i),
         "role": "SAG_T1"}
        for i, v in reversed(list(enumerate(spine_order(5))))
    )  # fmt: skip
    stated = {
        "act": "state_numbering", "method": "assumed_from_sacrum", "confidence": "probable",
        "lumbar_count": 5, "lstv_castellvi": "none", "lstv_variant": "none",
    }  # fmt: skip
    return (*shown, *placed, stated, {"act": "sign_numbering"}, {"act": "all_remaining_none"})


def _study(folder: Path) -> Path:
    folder.mkdir(parents=True)
    for number, description in enumerate(TECHNIQUES, 1):
        for i in range(N_SLICES):
            ds = _image(number, description, i)
            ds.file_meta = FileMetaDataset()
            ds.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                ds.save_as(folder / f"{number}-{i}.dcm", enforce_file_format=True)
    return folder


def _image(number: int, description: str, i: int) -> Dataset:
    tr, te, train, ti = TECHNIQUES[description]
    ds = Dataset()
    ds.SOPClassUID, ds.SOPInstanceUID = MR_IMAGE, f"{UID}.{number}.{i + 1}"
    ds.StudyInstanceUID, ds.SeriesInstanceUID = f"{UID}.0", f"{UID}.{number}"
    ds.FrameOfReferenceUID, ds.Modality, ds.PatientPosition = f"{UID}.99", "MR", "HFS"
    ds.PatientName, ds.PatientID, ds.StudyDate = NAME, "7788123", "20260310"
    ds.ImageType, ds.SeriesNumber, ds.InstanceNumber = ["ORIGINAL", "PRIMARY", "M"], number, i + 1
    ds.SeriesDescription = description
    ds.ScanningSequence, ds.SequenceVariant = "IR" if ti else "SE", "SK"
    ds.RepetitionTime, ds.EchoTime, ds.EchoTrainLength, ds.InversionTime = tr, te, train, ti
    ds.MagneticFieldStrength = 1.5
    ds.ImageOrientationPatient = [0, 1, 0, 0, 0, -1]
    ds.ImagePositionPatient = [(i - 1) * 4.4, -120, 150]
    ds.PixelSpacing, ds.SliceThickness, ds.SpacingBetweenSlices = [12, 12], 4, 4.4
    ds.Rows = ds.Columns = SIZE
    ds.SamplesPerPixel, ds.PhotometricInterpretation = 1, "MONOCHROME2"
    ds.BitsAllocated, ds.BitsStored, ds.HighBit, ds.PixelRepresentation = 16, 12, 11, 0
    ds.PixelData = (np.arange(SIZE * SIZE, dtype="<u2") + 7 * i + number).tobytes()
    ds["PixelData"].VR = "OW"
    return ds
