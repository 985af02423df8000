"""Bags: the same bytes each time, valid elsewhere, and no changed byte goes unseen."""

from __future__ import annotations

import shutil
import subprocess
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import bagit
import pytest
from hypothesis import given
from hypothesis import strategies as st

from modic_annotate.errors import AlreadyExistsError, ExportError, UnreadablePackageError
from modic_annotate.evidence.bag import (
    MANIFEST,
    TAG_FILES,
    TAG_MANIFEST,
    BagInfo,
    Files,
    make_bag,
    manifest_bytes,
    parse_manifest,
    root_digest,
)
from modic_annotate.evidence.bag_read import FoundBag, open_bag
from modic_annotate.evidence.bag_write import write_folder, write_zip, zip_bytes
from modic_annotate.evidence.fixity import fixity_problems
from modic_annotate.evidence.paths import path_problems

PAYLOAD = {
    "data/package.json": b'{"a":1}\n',
    "data/readings/reader-1.json": b'{"b":2}\n',
    "data/imaging/key/L4-inferior.png": bytes(range(64)),
}


def small_bag() -> dict[str, bytes]:
    return make_bag(PAYLOAD, "modic-annotate 0.1.0", date(2026, 1, 31), "sample-001")


def problems_of_folder(path: Path) -> tuple[str, ...]:
    return fixity_problems(open_bag(path))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_folder(small_bag(), tmp_path / "bag")
    return tmp_path / "bag"


@pytest.fixture
def packed(tmp_path: Path) -> Path:
    write_zip(small_bag(), tmp_path / "bag.zip")
    return tmp_path / "bag.zip"


def test_same_content_gives_the_same_bytes() -> None:
    """Order of the payload does not matter: the bag and its zip are the same bytes."""
    reversed_payload = dict(reversed(PAYLOAD.items()))
    other = make_bag(reversed_payload, "modic-annotate 0.1.0", date(2026, 1, 31), "sample-001")
    assert list(small_bag().items()) == list(other.items())
    assert zip_bytes(small_bag(), "bag") == zip_bytes(other, "bag")


def test_a_written_bag_has_no_problems(folder: Path, packed: Path) -> None:
    """A folder and a zip verify right after they were written."""
    assert problems_of_folder(folder) == ()
    assert problems_of_folder(packed) == ()
    assert open_bag(folder).files == open_bag(packed).files == small_bag()


def test_bagit_py_accepts_it(folder: Path) -> None:
    """The Library of Congress' validator takes our bag as valid BagIt 1.0."""
    bag = bagit.Bag(str(folder))
    assert bag.validate() is True
    assert bag.version_info == (1, 0)
    assert bag.info["External-Identifier"] == "sample-001"


@pytest.mark.skipif(shutil.which("sha256sum") is None, reason="sha256sum is not installed")
@pytest.mark.parametrize("manifest", [MANIFEST, TAG_MANIFEST])
def test_sha256sum_accepts_it(folder: Path, manifest: str) -> None:
    """Both manifests can be checked without any software of ours."""
    subprocess.run(["sha256sum", "--strict", "-c", manifest], cwd=folder, check=True)


def test_every_flipped_bit_of_every_file_is_found_by_name() -> None:
    """Every bit of every file of a small bag: the fault names the file."""
    bag = small_bag()
    for path, content in bag.items():
        for position in range(len(content)):
            for bit in range(8):
                changed = bytearray(content)
                changed[position] ^= 1 << bit
                problems = fixity_problems(FoundBag("bag", {**bag, path: bytes(changed)}))
                assert any(path in problem for problem in problems), (path, position, bit)


def test_every_flipped_byte_of_a_zip_is_found(packed: Path) -> None:
    """The zip's own headers count too: dates, attributes, padding, directory."""
    content = packed.read_bytes()
    for position in range(len(content)):
        changed = bytearray(content)
        changed[position] ^= 0x01
        packed.write_bytes(changed)
        try:
            problems = problems_of_folder(packed)
        except UnreadablePackageError:
            continue
        assert problems, position


def test_a_truncated_or_longer_file_is_found(folder: Path) -> None:
    """Cutting or lengthening a payload file is found by name and by the oxum."""
    target = folder / "data/package.json"
    for content in (b"", target.read_bytes()[:-1], target.read_bytes() + b"\n"):
        target.write_bytes(content)
        problems = problems_of_folder(folder)
        assert any(p.startswith("data/package.json: ") for p in problems)
        assert any("bag-info.txt: says payload" in p for p in problems)


def add_payload(root: Path) -> None:
    (root / "data/extra.txt").write_text("x")


def add_top_level(root: Path) -> None:
    (root / "note.txt").write_text("x")


def remove_payload(root: Path) -> None:
    (root / "data/package.json").unlink()


def remove_manifest(root: Path) -> None:
    (root / MANIFEST).unlink()


def remove_tag_manifest(root: Path) -> None:
    (root / TAG_MANIFEST).unlink()


def rename_payload(root: Path) -> None:
    (root / "data/package.json").rename(root / "data/Package.json")


def swap_payload(root: Path) -> None:
    one, two = root / "data/package.json", root / "data/readings/reader-1.json"
    first, second = one.read_bytes(), two.read_bytes()
    one.write_bytes(second)
    two.write_bytes(first)


def link_payload(root: Path) -> None:
    target = root / "data/package.json"
    copy = root.parent / "elsewhere.json"
    copy.write_bytes(target.read_bytes())
    target.unlink()
    target.symlink_to(copy)


def link_folder(root: Path) -> None:
    shutil.move(root / "data/readings", root.parent / "readings")
    (root / "data/readings").symlink_to(root.parent / "readings")


def empty_folder(root: Path) -> None:
    (root / "data/attachments").mkdir()


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (add_payload, "data/extra.txt: not listed"),
        (add_top_level, "note.txt: no file of a package"),
        (remove_payload, "data/package.json: listed in"),
        (remove_manifest, "manifest-sha256.txt: missing"),
        (remove_tag_manifest, "tagmanifest-sha256.txt: missing"),
        (rename_payload, "data/package.json: listed in"),
        (swap_payload, "data/readings/reader-1.json: not the bytes"),
        (link_payload, "data/package.json: a link"),
        (link_folder, "data/readings: a link"),
        (empty_folder, "data/attachments: an empty folder"),
    ],
)
def test_a_changed_folder_is_found(
    folder: Path, change: Callable[[Path], None], named: str
) -> None:
    """Files added, removed, renamed, swapped or replaced by links are named."""
    change(folder)
    assert any(problem.startswith(named) for problem in problems_of_folder(folder))


def test_regenerated_manifests_still_show_in_the_root_digest() -> None:
    """A bag rebuilt around changed content is sound by itself; its root digest is another."""
    changed = make_bag(
        {**PAYLOAD, "data/package.json": b'{"a":2}\n'}, "a 1", date(2026, 1, 31), "x"
    )
    assert fixity_problems(FoundBag("bag", changed)) == ()
    assert root_digest(changed) != root_digest(small_bag())


def spoilt_zip(path: Path, change: Callable[[zipfile.ZipFile, Files], None]) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        change(archive, small_bag())


def twice(archive: zipfile.ZipFile, bag: Files) -> None:
    for name, content in bag.items():
        archive.writestr(f"bag/{name}", content)
    with pytest.warns(UserWarning, match="Duplicate name"):
        archive.writestr("bag/data/package.json", b"{}")


def outside(archive: zipfile.ZipFile, bag: Files) -> None:
    for name, content in bag.items():
        archive.writestr(f"bag/{name}", content)
    archive.writestr("../evil.txt", b"x")


def deflated(archive: zipfile.ZipFile, bag: Files) -> None:
    for name, content in bag.items():
        archive.writestr(f"bag/{name}", content, zipfile.ZIP_DEFLATED)


def linked(archive: zipfile.ZipFile, bag: Files) -> None:
    for name, content in bag.items():
        entry = zipfile.ZipInfo(f"bag/{name}")
        entry.create_system = 3
        entry.external_attr = 0o120777 << 16
        archive.writestr(entry, content)


def with_folders(archive: zipfile.ZipFile, bag: Files) -> None:
    archive.mkdir("bag/data")
    for name, content in bag.items():
        archive.writestr(f"bag/{name}", content)


def repacked(archive: zipfile.ZipFile, bag: Files) -> None:
    for name, content in bag.items():
        archive.writestr(f"bag/{name}", content)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (twice, "stands 2 times"),
        (outside, "lies outside the zip's one folder"),
        (deflated, "packed by another program"),
        (linked, "a link"),
        (with_folders, "a folder entry"),
        (repacked, "the zip around the files is not as it was written"),
    ],
)
def test_a_zip_of_another_make_is_refused(
    tmp_path: Path, change: Callable[[zipfile.ZipFile, Files], None], words: str
) -> None:
    """Doubled, outside, compressed, linked or re-packed members are said to be so."""
    spoilt_zip(tmp_path / "bag.zip", change)
    assert any(words in problem for problem in problems_of_folder(tmp_path / "bag.zip"))


@pytest.mark.parametrize("content", [b"", b"no zip at all", b"PK\x05\x06" + bytes(18)])
def test_what_is_no_bag_is_unreadable(tmp_path: Path, content: bytes) -> None:
    """An empty, foreign or memberless file is no package."""
    (tmp_path / "bag.zip").write_bytes(content)
    with pytest.raises(UnreadablePackageError):
        open_bag(tmp_path / "bag.zip")


def test_a_folder_without_tag_files_is_unreadable(tmp_path: Path) -> None:
    """A folder that never was a bag, or nothing at all, is not judged but refused."""
    with pytest.raises(UnreadablePackageError, match="no evidence package"):
        open_bag(tmp_path)
    with pytest.raises(UnreadablePackageError, match="no package at"):
        open_bag(tmp_path / "missing")


def test_packages_are_never_overwritten(folder: Path) -> None:
    """A second package under the same name is refused and the first stays as it was."""
    with pytest.raises(AlreadyExistsError, match="exists already"):
        write_folder(small_bag(), folder)
    assert problems_of_folder(folder) == ()


def test_an_empty_folder_may_become_the_package(tmp_path: Path) -> None:
    """A folder made beforehand (``mktemp -d``) is taken as the name."""
    (tmp_path / "bag").mkdir()
    write_folder(small_bag(), tmp_path / "bag")
    assert problems_of_folder(tmp_path / "bag") == ()


def test_nothing_half_written_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the disk refuses a file, neither the package nor its draft remains."""
    real = Path.open

    def refuse(path: Path, mode: str = "r", *rest: object) -> object:
        if path.name == MANIFEST:
            raise OSError(28, "No space left on device")
        return real(path, mode, *rest)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(ExportError, match="No space left on device"):
        write_folder(small_bag(), tmp_path / "bag")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "path",
    [
        "../up",
        "/absolute",
        "data//empty",
        "data/./same",
        "data/back\\slash",
        "C:/drive",
        "data/con",
        "data/NUL.txt",
        "data/ends.",
        "data/with space",
        "data/é",
        "data/line\nbreak",
        "data/" + "a" * 200,
        "",
    ],
)
def test_unsafe_paths_are_refused(path: str) -> None:
    """Paths that leave the folder, or differ between systems, are problems."""
    assert len(path_problems([path])) == 1
    with pytest.raises(ExportError):
        make_bag({path: b""}, "a 1", date(2026, 1, 31), "x")


@pytest.mark.parametrize("pair", [("data/a.txt", "data/A.txt"), ("data/a/x", "data/A/y")])
def test_names_that_differ_in_case_only_are_refused(pair: tuple[str, str]) -> None:
    """Two files or folders that Windows would take for one are a problem."""
    assert len(path_problems(pair)) == 1


def test_payload_lies_below_data() -> None:
    """A payload file outside ``data/`` would be a tag file of unknown meaning."""
    with pytest.raises(ExportError, match="not below data/"):
        make_bag({"note.txt": b""}, "a 1", date(2026, 1, 31), "x")


@given(
    st.dictionaries(
        st.from_regex(r"data/[a-z0-9.]{1,20}", fullmatch=True),
        st.from_regex(r"[0-9a-f]{64}", fullmatch=True),
    )
)
def test_manifests_round_trip(hashes: dict[str, str]) -> None:
    """What a manifest lists is read back as it was."""
    assert parse_manifest(manifest_bytes(hashes)) == hashes


@given(st.binary(max_size=200))
def test_strange_tag_files_are_refused_not_crashed_on(content: bytes) -> None:
    """Arbitrary bytes are either this tool's spelling or nothing."""
    info = BagInfo.parse(content)
    assert info is None or info.to_bytes() == content
    hashes = parse_manifest(content)
    assert hashes is None or manifest_bytes(hashes) == content


def test_a_bag_without_any_tag_file_name_is_listed() -> None:
    """The four tag files are all that may stand beside ``data/``."""
    assert {path for path in small_bag() if not path.startswith("data/")} == set(TAG_FILES)


def test_a_file_that_cannot_be_read_is_unreadable(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk fault is not taken for a fault of the package."""

    def refuse(_path: Path) -> bytes:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(Path, "read_bytes", refuse)
    with pytest.raises(UnreadablePackageError, match="Input/output error"):
        open_bag(folder)
