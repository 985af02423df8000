"""Read a structured report of this tool back into what it holds of a reading."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path

import pydicom
from pydantic import ValidationError
from pydicom.dataset import Dataset
from pydicom.errors import InvalidDicomError
from pydicom.sr.coding import Code

from modic_annotate.domain.finding import DiscFinding, Finding
from modic_annotate.domain.numbering import BodyCentre, Numbering
from modic_annotate.domain.reading import EndplateLine
from modic_annotate.errors import InvalidRecordError
from modic_annotate.evidence.formats.dicom import codes as c
from modic_annotate.evidence.formats.dicom import terms as t
from modic_annotate.evidence.formats.dicom import terms_spine as ts
from modic_annotate.evidence.formats.dicom.held import HeldReading, HeldSeries
from modic_annotate.evidence.formats.dicom.read_fields import (
    coded,
    coded_value,
    line_of,
    numbers,
    text,
    values_of_finding,
)
from modic_annotate.evidence.formats.dicom.read_tree import (
    LIBRARY_GROUP,
    Item,
    finding_of,
    key_of,
    measurement_groups,
    tracking_id,
)
from modic_annotate.store.canonical import problems_of

LIBRARY = ("111028", "DCM")
LOGIN_NAME = ("128774", "DCM")
FRAME_OF_REFERENCE = ("112227", "DCM")


def reading_from_sr(path: Path) -> HeldReading:
    """Read a report that this tool wrote.

    Raises
    ------
    InvalidRecordError
        It is no such report, or damaged.
    """
    try:
        return _Report(pydicom.dcmread(path)).held()
    except InvalidDicomError:
        problem = "not a DICOM file"
    except (AttributeError, LookupError, TypeError, ValueError) as error:
        if isinstance(error, ValidationError):
            raise InvalidRecordError(path.name, problems_of(error)) from error
        problem = f"not a report of modic-annotate ({type(error).__name__})"
    raise InvalidRecordError(path.name, [problem])


@dataclass
class _Report:
    ds: Dataset

    def held(self) -> HeldReading:
        statement, ds = self._one(c.STATEMENT), self.ds
        return HeldReading(
            reading_id=tracking_id(statement),
            record_id=ds.PatientID,
            reader_id=text(Item(ds), LOGIN_NAME),
            study_uid=ds.StudyInstanceUID,
            signed_at=datetime.strptime(
                f"{ds.ContentDate}{ds.ContentTime}{ds.TimezoneOffsetFromUTC}", "%Y%m%d%H%M%S%z"
            ),
            software_version=ds.SoftwareVersions,
            protocol=text(statement, key_of(c.PROTOCOL)),
            scripted=bool(coded_value(statement, ts.READING_CODED[1])),
            purpose=coded_value(statement, ts.READING_CODED[0]),
            supersedes=text(statement, key_of(c.SUPERSEDES)) or None,
            red_flags=coded_value(statement, ts.RED_FLAG) or (),
            note=text(statement, key_of(c.COMMENT)),
            series=self._series,
            numbering=self._numbering(),
            endplates=tuple(self._lines()),
            findings=tuple(
                Finding(**values_of_finding(group, self._series)) for group in self._endplates
            ),
            discs=tuple(self._discs()),
        )

    @cached_property
    def _groups(self) -> tuple[Item, ...]:
        return measurement_groups(self.ds)

    @cached_property
    def _endplates(self) -> tuple[Item, ...]:
        """The groups of endplates; painted ones are tracked alike, and name no surface."""
        return tuple(group for group in self._groups if group.first(key_of(c.SURFACE)))

    @cached_property
    def _series(self) -> tuple[HeldSeries, ...]:
        library = Item(self.ds).first(LIBRARY)
        series_of = _series_by_instance(self.ds)
        groups = library.below(LIBRARY_GROUP) if library else ()
        return tuple(_held_series(group, series_of) for group in groups)

    def _one(self, finding: Code) -> Item:
        found = next(iter(self._all(finding)), None)
        if found is None:
            raise LookupError(finding.meaning)
        return found

    def _all(self, finding: Code) -> Iterable[Item]:
        return (g for g in self._groups if finding_of(g) == key_of(finding))

    def _numbering(self) -> Numbering:
        group = self._one(c.NUMBERING)
        bodies, frames = [], []
        for body in self._all(c.BODY_CENTRE):
            place = next(body.below(kind="SCOORD3D"))
            frames.append(str(place.ds.ReferencedFrameOfReferenceUID))
            bodies.append(
                BodyCentre(
                    vertebra=tracking_id(body),
                    centroid_lps_mm=place.points[0],
                    origin=coded_value(body, t.BODY_ORIGIN),
                )
            )
        stated = text(group, key_of(c.FRAME_OF_REFERENCE)) or None
        return Numbering(
            **coded(group, ts.NUMBERING_CODED),
            **numbers(group, ts.NUMBERING_NUMBERS),
            frame_of_reference_uid=next(iter(frames), stated),
            bodies=tuple(bodies),
        )

    def _lines(self) -> Iterable[EndplateLine]:
        lines = (line_of(group, self._series) for group in self._endplates)
        return (line for line in lines if line is not None)

    def _discs(self) -> Iterable[DiscFinding]:
        for group in self._all(c.DISC):
            yield DiscFinding(
                disc=tracking_id(group),
                note=text(group, key_of(c.COMMENT)),
                **coded(group, ts.DISC_CODED),
                **numbers(group, ts.DISC_NUMBERS),
            )


def _series_by_instance(ds: Dataset) -> dict[str, str]:
    """Return the series of each instance the report rests on."""
    return {
        str(instance.ReferencedSOPInstanceUID): str(series.SeriesInstanceUID)
        for study in ds.CurrentRequestedProcedureEvidenceSequence
        for series in study.ReferencedSeriesSequence
        for instance in series.ReferencedSOPSequence
    }


def _held_series(group: Item, series_of: dict[str, str]) -> HeldSeries:
    uids = tuple(image.sop_instance_uid for image in group.below(kind="IMAGE"))
    frame = group.first(FRAME_OF_REFERENCE)
    return HeldSeries(
        series_uid=series_of[uids[0]],
        role=text(group, key_of(c.SLOT)),
        frame_of_reference_uid=str(frame.ds.UID) if frame else None,
        sop_instance_uids=uids,
    )
