"""The objects in a package: chosen by name, listed, and verified like everything else."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from modic_annotate.conduct.screening_import import import_record
from modic_annotate.errors import ExportError
from modic_annotate.evidence import verify_evidence
from modic_annotate.evidence.bag import Files, make_bag
from modic_annotate.evidence.bag_write import write_folder
from modic_annotate.evidence.contents import Contents
from modic_annotate.evidence.criteria_file import criteria_file
from modic_annotate.evidence.document import FORMAT_ROLES, FileRole, Profile, role_of
from modic_annotate.evidence.formats import registry
from modic_annotate.evidence.formats.registry import FORMATS, chosen
from modic_annotate.evidence.gather import gather
from modic_annotate.evidence.lint.texts import texts_of
from modic_annotate.evidence.package import assemble
from modic_annotate.store.canonical import canonical_bytes
from modic_annotate.store.workspace import Workspace
from tests.evidence.conftest import AS_OF, CRITERIA

SR = "data/dicom/R01-1/sr.dcm"


def rebuilt(bag: Files, folder: Path, **files: bytes) -> Path:
    """Write a package with other files, hashed consistently as a forger would."""
    payload = {path: content for path, content in bag.items() if path.startswith("data/")}
    payload |= {path.replace("__", "/"): content for path, content in files.items()}
    path = folder / "bag"
    write_folder(make_bag(payload, "modic-annotate", AS_OF, "forged"), path)
    return path


def test_profiles_pick_their_formats() -> None:
    """Internal holds all that need no extra; others what they name and what is asked besides."""
    dicom = ["sr", "seg", "kos", "pr"]
    assert [one.name for one in chosen(Profile.INTERNAL)] == [
        *dicom, "fhir", "tables", "sdtm", "plain", "pdf",
    ]  # fmt: skip
    assert [one.name for one in chosen(Profile.TRIAL)] == [
        *dicom, "tables", "sdtm", "pdf",
    ]  # fmt: skip
    assert chosen(Profile.PAYER) == ()
    assert {one.name for one in FORMATS if one.extra} == {"parquet"}
    assert [one.name for one in chosen(Profile.PAYER, ["kos", "sr", "sr"])] == ["sr", "kos"]


def test_a_format_without_its_library_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """The message names the extra to install, before anything is made."""
    parquet = next(one for one in FORMATS if one.name == "parquet")
    absent = replace(parquet, libraries=("no-such-library",))
    monkeypatch.setattr(registry, "FORMATS", (absent,))
    with pytest.raises(ExportError, match=r"parquet needs no-such-library.*\[tables\]"):
        chosen(Profile.PAYER, ["parquet"])
    assert absent.packaged.libraries == {}


def test_an_unknown_format_is_refused_by_name() -> None:
    """The message lists what there is."""
    with pytest.raises(ExportError, match=r"no format x-ray; there are sr, seg, kos, pr"):
        chosen(Profile.INTERNAL, ["sr", "x-ray"])


def test_the_document_names_formats_and_libraries(full_bag: Files) -> None:
    """A stranger sees which formats are there and which versions made them."""
    document = Contents(full_bag).document
    assert document.formats == tuple(one.packaged for one in chosen(Profile.INTERNAL))
    assert set(document.formats[0].libraries) == {"pydicom", "highdicom"}
    listed = {one.path for one in document.files if one.role == FileRole.DICOM_OBJECT}
    assert listed == {path for path in full_bag if path.endswith(".dcm")}
    assert SR in listed


def test_objects_verify(full_bag: Files, tmp_path: Path) -> None:
    """Made again from the packaged records they are equal."""
    write_folder(full_bag, tmp_path / "bag")
    verification = verify_evidence(tmp_path / "bag")
    assert verification.ok
    assert verification.check("formats").ok


def test_a_flipped_byte_is_found_twice(full_bag: Files, tmp_path: Path) -> None:
    """By its hash; and where the hashes were made to fit, by making the object again."""
    spoilt = bytearray(full_bag[SR])
    spoilt[len(spoilt) // 2] ^= 1
    write_folder({**full_bag, SR: bytes(spoilt)}, tmp_path / "plain")
    assert any(SR in p for p in verify_evidence(tmp_path / "plain").check("fixity").problems)
    forged = verify_evidence(rebuilt(full_bag, tmp_path, **{SR: bytes(spoilt)}))
    assert forged.check("fixity").ok
    assert any(SR in p for p in forged.check("formats").problems)


OTHERS = (
    "data/fhir/R01-1.json",
    "data/tables/criteria.csv",
    "data/tables/codebook.csv",
    "data/sdtm/ie.csv",
    "data/plain.html",
    "data/clinical.pdf",
)


def test_a_changed_word_of_any_format_is_found(full_bag: Files, tmp_path: Path) -> None:
    """Under hashes made to fit, each file of each format is compared with what the records give."""
    spoilt = {path: full_bag[path].replace(b"L4", b"L3").replace(b"e", b"a", 1) for path in OTHERS}
    problems = verify_evidence(rebuilt(full_bag, tmp_path, **spoilt)).check("formats").problems
    assert {problem.partition(":")[0] for problem in problems} == set(OTHERS)


@pytest.mark.parametrize(
    ("like", "stray"),
    [
        (SR, SR.replace("sr.dcm", "sr-2.dcm")),
        ("data/fhir/R01-1.json", "data/fhir/R01-2.json"),
        ("data/sdtm/ie.csv", "data/sdtm/dm.csv"),
        ("data/tables/care.csv", "data/tables/care-2.csv"),
    ],
)
def test_an_object_nobody_made_is_found(
    full_bag: Files, tmp_path: Path, like: str, stray: str
) -> None:
    """A second report slipped in is no file of the package."""
    verification = verify_evidence(rebuilt(full_bag, tmp_path, **{stray: full_bag[like]}))
    assert any(stray in problem for problem in verification.check("formats").problems)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"name": "sr", "libraries": {"highdicom": "0.1"}}, "highdicom 0.1"),
        ({"name": "pdf", "libraries": {"reportlab": "0.1"}}, "reportlab 0.1"),
        ({"name": "later-format", "libraries": {}}, "a version that knows later-format"),
    ],
)
def test_objects_of_other_versions_are_not_called_false(
    full_bag: Files, tmp_path: Path, change: dict[str, object], words: str
) -> None:
    """What cannot be made again here is said not to have been compared; the rest is compared."""
    document = Contents(full_bag).document
    others = tuple(one for one in document.formats if one.name != change["name"])
    content = canonical_bytes(document.replace(formats=(change, *others)))
    spoilt = {"data/package.json": content}
    if change["name"] == "sr":
        spoilt[SR] = b"made otherwise"
    check = verify_evidence(rebuilt(full_bag, tmp_path, **spoilt)).check("formats")
    assert check.ok
    assert check.note == f"not made again: {change['name']}, made by {words}"
    table = "data/tables/criteria.csv"
    forged = rebuilt(full_bag, tmp_path / "forged", **spoilt, **{table: b"forged"})
    assert [p.partition(":")[0] for p in verify_evidence(forged).check("formats").problems] == [
        table
    ]


def test_nothing_is_compared_where_another_program_made_it(full_bag: Files, tmp_path: Path) -> None:
    """A package of another version of this program is not called false for its formats."""
    document = Contents(full_bag).document
    tool = document.tool.replace(version="0.0.1")
    content = canonical_bytes(document.replace(tool=tool))
    check = verify_evidence(rebuilt(full_bag, tmp_path, **{"data/package.json": content})).check(
        "formats"
    )
    assert (check.ran, check.problems) == (False, ())
    assert check.note == "made by modic-annotate 0.0.1"


CLAIMS = ("eligible", "approved", "medically necessary", "qualifies")


def test_no_format_claims_more_than_the_record(full_bag: Files) -> None:
    """No word of the further formats says what the tool must not say of a person."""
    for path in full_bag:
        if role_of(path) in FORMAT_ROLES and not path.endswith(".dcm"):
            words = " ".join(one.text for one in texts_of({path: full_bag[path]})).lower()
            assert [claim for claim in CLAIMS if claim in words] == [], path


def test_a_record_without_a_reading_is_written_too(sample_ws: Workspace, tmp_path: Path) -> None:
    """Tables have headers, the page says that nobody has looked; there is no bundle."""
    record = sample_ws.screening("demo-001")[0]
    alone = record.replace(record_id="demo-002", subject=record.subject.replace(subject_id="d2"))
    path = tmp_path / "record.json"
    path.write_bytes(canonical_bytes(alone))
    import_record(sample_ws, path, by="coordinator")
    found = gather(sample_ws, "demo-002", criteria_file(CRITERIA), AS_OF)
    bag = assemble(found, Profile.INTERNAL, chosen(Profile.INTERNAL))
    assert b"Nobody has looked at pictures" in bag["data/plain.html"]
    assert bag["data/tables/discs.csv"].count(b"\n") == 1
    assert not [path for path in bag if path.startswith("data/fhir/")]
    write_folder(bag, tmp_path / "bag")
    assert verify_evidence(tmp_path / "bag").ok
