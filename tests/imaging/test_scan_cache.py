"""A remembered scan says what a fresh one says, holds nobody's identity, and may be lost."""

from __future__ import annotations

import json
import os
import shutil
import stat
import zipfile
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from modic_annotate.imaging import Catalogue, PatientIdentity, ScanCache, scan
from modic_annotate.imaging.cache import cache_folder as folders
from modic_annotate.imaging.cache import scan_cache as caching
from modic_annotate.imaging.headers.reading import read_headers
from modic_annotate.samples import sample_folder


@pytest.fixture(autouse=True)
def _no_file_is_too_young(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files made by a test are young; that is tested by itself."""
    monkeypatch.setattr(caching, "_is_young", lambda state, now_ns: False)


@pytest.fixture
def cache(tmp_path: Path) -> ScanCache:
    return ScanCache(tmp_path / "cache")


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files whose headers are read, as they are read."""
    names: list[str] = []

    def noted(path):
        names.append(path.name)
        return read_headers(path)

    monkeypatch.setattr("modic_annotate.imaging.scanning.read_headers", noted)
    return names


def fresh(*paths: Path) -> Catalogue:
    """What a scan without a cache says, but for whose the images are."""
    found = scan(*paths)
    nobody = PatientIdentity()
    return Catalogue(tuple(replace(s, patient=nobody) for s in found.series), found.refused)


def kept_bytes(tmp_path: Path) -> bytes:
    return b"".join(p.read_bytes() for p in (tmp_path / "cache").iterdir() if p.name != "key")


def test_a_scan_is_remembered(mr, cache, read) -> None:
    """Scanned again, nothing is read, and the catalogue is the same, refusals included."""
    mr.write_all(mr.stack(4))
    mr.write(mr.enhanced(mr.stack(3), SeriesInstanceUID="1.2.3"), "enhanced")
    mr.write(mr.dataset((0, 0, 0), SeriesInstanceUID="1.2.4", PixelSpacing=None), "no spacing")
    mr.write(mr.dataset((0, 0, 0), Modality="CT"), "ct")
    (mr.folder / "text").write_text("x")
    first = scan(mr.folder, cache=cache)
    assert len(read) == 8
    assert scan(mr.folder, cache=cache) == first == fresh(mr.folder)
    assert len(read) == 8 + 8  # only the scan without a cache read again
    assert {s.patient for s in first.series} == {PatientIdentity()}


def test_the_sample_and_an_archive_are_remembered(tmp_path: Path, cache, read) -> None:
    """A folder and a zip of it give back their own paths."""
    study = sample_folder() / "study"
    archive = tmp_path / "a.zip"
    with zipfile.ZipFile(archive, "w") as opened:
        for path in study.iterdir():
            opened.write(path, path.name)
    for source in (study, archive):
        first = scan(source, cache=cache)
        n = len(read)
        assert scan(source, cache=ScanCache(tmp_path / "cache")) == first
        assert len(read) == n


def test_a_blocked_stack_is_remembered_with_what_would_make_it_readable(mr, cache, read) -> None:
    """A series that lacks a slice comes back with its fault and the grid it may be accepted on."""
    datasets = mr.stack(6)
    del datasets[2]
    mr.write_all(datasets)
    scan(mr.folder, cache=cache)
    read.clear()
    assert scan(mr.folder, cache=cache) == fresh(mr.folder)
    (series,) = scan(mr.folder, cache=cache).series
    assert series.blocked
    assert series.remedy is not None
    assert series.remedy.not_acquired == (2,)


def test_what_changed_is_read_anew(mr, cache, read) -> None:
    """A file that changed, went or came has its series read again, and no other."""
    mr.write_all(mr.stack(3))
    other = [
        mr.write(ds, f"other/{i}") for i, ds in enumerate(mr.stack(4, SeriesInstanceUID="1.2"))
    ]
    scan(mr.folder, cache=cache)
    read.clear()

    os.utime(other[0], ns=(1, 1))
    assert scan(mr.folder, cache=cache) == fresh(mr.folder)
    assert sorted(read[:4]) == ["0", "1", "2", "3"]
    read.clear()

    other[0].unlink()
    assert scan(mr.folder, cache=cache) == fresh(mr.folder)
    assert sorted(read[:3]) == ["1", "2", "3"]
    read.clear()

    late = mr.stack(4, SeriesInstanceUID="1.2")[0]
    mr.write(late, "other/late")
    assert scan(mr.folder, cache=cache) == fresh(mr.folder)
    assert sorted(read[:4]) == ["1", "2", "3", "late"]


def test_files_that_changed_places_are_read_anew(mr, cache) -> None:
    """Two files of one size and date that swap their names are not taken for each other."""
    paths = [mr.write(ds, str(i)) for i, ds in enumerate(mr.stack(3))]
    for path in paths:
        os.utime(path, ns=(10**18, 10**18))
    scan(mr.folder, cache=cache)
    paths[0].rename(mr.folder / "x")
    paths[2].rename(paths[0])
    (mr.folder / "x").rename(paths[2])
    assert scan(mr.folder, cache=cache) == fresh(mr.folder)


def test_a_new_copy_of_a_remembered_image_is_noticed(mr, cache) -> None:
    """A file that claims an image of a remembered series is compared with it."""
    mr.write_all(mr.stack(3))
    first = scan(mr.folder, cache=cache).series[0].slices[0]
    ds = mr.dataset((0, 0, 0), SOPInstanceUID=first.sop_instance_uid, SeriesInstanceUID="1.2.9")
    mr.write(ds, "claims")
    shutil.copy(first.path, mr.folder / "zz-copy")
    for _ in range(2):
        found = scan(mr.folder, cache=cache)
        assert found == fresh(mr.folder)
        assert all(series.blocked for series in found.series)
        assert [item.code for item in found.refused] == ["duplicate"]


EDITS = st.lists(
    st.tuples(
        st.sampled_from(["add", "remove", "touch", "swap", "copy", "cut", "text"]),
        st.integers(0, 9),
    ),
    max_size=5,
)


@settings(
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture], deadline=None
)
@given(edits=EDITS)
def test_no_change_is_missed(tmp_path_factory, edits) -> None:
    """After any changes to a folder a scan with the cache says what one without it says."""
    root = tmp_path_factory.mktemp("edited")
    cache = ScanCache(root / "cache")
    study = root / "study"
    study.mkdir()
    sample = sorted((sample_folder() / "study").iterdir())
    for path in sample[:3] + sample[20:23]:
        shutil.copy(path, study)
    assert scan(study, cache=cache) == fresh(study)
    for what, n in edits:
        _edit(study, what, n, sample)
        assert scan(study, cache=cache) == fresh(study)


def _edit(study: Path, what: str, n: int, sample: list[Path]) -> None:
    there = sorted(study.iterdir())
    if what == "add" or not there:
        shutil.copy(sample[n * 4], study)
    else:
        path, other = there[n % len(there)], there[(n + 1) % len(there)]
        EDIT[what](path, other)


def _swap(path: Path, other: Path) -> None:
    aside = path.with_name("aside")
    path.rename(aside)
    if other.exists():
        other.rename(path)
    aside.rename(other)


EDIT = {
    "remove": lambda path, other: path.unlink(),
    "touch": lambda path, other: path.touch(),
    "swap": _swap,
    "copy": lambda path, other: shutil.copy(path, path.with_name(f"copy-{path.name}"[:60])),
    "cut": lambda path, other: os.truncate(path, path.stat().st_size // 2),
    "text": lambda path, other: path.write_text("text"),
}


def test_the_cache_holds_no_identity(mr, tmp_path: Path, cache) -> None:
    """Neither name, id, birth date nor any part of a path stands in the cache."""
    mr.write(mr.dataset((0, 0, 0)), "SECRET_ROE/HIDDEN-77.dcm")
    mr.write(mr.dataset((0, 0, 0), SeriesInstanceUID="1.2"), "one")
    scan(mr.folder, cache=cache)
    kept = kept_bytes(tmp_path).lower()
    assert b"1.2" in kept
    for word in (
        b"secret",
        b"roe",
        b"hidden",
        b"1961",
        b"20240131",
        b"2024-01-31",
        b".dcm",
        b"/mr",
    ):
        assert word not in kept


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"SeriesDescription": "T1 sag roe"}, b"sag roe"),
        ({"SeriesDescription": "T1_SECRET_x"}, b"secret"),
        ({"ProtocolName": "LWS 77 hidden", "SeriesDescription": ""}, b"hidden"),
        ({"SeriesDescription": "T1 born 3.2.1961"}, b"1961"),
        ({"ScanOptions": "ROE"}, b"roe"),
        ({"PatientName": "Wu^X", "SeriesDescription": "T1 wu"}, b"t1 wu"),
        ({"PatientID": "7788123", "SeriesInstanceUID": "1.2.7788123.4"}, b"7788123"),
    ],
)
def test_a_series_whose_texts_tell_who_it_is_of_is_not_kept(
    mr, tmp_path: Path, cache, read, changes, word
) -> None:
    """Free text that repeats a name, id or birth year keeps its series out of the cache."""
    mr.write(mr.dataset((0, 0, 0), **changes), "one")
    mr.write(mr.dataset((0, 0, 0), SeriesInstanceUID="1.2.3"), "two")
    assert scan(mr.folder, cache=cache) == fresh(mr.folder)
    assert word not in kept_bytes(tmp_path).lower()
    read.clear()
    assert scan(mr.folder, cache=cache) == fresh(mr.folder)
    assert read[:1] == ["one"]
    assert "two" not in read[1:2]


def test_a_series_of_two_patients_is_not_kept(mr, cache, read) -> None:
    """Who is who is not kept, so such a series is read each time, and blocks each time."""
    datasets = mr.stack(3)
    datasets[1].PatientName = "Doe^Private"
    mr.write_all(datasets)
    for _ in range(2):
        read.clear()
        (series,) = scan(mr.folder, cache=cache).series
        assert [p.code for p in series.problems] == ["mixed_patients"]
        assert len(read) == 3


@pytest.mark.skipif(os.name != "posix", reason="permissions of files are a POSIX matter")
def test_the_cache_is_its_owners_alone(mr, tmp_path: Path, cache) -> None:
    """Folder 0700 and files 0600, also where the folder was there with more."""
    mr.write_all(mr.stack(2))
    scan(mr.folder, cache=cache)
    folder = tmp_path / "cache"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(p.stat().st_mode) for p in folder.iterdir()} == {0o600}
    folder.chmod(0o755)
    ScanCache(folder)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


@pytest.mark.skipif(os.name != "posix", reason="owners of folders are a POSIX matter")
def test_a_folder_of_somebody_else_is_not_used(mr, tmp_path: Path, monkeypatch) -> None:
    """A cache folder that another user made, or a link, keeps and gives nothing."""
    mr.write_all(mr.stack(2))
    (tmp_path / "cache").mkdir()
    with monkeypatch.context() as patch:
        patch.setattr(os, "geteuid", lambda: 12345)
        assert scan(mr.folder, cache=ScanCache(tmp_path / "cache")) == fresh(mr.folder)
    (tmp_path / "link").symlink_to(tmp_path / "cache", target_is_directory=True)
    assert scan(mr.folder, cache=ScanCache(tmp_path / "link")) == fresh(mr.folder)
    assert list((tmp_path / "cache").iterdir()) == []


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_a_damaged_cache_is_a_plain_scan(tmp_path_factory, data) -> None:
    """Any damage to any file of the cache goes unnoticed but for the time it takes."""
    root = tmp_path_factory.mktemp("damaged")
    study = root / "study"
    study.mkdir()
    for path in sorted((sample_folder() / "study").iterdir())[:2]:
        shutil.copy(path, study)
    scan(study, cache=ScanCache(root / "cache"))
    victim = data.draw(st.sampled_from(sorted((root / "cache").iterdir())))
    raw = bytearray(victim.read_bytes())
    at = data.draw(st.integers(0, len(raw) - 1))
    raw[at] = data.draw(st.integers(0, 255))
    victim.write_bytes(raw[: data.draw(st.one_of(st.just(len(raw)), st.integers(0, len(raw))))])
    for _ in range(2):
        assert scan(study, cache=ScanCache(root / "cache")) == fresh(study)


def kept_file(tmp_path: Path) -> Path:
    (path,) = (tmp_path / "cache").glob("*.json")
    return path


@pytest.mark.parametrize(
    "content",
    ["[]", "{}", '{"units": 3, "refused": []}', "nonsense", "[" * 100_000,
     '{"units": [["a", ["b"], []]], "refused": [["x"]]}'],
)  # fmt: skip
def test_a_content_of_another_form_is_a_plain_scan(mr, tmp_path: Path, cache, content) -> None:
    """Even under a right checksum, what does not have the form of a scan is not used."""
    mr.write_all(mr.stack(2))
    scan(mr.folder, cache=cache)
    raw = content.encode()
    kept_file(tmp_path).write_bytes(cache._folder._checksum(raw) + raw)
    assert scan(mr.folder, cache=cache) == fresh(mr.folder)


def test_units_of_another_form_are_a_plain_scan(mr, tmp_path: Path, cache) -> None:
    """A unit with a field missing makes the whole content void."""
    mr.write_all(mr.stack(2))
    scan(mr.folder, cache=cache)
    content = json.loads(kept_file(tmp_path).read_bytes()[64:])
    del content["units"][0][2][0]["plane"]
    raw = json.dumps(content).encode()
    kept_file(tmp_path).write_bytes(cache._folder._checksum(raw) + raw)
    assert scan(mr.folder, cache=cache) == fresh(mr.folder)


def test_other_software_reads_anew(mr, cache, read, monkeypatch) -> None:
    """What other code wrote is not used."""
    mr.write_all(mr.stack(2))
    scan(mr.folder, cache=cache)
    monkeypatch.setattr(folders, "_software", lambda: b"another version")
    read.clear()
    scan(mr.folder, cache=cache)
    assert len(read) == 2


def test_a_cache_that_cannot_be_written_is_none(mr, tmp_path: Path, monkeypatch) -> None:
    """A file where the folder should be, or a full disk, costs the cache and nothing else."""
    mr.write_all(mr.stack(2))
    (tmp_path / "file").write_text("x")
    assert scan(mr.folder, cache=ScanCache(tmp_path / "file" / "cache")) == fresh(mr.folder)
    cache = ScanCache(tmp_path / "cache")

    def full(*args, **kwargs):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", full)
        assert scan(mr.folder, cache=cache) == fresh(mr.folder)
    assert [p.name for p in (tmp_path / "cache").iterdir()] == ["key"]


def test_a_key_that_never_comes_right_is_no_cache(tmp_path: Path, monkeypatch) -> None:
    """A key file that cannot be made whole leaves the folder unused."""
    monkeypatch.setattr(folders.secrets, "token_bytes", lambda n: b"short")
    assert not folders.CacheFolder(tmp_path / "cache").usable


def test_the_cache_is_bounded(mr, tmp_path: Path, cache, monkeypatch) -> None:
    """Beyond a number of scans or of bytes, what was used longest ago goes; so do old leftovers."""
    monkeypatch.setattr(folders, "MOST_FILES", 3)
    mr.write_all(mr.stack(2))
    left = tmp_path / "cache" / "tmp-left"
    left.write_text("x")
    os.utime(left, (1, 1))
    for i in range(5):
        shutil.copytree(mr.folder, tmp_path / f"study{i}")
        scan(tmp_path / f"study{i}", cache=cache)
        for age, path in enumerate(sorted((tmp_path / "cache").glob("*.json"))):
            os.utime(path, (10**9 + age, 10**9 + age))
    assert len(list((tmp_path / "cache").glob("*.json"))) == 3
    assert not left.exists()
    monkeypatch.setattr(folders, "MOST_BYTES", 10)
    shutil.copytree(mr.folder, tmp_path / "study9")
    scan(tmp_path / "study9", cache=cache)
    assert not list((tmp_path / "cache").glob("*.json"))


def test_too_many_files_are_not_remembered(mr, tmp_path: Path, cache, monkeypatch) -> None:
    """A scan beyond the limits is not kept."""
    mr.write_all(mr.stack(2))
    monkeypatch.setattr(caching, "MOST_FILES", 1)
    assert scan(mr.folder, cache=cache) == fresh(mr.folder)
    monkeypatch.setattr(caching, "MOST_FILES", 10)
    monkeypatch.setattr(folders, "MOST_FILE_BYTES", 10)
    assert scan(mr.folder, cache=cache) == fresh(mr.folder)
    assert not list((tmp_path / "cache").glob("*.json"))


def test_where_the_users_cache_lies(tmp_path: Path, monkeypatch) -> None:
    """MODIC_ANNOTATE_CACHE names the folder; else it is the system's place for caches."""
    monkeypatch.setenv(folders.FOLDER_VARIABLE, str(tmp_path))
    assert folders.user_folder() == tmp_path / "scans"
    ScanCache.of_user()
    assert (tmp_path / "scans" / "key").is_file()
    monkeypatch.delenv(folders.FOLDER_VARIABLE)
    assert folders.user_folder().parent.name == "modic-annotate"


def test_files_that_go_away_have_no_state(mr, cache, monkeypatch) -> None:
    """A file that is gone when its state is asked for is neither recalled nor kept."""
    mr.write_all(mr.stack(2))

    def gone(*args):
        raise FileNotFoundError(2, "gone")

    monkeypatch.setattr(caching, "_state", gone)
    for _ in range(2):
        assert scan(mr.folder, cache=cache) == fresh(mr.folder)


SECOND = 10**9


@pytest.mark.parametrize(
    ("age_ns", "fraction", "young"),
    [(SECOND // 100, 1, True), (SECOND // 10, 1, False), (SECOND, 0, True), (3 * SECOND, 0, False),
     (-SECOND, 1, True)],
)  # fmt: skip
def test_files_changed_just_now_are_young(monkeypatch, age_ns, fraction, young) -> None:
    """A file is not remembered while another change might not show in its dates."""
    monkeypatch.undo()
    changed = 10**18 + fraction
    state = type("State", (), {"st_mtime_ns": changed, "st_ctime_ns": changed})()
    assert caching._is_young(state, changed + age_ns) is young


def test_young_files_are_read_again(mr, cache, read, monkeypatch) -> None:
    """A series with a file changed just now is read at the next scan too."""
    monkeypatch.setattr(caching, "_is_young", lambda state, now_ns: True)
    mr.write_all(mr.stack(2))
    (mr.folder / "text").write_text("x")
    for _ in range(2):
        read.clear()
        scan(mr.folder, cache=cache)
        assert len(read) == 3


def _scan_often(folder: Path, cache: Path) -> None:
    for _ in range(15):
        found = scan(folder, cache=ScanCache(cache))
        assert found.series[0].n_files == 3
        next(iter(cache.glob("*.json"))).write_bytes(b"x")


@pytest.mark.slow
def test_two_processes_may_write_at_once(mr, tmp_path: Path) -> None:
    """Processes that scan and damage one cache at the same time never disturb a scan."""
    mr.write_all(mr.stack(3))
    context = get_context("spawn")
    workers = [
        context.Process(target=_scan_often, args=(mr.folder, tmp_path / "cache")) for _ in range(2)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(120)
    assert [worker.exitcode for worker in workers] == [0, 0]
