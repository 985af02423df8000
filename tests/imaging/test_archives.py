"""Zip archives are read where they lie; what could do harm is refused by name."""

from __future__ import annotations

import contextlib
import io
import os
import struct
import zipfile
import zlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydicom.uid import RLELossless

from modic_annotate.errors import DecodeError, NotAnImageError
from modic_annotate.imaging import load_series, pixel_sha256, scan
from modic_annotate.imaging.sources import archive_directory
from modic_annotate.imaging.sources.archives import ArchiveMember
from modic_annotate.samples import sample_folder

CENTRAL_MARK = b"PK\x01\x02"


def packed(archive: Path, files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(archive, "w", method) as opened:
        for name, content in files.items():
            opened.writestr(name, content)
    return archive


def folder_as_zip(folder: Path, archive: Path, method: int = zipfile.ZIP_DEFLATED) -> Path:
    files = sorted(p for p in folder.rglob("*") if p.is_file())
    return packed(
        archive, {p.relative_to(folder).as_posix(): p.read_bytes() for p in files}, method
    )


def said(catalogue) -> list[tuple[str, str]]:
    return [(item.path.name, item.code) for item in catalogue.refused]


def change_central(archive: Path, name: str, offset: int, value: bytes) -> None:
    """Overwrite a field of a member's entry in the directory (APPNOTE.TXT 4.3.12)."""
    raw = bytearray(archive.read_bytes())
    at = -1
    while (at := raw.index(CENTRAL_MARK, at + 1)) >= 0:
        (length,) = struct.unpack_from("<H", raw, at + 28)
        if raw[at + 46 : at + 46 + length] == name.encode():
            raw[at + offset : at + offset + len(value)] = value
            archive.write_bytes(raw)
            return


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_the_sample_reads_alike_from_a_zip(tmp_path: Path, method: int) -> None:
    """The same series, slices, pixels and hashes come from an archive as from its folder."""
    study = sample_folder() / "study"
    archive = folder_as_zip(study, tmp_path / "CD.ZIP", method)
    plain, zipped = scan(study), scan(archive)
    assert not zipped.refused
    assert [s.to_json() for s in zipped.series] == [s.to_json() for s in plain.series]
    for one, other in zip(plain.series, zipped.series, strict=True):
        assert [ref.path.name for ref in other.slices] == [ref.path.name for ref in one.slices]
        assert isinstance(other.slices[0].path, ArchiveMember)
        assert str(other.slices[0].path) == f"{archive}/{one.slices[0].path.name}"
        mine, theirs = load_series(other), load_series(one)
        assert np.array_equal(mine.array, theirs.array)
        assert mine.instances == theirs.instances
        first = other.slices[0]
        assert pixel_sha256(first.path) == mine.instances[0].pixel_sha256
    assert [p.name for p in tmp_path.iterdir()] == ["CD.ZIP"]


def test_archives_in_a_folder_count_as_folders(mr) -> None:
    """Images beside an archive and in it are one series; names and folders do not matter."""
    datasets = mr.stack(4)
    mr.write_all(datasets[:2])
    inner = [mr.write(ds, f"out/{i}").read_bytes() for i, ds in enumerate(datasets[2:])]
    for path in (mr.folder / "out").iterdir():
        path.unlink()
    packed(mr.folder / "rest.zip", {"A/B/IM1": inner[0], "IM1": inner[1], "A/": b"", "n.txt": b"n"})
    catalogue = scan(mr.folder)
    (series,) = catalogue.series
    assert (series.shape[0], series.n_files, series.problems) == (4, 4, ())
    assert said(catalogue) == [("n.txt", "not_dicom")]


def test_an_archive_under_another_name(mr, tmp_path: Path) -> None:
    """Given by itself it is opened under any name; in a folder it is refused with advice."""
    mr.write_all(mr.stack(2))
    folder = tmp_path / "folder"
    folder.mkdir()
    archive = folder_as_zip(mr.folder, folder / "download")
    assert scan(archive).series[0].n_files == 2
    folder_as_zip(mr.folder, folder / "slides.pptx")
    catalogue = scan(folder)
    assert said(catalogue) == [("download", "archive"), ("slides.pptx", "not_dicom")]
    assert "rename it" in catalogue.refused[0].reason


def test_the_header_pass_reads_the_head_alone(mr, tmp_path: Path, monkeypatch) -> None:
    """Of a large member no more is inflated than its header takes."""
    pixels = np.random.default_rng(1).integers(0, 4095, (1024, 1024), dtype=np.uint16)
    path = mr.write(mr.dataset((0, 0, 0), pixels), "a")
    archive = packed(tmp_path / "a.zip", {"a": path.read_bytes()})
    read: list[int] = []
    inflated = ArchiveMember.open

    def counted(member: ArchiveMember, mode):
        file = inflated(member, mode)
        close = file.close
        file.close = lambda: (read.append(len(file._content)), close())
        return file

    monkeypatch.setattr(ArchiveMember, "open", counted)
    (series,) = scan(archive).series
    assert not series.problems
    assert len(read) == 1
    assert read[0] <= 128 * 1024 < pixels.nbytes


def test_a_member_is_a_file(tmp_path: Path) -> None:
    """Reading, seeking and closing a member is as with a file of the same bytes."""
    content = bytes(range(256)) * 1000
    archive = packed(tmp_path / "a.zip", {"a": content, "void": b""})
    with ArchiveMember(archive, "a").open() as file:
        assert file.readable()
        assert file.seekable()
        assert (file.seek(-3, os.SEEK_END), file.read()) == (len(content) - 3, content[-3:])
        assert (file.seek(5), file.read(3), file.tell()) == (5, content[5:8], 8)
        assert (file.seek(2, os.SEEK_CUR), file.read(1)) == (10, content[10:11])
        assert (file.seek(len(content) + 9), file.read()) == (len(content) + 9, b"")
        assert (file.seek(0), file.read()) == (0, content)
    assert ArchiveMember(archive, "a").read_bytes() == content
    assert said(scan(archive)) == [("a", "not_dicom"), ("void", "empty_file")]
    with pytest.raises(FileNotFoundError):
        ArchiveMember(archive, "b").open()


@given(data=st.data())
def test_any_reads_give_the_bytes_of_the_file(tmp_path_factory, data) -> None:
    """Reads of any size at any place agree with the same reads of the unpacked bytes."""
    content = data.draw(st.binary(max_size=300)) * data.draw(st.integers(1, 400))
    method = data.draw(st.sampled_from([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED]))
    archive = packed(tmp_path_factory.mktemp("zip") / "a.zip", {"a": content}, method)
    moves = st.tuples(st.integers(0, len(content) + 5), st.integers(-1, len(content) + 5))
    with ArchiveMember(archive, "a").open() as file, io.BytesIO(content) as plain:
        for place, size in data.draw(st.lists(moves, max_size=5)):
            assert file.seek(place) == plain.seek(place)
            assert file.read(size) == plain.read(size)
            assert file.tell() == plain.tell()


@pytest.mark.parametrize(
    "name", ["../x", "a/../../x", "/etc/x", "C:/x", "c:x", "a\\x", "..\\x", "a//x", "./x"]
)
def test_names_that_lead_elsewhere_are_refused(mr, tmp_path: Path, name: str) -> None:
    """A member whose name is no plain path below the archive is not read, and is named."""
    image = mr.write(mr.dataset((0, 0, 0)), "a").read_bytes()
    archive = packed(tmp_path / "a.zip", {name: image, "good": image})
    catalogue = scan(archive)
    (item,) = catalogue.refused
    assert (str(item.path), item.code) == (f"{archive}/{name}", "archive_member")
    assert "leads out" in item.reason
    assert [ref.path.name for ref in catalogue.series[0].slices] == ["good"]


def test_two_members_of_one_name_are_refused(mr, tmp_path: Path) -> None:
    """Which of them is meant cannot be told, so neither is read."""
    image = mr.write(mr.dataset((0, 0, 0)), "a").read_bytes()
    archive = tmp_path / "a.zip"
    with zipfile.ZipFile(archive, "w") as opened:
        opened.writestr("a", image)
        with pytest.warns(UserWarning, match="Duplicate"):
            opened.writestr("a", image[:-1])
    catalogue = scan(archive)
    assert said(catalogue) == [("a", "archive_member")]
    assert not catalogue.series


def test_archives_that_cannot_be_opened_are_named(mr, tmp_path: Path) -> None:
    """Locked, damaged, empty and unreadable archives, and archives within archives."""
    image = mr.write(mr.dataset((0, 0, 0)), "a").read_bytes()
    (mr.folder / "a").unlink()
    locked = packed(tmp_path / "locked.zip", {"a": image})
    change_central(locked, "a", 8, b"\x01\x00")
    cut = packed(tmp_path / "cut.zip", {"a": image})
    cut.write_bytes(cut.read_bytes()[:-30])
    (tmp_path / "text.zip").write_text("hello")
    packed(tmp_path / "none.zip", {"folder/": b""})
    packed(tmp_path / "outer.zip", {"inner.zip": cut.read_bytes(), "a": image})
    catalogue = scan(tmp_path)
    reasons = {item.path.name: (item.code, item.reason) for item in catalogue.refused}
    assert {name: code for name, (code, _) in reasons.items()} == {
        "locked.zip": "archive",
        "cut.zip": "archive",
        "text.zip": "archive",
        "none.zip": "archive",
        "inner.zip": "nested_archive",
    }
    assert "password" in reasons["locked.zip"][1]
    assert "damaged" in reasons["cut.zip"][1]
    assert "without files" in reasons["none.zip"][1]
    assert catalogue.series[0].n_files == 1


def test_an_archive_that_goes_away_is_unreadable(mr, tmp_path: Path, monkeypatch) -> None:
    """An archive that cannot be opened any more is refused, and so is a member of it."""
    archive = folder_as_zip(mr.write_all(mr.stack(2)), tmp_path / "a.zip")
    (series,) = scan(archive).series

    def gone(path):
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patch:
        patch.setattr("modic_annotate.imaging.sources.files.directory", gone)
        assert said(scan(archive)) == [("a.zip", "unreadable")]
    archive.unlink()
    with pytest.raises(DecodeError, match="cannot be read"):
        load_series(series)


def test_damage_within_a_member_is_found(mr, tmp_path: Path) -> None:
    """A changed byte is refused in the header pass or, in the pixels, when they are loaded."""
    image = mr.write(mr.dataset((0, 0, 0)), "a").read_bytes()
    archive = packed(tmp_path / "a.zip", {"a": image}, zipfile.ZIP_STORED)
    raw = archive.read_bytes()
    at = raw.index(image[-100:])
    archive.write_bytes(raw[: at + 50] + bytes([raw[at + 50] ^ 1]) + raw[at + 51 :])
    catalogue = scan(archive)
    if catalogue.series:
        with pytest.raises(DecodeError, match="archive is damaged there"):
            load_series(catalogue.series[0])
    else:
        assert said(catalogue) == [("a", "unreadable")]
    archive.write_bytes(raw.replace(b"PK\x03\x04", b"PK\x03\x05", 1))
    assert said(scan(archive)) == [("a", "unreadable")]


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
@pytest.mark.parametrize("stated", [1_000, 900_000])
def test_a_directory_that_lies_about_a_size_is_found(tmp_path: Path, method, stated) -> None:
    """Content that is longer or shorter than stated is refused, and never held beyond it."""
    archive = packed(tmp_path / "a.zip", {"a": os.urandom(200_000)}, method)
    change_central(archive, "a", 24, struct.pack("<L", stated))
    with ArchiveMember(archive, "a").open() as file, pytest.raises(OSError, match="damaged"):
        file.read()
    assert file.closed


def test_a_bomb_is_refused_from_its_directory(tmp_path: Path, monkeypatch) -> None:
    """What grows too far, alone or together, is refused by its stated size, without inflating."""
    zeros = bytes(2**20)
    archive = packed(tmp_path / "a.zip", {"a": zeros, "b": b"small"})
    monkeypatch.setattr(archive_directory, "LARGE_BYTES", 2**19)
    (item,) = scan(archive).refused
    assert (item.code, item.path) == ("archive", archive)
    assert "would grow to" in item.reason
    noise = os.urandom(2**16)
    archive = packed(tmp_path / "b.zip", {"a": zeros, **{f"{i}": noise for i in range(4)}})
    (item,) = (r for r in scan(archive).refused if r.code != "not_dicom")
    assert (item.code, item.path.name) == ("archive_member", "a")


@pytest.mark.parametrize(
    ("limit", "value", "words"),
    [
        ("MOST_MEMBERS", 2, "of 3 files"),
        ("MOST_TOTAL_BYTES", 100, "would grow to"),
        ("MOST_DIRECTORY_BYTES", 64, "damaged"),
    ],
)
def test_each_limit_refuses_the_archive(tmp_path: Path, monkeypatch, limit, value, words) -> None:
    """Too many members, too many bytes in all, or too long a directory."""
    archive = packed(tmp_path / "a.zip", {name: os.urandom(60) for name in "abc"})
    monkeypatch.setattr(archive_directory, limit, value)
    archive_directory._directory.cache_clear()
    (item,) = scan(archive).refused
    archive_directory._directory.cache_clear()
    assert item.code == "archive"
    assert words in item.reason


def test_a_member_beyond_the_limit_is_refused(mr, tmp_path: Path, monkeypatch) -> None:
    """A member larger than any image is left alone; the others are read."""
    image = mr.write(mr.dataset((0, 0, 0)), "a").read_bytes()
    archive = packed(tmp_path / "a.zip", {"a": image, "large": os.urandom(len(image) + 1)})
    monkeypatch.setattr(archive_directory, "MOST_MEMBER_BYTES", len(image))
    catalogue = scan(archive)
    assert said(catalogue) == [("large", "archive_member")]
    assert catalogue.series[0].n_files == 1


def test_other_methods_are_refused(mr, tmp_path: Path) -> None:
    """A method that cannot be inflated step by step is refused, with what to do."""
    image = mr.write(mr.dataset((0, 0, 0)), "a").read_bytes()
    catalogue = scan(packed(tmp_path / "a.zip", {"a": image}, zipfile.ZIP_BZIP2))
    assert said(catalogue) == [("a", "archive_member")]
    assert "unpack" in catalogue.refused[0].reason


def test_members_that_share_bytes_are_refused(tmp_path: Path) -> None:
    """Entries that lie over one another, as in archives made to explode, are not read."""
    archive = packed(tmp_path / "a.zip", {"a": os.urandom(500), "b": os.urandom(500)})
    change_central(archive, "b", 42, struct.pack("<L", 10))
    (item,) = scan(archive).refused
    assert (item.code, "over one another" in item.reason) == ("archive", True)


def test_a_truncated_image_in_an_archive_blocks(mr, tmp_path: Path) -> None:
    """Images cut short before they were packed are found as in a folder, in any encoding."""
    plain, coded = mr.stack(1), mr.stack(1, SeriesInstanceUID="1.2.3")
    coded[0].compress(RLELossless, generate_instance_uid=False)
    files = {
        "plain": mr.write(plain[0], "a").read_bytes()[:-10],
        "coded": mr.write(coded[0], "b").read_bytes()[:-20],
    }
    series = scan(packed(tmp_path / "a.zip", files)).series
    assert [[p.code for p in s.problems] for s in series] == [["truncated"], ["truncated"]]


def test_a_member_without_a_name_is_refused_or_left_out(tmp_path: Path) -> None:
    """A name that begins with a zero byte is empty to a zip reader; the others are found yet."""
    archive = tmp_path / "study.zip"
    with zipfile.ZipFile(archive, "w") as written:
        written.writestr("Xotes.txt", b"no image")
        written.writestr("other.txt", b"no image")
    archive.write_bytes(archive.read_bytes().replace(b"Xotes", b"\0otes"))
    found = scan(archive)
    assert not found.series
    assert len(found.refused) == 2


@given(data=st.data())
def test_damaged_archives_never_raise(tmp_path_factory, data) -> None:
    """A byte changed or bytes cut anywhere gives series or refusals, never an exception."""
    image = (sample_folder() / "study" / "t1-01.dcm").read_bytes()[:6000]
    archive = packed(tmp_path_factory.mktemp("zip") / "a.zip", {"A/1": image, "A/2": b"text"})
    raw = bytearray(archive.read_bytes())
    at = data.draw(
        st.one_of(st.integers(0, len(raw) - 1), st.integers(len(raw) - 150, len(raw) - 1))
    )
    raw[at] = data.draw(st.integers(0, 255))
    archive.write_bytes(raw[: data.draw(st.one_of(st.just(len(raw)), st.integers(0, len(raw))))])
    catalogue = scan(archive)
    assert catalogue.series or catalogue.refused
    for series in catalogue.series:
        if not series.blocked:
            with contextlib.suppress(DecodeError, NotAnImageError):
                load_series(series)


def test_a_checksum_is_over_the_content(tmp_path: Path) -> None:
    """What is read whole is compared with the checksum the directory states."""
    archive = packed(tmp_path / "a.zip", {"a": b"content"})
    assert ArchiveMember(archive, "a").read_bytes() == b"content"
    change_central(archive, "a", 16, struct.pack("<L", zlib.crc32(b"content") ^ 1))
    with pytest.raises(OSError, match="damaged"):
        ArchiveMember(archive, "a").read_bytes()
