"""What a bundle says, what it does not, and that it is the same each time."""

from __future__ import annotations

import hashlib
import json
from base64 import urlsafe_b64decode
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest.mock import MagicMock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modic_annotate.domain.finding import DiscFinding, Finding
from modic_annotate.domain.screening import ScreeningStatus
from modic_annotate.domain.spine import Endplate, disc_levels, endplates_between, spine_order
from modic_annotate.errors import InvalidRecordError
from modic_annotate.evidence import document as doc
from modic_annotate.evidence.bag import Files
from modic_annotate.evidence.contents import Contents
from modic_annotate.evidence.document import Profile
from modic_annotate.evidence.formats.dicom.uids import uid_of
from modic_annotate.evidence.formats.fhir.context import FhirContext
from modic_annotate.evidence.formats.fhir.held import held_in_fhir
from modic_annotate.evidence.formats.fhir.observations import observations
from modic_annotate.evidence.formats.fhir.read import reading_from_fhir
from modic_annotate.evidence.formats.fhir.resources import SUBJECT_STATUS
from modic_annotate.store.canonical import canonical_bytes
from tests.evidence.conftest import reading as small_reading
from tests.evidence.conftest import sign
from tests.evidence.dicom.conftest import changed
from tests.evidence.fhir.conftest import Bundle, by_a_person, endplate, made, resources

READING = small_reading()
GOLDEN = Path(__file__).parents[1] / "golden" / "fhir-endplates.json"


def told(contents: Contents) -> object:
    one = contents.signed[0]
    return held_in_fhir(one.reading, one.signature)


def references(content: Any) -> Iterator[str]:
    """Yield every literal reference below a value."""
    if isinstance(content, dict):
        if isinstance(content.get("reference"), str):
            yield content["reference"]
        content = list(content.values())
    if isinstance(content, list):
        for one in content:
            yield from references(one)


def test_the_sample_reads_back_equal(sample_bag: Files, bundles: dict[str, Path]) -> None:
    """Findings, numbering, series, reader and time survive; nothing is added."""
    assert reading_from_fhir(bundles["sample"]) == told(Contents(sample_bag))


def test_everything_a_reading_can_say_reads_back_equal(
    rich_contents: Contents, bundles: dict[str, Path]
) -> None:
    """Every field in use, odd characters, three types, an unread and an unreadable endplate."""
    back = reading_from_fhir(bundles["rich"])
    assert back == told(rich_contents)
    words = [one.words for one in back.findings[:3]]
    assert words == ["type 3 = 1 > 2", "cannot be read", "not read"]


def test_what_is_no_bundle_of_ours_is_refused_by_name(
    bundles: dict[str, Path], tmp_path: Path
) -> None:
    """A letter, another list, a cut file or a code there is not give one sentence."""
    whole = bundles["rich"].read_text("utf-8")
    rule = tmp_path / "rule.json"
    rule.write_text(whole.replace('"value":40.5', '"value":140.5'), "utf-8")
    with pytest.raises(InvalidRecordError, match=r"rule\.json is not valid: .*less than"):
        reading_from_fhir(rule)
    strange = whole.replace("EP-SUP", "EP-TOP")
    for spoilt in ("a letter", "[]", '{"entry":[]}', whole[:900], strange):
        path = tmp_path / "letter.json"
        path.write_text(spoilt, "utf-8")
        with pytest.raises(InvalidRecordError, match=r"letter\.json is not valid: not a FHIR"):
            reading_from_fhir(path)


def test_every_reference_leads_somewhere(bundle: Bundle, rich_bundle: Bundle) -> None:
    """Each literal reference is the place of a resource in the same bundle, each place is one."""
    for one in (bundle, rich_bundle):
        places = [entry["fullUrl"] for entry in one["entry"]]
        assert len(set(places)) == len(places)
        assert set(references(one)) <= set(places)
        results = resources(one, "DiagnosticReport")[0]["result"]
        assert len(results) == len(resources(one, "Observation"))


def test_a_bundle_is_the_same_bytes_each_time(sample_bag: Files, bundles: dict[str, Path]) -> None:
    """No clock and no chance; another content has another identifier."""
    first = bundles["sample"].read_bytes()
    assert made(Contents(sample_bag)) == first
    other = json.loads(made(changed(sample_bag, lambda r: r.replace(note="changed"))))
    assert other["identifier"] != json.loads(first)["identifier"]


def test_endplates_have_the_uid_their_dicom_report_tracks_them_by(
    sample_bag: Files, bundle: Bundle
) -> None:
    """Report and bundle can be matched without comparing names."""
    uid = uid_of(Contents(sample_bag).signed[0].reading_bytes, "endplate", "L4-inferior")
    found = endplate(bundle, "L4 inferior endplate")["identifier"]
    assert found == [{"system": "urn:dicom:uid", "value": f"urn:oid:{uid}"}]


def test_none_cannot_be_read_and_not_read_are_three_things(
    bundle: Bundle, rich_bundle: Bundle
) -> None:
    """Absent is a value; what nobody read, or nobody could, has none and says why."""
    none = endplate(bundle, "L1 inferior endplate")
    assert none["valueCodeableConcept"]["coding"][0]["code"] == "MC0"
    first, second, third = first_three(rich_bundle)
    assert "valueCodeableConcept" in first
    for one, reason in ((second, "unknown"), (third, "not-performed")):
        assert "valueCodeableConcept" not in one
        assert one["dataAbsentReason"]["coding"][0]["code"] == reason
        words = json.dumps(one).lower()
        assert "normal" not in words
        assert "absent" not in words.replace("dataabsentreason", "").replace("data-absent", "")
        assert "no modic change" not in words


def first_three(bundle: Bundle) -> list[Any]:
    every = resources(bundle, "Observation")
    return [one for one in every if "endplate" in one.get("bodySite", {}).get("text", "")][:3]


def test_golden_endplates(bundle: Bundle) -> None:
    """An endplate with a change and one without are the JSON that is kept as a golden file."""
    kept = [endplate(bundle, f"L4 {side} endplate") for side in ("inferior", "superior")]
    found = canonical_bytes([without_names(one) for one in kept])
    assert found == GOLDEN.read_bytes()


def without_names(observation: Any) -> Any:
    """Leave out what follows from hashes of the whole reading, and UIDs of images."""
    names = ("identifier", "subject", "performer", "device", "derivedFrom", "issued")
    kept = {key: value for key, value in observation.items() if key not in names}
    said = [c for c in kept["component"] if not c.get("valueString", "").startswith("urn:oid:")]
    return {**kept, "component": said}


@pytest.mark.parametrize("status", list(ScreeningStatus))
def test_the_subjects_standing_is_what_people_recorded(
    sample_bag: Files, status: ScreeningStatus
) -> None:
    """No status becomes "eligible", whatever the criteria say; only a failed one "ineligible"."""
    payload = {p: c for p, c in sample_bag.items() if p.startswith("data/")}
    screening = Contents(payload).screening.replace(status=status)
    text = made(Contents({**payload, doc.SCREENING: canonical_bytes(screening)}))
    subject = resources(json.loads(text), "ResearchSubject")[0]
    assert subject["status"] == SUBJECT_STATUS[status] != "eligible"
    words = text.decode().lower().replace("eligibility", "")
    assert ("eligible" in words) == (status == ScreeningStatus.SCREEN_FAILED)


def test_nobody_is_named(sample_bag: Files, bundle: Bundle) -> None:
    """Subject and reader stand there by id; no name, birth date or title of anyone."""
    signature = Contents(sample_bag).signed[0].signature
    text = json.dumps(bundle)
    assert signature.reader_display_name not in text
    assert set(resources(bundle, "Patient")[0]) == {"resourceType", "identifier", "gender", "meta"}
    reader = resources(bundle, "Practitioner")[0]
    assert set(reader) == {"resourceType", "identifier", "meta"}
    assert reader["identifier"][0]["value"] == "R01"


def test_a_scripted_reading_is_final_nowhere(bundle: Bundle, rich_bundle: Bundle) -> None:
    """What no person read is preliminary, unsigned, and marked as test data in every resource."""
    assert {one["status"] for one in resources(bundle, "Observation")} == {"preliminary"}
    assert resources(bundle, "DiagnosticReport")[0]["status"] == "partial"
    assert "read by no person" in resources(bundle, "DiagnosticReport")[0]["conclusion"]
    assert "signature" not in resources(bundle, "Provenance")[0]
    marks = [e["resource"]["meta"]["security"][0]["code"] for e in bundle["entry"]]
    assert set(marks) == {"HTEST"}


def test_a_persons_reading_is_signed_and_final(bundles: dict[str, Path]) -> None:
    """Reader as author in the role of the purpose, a signature, no mark of test data."""
    found = json.loads(bundles["person"].read_bytes())
    provenance = resources(found, "Provenance")[0]
    author = provenance["agent"][0]
    assert author["type"]["coding"][0]["code"] == "author"
    assert author["role"][0]["text"] == "Eligibility Reader"
    assert provenance["signature"][0]["when"] == provenance["recorded"]
    assert provenance["signature"][0]["who"] == author["who"]
    assert {one["status"] for one in resources(found, "Observation")} == {"final"}
    assert resources(found, "DiagnosticReport")[0]["status"] == "final"
    assert not [e for e in found["entry"] if "meta" in e["resource"]]


UNREAD = {"findings": ({"endplate": "L4-inferior", "assessment": "assessed", "modic": "absent"},)}


@pytest.mark.parametrize(
    ("changes", "of_report", "of_parts"),
    [
        (UNREAD, "partial", "final"),
        ({"supersedes": "R01-0"}, "amended", "amended"),
        ({"purpose": "safety"}, "final", "final"),
    ],
)
def test_status_says_what_is_not_complete_or_not_first(
    sample_bag: Files, changes: dict[str, object], of_report: str, of_parts: str
) -> None:
    """An endplate nobody read makes the report partial; a reading after another is an amendment."""
    found = json.loads(made(by_a_person(sample_bag, **changes)))
    report = resources(found, "DiagnosticReport")[0]
    assert report["status"] == of_report
    assert {one["status"] for one in resources(found, "Observation")} == {of_parts}
    assert ("11 of 12 endplates: not read." in report["conclusion"]) == (changes is UNREAD)
    provenance = resources(found, "Provenance")[0]
    earlier = [e["what"]["identifier"]["value"] for e in provenance["entity"]
               if e["role"] == "revision"]  # fmt: skip
    assert earlier == (["R01-0"] if of_parts == "amended" else [])
    assert ("role" in provenance["agent"][0]) == ("purpose" not in changes)


def test_notes_stay_within_the_site(rich_contents: Contents) -> None:
    """Free text stands in the internal profile alone."""
    document = rich_contents.document.replace(profile=Profile.TRIAL)
    files = {**rich_contents.files, doc.PACKAGE: canonical_bytes(document)}
    inside, outside = made(rich_contents).decode(), made(Contents(files)).decode()
    for note in ("a note with", "see report", "of the whole"):
        assert note in inside
        assert note not in outside


def test_the_summary_is_named_by_its_content(sample_bag: Files, bundle: Bundle) -> None:
    """Hash, size and name are those of the package's own file."""
    found = resources(bundle, "DocumentReference")[0]["content"][0]["attachment"]
    content = sample_bag[doc.SUMMARY]
    digest = urlsafe_b64decode(found["url"].rpartition(";")[2] + "=")
    assert digest == hashlib.sha256(content).digest()
    assert (found["size"], found["title"]) == (len(content), "summary.html")


def dated(bag: Files, *references: dict[str, object]) -> set[str | None]:
    """Return the days on which the resources of a record with these MRI references say it was."""
    payload = {path: content for path, content in bag.items() if path.startswith("data/")}
    study = Contents(payload).series.study_uid
    mri = tuple({k: study if v == "own" else v for k, v in one.items()} for one in references)
    screening = Contents(payload).screening.replace(mri=mri)
    found = json.loads(made(Contents({**payload, doc.SCREENING: canonical_bytes(screening)})))
    days = {one.get("effectiveDateTime") for one in resources(found, "Observation")}
    days |= {one.get("effectiveDateTime") for one in resources(found, "DiagnosticReport")}
    return days | {one.get("started") for one in resources(found, "ImagingStudy")}


def test_the_day_of_the_mri_is_the_records_or_none(sample_bag: Files) -> None:
    """The reference that names the study counts; of several without a name none does."""
    named = {"study_uid": "own", "study_date": "2026-01-05"}
    other = {"study_date": "2025-01-05"}
    assert dated(sample_bag, other, named) == {"2026-01-05"}
    assert dated(sample_bag, other) == {"2025-01-05"}
    assert dated(sample_bag, other, {"study_date": "2024-01-05"}) == {None}
    assert dated(sample_bag, {"study_uid": "1.2.3", "study_date": "2024-01-05"}) == {None}
    assert dated(sample_bag) == {None}


ENDPLATES = st.permutations(endplates_between(spine_order(6)))


@given(order=ENDPLATES, n=st.integers(0, 14), discs=st.integers(0, 7))
@settings(max_examples=25)
def test_places_are_unique_whatever_was_read(order: list[Endplate], n: int, discs: int) -> None:
    """One place per Observation, however many endplates and discs, in whatever order."""
    findings = tuple(Finding(endplate=one) for one in order[:n])
    levels = disc_levels(spine_order(6))[:discs]
    reading = READING.replace(findings=findings, discs=tuple(DiscFinding(disc=d) for d in levels))
    contents = MagicMock(spec=Contents)
    contents.screening.mri, contents.screening.subject.subject_id = (), "sample-001"
    context = FhirContext(contents, sign(reading))
    found = observations(context)
    stated = {*reading.numbering.scope, *order[:n]}
    assert len(found) == 2 + len(stated) + discs
    uids = {one["identifier"][0]["value"] for one in found.values()}
    assert len(uids) == len(found)
