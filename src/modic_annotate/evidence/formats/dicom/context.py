"""What all DICOM objects of one reading share, and how each becomes the same bytes every time."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import datetime
from functools import cached_property
from typing import Any

from highdicom.sr import (
    CodedConcept,
    DeviceObserverIdentifyingAttributes,
    ObserverContext,
    PersonObserverIdentifyingAttributes,
)
from pydicom.dataset import Dataset
from pydicom.sr.codedict import codes
from pydicom.uid import UID, ExplicitVRLittleEndian

from modic_annotate.domain.reading import Purpose
from modic_annotate.evidence import document as doc
from modic_annotate.evidence.formats.dicom import codes as c
from modic_annotate.evidence.formats.dicom.sources import Sources, sources_of
from modic_annotate.evidence.formats.dicom.uids import uid_of
from modic_annotate.evidence.formats.of_reading import ReadingContext

MAKER = "modic-annotate"
NO_UID = "2.25.0"
"""Stands for the instance's own UID until its content is known."""

SERIES_NUMBERS = {"sr": 9001, "seg": 9002, "kos": 9003, "pr": 9004}
"""Behind every number a scanner gives."""

IMAGE_MODALITIES = ("SEG", "PR")
"""What has a body part: without, validators ask for its laterality (PS3.3 C.7.3.1)."""

DATES = ("InstanceCreationDate", "ContentDate", "SeriesDate", "PresentationCreationDate")
TIMES = ("InstanceCreationTime", "ContentTime", "SeriesTime", "PresentationCreationTime")
DATE_TIMES = ("VerificationDateTime", "ContributionDateTime")


class DicomContext(ReadingContext):
    """One signed reading of a package, as its DICOM objects refer to it."""

    @property
    def folder(self) -> str:
        """Where its objects lie in the package."""
        return f"{doc.DICOM}{self.reading.reading_id}/"

    @cached_property
    def sources(self) -> Sources:
        """The images it rests on."""
        return sources_of(self.contents, self.reading.series)

    def common(self, kind: str, number: int = 1) -> dict[str, Any]:  # highdicom's, of any type
        """Return the arguments all of highdicom's objects take; `number` within its series."""
        return {
            "series_instance_uid": self.uid("series", kind),
            "series_number": SERIES_NUMBERS[kind],
            "sop_instance_uid": NO_UID,
            "instance_number": number,
            "manufacturer": MAKER,
            "manufacturer_model_name": MAKER,
            "software_versions": self.contents.document.tool.version,
            "device_serial_number": "none",
            "transfer_syntax_uid": ExplicitVRLittleEndian,
        }

    def finished(self, ds: Dataset) -> bytes:
        """Return an object as a file: times of the signature, a UID made of its content."""
        at = self.signed.signature.signed_at
        for part in _items(ds):
            _set_times(part, at)
        source = self.sources.images[0]
        del ds.PatientName  # the element is the source's own; a new one takes its place
        ds.PatientName = str(source.PatientName).rstrip("^")
        ds.PatientIdentityRemoved = source.PatientIdentityRemoved
        ds.DeidentificationMethod = source.DeidentificationMethod
        ds.TimezoneOffsetFromUTC = "+0000"
        if ds.Modality in IMAGE_MODALITIES:
            ds.BodyPartExamined = "LSPINE"
        nameless = _encoded(ds)
        rest = nameless[len(_encoded(_head(ds))) :]
        uid = uid_of(nameless)
        ds.SOPInstanceUID = uid
        ds.file_meta.MediaStorageSOPInstanceUID = UID(uid)
        return _encoded(_head(ds)) + rest

    def observers(self) -> list[ObserverContext]:
        """Return who observed: the reader by id alone, with this program."""
        reader = self.reading.reader
        eligible = self.reading.purpose == Purpose.ELIGIBILITY
        person = PersonObserverIdentifyingAttributes(
            name=person_name(reader.id),
            login_name=reader.id,
            role_in_procedure=CodedConcept.from_code(c.ELIGIBILITY_READER) if eligible else None,
        )
        version = self.contents.document.tool.version
        device = DeviceObserverIdentifyingAttributes(
            uid=uid_of("device", MAKER, version),
            name=MAKER,
            manufacturer_name=MAKER,
            model_name=f"{MAKER} {version}",
        )
        return [
            ObserverContext(codes.DCM.Person, person),
            ObserverContext(codes.DCM.Device, device),
        ]


def person_name(reader_id: str) -> str:
    """Return a reader's id where DICOM wants a person's name (VR PN): no name stands there."""
    return f"{reader_id}^"


def _items(ds: Dataset) -> Iterator[Dataset]:
    yield ds
    for element in ds:
        if element.VR == "SQ":
            for item in element.value:
                yield from _items(item)


def _set_times(ds: Dataset, at: datetime) -> None:
    """Replace what the libraries took from the clock."""
    day, time = at.strftime("%Y%m%d"), at.strftime("%H%M%S")
    for keywords, value in ((DATES, day), (TIMES, time), (DATE_TIMES, f"{day}{time}+0000")):
        for keyword in keywords:
            if keyword in ds:
                setattr(ds, keyword, value)


def _head(ds: Dataset) -> Dataset:
    """Return the part of an object that ends with its own UID; what follows does not name it."""
    head = ds[: ds["SOPInstanceUID"].tag + 1]
    head.file_meta = ds.file_meta
    return head


def _encoded(ds: Dataset) -> bytes:
    buffer = io.BytesIO()
    ds.save_as(buffer, enforce_file_format=True)
    return buffer.getvalue()
