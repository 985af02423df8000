"""The whole main job on one study, so that anyone can see it work end to end.

Workspace, record, link, reading, determination, package, verification: the same parts a reader
and a coordinator use. Without a display the acts are posted as real key and mouse events on a
virtual one, and the signature says ``scripted-demo``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from modic_annotate import imaging
from modic_annotate.conduct.case import assess_case
from modic_annotate.conduct.display import virtual_display
from modic_annotate.conduct.link import link_study
from modic_annotate.conduct.room import find_room
from modic_annotate.conduct.screening_import import import_record, read_screening
from modic_annotate.domain.determination import Determination
from modic_annotate.domain.links import ReadingLink
from modic_annotate.domain.readers import Reader
from modic_annotate.domain.screening import ScreeningRecord
from modic_annotate.eligibility.fitting import fitting_record
from modic_annotate.errors import (
    ExportError,
    IncompleteReadingError,
    NothingReadableError,
    UnknownRecordError,
)
from modic_annotate.evidence import verify_evidence, write_evidence
from modic_annotate.samples import sample_folder
from modic_annotate.store.canonical import canonical_bytes
from modic_annotate.store.workspace import Workspace

READER = Reader(id="R01", display_name="Demo Reader", role="reader", title="demonstration")
CRITERIA = ("fda_510k_bvna", "trial_intracept")
PACKAGED = CRITERIA[0]
AS_OF = date(2026, 3, 20)
"""The sample's own day of judgement: ten days after its (synthetic) MRI."""

TRIAL = "demo-trial"
OPERATOR = "demo"

Say = Callable[[str], None]


@dataclass(frozen=True)
class DemoInput:
    """What the demo reads: a study, the record it belongs to, and the acts of a reading."""

    dicom: Path
    acts: Path
    record: Path | None
    """A screening record file; None makes one that fits the study, plainly synthetic."""


@dataclass(frozen=True)
class DemoResult:
    """Where everything the demo made lies."""

    workspace: Path
    record: str
    acts: Path
    reading: Path
    package: Path
    screenshots: tuple[Path, ...]
    determinations: tuple[Determination, ...]

    def to_json(self) -> dict[str, object]:
        """Return the paths as the command prints them for machines."""
        return {
            "workspace": str(self.workspace),
            "record": self.record,
            "acts": str(self.acts),
            "reading": str(self.reading),
            "package": str(self.package),
            "screenshots": [str(path) for path in self.screenshots],
        }


def sample_input() -> DemoInput:
    """Return the synthetic sample that comes with the package."""
    folder = sample_folder()
    return DemoInput(
        dicom=folder / "study",
        acts=folder / "lesions.acts.jsonl",
        record=folder / "screening-record.json",
    )


def prepare(workspace: Path, given: DemoInput, say: Say) -> tuple[Workspace, str]:
    """Make a workspace with a reader, the screening record and the linked study."""
    ws = Workspace.create(workspace, trial_id=TRIAL)
    ws.add_reader(READER)
    if given.record is None:
        record_file = workspace / "sources" / "fitting-record.json"
        record_file.parent.mkdir(exist_ok=True)
        record_file.write_bytes(canonical_bytes(_fitting(given.dicom)))
    else:
        record_file = given.record
    record_id = read_screening(record_file).record_id
    say(import_record(ws, record_file, by=OPERATOR).message)
    say(link_study(ws, record_id, [given.dicom], by=OPERATOR).message)
    return ws, record_id


def read_scripted(ws: Workspace, record_id: str, acts: Path) -> tuple[Path, ...]:
    """Replay the acts as real events in the real room on a virtual display; return the pictures."""
    room = find_room()
    pictures = ws.root / "screenshots"
    with virtual_display():
        result = room.replay(ws.root, record_id, READER.id, acts, pictures)
    if not result.signed:
        raise IncompleteReadingError([f"{acts.name} ended before the reading was signed"])
    return result.screenshots


def conclude(
    ws: Workspace, record_id: str, given: DemoInput, as_of: date, pictures: tuple[Path, ...]
) -> DemoResult:
    """Assess the signed reading, write the internal package and verify it."""
    reading = signed_reading_file(ws, record_id)
    determinations = tuple(assess_case(ws, record_id, name, as_of) for name in CRITERIA)
    out = ws.root / "evidence" / record_id / f"{PACKAGED}-{as_of.isoformat()}"
    package = write_evidence(ws, record_id, PACKAGED, as_of, out, profile="internal")
    verification = verify_evidence(package.path, dicom=given.dicom, root=package.root_sha256)
    if not verification.ok:
        raise ExportError(f"The package just written does not verify: {verification.text()}")
    return DemoResult(
        ws.root, record_id, given.acts, reading, package.path, pictures, determinations
    )


def signed_reading_file(ws: Workspace, record_id: str) -> Path:
    """Return the file of the record's newest signed reading."""
    links = [link for link in ws.links(record_id) if isinstance(link, ReadingLink)]
    if not links:
        raise UnknownRecordError(f"Record {record_id} has no signed reading yet")
    return ws.root / links[-1].path


def judgement_day(given: DemoInput) -> date:
    """Return the day to judge by: the sample's own, else the day of the study."""
    if given.record is not None:
        screened = read_screening(given.record).screened_on
        return max(filter(None, (screened, AS_OF)))
    days = [_study_day(s.patient.study_date) for s in imaging.scan(given.dicom).series]
    return max((day for day in days if day), default=AS_OF)


def _fitting(dicom: Path) -> ScreeningRecord:
    series = imaging.scan(dicom).series
    if not series:
        raise NothingReadableError(f"No MR series in {dicom}; give a folder of DICOM images")
    patient = series[0].patient
    return fitting_record(
        TRIAL, "demo-001", patient.birth_year, patient.sex, _study_day(patient.study_date)
    )


def _study_day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
