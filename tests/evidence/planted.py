"""A workspace whose sample was read by a person, with an identity planted in every place."""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pydicom
from pydicom.dataset import Dataset

from modic_annotate.conduct.deciding import Decision, Judged, Signer, resolve, sign_determination
from modic_annotate.conduct.link import link_study
from modic_annotate.domain.finding import Origin
from modic_annotate.domain.readers import Reader
from modic_annotate.domain.screening import Change, ScreeningRecord
from modic_annotate.samples import sample_folder
from modic_annotate.session.acts import ACT
from modic_annotate.session.session import ReadingSession
from modic_annotate.store.workspace import Workspace
from tests.conduct.conftest import identified

RECORD, SET, AS_OF = "demo-001", "trial_intracept", date(2026, 4, 1)
AT = datetime(2026, 3, 20, 9, 0, tzinfo=UTC)
HOSPITAL_UID = "1.2.276.0.7788123.4.1"

IN_HEADERS = {
    "patient's name": "Grünwald",
    "second given name": "Ottilie",
    "other name": "Silberbach",
    "patient id": "7788123",
    "other patient id": "OLD7788123",
    "birth date": "19790514",
    "accession number": "ACC5550199",
    "study id": "GRUENWALD1",
    "institution": "Sonnenhang",
    "station": "SONNENMR3",
    "physician": "Zweig",
    "serial number": "SN7788123",
    "private element": "SECRET HEADER",
    "folder and file names": "GRUENWALD_KAETHE",
}
"""Place -> word, as `identified` plants them in headers, nested items, overlays and file names."""

IN_RECORD = {
    "/subject/screening_number": "Lindqvist-01",
    "/subject/site_id": "Haus-Birkental",
    "/subject/birth_year/source_document": "letter of Dr. Abendroth",
    "/subject/birth_year/recorded_by": "Nurse Kowalska",
    "/subject/sex/source_document": "card of Morgenstern",
    "/consent/version/value": "form signed by Osterwald",
    "/consent/given_on/source_document": "consent of Rosenthal",
    "/protocol_version": "copy of Feldkamp",
    "/scores/odi_version": "sheet of Wintergerst",
    "/scores/odi_percent/source_document": "ODI of Hagemeister",
    "/scores/pain_score/recorded_by": "Pfleger Tannhauser",
    "/care/episodes/0/source_document": "physio Liebermann",
    "/mri/0/report_document": "report Steinbrecher",
    "/mri/0/radiologist_id": "dr-Hallgrimsson",
    "/mri/0/sequences": ["T1 of Nordstrom"],
    "/mri/0/study_uid": HOSPITAL_UID,
    "/screen_fail_reasons": ["told by Vandermeer"],
}
"""JSON pointer of the screening record -> what is planted there."""

BY_PEOPLE = {
    "who changed the record": "Schwester-Ingeborg",
    "reason of a change": "call of Frau Quistorp",
    "who linked": "Pfleger-Ruprecht",
    "note on an endplate": "known to Weyerhaeuser",
    "note on the reading": "compare Oppenheimer",
    "note of a red flag": "ring Familie Zuckerman",
    "reason of cover": "Herr Breitenbach left the scanner",
    "reason of a resolution": "asked Frau Eisenhardt",
    "reader's name": "Hildegard Rautenstrauch",
    "reader's title": "Chefin am Birkental",
    "attachment": "Bericht Dannenfels",
    "import file": "Zeile Mittermaier",
}
"""Place -> what people typed there."""

ALL_PLACES = {**IN_HEADERS, **IN_RECORD, **BY_PEOPLE}


def plant_in_images(target: Path) -> Path:
    """Write the sample's study with an identity in its headers and names."""
    target = target / "GRUENWALD_KAETHE"
    target.mkdir(parents=True)
    for number, path in enumerate(sorted((sample_folder() / "study").iterdir())):
        ds = pydicom.dcmread(path)
        description = ds.SeriesDescription
        identified(ds)
        ds.PatientBirthDate = "19790514"
        ds.SeriesDescription = f"{description} Grünwald_K"
        ds.SpecificCharacterSet = "ISO_IR 100"
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ds.save_as(target / f"GRUENWALD_KAETHE_{number}")
    return target


def planted_record() -> ScreeningRecord:
    """Return the sample's record with an identity in every text."""
    told: dict[str, Any] = json.loads(
        (sample_folder() / "screening-record.json").read_text("utf-8")
    )
    for pointer, text in IN_RECORD.items():
        *steps, last = pointer.split("/")[1:]
        place: Any = told
        for step in steps:
            place = place[int(step)] if isinstance(place, list) else place[step]
        place[last] = text
    told["scores"]["pain_instrument"] = "NRS"
    return ScreeningRecord.model_validate_json(
        json.dumps(told | {"change": None or _change().model_dump(mode="json")})
    )


def _change() -> Change:
    return Change(
        by=BY_PEOPLE["who changed the record"], at=AT, reason=BY_PEOPLE["reason of a change"]
    )


def acts() -> Iterator[dict[str, Any]]:
    """Yield the sample's acts with notes in every field that takes one."""
    lines = (sample_folder() / "lesions.acts.jsonl").read_text("utf-8").splitlines()
    for act in map(json.loads, lines):
        if act["act"] == "sign":
            note = BY_PEOPLE["note on an endplate"]
            yield {"act": "set_field", "endplate": "L4-inferior", "field": "note", "value": note}
            yield {"act": "note", "text": BY_PEOPLE["note on the reading"]}
            yield {
                "act": "raise_red_flag",
                "kind": "other",
                "note": BY_PEOPLE["note of a red flag"],
            }
            act["not_covered_reason"] = BY_PEOPLE["reason of cover"]
        yield act


def make_planted(
    root: Path, change: Callable[[Dataset], None] = lambda _ds: None
) -> tuple[Workspace, Path]:
    """Return a workspace with everything planted, read by hand and decided, and its medium."""
    ws = Workspace.create(root / "ws", "demo-trial")
    ws.add_reader(
        Reader(
            id="R01",
            display_name=BY_PEOPLE["reader's name"],
            title=BY_PEOPLE["reader's title"],
        )
    )
    ws.add_screening(planted_record(), BY_PEOPLE["who changed the record"])
    medium = plant_in_images(root)
    link_study(ws, RECORD, [medium], by=BY_PEOPLE["who linked"])
    with ReadingSession.start(ws, RECORD, "R01") as session:
        for act in acts():
            session.act(ACT.validate_python(act), Origin.KEY)
    judged = Judged(SET, AS_OF)
    reason = BY_PEOPLE["reason of a resolution"]
    resolve(ws, RECORD, judged, Decision("IN-6", "met", reason, "R01"))
    sign_determination(ws, RECORD, judged, Signer("R01"))
    ws.store.put_new(f"attachments/{RECORD}/a.txt", BY_PEOPLE["attachment"].encode())
    ws.store.put_new("sources/all.csv", BY_PEOPLE["import file"].encode())
    return ws, medium
