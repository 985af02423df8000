"""The images a reading rests on as DICOM headers, made from what the package says of them.

highdicom wants the data sets an object refers to. Identity, place and grid of every image stand in
the package; pixels are not needed. So the objects can be made again where the images are not.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from pydicom.dataset import Dataset
from pydicom.valuerep import DSfloat

from modic_annotate.domain.grid import Grid
from modic_annotate.domain.series import Instance, SeriesUsed
from modic_annotate.evidence.contents import Contents
from modic_annotate.imaging.headers.header import ENHANCED_MR_IMAGE, MR_IMAGE

DEIDENTIFIED = "modic-annotate: allow-list of attributes, new UIDs, cleaned text"
NO_IDENTITY = "modic-annotate: named by the record's id alone"


@dataclass(frozen=True)
class SourceSeries:
    """One stack as it was read, its images as headers."""

    used: SeriesUsed
    sop_class_uid: str
    patient: Dataset
    """Patient and study attributes that every object of the package shares."""

    @property
    def is_multiframe(self) -> bool:
        """Whether several slices may share one instance."""
        return self.sop_class_uid != MR_IMAGE

    @cached_property
    def by_uid(self) -> dict[str, Dataset]:
        """Header of each instance by its UID; of an enhanced one, placed at its lowest slice."""
        found: dict[str, Dataset] = {}
        for index, instance in zip(self.used.acquired, self.used.instances, strict=True):
            if instance.sop_instance_uid not in found:
                found[instance.sop_instance_uid] = self.header(index, instance)
        return found

    def header(self, index: int, instance: Instance) -> Dataset:
        """Return the header of one slice."""
        used, ds = self.used, Dataset()
        ds.update(self.patient)
        ds.SOPClassUID = self.sop_class_uid
        ds.SOPInstanceUID = instance.sop_instance_uid
        ds.StudyInstanceUID = used.study_uid
        ds.SeriesInstanceUID = used.series_uid
        ds.Modality = "MR"
        ds.InstanceNumber = instance.instance_number
        ds.FrameOfReferenceUID = used.frame_of_reference_uid or ""
        ds.PositionReferenceIndicator = ""
        ds.SamplesPerPixel = 1
        _, ds.Rows, ds.Columns = used.grid.shape
        _place(ds, used.grid, index)
        if self.is_multiframe:
            uid = instance.sop_instance_uid
            ds.NumberOfFrames = 1 + max(
                i.frame for i in used.instances if i.sop_instance_uid == uid
            )
            ds.SharedFunctionalGroupsSequence = [Dataset()]
        thickness = used.acquisition.slice_thickness_mm
        ds.SliceThickness = _ds(thickness if thickness is not None else used.grid.spacing_mm[0])
        return ds


@dataclass(frozen=True)
class Sources:
    """All images of a reading."""

    series: tuple[SourceSeries, ...]

    @property
    def images(self) -> list[Dataset]:
        """Header of every instance, each once."""
        return list({uid: ds for one in self.series for uid, ds in one.by_uid.items()}.values())

    def image(self, sop_instance_uid: str) -> Dataset | None:
        """Return the header of an instance, or None where the reading did not use it."""
        return next((ds for one in self.series if (ds := one.by_uid.get(sop_instance_uid))), None)

    def of(self, used: SeriesUsed) -> SourceSeries:
        """Return one stack."""
        return next(one for one in self.series if one.used == used)


def sources_of(contents: Contents, series: tuple[SeriesUsed, ...]) -> Sources:
    """Return the images of some series of a package."""
    return Sources(tuple(_sources(contents, series)))


def _sources(contents: Contents, series: tuple[SeriesUsed, ...]) -> Iterator[SourceSeries]:
    patient = _patient(contents)
    classes = {
        (one.used.series_uid, one.used.stack): one.sop_class_uid for one in contents.series.series
    }
    for used in series:
        uids = [instance.sop_instance_uid for instance in used.instances]
        guess = MR_IMAGE if len(set(uids)) == len(uids) else ENHANCED_MR_IMAGE
        yield SourceSeries(used, classes.get((used.series_uid, used.stack)) or guess, patient)


def _patient(contents: Contents) -> Dataset:
    """Return patient and study as every object states them: a record, and nobody's name."""
    ds = Dataset()
    ds.SpecificCharacterSet = "ISO_IR 192"
    ds.PatientID = contents.screening.record_id
    ds.PatientName = f"{ds.PatientID}^"  # a lone name component; the images say it without
    sex = contents.screening.subject.sex.value
    ds.PatientSex = sex.value if sex else ""
    ds.PatientIdentityRemoved = "YES"
    is_copy = contents.series.images == "deidentified"
    ds.DeidentificationMethod = DEIDENTIFIED if is_copy else NO_IDENTITY
    for empty in (
        "PatientBirthDate",
        "StudyDate",
        "StudyTime",
        "StudyID",
        "AccessionNumber",
        "ReferringPhysicianName",
    ):
        setattr(ds, empty, "")
    return ds


def _place(ds: Dataset, grid: Grid, index: int) -> None:
    """Write position, orientation and spacing of one slice (PS3.3 C.7.6.2)."""
    steps = grid.matrix[:3, :3].T
    _, down, right = steps / np.linalg.norm(steps, axis=1, keepdims=True)
    ds.ImageOrientationPatient = [_ds(v) for v in (*right, *down)]
    ds.ImagePositionPatient = [_ds(v) for v in grid.to_lps((index, 0, 0))]
    between, row_mm, column_mm = grid.spacing_mm
    ds.PixelSpacing = [_ds(row_mm), _ds(column_mm)]
    if grid.shape[0] > 1:
        ds.SpacingBetweenSlices = _ds(between)


def _ds(value: float) -> DSfloat:
    """Return a decimal string of at most 16 characters (PS3.5 6.2)."""
    return DSfloat(round(float(value), 10) + 0.0, auto_format=True)
