"""Small synthetic studies with planted identities, and workspaces to link them in."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.sequence import Sequence
from pydicom.uid import ExplicitVRLittleEndian, generate_uid

from modic_annotate.domain.screening import (
    Change,
    MriReference,
    Recorded,
    ScreeningRecord,
    Sex,
    Subject,
    ValueState,
)
from modic_annotate.imaging.headers.header import MR_IMAGE
from modic_annotate.store.workspace import Workspace

AT = datetime(2026, 3, 20, 9, 0, tzinfo=UTC)
NAME, PATIENT_ID = "Grünwald^Käthe Ottilie", "MRN-7788123"
TECHNIQUES = {
    "T2 SAG": {"TR": 3200, "TE": 110, "ETL": 11},
    "T1 SAG": {"TR": 460, "TE": 12, "ETL": 3},
    "STIR SAG": {"TR": 4000, "TE": 60, "ETL": 8, "TI": 150},
}
N_SLICES, SIZE = 5, 24


def identified(ds: Dataset) -> None:
    """Plant an identity wherever scanners and archives write one, and in places they should not."""
    ds.PatientName = NAME
    ds.PatientID = PATIENT_ID
    ds.PatientBirthDate = "19620407"
    ds.PatientSex = "F"
    ds.PatientAge = "058Y"
    ds.StudyDate = ds.SeriesDate = ds.AcquisitionDate = ds.ContentDate = "20260310"
    ds.StudyTime = "101500"
    ds.AccessionNumber = "ACC5550199"
    ds.StudyID = "GRUENWALD1"
    ds.InstitutionName = "Klinik Sonnenhang"
    ds.InstitutionAddress = "Sonnenhang 1, Grünwald"
    ds.StationName = "SONNENMR3"
    ds.ReferringPhysicianName = "Zweig^Hugo"
    ds.OperatorsName = "Grünwald^Käthe"
    ds.PerformingPhysicianName = "Zweig^Hugo"
    ds.OtherPatientNames = "Silberbach^Käthe"
    ds.OtherPatientIDs = "OLD7788123"
    ds.PatientAddress = "Grünwald, Sonnenhang 1"
    ds.PatientComments = ds.ImageComments = "Frau Grünwald, Käthe"
    ds.StudyDescription = "LWS Grünwald"
    ds.DeviceSerialNumber = "SN7788123"
    ds.RequestAttributesSequence = Sequence([Dataset()])
    ds.RequestAttributesSequence[0].ScheduledProcedureStepDescription = "LWS GRÜNWALD"
    ds.ReferencedImageSequence = Sequence([Dataset()])
    ds.ReferencedImageSequence[0].ReferencedSOPInstanceUID = "1.2.3.7788123"
    ds.add_new((0x0029, 0x0010), "LO", "SECRET HEADER")
    ds.add_new((0x0029, 0x1010), "OB", "Grünwald Käthe".encode())
    ds.add_new((0x6000, 0x3000), "OB", b"GRUNWALD" * 4)
    ds.add_new((0x6000, 0x0022), "LO", "Grünwald")


def mr_image(description: str, number: int, uids: dict[str, str]) -> Dataset:
    """One slice of a small sagittal series, plausible to the scan."""
    technique = TECHNIQUES[description]
    ds = Dataset()
    ds.SpecificCharacterSet = "ISO_IR 100"
    ds.SOPClassUID, ds.SOPInstanceUID = MR_IMAGE, generate_uid()
    ds.StudyInstanceUID, ds.SeriesInstanceUID = uids["study"], uids[description]
    ds.FrameOfReferenceUID = uids["frame"]
    ds.Modality, ds.Manufacturer = "MR", "Imaginary Scanners"
    ds.ImageType = ["ORIGINAL", "PRIMARY", "M"]
    ds.SeriesNumber = list(TECHNIQUES).index(description) + 1
    ds.InstanceNumber = number + 1
    ds.SeriesDescription = f"{description} Grünwald_K 7788123 10.03.2026"
    ds.ProtocolName = f"LWS {description} KÄTHE"
    ds.ScanningSequence = "IR" if "TI" in technique else "SE"
    ds.SequenceVariant, ds.ScanOptions = "SK", ""
    ds.RepetitionTime, ds.EchoTime = technique["TR"], technique["TE"]
    ds.EchoTrainLength, ds.InversionTime = technique["ETL"], technique.get("TI", "")
    ds.MagneticFieldStrength = 1.5
    ds.PatientPosition = "HFS"
    ds.ImageOrientationPatient = [0, 1, 0, 0, 0, -1]
    ds.ImagePositionPatient = [(number - 2) * 4.4, -120, 150]
    ds.PixelSpacing = [12, 12]
    ds.SliceThickness, ds.SpacingBetweenSlices = 4, 4.4
    ds.Rows = ds.Columns = SIZE
    ds.SamplesPerPixel, ds.PhotometricInterpretation = 1, "MONOCHROME2"
    ds.BitsAllocated, ds.BitsStored, ds.HighBit, ds.PixelRepresentation = 16, 12, 11, 0
    ds.WindowCenter, ds.WindowWidth = 500, 1000
    values = np.arange(SIZE * SIZE, dtype="<u2").reshape(SIZE, SIZE) + number
    ds.PixelData = values.tobytes()
    ds["PixelData"].VR = "OW"
    return ds


def save(ds: Dataset, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    ds.file_meta = FileMetaDataset()
    ds.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        ds.save_as(path, enforce_file_format=True)


MakeStudy = Callable[..., Path]


@pytest.fixture
def make_study(tmp_path: Path) -> MakeStudy:
    """Write a study of three series whose file names and headers carry an identity."""

    def make(
        folder: str = "GRUENWALD_KAETHE", change: Callable[[Dataset], None] = identified
    ) -> Path:
        uids = {key: generate_uid() for key in ("study", "frame", *TECHNIQUES)}
        target = tmp_path / "medium" / folder
        for description in TECHNIQUES:
            for number in range(N_SLICES):
                ds = mr_image(description, number, uids)
                identified(ds)
                change(ds)
                save(ds, target / f"{description[:2]}_KAETHE_{number}")
        return target

    return make


@pytest.fixture
def ws(tmp_path: Path) -> Workspace:
    return Workspace.create(tmp_path / "ws")


def recorded(value: object) -> dict[str, object]:
    return {"state": ValueState.ASSERTED, "value": value}


@pytest.fixture
def add_record(ws: Workspace) -> Callable[..., ScreeningRecord]:
    """Add a record that fits the planted identity, or differs as asked."""

    def add(
        record_id: str = "case1",
        birth_year: int | None = 1962,
        sex: Sex | None = Sex.FEMALE,
        mri_on: str | None = "2026-03-10",
    ) -> ScreeningRecord:
        subject = Subject(
            subject_id=f"S-{record_id}",
            birth_year=Recorded() if birth_year is None else recorded(birth_year),
            sex=Recorded() if sex is None else recorded(sex),
        )
        record = ScreeningRecord(
            trial_id="trial",
            record_id=record_id,
            subject=subject,
            mri=() if mri_on is None else (MriReference(study_date=mri_on),),
            change=Change(by="coordinator", at=AT),
        )
        ws.add_screening(record, "coordinator")
        return record

    return add
