"""Read a FHIR bundle of this tool back into what it holds of a reading."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from pydantic import ValidationError
from pydicom.sr.coding import Code

from modic_annotate.domain.finding import DiscFinding, Finding
from modic_annotate.domain.numbering import Numbering
from modic_annotate.errors import InvalidRecordError
from modic_annotate.evidence.formats.dicom import codes as c
from modic_annotate.evidence.formats.dicom import terms_spine as ts
from modic_annotate.evidence.formats.dicom.held import HeldReading, HeldSeries
from modic_annotate.evidence.formats.fhir.elements import Json
from modic_annotate.evidence.formats.fhir.read_values import (
    disc_at,
    key_of,
    note_of,
    oid_of,
    said,
    values_of_finding,
)
from modic_annotate.store.canonical import problems_of


def reading_from_fhir(path: Path) -> HeldReading:
    """Read a bundle that this tool wrote.

    Raises
    ------
    InvalidRecordError
        It is no such bundle, or damaged.
    """
    try:
        return _Bundle(json.loads(path.read_bytes())).held()
    except ValidationError as error:
        raise InvalidRecordError(path.name, problems_of(error)) from error
    except (AttributeError, LookupError, TypeError, ValueError, RecursionError) as error:
        problem = f"not a FHIR bundle of modic-annotate ({type(error).__name__})"
        raise InvalidRecordError(path.name, [problem]) from error


@dataclass
class _Bundle:
    content: Json

    def held(self) -> HeldReading:
        statement = said(self._observed(c.STATEMENT)[0])
        provenance = self._one("Provenance")
        sources = [e["what"]["identifier"] for e in provenance["entity"] if e["role"] == "revision"]
        return HeldReading(
            reading_id=_id(self._one("DiagnosticReport")),
            record_id=_id(self._one("ResearchSubject")),
            reader_id=_id(self._one("Practitioner")),
            study_uid=oid_of(_id(self._one("ImagingStudy"))),
            signed_at=provenance["recorded"],
            software_version=self._one("Device")["version"][0]["value"],
            purpose=statement.coded(ts.READING_CODED[0]),
            protocol=statement.text(c.PROTOCOL),
            scripted=statement.coded(ts.READING_CODED[1]),
            supersedes=next((one["value"] for one in sources), None),
            red_flags=statement.coded(ts.RED_FLAG),
            note=note_of(self._observed(c.STATEMENT)[0]),
            series=self._series,
            numbering=self._numbering(),
            endplates=(),
            findings=tuple(
                Finding(**values_of_finding(one, self._series))
                for one in self._observed(c.CLASSIFICATION)
            ),
            discs=tuple(_disc(one) for one in self._observed(c.DISC)),
        )

    @cached_property
    def _resources(self) -> tuple[Json, ...]:
        return tuple(entry["resource"] for entry in self.content["entry"])

    def _one(self, kind: str) -> Json:
        return next(one for one in self._all(kind))

    def _all(self, kind: str) -> list[Json]:
        found = [one for one in self._resources if one["resourceType"] == kind]
        if not found:
            raise LookupError(kind)
        return found

    def _observed(self, code: Code) -> list[Json]:
        return [one for one in self._all("Observation") if key_of(one["code"]) == code.value]

    @cached_property
    def _series(self) -> tuple[HeldSeries, ...]:
        return tuple(
            HeldSeries(
                series_uid=one["uid"],
                role=one["description"].partition(":")[0],
                frame_of_reference_uid=None,
                sop_instance_uids=tuple(instance["uid"] for instance in one["instance"]),
            )
            for one in self._one("ImagingStudy")["series"]
        )

    def _numbering(self) -> Numbering:
        told = said(self._observed(c.NUMBERING)[0])
        return Numbering(
            **told.all_coded(ts.NUMBERING_CODED),
            **told.numbers(ts.NUMBERING_NUMBERS),
            frame_of_reference_uid=told.text(c.FRAME_OF_REFERENCE) or None,
        )


def _disc(observation: Json) -> DiscFinding:
    told = said(observation)
    return DiscFinding(
        disc=disc_at(observation["bodySite"]),
        note=note_of(observation),
        **told.all_coded(ts.DISC_CODED),
        **told.numbers(ts.DISC_NUMBERS),
    )


def _id(resource: Json) -> str:
    value: str = resource["identifier"][0]["value"]
    return value
