"""What lies in a folder ends in a series or is refused, and costs no more than it holds."""

from __future__ import annotations

import os
import struct
import subprocess
import sys
import zipfile
import zlib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydicom.dataset import Dataset
from pydicom.uid import DeflatedExplicitVRLittleEndian, RLELossless

from modic_annotate.errors import DecodeError
from modic_annotate.imaging import pixel_sha256, scan
from modic_annotate.imaging.headers import deflated
from modic_annotate.imaging.headers.reading import read_headers
from modic_annotate.imaging.sources.regular import open_regular
from modic_annotate.samples import sample_folder

IMAGES = [path.read_bytes() for path in sorted((sample_folder() / "study").iterdir())[:6]]


def _index(names: list[str]) -> bytes:
    """A DICOMDIR's marks with some references, as far as a scan looks at one."""
    meta = b"\2\0\2\0UI\x14\x001.2.840.10008.1.3.10" + b"\2\0\x10\0UI\x14\x001.2.840.10008.1.2.1\0"
    records = b"".join(
        b"\4\0\0\x15CS" + struct.pack("<H", len(name)) + name.encode() for name in names
    )
    return bytes(128) + b"DICM" + meta + b"\4\0\x30\x11CS\4\0SET " + records


CONTENTS = st.one_of(
    st.sampled_from(IMAGES),
    st.sampled_from(IMAGES).map(lambda raw: raw[: len(raw) // 3]),
    st.sampled_from(IMAGES).map(lambda raw: raw[:-1] + b"\7"),
    st.sampled_from(IMAGES).map(lambda raw: raw[:300]),
    st.sampled_from([b"", b"text", b"PK\3\4", bytes(500)]),
    st.lists(st.sampled_from(["A", "IM1", "..\\X"]), max_size=2).map(_index),
)
NAMES = st.sampled_from(["IM1", "a.dcm", "DICOMDIR", "x.zip", "b.txt", "..", "größe"])
TREES = st.dictionaries(
    st.tuples(st.sampled_from(["", "A", "A/B", "cd.zip", "cd2.ZIP/D"]), NAMES), CONTENTS, max_size=9
)


def _grow(root: Path, tree: dict[tuple[str, str], bytes]) -> set[str]:
    """Write a tree; return the names of all files that a scan must account for."""
    archives: dict[Path, list[tuple[str, bytes]]] = {}
    there: set[str] = set()
    for (where, name), content in tree.items():
        top, _, below = where.partition("/")
        if top.lower().endswith(".zip"):
            member = f"{below}/{name}" if below else name
            archives.setdefault(root / top, []).append((member, content))
            there.add(f"{root / top}/{member}")
        elif name != "..":
            (root / where).mkdir(parents=True, exist_ok=True)
            (root / where / name).write_bytes(content)
            there.add(str(root / where / name))
    for archive, members in archives.items():
        with zipfile.ZipFile(archive, "w") as opened:
            for member, content in members:
                opened.writestr(member, content)
    return there


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(tree=TREES)
def test_every_file_is_accounted_for(tmp_path_factory, tree) -> None:
    """The files of all slices and those refused are the files that are there, and no others."""
    root = tmp_path_factory.mktemp("tree")
    there = _grow(root, tree)
    catalogue = scan(root)
    used = {str(ref.path) for series in catalogue.series for ref in series.slices}
    refused = {str(item.path) for item in catalogue.refused}
    assert used | refused == there
    assert not used & refused
    assert sum(series.n_files for series in catalogue.series) >= len(used)
    assert all(item.reason for item in catalogue.refused)


def test_paths_of_all_kinds_together(mr, tmp_path: Path) -> None:
    """A file, a folder, an archive and an index, given together, are one catalogue."""
    datasets = mr.stack(4)
    paths = [mr.write(ds, f"{i}/IM") for i, ds in enumerate(datasets)]
    (paths[1].parent / "DICOMDIR").write_bytes(_index(["IM"]))
    archive = tmp_path / "a.zip"
    with zipfile.ZipFile(archive, "w") as opened:
        opened.write(paths[2], "IM")
    found = scan(paths[0], paths[1].parent / "DICOMDIR", [archive, paths[3].parent])
    (series,) = found.series
    assert (series.shape[0], series.problems) == (4, ())
    assert [item.code for item in found.refused] == ["dicomdir"]


def test_a_file_that_became_a_pipe_is_not_waited_for(mr) -> None:
    """What was a file when it was listed and is a pipe when it is opened is refused at once."""
    if not hasattr(os, "mkfifo"):
        pytest.skip("this system has no named pipes")
    mr.folder.mkdir()
    os.mkfifo(mr.folder / "pipe")
    with pytest.raises(OSError, match="no plain file"):
        open_regular(mr.folder / "pipe")
    assert read_headers(mr.folder / "pipe").code == "unreadable"
    with pytest.raises(DecodeError, match="no plain file"):
        pixel_sha256(mr.folder / "pipe")


def test_empty_numbers_are_not_stated(mr) -> None:
    """Attributes of a number without one neither fail nor count as nought."""
    empty = ("EchoTime", "RepetitionTime", "InstanceNumber", "SliceThickness", "SeriesNumber")
    mr.write(mr.dataset((0, 0, 0), **dict.fromkeys(empty, "")), "a")
    (series,) = scan(mr.folder).series
    assert series.acquisition.echo_time_ms is None
    assert series.acquisition.slice_thickness_mm is None
    assert series.slices[0].instance_number is None


@pytest.mark.parametrize("rows", [0, 65535])
def test_absurd_sizes_are_refused(mr, rows) -> None:
    """No image has no rows, or more pixels than any scanner makes."""
    ds = mr.dataset((0, 0, 0), Rows=rows, Columns=65535)
    mr.write(ds, "a")
    (item,) = scan(mr.folder).refused
    assert item.code == ("absurd_size" if rows else "no_image")


@pytest.mark.parametrize("claimed", ["2147483647", "-5", "999999"])
@pytest.mark.parametrize("compressed", [False, True])
@pytest.mark.parametrize("groups", [False, True])
def test_absurd_numbers_of_frames_are_refused(mr, claimed, compressed, groups) -> None:
    """More frames than the file can hold, or fewer than none, are refused by name."""
    ds = mr.enhanced(mr.stack(3))
    if compressed:
        ds.compress(RLELossless, generate_instance_uid=False)
    if not groups:
        del ds.PerFrameFunctionalGroupsSequence
    ds.NumberOfFrames = claimed
    mr.write(ds, "a")
    (item,) = scan(mr.folder).refused
    assert item.code == "frames_mismatch"
    assert f"claims {claimed} frames" in item.reason


def test_frames_that_some_groups_leave_out_are_refused(mr) -> None:
    """An object that describes two of its three frames is not read as two."""
    ds = mr.enhanced(mr.stack(3))
    del ds.PerFrameFunctionalGroupsSequence[2]
    mr.write(ds, "a")
    (item,) = scan(mr.folder).refused
    assert (item.code, item.reason) == (
        "frames_mismatch",
        "the header claims 3 frames and describes 2",
    )


def test_frames_without_pixels_are_bounded(mr) -> None:
    """A header that ends before its pixels and claims more frames than it describes is refused."""
    ds = mr.enhanced(mr.stack(3), NumberOfFrames="500")
    del ds.PixelData
    mr.write(ds, "a")
    assert [item.code for item in scan(mr.folder).refused] == ["frames_mismatch"]


def test_frames_of_no_bits_are_bounded(mr) -> None:
    """Frames said to take no room at all are not taken to fit in any number."""
    ds = mr.enhanced(mr.stack(3), NumberOfFrames="500", BitsAllocated=0)
    mr.write(ds, "a")
    assert [item.code for item in scan(mr.folder).refused] == ["frames_mismatch"]


def deflated_file(mr, data_set: bytes) -> Path:
    ds = mr.dataset((0, 0, 0), syntax=DeflatedExplicitVRLittleEndian)
    raw = mr.write(ds, "a").read_bytes()
    (length,) = struct.unpack_from("<L", raw, 140)
    squeeze = zlib.compressobj(wbits=-15)
    path = mr.folder / "a"
    path.write_bytes(raw[: 144 + length] + squeeze.compress(data_set) + squeeze.flush())
    return path


def test_a_deflated_file_that_grows_without_end_is_refused(mr, monkeypatch) -> None:
    """A deflated data set is inflated only as far as the largest object goes."""
    path = deflated_file(mr, bytes(2**20))
    monkeypatch.setattr(deflated, "MOST_INFLATED_BYTES", 2**19)
    (item,) = scan(path).refused
    assert (item.code, "grows beyond" in item.reason) == ("unreadable", True)
    with pytest.raises(DecodeError, match="grows beyond"):
        pixel_sha256(path)


def test_stated_lengths_are_not_believed(mr) -> None:
    """A value said to take 4 GB in a small file is refused within little memory."""
    path = mr.write(mr.dataset((0, 0, 0), SpecificCharacterSet="ISO_IR 101"), "a")
    raw = path.read_bytes()
    long = b"\x09\x00\x10\x00UN\0\0" + struct.pack("<L", 0xFFFFFFF0)
    at = raw.index(b"\x10\x00\x10\x00PN")
    path.write_bytes(raw[:at] + long + raw[at:])
    code = (
        "import resource, sys\n"
        "from modic_annotate.imaging import scan\n"
        "resource.setrlimit(resource.RLIMIT_AS, (2**31, 2**31))\n"
        "print([item.code for item in scan(sys.argv[1]).refused])"
    )
    out = subprocess.run(
        [sys.executable, "-c", code, str(mr.folder)], capture_output=True, text=True, check=True
    )
    assert out.stdout.strip() in ("['damaged_header']", "['incomplete_header']")


def test_a_file_cut_short_while_it_is_read_is_refused(mr, monkeypatch) -> None:
    """A file whose end goes away between two looks ends no process."""
    ds: Dataset = mr.dataset((0, 0, 0))
    ds.private_block(0x0019, "TEST", create=True).add_new(1, "OB", bytes(100_000))
    path = mr.write(ds, "a")
    whole = path.read_bytes()

    def cut(head: bytes):
        os.truncate(path, 20_000)

    monkeypatch.setattr("modic_annotate.imaging.headers.reading.read_elements", cut)
    (item,) = scan(path).refused
    assert item.code in ("damaged_header", "incomplete_header", "no_image")
    assert path.stat().st_size < len(whole)


def test_loops_of_links_end(mr) -> None:
    """Folders that link to one another are read once."""
    mr.write_all(mr.stack(2))
    try:
        (mr.folder / "x").symlink_to(mr.folder, target_is_directory=True)
        (mr.folder / "y").symlink_to(mr.folder / "x", target_is_directory=True)
    except OSError:
        pytest.skip("this system lets us make no links")
    catalogue = scan(mr.folder / "y", mr.folder)
    assert (catalogue.series[0].n_files, catalogue.refused) == (2, ())
