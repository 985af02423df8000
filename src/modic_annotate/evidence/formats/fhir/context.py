"""What the resources of one reading share: names, references, what may be said."""

from __future__ import annotations

import uuid
from functools import cached_property

from modic_annotate.evidence import document as doc
from modic_annotate.evidence.formats.dicom.uids import uid_of
from modic_annotate.evidence.formats.fhir.elements import Json
from modic_annotate.evidence.formats.of_reading import ReadingContext


def url_of(uid: str) -> str:
    """Return the UUID that stands in a UID of ours (``2.25.<n>``) as a URN."""
    return f"urn:uuid:{uuid.UUID(int=int(uid.removeprefix('2.25.')))}"


class FhirContext(ReadingContext):
    """One signed reading of a package, as its resources refer to it."""

    @property
    def path(self) -> str:
        """Where its bundle lies in the package."""
        return f"{doc.FHIR}{self.reading.reading_id}.json"

    @property
    def status(self) -> str:
        """ObservationStatus: what no person read is preliminary, never final."""
        if self.signed.is_scripted:
            return "preliminary"
        return "amended" if self.reading.supersedes else "final"

    @property
    def instant(self) -> str:
        """When the reading was signed, in UTC."""
        return self.signed.signature.signed_at.strftime("%Y-%m-%dT%H:%M:%SZ")

    @property
    def study_day(self) -> str | None:
        """Day of the MRI as the record states it; None where it does not, or names several."""
        stated = self.contents.screening.mri
        study = self.reading.series[0].study_uid
        named = [one for one in stated if one.study_uid == study]
        found = named or [one for one in stated if one.study_uid is None]
        days = {one.study_date for one in found}
        day = days.pop() if len(days) == 1 else None
        return day.isoformat() if day else None

    def url(self, *what: str) -> str:
        """Return where the resource of a part of this reading stands."""
        return url_of(self.uid(*what))

    @cached_property
    def patient(self) -> str:
        """Where the subject stands; the same in every bundle of the record."""
        return self._of_trial("patient", self.contents.screening.subject.subject_id)

    @cached_property
    def practitioner(self) -> str:
        """Where the reader stands."""
        return self._of_trial("practitioner", self.reading.reader.id)

    @cached_property
    def research_subject(self) -> str:
        """Where the subject's standing in the trial stands."""
        return self._of_trial("research-subject", self.reading.screening.record_id)

    @cached_property
    def device(self) -> str:
        """Where this program stands, by the UID that DICOM objects name it by."""
        return url_of(uid_of("device", self.reading.software.name, self.reading.software.version))

    @property
    def imaging(self) -> str:
        """Where the MRI stands."""
        return self.url("imaging-study")

    @property
    def report(self) -> str:
        """Where the report stands."""
        return self.url("diagnostic-report")

    def identifier(self, kind: str, value: str) -> Json:
        """Return an id that means something within the trial alone, and says of which kind."""
        system = f"urn:oid:{uid_of('identifier', kind, self.reading.screening.trial_id)}"
        return {"type": {"text": kind}, "system": system, "value": value}

    def _of_trial(self, kind: str, name: str) -> str:
        return url_of(uid_of(kind, self.reading.screening.trial_id, name))
