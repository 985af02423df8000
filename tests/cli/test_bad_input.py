"""Bad input, case by case: one sentence, the exit code of the contract, nothing half-written."""

from __future__ import annotations

import errno
import hashlib
import json
import math
import os
import shutil
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from pydicom import dcmread
from pydicom.dataset import Dataset

from tests.soak.fault_case import CRITERIA, NAME, READER, RECORD, Templates, make_templates
from tests.soak.faults import REMOVES, WRITES, Disk, Fault

KEY_OF_UIDS = "identity/uid.key"
"""Made at the first link that gets as far as copying; it belongs to no study."""


@pytest.fixture(name="templates", scope="module")
def _templates(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Templates]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda _handle: None)
        yield make_templates(tmp_path_factory.mktemp("bad-input"))


@dataclass(frozen=True)
class Bench:
    """A workspace at some stage, a study to spoil, and the command line."""

    run: Callable
    templates: Templates
    folder: Path

    def workspace(self, stage: str) -> Path:
        """Return a fresh copy of a stage."""
        self.templates.copy(stage, self.folder / "at")
        return self.folder / "at" / "ws"

    def study(self) -> Path:
        """Return a fresh copy of the study."""
        return Path(shutil.copytree(self.templates.study, self.folder / "medium"))

    def refused(self, workspace: Path, *command: object, word: str, code: int = 2) -> None:
        """Run a command that must be refused, and see that it left the workspace as it was."""
        before = files_of(workspace)
        ran = self.run(*command)
        lines = ran.err.strip().splitlines()
        assert ran.code == code, ran
        assert len(lines) == 1, ran.err
        assert lines[0].startswith("modic-annotate: "), ran.err
        assert word in ran.err
        assert "Traceback" not in ran.err
        assert NAME.split("^")[0] not in ran.err + ran.out
        assert files_of(workspace) == before


@pytest.fixture(name="bench")
def _bench(run, templates: Templates, tmp_path: Path) -> Bench:
    return Bench(run, templates, tmp_path)


def files_of(folder: Path) -> dict[str, str]:
    """Return every file below a folder with its hash; locks say nothing."""
    files = (p for p in folder.rglob("*") if p.is_file() and ".locks" not in p.parts)
    hashes = {
        p.relative_to(folder).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest() for p in files
    }
    hashes.pop(KEY_OF_UIDS, None)
    return hashes


def change_all(study: Path, change: Callable[[Dataset], None], pattern: str = "*.dcm") -> None:
    for path in sorted(study.glob(pattern)):
        ds = dcmread(path)
        change(ds)
        ds.save_as(path)


def truncated(study: Path) -> None:
    for path in study.iterdir():
        path.write_bytes(path.read_bytes()[:-300])


def cut_in_the_header(study: Path) -> None:
    for path in study.iterdir():
        path.write_bytes(path.read_bytes()[:400])


def of_ct(study: Path) -> None:
    def change(ds: Dataset) -> None:
        ds.Modality = "CT"
        ds.SOPClassUID = ds.file_meta.MediaStorageSOPClassUID = "1.2.840.10008.5.1.4.1.1.2"

    change_all(study, change)


def in_colour(study: Path) -> None:
    def change(ds: Dataset) -> None:
        ds.SamplesPerPixel, ds.PhotometricInterpretation, ds.PlanarConfiguration = 3, "RGB", 0
        ds.BitsAllocated = ds.BitsStored = 8
        ds.HighBit = 7
        ds.PixelData = bytes(ds.Rows * ds.Columns * 3)
        ds["PixelData"].VR = "OB"

    change_all(study, change)


def of_two_patients(study: Path) -> None:
    def change(ds: Dataset) -> None:
        ds.PatientName, ds.PatientID = f"{NAME} Zwei", "99"

    change_all(study, change, "2-*.dcm")


def of_two_studies(study: Path) -> None:
    change_all(study, lambda ds: setattr(ds, "StudyInstanceUID", "1.2.3.4"), "2-*.dcm")


def rubbish(study: Path) -> None:
    for path in study.iterdir():
        path.write_bytes(bytes(range(256)) * 9)


def emptied(study: Path) -> None:
    for path in study.iterdir():
        path.unlink()


STUDIES = (
    (truncated, "cannot be decoded"),
    (cut_in_the_header, "No MR series"),
    (of_ct, "No MR series"),
    (in_colour, "No "),
    (of_two_patients, "one study of one patient"),
    (of_two_studies, "one study of one patient"),
    (rubbish, "No MR series"),
    (emptied, "No MR series"),
)


@pytest.mark.parametrize(("spoil", "word"), STUDIES, ids=lambda v: getattr(v, "__name__", ""))
def test_a_study_that_cannot_be_linked(bench: Bench, spoil, word: str) -> None:
    """Nothing of a study that is damaged, of another kind or of several people is taken over."""
    ws, study = bench.workspace("recorded"), bench.study()
    spoil(study)
    bench.refused(ws, "link", ws, RECORD, study, word=word)


def one_truncated(study: Path) -> None:
    path = study / "1-1.dcm"
    path.write_bytes(path.read_bytes()[:-300])


def one_missing(study: Path) -> None:
    for i in range(3, 6):
        copied(study, "1-2.dcm", i, z_mm=4.4 * (i - 1))
    (study / "1-3.dcm").unlink()


def one_doubled(study: Path) -> None:
    copied(study, "1-1.dcm", 8, z_mm=0.0)


def copied(study: Path, name: str, number: int, z_mm: float) -> None:
    ds = dcmread(study / name)
    ds.SOPInstanceUID = ds.file_meta.MediaStorageSOPInstanceUID = f"{ds.SOPInstanceUID}.{number}"
    ds.ImagePositionPatient[0], ds.InstanceNumber = z_mm, number + 1
    ds.save_as(study / f"1-{number}.dcm")


@pytest.mark.parametrize("spoil", [one_truncated, one_missing, one_doubled])
def test_a_damaged_series_is_named_and_not_read(bench: Bench, spoil) -> None:
    """The other series are linked; the damaged one is named, and fills no slot."""
    ws, study = bench.workspace("recorded"), bench.study()
    spoil(study)
    ran = bench.run("link", ws, RECORD, study)
    assert (ran.code, ran.err) == (0, "")
    assert "is blocked" in ran.out or "....10.77.1 cannot be decoded" in ran.out
    assert "found SAG_T2, SAG_FS" in ran.out
    index = json.loads((ws / "images" / RECORD / "index.json").read_bytes())
    assert [s["used"]["role"] for s in index["series"]] == ["SAG_T2", "SAG_FS"]


@pytest.mark.parametrize("code", [errno.EACCES, errno.EIO])
def test_a_file_of_the_medium_that_cannot_be_read(bench: Bench, code: int) -> None:
    """It might be an image of the study, so nothing is linked without it."""
    ws, study = bench.workspace("recorded"), bench.study()
    unreadable = Fault("unreadable", code, frozenset({"open to read"}), n_calls=math.inf)
    with Disk(study, unreadable, at=10).watched() as disk:
        bench.refused(ws, "link", ws, RECORD, study, word="cannot be read")
    assert "open to read" in disk.calls[:10], "some could be read"


def test_a_damaged_zip_instead_of_a_folder(bench: Bench) -> None:
    """An archive that did not arrive whole is not linked; the sentences say what is wrong."""
    ws, study = bench.workspace("recorded"), bench.study()
    archive = Path(shutil.make_archive(str(bench.folder / "study"), "zip", study))
    archive.write_bytes(archive.read_bytes()[:-100])
    bench.refused(ws, "link", ws, RECORD, archive, word="zip archive that is damaged")
    ran = bench.run("scan", archive)
    assert (ran.code, "get it again" in ran.out) == (2, True)


RUBBISH = {
    "empty": b"",
    "binary": bytes(range(256)) * 5,
    "not UTF-8": b'{"act":"note","text":"\xff\xfe"}\n',
    "half an object": b'{"act":"note"',
    "a list": b"[1,2,3]\n",
    "deep": b"[" * 100_000,
    "a number too large": b'{"act":"show","role":"SAG_T1","slices":[' + b"9" * 5000 + b"]}\n",
}


@pytest.mark.parametrize("content", RUBBISH.values(), ids=RUBBISH)
def test_rubbish_as_a_record(bench: Bench, content: bytes) -> None:
    """What is no screening record is not imported."""
    ws, file = bench.workspace("empty"), bench.folder / "file.json"
    file.write_bytes(content)
    bench.refused(ws, "screening", "import", file, "--into", ws, word="file.json")
    bench.refused(ws, "screening", "validate", file, word="file.json")


@pytest.mark.parametrize("content", [c for k, c in RUBBISH.items() if k != "empty"])
def test_rubbish_as_acts(bench: Bench, content: bytes) -> None:
    """An acts file is read whole before any of it is applied; no journal is begun for rubbish."""
    ws, file = bench.workspace("linked"), bench.folder / "file.jsonl"
    file.write_bytes(content)
    apply = ("apply", ws, RECORD, "--reader", READER, "--acts", file)
    bench.refused(ws, *apply, word="line 1")


@pytest.mark.parametrize("content", RUBBISH.values(), ids=RUBBISH)
@pytest.mark.parametrize("name", ["bag.zip", "bag/bagit.txt", "bag/manifest-sha256.txt"])
def test_rubbish_as_a_package(bench: Bench, name: str, content: bytes) -> None:
    """A package that is none cannot be verified; one with rubbish for a tag file has faults."""
    file = bench.folder / "in" / name
    file.parent.mkdir(parents=True)
    file.write_bytes(content)
    ran = bench.run("verify", bench.folder / "in" / name.split("/")[0])
    assert ran.code == (1 if "/" in name else 2)
    assert ran.err.count("\n") == (0 if "/" in name else 1)
    assert "Traceback" not in ran.err


def test_rubbish_as_criteria(bench: Bench) -> None:
    """A criteria set that is none is named."""
    ws, file = bench.workspace("signed"), bench.folder / "own.toml"
    for content in (*RUBBISH.values(), b"a = " + b"[" * 100_000):
        file.write_bytes(content)
        assess = ("assess", ws, RECORD, "--criteria", file, "--as-of", "2026-03-20")
        bench.refused(ws, *assess, word="own.toml")


def test_a_zip_that_swells_is_not_unpacked(bench: Bench) -> None:
    """A packed member is named, not inflated."""
    bomb = bench.folder / "bomb.zip"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("b/bagit.txt", bytes(50_000_000))
    ran = bench.run("verify", bomb)
    assert (ran.code, "unpack the zip" in ran.out) == (1, True)


ABSENT = (
    {"act": "show", "role": "AX_T2", "slices": "all"},
    {"act": "show", "role": "SAG_T1", "slices": "all", "series_uid": "1.2.3"},
    {"act": "show", "role": "SAG_T1", "slices": [99]},
    {"act": "place_body", "vertebra": "S1", "centroid_lps_mm": [0, 0, 0], "role": "AX_T1"},
)


@pytest.mark.parametrize("act", ABSENT, ids=json.dumps)
def test_acts_on_what_is_not_there(bench: Bench, act: dict[str, object]) -> None:
    """A series or slice the record does not have is refused by line; the reading stays empty."""
    ws, file = bench.workspace("linked"), bench.folder / "acts.jsonl"
    file.write_text(json.dumps(act) + "\n", "utf-8")
    apply = ("apply", ws, RECORD, "--reader", READER, "--acts", file)
    assert bench.run(*apply).code == 2  # the first time it begins the reading
    bench.refused(ws, *apply, word="acts.jsonl line 1")
    assert len(journal_of(ws).read_bytes().splitlines()) == 1


def journal_of(ws: Path) -> Path:
    return ws / f"readings/{RECORD}/{READER}/{READER}-1.journal.jsonl"


def acts_file(bench: Bench) -> Path:
    file = bench.folder / "one.jsonl"
    file.write_text('{"act":"note","text":"x"}\n', "utf-8")
    return file


def test_a_reading_of_another_study(bench: Bench) -> None:
    """A journal that was begun on other images is not gone on with."""
    ws = bench.workspace("read")
    header, *rest = journal_of(ws).read_bytes().split(b"\n")
    other = header.replace(b'"pixel_sha256":"', b'"pixel_sha256":"0', 1)
    digest = json.loads(header)["series"][0]["instances"][0]["pixel_sha256"].encode()
    other = header.replace(digest, digest[::-1])
    assert other != header
    journal_of(ws).write_bytes(rechained([other, *rest]))
    apply = ("apply", ws, RECORD, "--reader", READER, "--acts", acts_file(bench))
    bench.refused(ws, *apply, word="not those reading")


def rechained(lines: list[bytes]) -> bytes:
    done, prev = [lines[0]], hashlib.sha256(lines[0]).hexdigest()
    for line in filter(None, lines[1:]):
        content = json.loads(line) | {"prev": prev}
        done.append(json.dumps(content, sort_keys=True, separators=(",", ":")).encode())
        prev = hashlib.sha256(done[-1]).hexdigest()
    return b"\n".join(done) + b"\n"


def test_a_signed_reading_that_was_put_there(bench: Bench) -> None:
    """A reading slipped in beside its link is a fault of the audit, and no package takes it."""
    ws = bench.workspace("signed")
    reading = ws / f"readings/{RECORD}/{READER}/{READER}-1.json"
    reading.write_bytes(reading.read_bytes().replace(b'"scripted":true', b'"scripted":false'))
    ran = bench.run("audit", ws, "verify")
    assert ran.code == 1
    assert f"{READER}-1.json was changed outside the tool" in ran.out


@pytest.mark.parametrize("damage", [b"", b"{}", b"\x00\xff"], ids=["cut", "empty", "binary"])
def test_a_journal_damaged_in_its_middle(bench: Bench, damage: bytes) -> None:
    """Its line is named; nothing is added to it, and the audit says the same with exit code 1."""
    ws = bench.workspace("read")
    lines = journal_of(ws).read_bytes().split(b"\n")
    lines[5] = damage
    journal_of(ws).write_bytes(b"\n".join(lines))
    apply = ("apply", ws, RECORD, "--reader", READER, "--acts", acts_file(bench))
    bench.refused(ws, *apply, word="journal.jsonl line 6")
    ran = bench.run("audit", ws, "verify")
    assert (ran.code, "journal.jsonl line 6" in ran.out) == (1, True)


WRITING = {
    "import": ("empty", "screening", "import", "{record}", "--into", "{ws}"),
    "edit": ("signed", "screening", "edit", "{ws}", RECORD, "--set", "scores.odi_percent=46",
             "--reason", "typing error"),
    "register": ("empty", "readers", "{ws}", "add", "r7"),
    "link": ("recorded", "link", "{ws}", RECORD, "{study}"),
    "apply": ("linked", "apply", "{ws}", RECORD, "--reader", READER, "--acts", "{acts}"),
    "export": ("signed", "export", "{ws}", RECORD, "--criteria", CRITERIA,
               "--as-of", "2026-03-20", "--out", "{ws}/out"),
}  # fmt: skip


@pytest.mark.parametrize("code", [errno.EACCES, errno.EROFS, errno.ENOSPC])
@pytest.mark.parametrize("name", WRITING)
def test_a_workspace_that_cannot_be_written(bench: Bench, name: str, code: int) -> None:
    """A read-only folder, or a full disk, refuses every command that writes; nothing changes."""
    stage, *command = WRITING[name]
    ws = bench.workspace(stage)
    given = {"ws": ws, "record": bench.templates.record_file, "study": bench.templates.study,
             "acts": bench.templates.acts_file}  # fmt: skip
    closed = Fault("closed", code, WRITES | REMOVES, n_calls=10**6)
    with Disk(ws, closed).watched():
        bench.refused(ws, *(word.format(**given) for word in command), word=os.strerror(code))


@pytest.mark.parametrize(
    "folder", ["Müller & Söhne", "with  two spaces", "日本語", "a'b\"c", "--x"]
)
def test_any_name_of_a_folder_will_do(bench: Bench, folder: str) -> None:
    """Letters of any script, spaces and quotes in paths change nothing."""
    place = bench.folder / folder
    ws, study = place / "Prüfung 1", Path(shutil.copytree(bench.templates.study, place / "CD é"))
    acts, record = place / "acts ß.jsonl", place / "record ñ.json"
    shutil.copyfile(bench.templates.acts_file, acts)
    shutil.copyfile(bench.templates.record_file, record)
    for command in (
        ("init", ws),
        ("readers", ws, "add", READER),
        ("screening", "import", record, "--into", ws),
        ("link", ws, RECORD, study),
        ("apply", ws, RECORD, "--reader", READER, "--acts", acts),
        ("export", ws, RECORD, "--criteria", CRITERIA, "--as-of", "2026-03-20", "--out", ws / "ö"),
        ("verify", ws / "ö"),
        ("audit", ws, "verify"),
    ):
        ran = bench.run(*command)
        assert (ran.code, ran.err) == (0, ""), (command, ran)


IDS = (
    "CON",
    "nul",
    "com1.x",
    "LPT9",
    "workspace",
    "a/b",
    "..",
    ".hidden",
    "a b",
    "ü",
    "x" * 65,
    "",
)


@pytest.mark.parametrize("record_id", IDS)
def test_ids_that_are_no_good_everywhere(bench: Bench, record_id: str) -> None:
    """Ids that Windows reserves, that leave the folder or that a file system may spell anew."""
    ws, file = bench.workspace("empty"), bench.folder / "record.json"
    content = json.loads(bench.templates.record_file.read_bytes()) | {"record_id": record_id}
    file.write_text(json.dumps(content), "utf-8")
    bench.refused(ws, "screening", "import", file, "--into", ws, word="")
    if record_id not in ("", "workspace"):  # a reader's id names no audit chain
        bench.refused(ws, "readers", ws, "add", record_id, word="")


def test_an_id_that_differs_in_case_alone(bench: Bench) -> None:
    """On some disks it would be the same folder; it is taken, and found in any spelling."""
    ws, file = bench.workspace("recorded"), bench.folder / "record.json"
    content = json.loads(bench.templates.record_file.read_bytes()) | {"record_id": RECORD.upper()}
    file.write_text(json.dumps(content), "utf-8")
    bench.refused(ws, "screening", "import", file, "--into", ws, word="without case")
    bench.refused(ws, "readers", ws, "add", READER.upper(), word="registered already")
    assert bench.run("screening", "show", ws, RECORD.upper()).code == 0
