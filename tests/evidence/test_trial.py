"""The trial profile: dates shifted, texts withheld, nobody's identity anywhere, and verifiable."""

from __future__ import annotations

import io
import json
import re
import shutil
import stat
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import get_args

import pydicom
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modic_annotate.conduct.criteria import verify_row
from modic_annotate.domain.base import Record
from modic_annotate.domain.links import ReadingLink, StudyLink
from modic_annotate.domain.reading import Reading, Signature
from modic_annotate.domain.resolution import DeterminationSignature, Resolution
from modic_annotate.domain.screening import Change, ScreeningRecord, Subject
from modic_annotate.eligibility.evaluate import assess
from modic_annotate.errors import ExportError, ProfileRefusedError
from modic_annotate.evidence import verify_evidence, write_evidence
from modic_annotate.evidence.bag import Files
from modic_annotate.evidence.bag_read import open_bag
from modic_annotate.evidence.bag_write import write_folder
from modic_annotate.evidence.checks.links import link_problems
from modic_annotate.evidence.checks.profile import profile_problems
from modic_annotate.evidence.checks.records import (
    audit_problems,
    determination_problems,
    signature_problems,
)
from modic_annotate.evidence.contents import Contents
from modic_annotate.evidence.criteria_file import criteria_file
from modic_annotate.evidence.deid.altering import Altering
from modic_annotate.evidence.deid.fields import FIELDS, TICKABLE, Group, group_of
from modic_annotate.evidence.deid.secret import KEY, keyed_digest, shift_days
from modic_annotate.evidence.document import SeriesDocument
from modic_annotate.evidence.gather import Gathered, gather, record_files
from modic_annotate.evidence.lint.known import own_words
from modic_annotate.evidence.lint.texts import texts_of
from modic_annotate.evidence.lint.words import spellings
from modic_annotate.store.audit import read_chain
from modic_annotate.store.canonical import canonical_bytes, sha256_hex
from modic_annotate.store.workspace import Workspace
from tests.evidence.planted import (
    ALL_PLACES,
    AS_OF,
    AT,
    BY_PEOPLE,
    IN_RECORD,
    RECORD,
    SET,
    make_planted,
)

CLINICAL = "data/clinical.pdf"
PICTURE_IN_A_PAGE = re.compile(r"base64,[\w+/=]+")
NAMES = re.compile(r"[A-ZÄÖÜ][a-zäöü]{6,}")
OTHERS = [f"other-{n:02d}" for n in range(49)]


@pytest.fixture(scope="module", name="planted")
def _planted(tmp_path_factory: pytest.TempPathFactory) -> tuple[Workspace, Path]:
    """The planted workspace with 49 other subjects; never changed but by its first export."""
    ws, medium = make_planted(tmp_path_factory.mktemp("planted"))
    for name in OTHERS:
        subject = Subject(subject_id=f"subject-{name}", screening_number=f"number-{name}")
        change = Change(by="coordinator", at=AT)
        record = ScreeningRecord(
            trial_id="demo-trial", record_id=name, subject=subject, change=change
        )
        ws.add_screening(record, "coordinator")
    return ws, medium


@pytest.fixture(scope="module", name="package")
def _package(planted: tuple[Workspace, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("trial") / "package"
    return write_evidence(planted[0], RECORD, SET, AS_OF, out, profile="trial", by="C01").path


@pytest.fixture(scope="module", name="files")
def _files(package: Path) -> Files:
    return open_bag(package).files


@pytest.fixture(scope="module", name="found")
def _found(planted: tuple[Workspace, Path], package: Path) -> Gathered:
    """The record as the site holds it."""
    return gather(planted[0], RECORD, criteria_file(SET), AS_OF)


@pytest.fixture(name="ws")
def _ws(planted: tuple[Workspace, Path], package: Path, tmp_path: Path) -> Workspace:
    """A copy of the planted workspace that a test may change."""
    return Workspace.open(shutil.copytree(planted[0].root, tmp_path / "ws"))


def searched(content: bytes) -> str:
    """Return a file's bytes as they are searched, accents kept."""
    either = (content.decode("latin-1"), content.decode("utf-8", "replace"))
    return PICTURE_IN_A_PAGE.sub("", " ".join(either)).casefold()


def said(text: object) -> str:
    return str(text[0] if isinstance(text, list) else text)


def folder_text(root: Path) -> str:
    names = "\n".join(str(path) for path in root.rglob("*"))
    files = (path for path in root.rglob("*") if path.is_file())
    return names.casefold() + "\n".join(searched(path.read_bytes()) for path in files)


def test_what_is_planted_in_forty_places_is_nowhere_in_the_package(
    planted: tuple[Workspace, Path], files: Files
) -> None:
    """Every planted word stands at the site or on its medium, and in no file of the package."""
    ws, medium = planted
    at_site = folder_text(ws.root) + folder_text(medium)
    whole = "\n".join(path.casefold() + searched(content) for path, content in files.items())
    words = {place: said(text).casefold() for place, text in ALL_PLACES.items()}
    assert len(words) >= 40
    missing = [place for place, word in words.items() if word not in at_site]
    assert missing == []
    leaked = [place for place, word in words.items() if word in whole]
    names = {name for text in ALL_PLACES.values() for name in NAMES.findall(said(text))}
    leaked += [name for name in names if name.casefold() in whole]
    assert leaked == []


def test_the_clinical_document_holds_no_more_than_the_rest(found: Gathered, files: Files) -> None:
    """Nothing planted, no true date, no word that stands in no other file; the id and the rows."""
    lines = [one.text for one in texts_of({CLINICAL: files[CLINICAL]})]
    text = " ".join(" ".join(lines).split())
    planted = [said(words) for words in ALL_PLACES.values()]
    assert [word for word in planted if word.casefold() in text.casefold()] == []
    true_dates = {m.study_date for m in found.screening.mri} | {found.as_of}
    true_dates |= {one.signature.signed_at.date() for one in found.signed}
    assert [day for day in true_dates if day and day.isoformat() in text] == []
    assert f"Case {RECORD}" in text
    assert "name withheld" in text
    assert "no true dates here" in text
    for row in found.determination.outcomes:
        assert f"{row.criterion} " in text
    known = spellings(" ".join(one.text for one in texts_of(files) if one.path != CLINICAL))
    assert spellings(text) - known - own_words() == frozenset()


def test_of_fifty_subjects_a_package_holds_one(files: Files) -> None:
    """No id, subject or number of the 49 others is in any file or name."""
    whole = "\n".join(path + searched(content) for path, content in files.items())
    assert RECORD in whole
    assert [name for name in OTHERS if name in whole] == []


def test_the_determination_is_the_sites_own_bytes(found: Gathered, files: Files) -> None:
    """Shifted inputs are judged as the true ones: not a byte differs."""
    assert files["data/determination.json"] == canonical_bytes(found.determination)
    assert found.determination.outcome("IN-6").resolved is not None


def days_of(ws: Workspace) -> int:
    return shift_days(bytes.fromhex(ws.store.get(KEY).decode()), RECORD)


def dates_in(value: object, pointer: str = "") -> dict[str, date]:
    """Return every date and time of a record by its place."""
    if isinstance(value, date):
        return {pointer: value}
    held: object = value
    if isinstance(value, Record):
        held = {name: getattr(value, name) for name in type(value).model_fields}
    if isinstance(held, tuple):
        held = dict(enumerate(held))
    steps = held.items() if isinstance(held, dict) else ()
    return {p: d for name, one in steps for p, d in dates_in(one, f"{pointer}/{name}").items()}


def test_every_date_is_moved_by_the_same_days(
    planted: tuple[Workspace, Path], files: Files
) -> None:
    """Record, readings, signatures, resolutions, links, as_of and DICOM objects agree."""
    ws = planted[0]
    days, contents = timedelta(days=days_of(ws)), Contents(files)
    found = gather(ws, RECORD, criteria_file(SET), AS_OF)
    signature = contents.determination_signature
    assert signature is not None
    pairs = [
        (found.screening, contents.screening),
        (found.signed[0].reading, contents.signed[0].reading),
        (found.signed[0].signature, contents.signed[0].signature),
        (found.resolutions, contents.resolutions),
        (tuple(ws.links(RECORD)), contents.links),
    ]
    for true, shown in pairs:
        assert dates_in(shown) == {p: d - days for p, d in dates_in(true).items()}
        assert len(dates_in(true)) >= 1
    assert contents.document.as_of == signature.as_of == AS_OF - days
    assert f"Bagging-Date: {AS_OF - days}" in files["bag-info.txt"].decode()
    report = pydicom.dcmread(io.BytesIO(files["data/dicom/R01-1/sr.dcm"]))
    signed_at = found.signed[0].signature.signed_at - days
    assert report.ContentDate == signed_at.strftime("%Y%m%d")
    local = contents.signed[0].signature.local_time
    assert datetime.fromisoformat(local) == signed_at
    assert local.endswith("+00:00")


def test_no_digest_of_the_package_betrays_the_days(
    planted: tuple[Workspace, Path], files: Files
) -> None:
    """Plain digests of dated originals are nowhere: trying 364 days against one finds nothing."""
    found = gather(planted[0], RECORD, criteria_file(SET), AS_OF)
    whole = b"\n".join(files.values())
    dateless = ("data/criteria/", "data/determination.json")
    for path, content in record_files(found).items():
        if not path.startswith(dateless):
            assert sha256_hex(content).encode() not in whole, path
    assert found.chain.head.sha256.encode() not in whole
    assert found.signed[0].reading.journal.head_sha256.encode() not in whole


def test_the_site_can_name_every_original(planted: tuple[Workspace, Path], files: Files) -> None:
    """With its key the site finds each original behind the digest ``deid.json`` gives."""
    ws, deid = planted[0], Contents(files).deid
    assert deid is not None
    key = bytes.fromhex(ws.store.get(KEY).decode())
    originals = record_files(gather(ws, RECORD, criteria_file(SET), AS_OF))
    told = (*deid.files, *deid.withheld_files)
    assert {one.path for one in told} == set(originals)
    for one in told:
        expected = keyed_digest(key, sha256_hex(originals[one.path]))
        assert one.original_keyed_sha256 == expected


def test_the_key_is_private_announced_and_never_exported(
    planted: tuple[Workspace, Path], files: Files
) -> None:
    """The owner alone may read it; the trail says it was made, and holds no part of it."""
    ws = planted[0]
    path = ws.store.path(KEY)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    secret = path.read_text("ascii").strip()
    trail = ws.store.get("audit/workspace.jsonl").decode()
    assert secret not in trail
    assert [e.event for e in read_chain(ws.store, None).entries if e].count(
        "identity.date_shift_key"
    ) == 1
    assert all(secret.encode() not in content for content in files.values())


@pytest.mark.parametrize("harm", ["removed", "replaced", "damaged"])
def test_another_key_is_not_taken(ws: Workspace, tmp_path: Path, harm: str) -> None:
    """A key that is gone, other or broken refuses: a second shift would betray the first."""
    path = ws.store.path(KEY)
    path.unlink()
    if harm != "removed":
        path.write_text("ab" * 32 if harm == "replaced" else "no key", "ascii")
    with pytest.raises(ExportError, match="restore it"):
        write_evidence(ws, RECORD, SET, AS_OF, tmp_path / "out", profile="trial")


def test_it_verifies_and_says_what_did_not_apply(package: Path) -> None:
    """Nothing is wrong; the audit chain was withheld and is said to be."""
    found = verify_evidence(package)
    assert found.ok, found.text()
    chain = found.check("audit chain")
    assert not chain.ran
    assert "withheld in profile trial" in chain.note
    for name in ("signatures", "links", "determination", "formats", "renderings", "profile"):
        assert found.check(name).ok


def test_two_exports_are_the_same_bytes(ws: Workspace, files: Files, tmp_path: Path) -> None:
    """Key and shift are made once; the second export equals the first."""
    again = write_evidence(ws, RECORD, SET, AS_OF, tmp_path / "b", profile="trial", by="C02").path
    assert open_bag(again).files == files


def test_what_is_withheld_is_listed_by_place(files: Files) -> None:
    """Each planted text of the record is listed with its group; ``withheld`` stands there."""
    deid = Contents(files).deid
    assert deid is not None
    listed = {
        pointer
        for one in deid.withheld
        if one.path == "data/screening/record.json"
        for pointer in one.pointers
    }
    for pointer in IN_RECORD:
        assert pointer.removesuffix("/value") in listed
    groups = {one.group for one in deid.withheld}
    assert groups == set(Group)
    assert [one.path for one in deid.withheld_files] == ["data/audit/audit.jsonl"]
    reading = json.loads(files["data/readings/R01-1.json"])
    assert (reading["note"], reading["not_covered_reason"]) == ("withheld", "withheld")
    assert reading["reader"] == {"id": "R01", "role": "reader", "os_account_sha256": None}
    signature = json.loads(files["data/readings/R01-1.signature.json"])
    assert signature["reader_display_name"] == signature["reader_title"] == "withheld"
    assert (signature["reader_id"], signature["signature_class"]) == ("R01", "attestation")


def test_ticked_text_is_there_with_who_ticked_it(ws: Workspace, tmp_path: Path) -> None:
    """Notes and devices stand in the package, reasons do not; the person is named by id."""
    out = tmp_path / "out"
    write_evidence(
        ws, RECORD, SET, AS_OF, out, profile="trial", include=("notes", "sources"), by="C01"
    )
    files = open_bag(out).files
    reading = json.loads(files["data/readings/R01-1.json"])
    assert reading["note"] == BY_PEOPLE["note on the reading"]
    assert reading["not_covered_reason"] == "withheld"
    deid = Contents(files).deid
    assert deid is not None
    assert [(one.group, one.by) for one in deid.included] == [("notes", "C01"), ("sources", "C01")]
    assert not {one.group for one in deid.withheld} & {Group.NOTES, Group.SOURCES}
    assert verify_evidence(out).ok


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"include": ("notes",)}, "--by"),
        ({"include": ("names",), "by": "C01"}, "no group of text names"),
        ({"include": ("never",), "by": "C01"}, "no group of text never"),
        ({"include": ("notes",), "by": "C01", "profile": "internal"}, "leaves no text out"),
    ],
)
def test_ticking_needs_a_person_and_a_group(
    ws: Workspace, tmp_path: Path, options: dict[str, object], words: str
) -> None:
    """Nobody, a group that is none, and a profile without any are refused."""
    with pytest.raises(ExportError, match=words):
        write_evidence(ws, RECORD, SET, AS_OF, tmp_path / "out", **{"profile": "trial"} | options)
    assert not (tmp_path / "out").exists()


SPELLINGS = {
    "sex": "GRUNWALD",
    "birth_year": "gruenwald",
    "height_cm": "Grünwald",
    "weight_kg": "acc5550199",
    "bmi_kg_m2": "14.5.1979",
    "skeletally_mature": "by Rautenstrauch-Maier",
}
LOOKS_LIKE = {
    "sex": ("write to kaethe@example.org", "an e-mail address"),
    "birth_year": ("call 0049 30 1234567", "a telephone number"),
    "height_cm": (r"in C:\Users\someone\scan.pdf", "an absolute path"),
    "weight_kg": ("MRI of 10.03.2026", "a date"),
    "bmi_kg_m2": ("MRI on March 10, 2026", "a date"),
    "skeletally_mature": ("study 1.2.3.7788123", "a UID of the hospital"),
}
"""Field of the subject -> text in its source document, and what it looks like."""


def refusal(ws: Workspace, out: Path, **options: object) -> str:
    """Return why an export with sources ticked is refused; nothing is written."""
    ticked = {"profile": "trial", "include": ("sources",), "by": "C01"} | options
    with pytest.raises(ProfileRefusedError) as refused:
        write_evidence(ws, RECORD, SET, AS_OF, out, **ticked)
    assert not out.exists()
    return str(refused.value)


def test_a_known_identity_in_ticked_text_refuses_without_repeating_it(
    planted: tuple[Workspace, Path], tmp_path: Path
) -> None:
    """Name, number, birth date and reader in any spelling: places are told, values are not."""
    ws = amended(planted[0], tmp_path, {k: f"seen {v} now" for k, v in SPELLINGS.items()})
    told = refusal(ws, tmp_path / "out")
    for field, word in SPELLINGS.items():
        place = f"data/screening/record.json: /subject/{field}/source_document: a word of"
        assert place in told
        assert word.casefold() not in told.casefold()


def test_what_looks_like_somebodys_refuses(planted: tuple[Workspace, Path], tmp_path: Path) -> None:
    """Addresses, numbers, paths, dates and the hospital's UIDs in ticked text are found."""
    ws = amended(planted[0], tmp_path, {k: text for k, (text, _) in LOOKS_LIKE.items()})
    plant_uid(ws, "1.2.3.7788123")
    told = refusal(ws, tmp_path / "out")
    for field, (_, words) in LOOKS_LIKE.items():
        assert f"/subject/{field}/source_document: {words}" in told


def amended(ws: Workspace, tmp_path: Path, texts: dict[str, str]) -> Workspace:
    """Return a copy of a workspace where source documents of the subject read otherwise."""
    copy = Workspace.open(shutil.copytree(ws.root, tmp_path / "ws"))
    record, digest = copy.screening(RECORD)
    subject = record.subject.replace(
        **{
            name: getattr(record.subject, name).replace(source_document=text)
            for name, text in texts.items()
        }
    )
    later = record.replace(
        subject=subject,
        revision=record.revision + 1,
        previous_sha256=digest,
        change=record.change.replace(reason="corrected"),
    )
    copy.add_screening(later, "coordinator")
    return copy


def plant_uid(ws: Workspace, uid: str) -> None:
    """Let the site's map name a UID of the hospital."""
    path = ws.store.path(f"identity/{RECORD}.json")
    told = json.loads(path.read_text("utf-8"))
    told["source_uids"][next(iter(told["source_uids"]))] = uid
    path.write_bytes(canonical_bytes(told))


def test_words_of_an_identity_given_for_the_export_are_searched_for(
    ws: Workspace, tmp_path: Path
) -> None:
    """A name the images do not know is found too, where somebody gives it."""
    told = refusal(ws, tmp_path / "out", include=("notes",), identity=("Weyerhaeuser",))
    assert "data/readings/R01-1.json: /findings/" in told
    assert "weyer" not in told.casefold()


def test_an_earlier_revision_and_the_verifier_of_a_row_stay_at_home(
    planted: tuple[Workspace, Path], tmp_path: Path
) -> None:
    """The revision that was read for is named; criteria and determination name an id alone.

    The day a row was verified is no day of the subject: it is not shifted.
    """
    ws = amended(planted[0], tmp_path, {"sex": "another form"})
    source = tmp_path / "source.txt"
    source.write_text("the policy as read")
    given = criteria_file("trial_smart").criteria
    row = next(row.id for row in given.criterion if row.provenance == "unverified")
    verify_row(ws, "trial_smart", row, "R01", source)
    out = write_evidence(ws, RECORD, "trial_smart", AS_OF, tmp_path / "out", profile="trial").path
    contents = Contents(open_bag(out).files)
    deid = contents.deid
    assert deid is not None
    assert not [path for path in contents.files if "/revisions/" in path]
    assert "data/screening/revisions/r1.json" in [one.path for one in deid.withheld_files]
    verification = next(r for r in contents.criteria.criterion if r.id == row).verification
    assert verification is not None
    assert (verification.by, verification.on) == ("R01", datetime.now(UTC).date())
    assert contents.determination.outcome(row).verified_by == "R01"
    assert verify_evidence(out).ok


@pytest.mark.parametrize("mode", ["verbatim", "in_place"])
def test_images_with_their_identity_are_refused(ws: Workspace, tmp_path: Path, mode: str) -> None:
    """A study linked as it is goes into no trial's package; the sentence says what to do."""
    found = gather(ws, RECORD, criteria_file(SET), AS_OF)
    index = found.ws.images(RECORD).replace(images=mode)
    ws.linked_images = lambda _record: index  # type: ignore[method-assign]
    with pytest.raises(ProfileRefusedError, match=r"link the study.*without --verbatim"):
        write_evidence(ws, RECORD, SET, AS_OF, tmp_path / "out", profile="trial")


def test_text_burned_into_pixels_is_refused(ws: Workspace, tmp_path: Path) -> None:
    """(0028,0301) YES in any image that was read refuses the profile."""
    for path in ws.image_folder(RECORD).rglob("*.dcm"):
        ds = pydicom.dcmread(path)
        ds.BurnedInAnnotation = "YES"
        ds.save_as(path)
    with pytest.raises(ProfileRefusedError, match=r"\(0028,0301\)"):
        write_evidence(ws, RECORD, SET, AS_OF, tmp_path / "out", profile="trial")


CHANGES = {
    "signatures": (
        signature_problems,
        "data/readings/R01-1.signature.json",
        lambda told: told | {"reading_sha256": "0" * 64},
    ),
    "links": (
        link_problems,
        "data/readings/R01-1.json",
        lambda told: told | {"screening": told["screening"] | {"sha256": "0" * 64}},
    ),
    "a copy": (profile_problems, "data/screening/record.json", lambda told: told | {"mri": []}),
    "a text": (
        profile_problems,
        "data/readings/R01-1.json",
        lambda told: told | {"note": "somebody"},
    ),
    "an address": (
        profile_problems,
        "data/package.json",
        lambda told: told | {"not_included": ["a@example.org"]},
    ),
    "frozen inputs": (
        profile_problems,
        "data/determination.json",
        lambda told: told | {"frozen": told["frozen"] | {"age_years_max": 30}},
    ),
    "determination": (
        determination_problems,
        "data/determination.json",
        lambda told: told | {"roll_up": "criteria_met"},
    ),
    "images with identity": (
        profile_problems,
        "data/imaging/series.json",
        lambda told: told | {"images": "verbatim"},
    ),
    "audit head": (
        audit_problems,
        "data/package.json",
        lambda told: told | {"audit": {"lines": 1, "sha256": "0" * 64}},
    ),
}


@pytest.mark.parametrize("what", CHANGES)
def test_a_change_is_found_whatever_the_manifests_say(files: Files, what: str) -> None:
    """The check that knows better finds the change, and nothing where nothing is changed."""
    check, path, change = CHANGES[what]
    payload = {p: c for p, c in files.items() if p.startswith("data/")}
    changed = {**payload, path: canonical_bytes(change(json.loads(payload[path])))}
    assert list(check(Contents(payload))) == []
    assert list(check(Contents(changed))) != []


def test_a_changed_byte_is_found(files: Files, tmp_path: Path) -> None:
    """Any payload byte counts."""
    write_folder({**files, "data/deid.json": files["data/deid.json"] + b" "}, tmp_path / "bag")
    assert not verify_evidence(tmp_path / "bag").ok


@settings(max_examples=25, deadline=None)
@given(days=st.integers(-20000, 20000))
def test_any_shift_gives_the_same_determination(found: Gathered, days: int) -> None:
    """A record and reading moved by any whole days are judged to the same bytes."""
    altering = Altering(days, frozenset(), frozenset())
    record = altering.record(found.screening, "record")
    readings: list[Reading] = [altering.record(o.reading, "reading") for o in found.signed]
    as_of = AS_OF - timedelta(days=days)
    criteria, frozen = found.criteria.criteria, found.determination.frozen
    true = assess(found.screening, [o.reading for o in found.signed], criteria, AS_OF)
    assert assess(record, readings, criteria, as_of, frozen) == true


@given(
    key=st.binary(min_size=32, max_size=32),
    record=st.from_regex(r"[A-Za-z0-9]{1,20}", fullmatch=True),
)
def test_the_shift_lies_in_its_range_and_knows_no_case(key: bytes, record: str) -> None:
    """1 to 364 days, the same for a record however its id is written."""
    days = shift_days(key, record)
    assert 1 <= days <= 364
    assert days == shift_days(key, record.swapcase())


PACKAGED = (
    ScreeningRecord,
    Reading,
    Signature,
    Resolution,
    DeterminationSignature,
    StudyLink,
    ReadingLink,
    SeriesDocument,
)
KEPT_TEXTS = {
    "ReaderRef": {"role"},
    "Signature": {"reader_role", "meaning", "local_time"},
    "DeterminationSignature": {"signer_role", "meaning", "local_time"},
    "DeterminationInput": {"document"},
    "Resolution": {"criteria_version"},
    "ReadingLink": {"path"},
    "SeriesUsed": {"role_set_by", "accepted_by", "doubts"},
    "Fault": {"code", "message"},
    "UnusedSeries": {"problems"},
    "Acquisition": {
        "scanning_sequence",
        "sequence_variant",
        "scan_options",
        "image_type",
        "in_plane_phase_encoding_direction",
        "patient_position",
    },
    "Measurement": {"reference_source"},
    "Calliper": {"ap_reference_source"},
    "Finding": {"derived", "origins"},
    "DiscFinding": {"origins"},
    "Reading": {"contradictions"},
    "Software": {"version"},
    "Recorded[str]": {"value"},
}
"""Texts that stay: codes, ids, sentences of the program, and what a signature has to say."""


def parts(kind: object) -> Iterator[object]:
    yield kind
    for inner in get_args(kind):
        yield from parts(inner)


def texts_of_class(model: type[Record], seen: set[type[Record]]) -> Iterator[tuple[type, str]]:
    """Yield every field below a class that may hold any text at all."""
    if model in seen:
        return
    seen.add(model)
    for name, field in model.model_fields.items():
        kinds = list(parts(field.annotation))
        patterns = (getattr(one, "pattern", None) for one in (*kinds, *field.metadata))
        if str in kinds and not any(patterns):
            yield model, name
        for kind in kinds:
            if isinstance(kind, type) and issubclass(kind, Record):
                yield from texts_of_class(kind, seen)


@pytest.mark.parametrize("model", PACKAGED)
def test_a_new_text_of_a_record_is_withheld_or_said_to_stay(model: type[Record]) -> None:
    """A field somebody adds cannot carry a name out of the house unnoticed."""
    open_fields = [
        f"{kind.__name__}.{name}"
        for kind, name in texts_of_class(model, set())
        if group_of(kind, name) is None and name not in KEPT_TEXTS.get(kind.__name__, set())
    ]
    assert open_fields == []


def test_every_named_field_exists() -> None:
    """A field that is renamed cannot slip out of its group."""
    for records in FIELDS.values():
        for record, names in records.items():
            assert set(names) <= set(record.model_fields)
    assert Group.NEVER not in TICKABLE


@pytest.mark.parametrize(
    ("text", "word"),
    [("GRÜN", "gruen"), ("Grün", "grun"), ("Łucja", "łucja"), ("Straße", "strasse")],
)
def test_spellings(text: str, word: str) -> None:
    """Case and accents do not hide a word."""
    assert word in spellings(text)
