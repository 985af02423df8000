"""Verification: a stranger finds every fault that a package can have, by name."""

from __future__ import annotations

import itertools
import json
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from modic_annotate.errors import NothingReadableError, UnreadablePackageError
from modic_annotate.evidence import Verification, verify_evidence
from modic_annotate.evidence.bag import BAG_INFO, BagInfo, Files, make_bag, root_digest
from modic_annotate.evidence.bag_read import FoundBag
from modic_annotate.evidence.bag_write import write_folder, write_zip
from modic_annotate.evidence.fixity import fixity_problems
from modic_annotate.evidence.wording import INTEGRITY_ONLY
from modic_annotate.store.canonical import canonical_bytes, sha256_hex

SAMPLE = Path(__file__).parents[2] / "sample_dicom"
READING = "data/readings/R01-1.json"
SIGNATURE = "data/readings/R01-1.signature.json"
NOTE = "data/imaging/key/R01-1/spine.json"

Changed = dict[str, bytes | None]
"""Path -> new content, None where the file is removed."""


def written(bag: Files, tmp_path: Path) -> Path:
    write_folder(bag, tmp_path / "bag")
    return tmp_path / "bag"


def rebuilt(bag: Files, changed: Changed, tmp_path: Path) -> Verification:
    """Verify a bag with other payload and manifests that fit it: a careful forger's work."""
    payload = {
        p: c for p, c in {**bag, **changed}.items() if p.startswith("data/") and c is not None
    }
    info = BagInfo.parse(bag[BAG_INFO])
    assert info is not None
    again = make_bag(payload, info.agent, info.bagging_date, info.identifier)
    return verify_evidence(written(again, tmp_path))


def failed(verification: Verification) -> set[str]:
    return {check.name for check in verification.checks if check.problems}


def edited(bag: Files, path: str, change: Callable[[dict], None]) -> Changed:
    content = json.loads(bag[path])
    change(content)
    return {path: canonical_bytes(content)}


def test_the_sample_package_verifies(sample_bag: Files, tmp_path: Path) -> None:
    """All checks that need nothing from elsewhere ran and found no fault."""
    verification = verify_evidence(written(sample_bag, tmp_path))
    assert verification.ok
    not_run = {check.name for check in verification.checks if not check.ran}
    assert not_run == {"profile", "images", "root digest", "root signature"}
    assert verification.root == root_digest(sample_bag)


def test_integrity_is_not_called_authenticity(sample_bag: Files, tmp_path: Path) -> None:
    """Only with a root digest from elsewhere does it say whose package it is."""
    path = written(sample_bag, tmp_path)
    assert verify_evidence(path).authenticity == INTEGRITY_ONLY
    anchored = verify_evidence(path, root=root_digest(sample_bag).upper())
    assert anchored.ok
    assert "the one given" in anchored.authenticity
    wrong = verify_evidence(path, root="0" * 64)
    assert failed(wrong) == {"root digest"}
    assert wrong.authenticity == INTEGRITY_ONLY


def test_every_file_is_watched(sample_bag: Files) -> None:
    """First, middle and last byte of every file, two bits each: found, by the file's name."""
    for path, content in sample_bag.items():
        places = {0, len(content) // 3, len(content) // 2, len(content) - 1}
        for place, bit in itertools.product(places, (0x01, 0x20)):
            changed = bytearray(content)
            changed[place] ^= bit
            problems = fixity_problems(FoundBag("bag", {**sample_bag, path: bytes(changed)}))
            assert any(path in problem for problem in problems), (path, place)


@pytest.mark.parametrize("bit", [0x01, 0x80])
def test_damage_is_reported_never_crashed_on(sample_bag: Files, tmp_path: Path, bit: int) -> None:
    """Whatever text file is damaged, and whether or not it can still be read, it is named."""
    path = written(sample_bag, tmp_path)
    for name in sample_bag:
        if name.endswith(".png"):
            continue
        content = (path / name).read_bytes()
        damaged = bytearray(content)
        damaged[len(content) // 2] ^= bit
        (path / name).write_bytes(damaged)
        verification = verify_evidence(path)
        assert not verification.ok
        assert any(name in problem for problem in verification.check("fixity").problems)
        (path / name).write_bytes(content)


@pytest.mark.parametrize(
    "path",
    [
        READING,
        SIGNATURE,
        "data/package.json",
        "data/determination.json",
        "data/screening/record.json",
        "data/links.jsonl",
        "data/criteria/trial_intracept.toml",
        "data/imaging/series.json",
        NOTE,
        "data/audit/audit.jsonl",
        "data/audit/head.txt",
        "data/readings.csv",
        "data/summary.html",
        "data/imaging/key/R01-1/spine.png",
    ],
)
def test_a_file_taken_out_of_a_rebuilt_package_is_missed(
    sample_bag: Files, tmp_path: Path, path: str
) -> None:
    """Manifests that fit what is left do not hide what is gone."""
    verification = rebuilt(sample_bag, {path: None}, tmp_path)
    assert verification.check("fixity").ok
    assert any(path in problem for c in verification.checks for problem in c.problems)


def set_score(record: dict) -> None:
    record["scores"]["odi_percent"]["value"] = 99.0


def set_grade(reading: dict) -> None:
    for finding in reading["findings"]:
        if finding["endplate"] == "L1-superior":
            finding["confidence"] = "possible"


def set_pixels(reading: dict) -> None:
    reading["series"][0]["instances"][0]["pixel_sha256"] = "0" * 64


def set_signed_hash(signature: dict) -> None:
    signature["reading_sha256"] = "0" * 64


def set_signer(signature: dict) -> None:
    signature["reader_id"] = "R99"


def set_outcome(determination: dict) -> None:
    determination["roll_up"] = "criteria_met"


def set_comparison(determination: dict) -> None:
    determination["outcomes"][0]["comparison"] = "47 years >= 25 years"


def set_day(package: dict) -> None:
    package["as_of"] = "2026-03-25"


def set_semantics(package: dict) -> None:
    package["semantics"] = 99


def set_state(package: dict) -> None:
    package["record_states"][0]["state"] = "changed_outside"


def set_set(package: dict) -> None:
    package["criteria_version"] = "7"


def set_scripted(package: dict) -> None:
    package["scripted"] = False


def set_synthetic(package: dict) -> None:
    package["synthetic"] = False


def drop_listing(package: dict) -> None:
    package["files"] = package["files"][1:]


def set_role(package: dict) -> None:
    package["files"][0]["role"] = "summary"


def add_key(package: dict) -> None:
    package["remark"] = "genuine"


def set_instance(note: dict) -> None:
    note["sop_instance_uid"] = "1.2.3"


def set_shown_pixels(note: dict) -> None:
    note["pixel_sha256"] = "0" * 64


def set_series_pixels(series: dict) -> None:
    for one in series["series"]:
        one["used"]["instances"][0]["pixel_sha256"] = "0" * 64


@pytest.mark.parametrize(
    ("path", "change", "names"),
    [
        ("data/screening/record.json", set_score, {"links", "determination"}),
        (READING, set_grade, {"links", "signatures", "renderings"}),
        (READING, set_pixels, {"links", "signatures"}),
        (SIGNATURE, set_signed_hash, {"links", "signatures"}),
        (SIGNATURE, set_signer, {"links", "signatures"}),
        ("data/determination.json", set_outcome, {"determination", "renderings"}),
        ("data/determination.json", set_comparison, {"determination"}),
        ("data/package.json", set_day, {"determination"}),
        ("data/package.json", set_semantics, {"determination"}),
        ("data/package.json", set_state, {"record state"}),
        ("data/package.json", set_set, {"links"}),
        ("data/package.json", set_scripted, {"links"}),
        ("data/package.json", set_synthetic, {"links"}),
        ("data/package.json", drop_listing, {"schemas"}),
        ("data/package.json", set_role, {"schemas"}),
        ("data/package.json", add_key, {"schemas"}),
        (NOTE, set_instance, {"key images"}),
        (NOTE, set_shown_pixels, {"key images"}),
        ("data/imaging/series.json", set_series_pixels, {"links"}),
    ],
)
def test_a_changed_value_under_fitting_manifests_is_found(
    sample_bag: Files,
    tmp_path: Path,
    path: str,
    change: Callable[[dict], None],
    names: set[str],
) -> None:
    """Hashes inside the records, and the judgement made again, catch what fixity cannot."""
    verification = rebuilt(sample_bag, edited(sample_bag, path, change), tmp_path)
    assert verification.check("fixity").ok
    assert names <= failed(verification)


@pytest.mark.parametrize(("field", "value"), [("frame", 1), ("sop_instance_uid", "1.2.3")])
def test_records_that_do_not_fit_each_other_are_a_fault(
    full_bag: Files, tmp_path: Path, field: str, value: object
) -> None:
    """A note of an image that is not there stops the making of a format, and not ``verify``."""

    def change(note: dict) -> None:
        note[field] = value

    path = NOTE.replace("spine", "L1-superior-SAG_T2")
    verification = rebuilt(full_bag, edited(full_bag, path, change), tmp_path)
    check = verification.check("formats")
    assert (check.ran, check.ok) == (False, False)
    assert "do not fit each other" in check.problems[0]
    assert "key images" in failed(verification)


def test_labels_of_another_package_are_found(sample_bag: Files, tmp_path: Path) -> None:
    """``bag-info.txt`` tells the maker, day and record that ``package.json`` does."""
    payload = {p: c for p, c in sample_bag.items() if p.startswith("data/")}
    info = BagInfo.parse(sample_bag[BAG_INFO])
    assert info is not None
    labels = (info.agent, info.bagging_date, info.identifier)
    others = ("modic-annotate 0", date(2020, 1, 1), "another")
    for n, other in enumerate(others):
        forged = make_bag(payload, *(*labels[:n], other, *labels[n + 1 :]))
        assert failed(verify_evidence(written(forged, tmp_path / str(n)))) == {"bag info"}


def test_a_score_changed_with_all_its_hashes_still_changes_the_root(
    sample_bag: Files, tmp_path: Path
) -> None:
    """What a consistent forgery cannot keep is the root digest."""
    changed = edited(sample_bag, "data/determination.json", set_comparison)
    payload = {p: c for p, c in {**sample_bag, **changed}.items() if p.startswith("data/")}
    again = make_bag(payload, "modic-annotate 0", date(2026, 3, 20), "forged")
    verification = verify_evidence(written(again, tmp_path), root=root_digest(sample_bag))
    assert "root digest" in failed(verification)


@pytest.mark.parametrize(
    ("path", "old", "new", "name"),
    [
        ("data/criteria/trial_intracept.toml", b"\n", b"\n# softened\n", "links"),
        ("data/summary.html", b"Criteria not met", b"Criteria met", "renderings"),
        ("data/readings.csv", b"probable", b"definite", "renderings"),
        ("data/codebook.csv", b"Trial", b"Study", "renderings"),
        ("data/links.jsonl", b"R01-1", b"R01-2", "links"),
        ("data/audit/audit.jsonl", b'"by":"coordinator"', b'"by":"somebody"', "audit chain"),
        ("data/audit/head.txt", b"\n", b"0\n", "audit chain"),
        ("data/package.json", b'"as_of":', b'"as_of": ', "schemas"),
        ("data/determination.json", b"{", b"[", "schemas"),
        ("data/determination.json", b"}\n", b"}", "schemas"),
        (NOTE, b"{", b'{"stack":1,', "schemas"),
    ],
)
def test_changed_text_under_fitting_manifests_is_found(
    sample_bag: Files, tmp_path: Path, path: str, old: bytes, new: bytes, name: str
) -> None:
    """Text that people read, chains, and JSON that is spelt another way."""
    assert old in sample_bag[path]
    changed = {path: sample_bag[path].replace(old, new, 1)}
    assert name in failed(rebuilt(sample_bag, changed, tmp_path))


def test_a_shortened_audit_chain_is_found(sample_bag: Files, tmp_path: Path) -> None:
    """A chain cut to its first lines no longer ends in the head the package names."""
    lines = sample_bag["data/audit/audit.jsonl"].split(b"\n")[:-1]
    cut = b"\n".join(lines[:2]) + b"\n"
    verification = rebuilt(sample_bag, {"data/audit/audit.jsonl": cut}, tmp_path)
    assert "audit chain" in failed(verification)
    both = {
        "data/audit/audit.jsonl": cut,
        "data/audit/head.txt": f"{sha256_hex(lines[1])}\n".encode(),
    }
    (tmp_path / "again").mkdir()
    assert {"audit chain", "links"} <= failed(rebuilt(sample_bag, both, tmp_path / "again"))


@pytest.mark.parametrize(
    "path",
    [
        "data/note.txt",
        "data/readings/R02-1.json",
        "data/readings/R02-1.signature.json",
        "data/criteria/other.toml",
        "data/screening/revisions/r0.json",
        "data/imaging/key/R01-1/extra.png",
    ],
)
def test_a_file_slipped_in_is_found(sample_bag: Files, tmp_path: Path, path: str) -> None:
    """Nothing rides along that the package does not name."""
    verification = rebuilt(sample_bag, {path: b"{}\n"}, tmp_path)
    assert "schemas" in failed(verification)
    assert any(path in p for p in verification.check("schemas").problems)


def test_a_second_picture_without_a_note_is_found(sample_bag: Files, tmp_path: Path) -> None:
    """A picture that no note explains is no key image of this reading."""
    extra = "data/imaging/key/R01-1/extra.png"
    verification = rebuilt(sample_bag, {extra: b"x"}, tmp_path)
    assert any("no note says" in p for p in verification.check("key images").problems)


def test_another_version_s_renderings_are_not_judged(sample_bag: Files, tmp_path: Path) -> None:
    """A summary worded by another version is no fault; that it was not compared is said."""

    def older(package: dict) -> None:
        package["tool"]["version"] = "0.0.9"

    changed = edited(sample_bag, "data/package.json", older)
    check = rebuilt(sample_bag, changed, tmp_path).check("renderings")
    assert (check.ran, check.problems) == (False, ())
    assert "0.0.9" in check.note


@pytest.mark.parametrize("given", ["source", "workspace"])
def test_the_images_given_are_those_that_were_read(
    sample_bag: Files, sample_root: Path, tmp_path: Path, given: str
) -> None:
    """The hospital's own files match by pixels, the workspace's copies by UID too."""
    folder = SAMPLE / "study" if given == "source" else sample_root / "images"
    verification = verify_evidence(written(sample_bag, tmp_path), dicom=folder)
    assert verification.ok
    how = "by pixels" if given == "source" else "by UID and pixels"
    assert verification.check("images").note == f"45 of 45 images that were read found {how}"


@pytest.mark.parametrize("given", ["source", "workspace"])
def test_a_changed_pixel_is_found(
    sample_bag: Files, sample_root: Path, tmp_path: Path, given: str
) -> None:
    """One bit in one image, de-identified or not, is named by slot and image number."""
    folder = SAMPLE / "study" if given == "source" else sample_root / "images" / "demo-001"
    copy = shutil.copytree(folder, tmp_path / "dicom")
    spoilt = sorted(copy.rglob("*.dcm"))[20]
    content = bytearray(spoilt.read_bytes())
    content[-4000] ^= 4
    spoilt.chmod(0o644)
    spoilt.write_bytes(content)
    verification = verify_evidence(written(sample_bag, tmp_path), dicom=copy)
    assert failed(verification) == {"images"}
    assert len(verification.check("images").problems) == 1


def test_images_that_are_not_there_are_missed(sample_bag: Files, tmp_path: Path) -> None:
    """A folder that holds one of three series leaves the others named one by one."""
    folder = tmp_path / "dicom"
    folder.mkdir()
    for path in (SAMPLE / "study").glob("t1-*.dcm"):
        shutil.copy(path, folder)
    check = verify_evidence(written(sample_bag, tmp_path), dicom=folder).check("images")
    assert len(check.problems) == 30
    assert check.note.startswith("15 of 45")


def test_a_folder_without_images_cannot_be_compared(sample_bag: Files, tmp_path: Path) -> None:
    """Nothing to compare with is an error of the call, not of the package."""
    (tmp_path / "empty").mkdir()
    with pytest.raises(NothingReadableError):
        verify_evidence(written(sample_bag, tmp_path), dicom=tmp_path / "empty")


def test_a_zip_verifies_like_its_folder(sample_bag: Files, tmp_path: Path) -> None:
    """The same checks, the same root digest."""
    write_zip(sample_bag, tmp_path / "bag.zip")
    verification = verify_evidence(tmp_path / "bag.zip")
    assert verification.ok
    assert verification.root == root_digest(sample_bag)


def test_what_is_no_package_is_unreadable(tmp_path: Path) -> None:
    """A folder of something else is refused, not judged."""
    with pytest.raises(UnreadablePackageError):
        verify_evidence(tmp_path)


def test_the_result_can_be_read_by_machines_and_people(sample_bag: Files, tmp_path: Path) -> None:
    """JSON and text say the same: each check, the record's state, the root digest."""
    verification = verify_evidence(written(sample_bag, tmp_path), root="1" * 64)
    told = json.loads(json.dumps(verification.to_json()))
    assert told["ok"] is False
    assert told["root_sha256"] == verification.root
    assert [c["name"] for c in told["checks"]] == [c.name for c in verification.checks]
    text = verification.text()
    assert "root digest     FAULT" in text
    assert "images          not run: no images given (--dicom)" in text
    assert "Record at export, for R01-1: same" in text
    assert text.endswith("The package does not verify.")


def test_a_reading_under_two_names_is_found(sample_bag: Files, tmp_path: Path) -> None:
    """One reading cannot be counted twice."""
    twin = {
        "data/readings/R01-2.json": sample_bag[READING],
        "data/readings/R01-2.signature.json": sample_bag[SIGNATURE],
    }
    verification = rebuilt(sample_bag, dict(twin), tmp_path)
    assert any("R01-1 stands 2 times" in p for p in verification.check("links").problems)


def test_a_reading_that_no_link_names_is_found(sample_bag: Files, tmp_path: Path) -> None:
    """Links without the reading's line, or without the reading, do not pass."""
    study = sample_bag["data/links.jsonl"].split(b"\n")[0] + b"\n"
    unlinked = rebuilt(sample_bag, {"data/links.jsonl": study}, tmp_path)
    assert any("no link of the record" in p for p in unlinked.check("links").problems)
    (tmp_path / "again").mkdir()
    without = rebuilt(sample_bag, {READING: None, SIGNATURE: None}, tmp_path / "again")
    assert any("is linked, yet it is not" in p for p in without.check("links").problems)


def test_a_record_of_somebody_else_is_found(sample_bag: Files, tmp_path: Path) -> None:
    """Another subject's record under this reading is named in several ways."""

    def other(record: dict) -> None:
        record["record_id"] = "demo-002"

    verification = rebuilt(
        sample_bag, edited(sample_bag, "data/screening/record.json", other), tmp_path
    )
    problems = verification.check("links").problems
    assert any("it is of another record" in p for p in problems)
    assert any("another record or revision" in p for p in problems)
    assert not verification.check("determination").ok


def test_revisions_that_do_not_follow_each_other_are_found(
    sample_bag: Files, tmp_path: Path
) -> None:
    """A second revision names the hash of the first."""
    first = sample_bag["data/screening/record.json"]
    second = json.loads(first)
    second |= {"revision": 2, "previous_sha256": "0" * 64}
    changed = {
        "data/screening/record.json": canonical_bytes(second),
        "data/screening/revisions/r1.json": first,
    }
    problems = rebuilt(sample_bag, dict(changed), tmp_path).check("links").problems
    assert any("revision 2 does not follow revision 1" in p for p in problems)
    assert any("r2.json: the audit chain does not know it" in p for p in problems)


def test_an_image_that_cannot_be_decoded_is_named(sample_bag: Files, tmp_path: Path) -> None:
    """A damaged file is a fault of the images given, not a crash."""
    copy = shutil.copytree(SAMPLE / "study", tmp_path / "dicom")
    spoilt = sorted(copy.glob("*.dcm"))[3]
    content = spoilt.read_bytes()
    spoilt.write_bytes(content[: len(content) - 3000])
    check = verify_evidence(written(sample_bag, tmp_path), dicom=copy).check("images")
    assert check.ran
    assert check.problems


def test_a_draft_cannot_pass_for_a_signed_reading(sample_bag: Files, tmp_path: Path) -> None:
    """A signature beside a draft is a fault."""

    def drafted(reading: dict) -> None:
        reading["status"] = "draft"

    verification = rebuilt(sample_bag, edited(sample_bag, READING, drafted), tmp_path)
    problems = verification.check("signatures").problems
    assert any("is a draft" in problem for problem in problems)


def test_images_cannot_be_compared_with_unreadable_readings(
    sample_bag: Files, tmp_path: Path
) -> None:
    """A check that a fault keeps from running says so, and counts as a fault."""
    broken = rebuilt(sample_bag, {READING: b"{}\n"}, tmp_path)
    path = tmp_path / "bag"
    check = verify_evidence(path, dicom=SAMPLE / "study").check("images")
    assert (check.ran, check.ok) == (False, False)
    assert check.problems[0].startswith("could not be checked")
    assert not broken.ok
