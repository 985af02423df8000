"""Linking: the right person's images, without the person, whole or not at all."""

from __future__ import annotations

import errno
import os
import re
import shutil
from pathlib import Path

import numpy as np
import pydicom
import pytest
from pydicom.uid import generate_uid

from modic_annotate import imaging
from modic_annotate.conduct.deidentify import Deidentifier
from modic_annotate.conduct.link import link_study
from modic_annotate.domain.links import Match, StudyLink
from modic_annotate.domain.screening import Sex
from modic_annotate.domain.series import SeriesRole
from modic_annotate.errors import (
    AlreadyExistsError,
    NothingReadableError,
    RecordError,
    RecordMismatchError,
)
from modic_annotate.store.audit import verify_audit
from modic_annotate.store.durable import TEMPORARY_PREFIX
from modic_annotate.store.images import open_volumes
from modic_annotate.store.workspace import Workspace

SAGITTAL = (SeriesRole.SAG_T1, SeriesRole.SAG_T2, SeriesRole.SAG_FS)

PLANTED = (
    "grünwald", "grunwald", "gruenwald", "käthe", "kathe", "kaethe", "ottilie", "silberbach",
    "zweig", "hugo", "sonnenhang", "sonnenmr3", "7788123", "5550199", "20260310", "10.03.2026",
    "19620407", "secret header",
)  # fmt: skip


def leaks(folder: Path, *, but: tuple[str, ...] = ()) -> list[str]:
    """Every planted word found in a file's bytes or path, in any of the usual encodings."""
    found: list[str] = []
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if name.startswith(but) or not path.is_file():
            continue
        haystack = path.read_bytes().lower() + name.lower().encode()
        found += (
            f"{word} in {name}"
            for word in PLANTED
            for encoding in ("utf-8", "latin-1", "utf-16-le")
            if word.encode(encoding) in haystack or word.upper().encode(encoding) in haystack
        )
    return found


def nothing_linked(ws: Workspace, record_id: str = "case1") -> bool:
    return ws.links(record_id) == () and not ws.image_folder(record_id).exists()


def test_a_fitting_study_is_linked(ws: Workspace, add_record, make_study) -> None:
    """Images, index, link and audit entry are there, and the three fields match."""
    add_record()

    report = link_study(ws, "CASE1", [make_study()], by="coordinator")

    (link,) = ws.links("case1")
    assert link == report.link
    assert (link.check.birth_year, link.check.sex, link.check.study_date) == (Match.MATCH,) * 3
    assert (link.n_series, link.n_instances, link.images) == (3, 15, "deidentified")
    assert [s.used.role for s in ws.images("case1").series] == [
        SeriesRole.SAG_T2,
        SeriesRole.SAG_T1,
        SeriesRole.SAG_FS,
    ]
    assert "birth year match, sex match, study date match" in report.message
    assert verify_audit(ws).ok


def test_no_identity_is_left_anywhere(ws: Workspace, add_record, make_study) -> None:
    """No planted name, id, institution or date is found in any byte of the workspace."""
    add_record(mri_on=None)

    report = link_study(ws, "case1", [make_study()], by="coordinator")

    assert leaks(ws.root) == []
    assert "KAETHE" not in repr(report).upper()
    assert "Grünwald" not in repr(report) + report.message
    assert "Grünwald^Käthe Ottilie" in report.identity.for_the_terminal()


def test_the_planted_identity_would_be_found(make_study) -> None:
    """The search that finds nothing in the workspace finds every planted word at its source."""
    words = {leak.partition(" in ")[0] for leak in leaks(make_study())}

    assert words == set(PLANTED) - {"kathe"}


def test_copies_have_the_pixels_and_geometry_of_their_source(
    ws: Workspace, add_record, make_study
) -> None:
    """Pixels, order, geometry and window of a copied series are those of the source."""
    add_record()
    source = make_study()
    link_study(ws, "case1", [source], by="coordinator")
    before = {s.role: imaging.load_series(s) for s in imaging.scan(source).series}

    after = open_volumes(ws, "case1", SAGITTAL)

    assert set(after) == set(SAGITTAL)
    for role, volume in after.items():
        assert np.array_equal(volume.array, before[role].array)
        assert np.array_equal(volume.affine_lps, before[role].affine_lps)
        assert volume.window == before[role].window
        assert [i.pixel_sha256 for i in volume.instances] == [
            i.pixel_sha256 for i in before[role].instances
        ]
        uids = {i.sop_instance_uid for i in volume.instances}
        assert uids.isdisjoint(i.sop_instance_uid for i in before[role].instances)


def test_copies_say_that_they_are_without_identity(ws: Workspace, add_record, make_study) -> None:
    """A copy names the record as patient, keeps sex and age, and says how it was made."""
    add_record()
    link_study(ws, "case1", [make_study()], by="coordinator")

    for path in ws.image_folder("case1").rglob("*.dcm"):
        ds = pydicom.dcmread(path)
        assert str(ds.PatientName) == ds.PatientID == "case1"
        assert (ds.PatientBirthDate, ds.StudyDate, ds.AccessionNumber) == ("", "", "")
        assert (ds.PatientSex, ds.PatientAge, ds.PatientIdentityRemoved) == ("F", "058Y", "YES")
        assert ds.DeidentificationMethod.startswith("modic-annotate")
        assert re.fullmatch(r"(T1|T2|STIR) SAG K", ds.SeriesDescription)
        assert re.fullmatch(r"2\.25\.[1-9][0-9]{1,38}", ds.SOPInstanceUID)
        assert ds.file_meta.MediaStorageSOPInstanceUID == ds.SOPInstanceUID
        assert re.fullmatch(r"0[123]/00[1-5]\.dcm", path.relative_to(path.parents[1]).as_posix())


def test_uids_stay_consistent(ws: Workspace, add_record, make_study) -> None:
    """One frame of reference stays one; the way back to the hospital's UIDs is site-held."""
    add_record()
    source = make_study()
    link_study(ws, "case1", [source], by="coordinator")

    used = [s.used for s in ws.images("case1").series]
    assert len({s.frame_of_reference_uid for s in used}) == 1
    assert len({s.study_uid for s in used}) == 1
    assert len({s.series_uid for s in used}) == 3
    known = ws.store.get("identity/case1.json").decode()
    (study,) = imaging.scan(source).studies()
    assert study in known
    assert used[0].study_uid in known


def test_two_workspaces_give_other_uids(tmp_path, ws, add_record, make_study) -> None:
    """New UIDs depend on the workspace's secret key, so they cannot be guessed from the old."""
    record = add_record()
    source = make_study()
    other = Workspace.create(tmp_path / "other")
    other.add_screening(record, "coordinator")

    links = [link_study(w, "case1", [source], by="c").link for w in (ws, other)]

    assert links[0].study_uid != links[1].study_uid


def test_reading_goes_on_when_the_source_is_gone(ws: Workspace, add_record, make_study) -> None:
    """After linking the source can be deleted."""
    add_record()
    source = make_study()
    link_study(ws, "case1", [source], by="coordinator")
    shutil.rmtree(source)

    assert set(open_volumes(Workspace.open(ws.root), "case1", SAGITTAL)) == set(SAGITTAL)


@pytest.mark.parametrize(
    ("differs", "field"),
    [
        ({"birth_year": 1961}, "birth year"),
        ({"sex": Sex.MALE}, "sex"),
        ({"mri_on": "2026-03-11"}, "study date"),
    ],
    ids=["birth year", "sex", "study date"],
)
def test_a_contradiction_needs_a_reason(
    ws: Workspace, add_record, make_study, differs: dict[str, object], field: str
) -> None:
    """A contradicting field refuses the link by name; with a reason it is linked and told."""
    add_record(**differs)
    source = make_study()

    with pytest.raises(RecordMismatchError, match=f"contradicts record case1 in {field};"):
        link_study(ws, "case1", [source], by="coordinator")
    assert nothing_linked(ws)

    report = link_study(
        ws, "case1", [source], by="coordinator", reason="Typing error, asked Grünwald"
    )
    assert getattr(report.check, field.replace(" ", "_")) == Match.MISMATCH
    assert report.check.reason == "Typing error, asked"
    assert report.check.checked_by == "coordinator"
    assert "mismatch" in report.message


def test_unknown_fields_are_not_available(ws: Workspace, add_record, make_study) -> None:
    """Where either side says nothing, nothing matches and nothing contradicts."""
    add_record(birth_year=None, sex=None, mri_on=None)

    check = link_study(ws, "case1", [make_study()], by="coordinator", reason="none needed").check

    assert {check.birth_year, check.sex, check.study_date} == {Match.NOT_AVAILABLE}
    assert check.reason is None


def test_an_unstated_sex_contradicts_nothing(ws: Workspace, add_record, make_study) -> None:
    """A scanner's placeholder for a sex nobody stated is no contradiction."""
    add_record()

    def unstated(ds: pydicom.Dataset) -> None:
        ds.PatientSex = "U"
        ds.PatientBirthDate = ""

    check = link_study(ws, "case1", [make_study(change=unstated)], by="coordinator").check

    assert (check.sex, check.birth_year) == (Match.NOT_AVAILABLE, Match.NOT_AVAILABLE)


def test_two_patients_are_listed_and_none_is_linked(ws: Workspace, add_record, make_study) -> None:
    """A medium with two people is refused with its studies, without naming anybody."""
    add_record()
    one = make_study("one")

    def somebody_else(ds: pydicom.Dataset) -> None:
        ds.PatientName, ds.PatientID = "Else^Somebody", "X1"

    make_study("two", somebody_else)

    with pytest.raises(RecordMismatchError, match="2 studies of 2 patients") as caught:
        link_study(ws, "case1", [one.parent], by="coordinator")

    assert "of 2026-03-10 with 3 series" in str(caught.value)
    assert "Grünwald" not in str(caught.value)
    assert "Else" not in str(caught.value)
    assert nothing_linked(ws)


def test_two_studies_are_listed_and_none_is_linked(ws: Workspace, add_record, make_study) -> None:
    """Two studies of one person are refused as well."""
    add_record()
    one = make_study("one")
    make_study("two")

    with pytest.raises(RecordMismatchError, match="2 studies of 1 patient"):
        link_study(ws, "case1", [one.parent], by="coordinator")

    assert nothing_linked(ws)


@pytest.mark.parametrize("modes", [("deidentified", "verbatim"), ("verbatim", "deidentified")])
def test_a_study_belongs_to_one_record(
    ws: Workspace, add_record, make_study, modes: tuple[str, str]
) -> None:
    """A study that one record has is refused to another, however it was brought in."""
    add_record("case1")
    add_record("case2")
    source = make_study()
    link_study(ws, "case1", [source], by="coordinator", mode=modes[0])

    with pytest.raises(RecordMismatchError, match="linked to record case1 already"):
        link_study(ws, "case2", [source], by="coordinator", mode=modes[1])

    assert nothing_linked(ws, "case2")


def test_a_record_has_one_study(ws: Workspace, add_record, make_study) -> None:
    """A second link of the same or another study changes nothing."""
    add_record()
    source = make_study("one")
    link_study(ws, "case1", [source], by="coordinator")
    before = ws.links("case1")

    for again in (source, make_study("two")):
        with pytest.raises(AlreadyExistsError, match="has a linked study already"):
            link_study(ws, "case1", [again], by="coordinator")

    assert ws.links("case1") == before
    assert verify_audit(ws).ok


def test_a_folder_without_images_is_refused(ws: Workspace, add_record, tmp_path: Path) -> None:
    """A folder that holds no MR series says so."""
    add_record()
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "a.txt").write_text("no image")

    with pytest.raises(NothingReadableError, match="No MR series found"):
        link_study(ws, "case1", [tmp_path / "letters"], by="coordinator")


def test_verbatim_copies_are_byte_for_byte(ws: Workspace, add_record, make_study) -> None:
    """With --verbatim the files are as they were, under neutral names; records stay clean."""
    add_record(mri_on=None)
    source = make_study()

    link_study(ws, "case1", [source], by="coordinator", mode="verbatim")

    originals = sorted(p.read_bytes() for p in source.iterdir())
    assert sorted(p.read_bytes() for p in ws.image_folder("case1").rglob("*.dcm")) == originals
    but = tuple(p.relative_to(ws.root).as_posix() for p in ws.root.rglob("*.dcm"))
    assert leaks(ws.root, but=but) == []
    shutil.rmtree(source)
    assert set(open_volumes(ws, "case1", SAGITTAL)) == set(SAGITTAL)


def test_in_place_copies_nothing(ws: Workspace, add_record, make_study) -> None:
    """With --in-place the images stay where they are; only identity/ knows where."""
    add_record(mri_on=None)
    source = make_study()

    link_study(ws, "case1", [source], by="coordinator", mode="in_place")

    assert [p.name for p in ws.image_folder("case1").iterdir()] == ["index.json"]
    assert leaks(ws.root, but=("identity/",)) == []
    assert set(open_volumes(ws, "case1", SAGITTAL)) == set(SAGITTAL)
    assert verify_audit(ws).ok


def test_text_burned_into_pixels_is_left_out(ws: Workspace, add_record, make_study) -> None:
    """A series whose pixels hold text cannot be cleaned; it is left out and named."""
    add_record()

    def burned(ds: pydicom.Dataset) -> None:
        ds.BurnedInAnnotation = "YES" if ds.SeriesNumber == 3 else "NO"

    report = link_study(ws, "case1", [make_study(change=burned)], by="coordinator")

    assert len(report.left_out) == 1
    assert "text burned into its pixels" in report.message
    assert report.link.n_series == 2


def test_a_damaged_series_is_left_out(ws: Workspace, add_record, make_study) -> None:
    """A series that cannot be decoded cannot be verified; it is left out and named."""
    add_record()
    source = make_study()
    path = source / "T1_KAETHE_2"
    ds = pydicom.dcmread(path)
    ds.file_meta.TransferSyntaxUID = "1.2.840.10008.1.2.4.70"
    ds.PixelData = pydicom.encaps.encapsulate([b"no jpeg at all" * 8])
    ds["PixelData"].is_undefined_length = True
    ds.save_as(path)

    report = link_study(ws, "case1", [source], by="coordinator")

    assert "cannot be decoded" in report.message
    assert {s.used.role for s in report.index.series} == {SeriesRole.SAG_T2, SeriesRole.SAG_FS}


def test_a_study_of_nothing_but_damaged_series_is_refused(
    ws: Workspace, add_record, make_study
) -> None:
    """Where no series can be brought in, nothing is linked."""
    add_record()
    source = make_study(change=lambda ds: setattr(ds, "BurnedInAnnotation", "YES"))

    with pytest.raises(NothingReadableError, match="No series of the study can be brought in"):
        link_study(ws, "case1", [source], by="coordinator")

    assert nothing_linked(ws)


def test_a_blocked_series_is_indexed_apart(ws: Workspace, add_record, make_study) -> None:
    """A series with a missing slice is kept, named as blocked, and fills no slot."""
    add_record()
    source = make_study()
    (source / "T1_KAETHE_2").unlink()

    report = link_study(ws, "case1", [source], by="coordinator")

    (blocked,) = report.index.blocked
    assert blocked.role == SeriesRole.SAG_T1
    assert len(blocked.instances) == 4
    assert report.index.in_role(SeriesRole.SAG_T1) is None
    assert "is blocked" in report.message
    assert set(open_volumes(ws, "case1", SAGITTAL)) == {SeriesRole.SAG_T2, SeriesRole.SAG_FS}


def test_a_slot_is_filled_once(ws: Workspace, add_record, make_study) -> None:
    """Of two series for one slot the better one fills it; the other stays, without a slot."""
    add_record()
    repeated = generate_uid()

    def repeat(ds: pydicom.Dataset) -> None:
        if ds.SeriesNumber == 3:
            ds.SeriesInstanceUID, ds.SeriesNumber = repeated, 9
            ds.SeriesDescription, ds.ScanningSequence = "T1 SAG repeat", "SE"
            ds.RepetitionTime, ds.EchoTime, ds.InversionTime = 460, 12, ""

    index = link_study(ws, "case1", [make_study(change=repeat)], by="coordinator").index

    assert [s.used.role for s in index.series] == [
        SeriesRole.SAG_T2,
        SeriesRole.SAG_T1,
        SeriesRole.OTHER,
    ]
    chosen, spare = (s.used.role_evidence for s in index.series[1:])
    assert chosen[-1] == "series 2 taken before series 9: has no doubts listed"
    assert "series 9 could be SAG_T1, taken is series 2: that one has no doubts listed" in spare
    assert "says STIR" in spare[-1]  # the doubt: the protocol still has the name it was copied from


@pytest.mark.parametrize("mode", ["deidentified", "verbatim"])
def test_a_full_disk_leaves_nothing(
    ws: Workspace, add_record, make_study, monkeypatch: pytest.MonkeyPatch, mode: str
) -> None:
    """A disk that fills up while copying leaves no image, no link, no half folder."""
    add_record()
    source = make_study()
    calls: list[int] = []
    real = os.fsync

    def fills_up(handle: int) -> None:
        calls.append(handle)
        if len(calls) > 10:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        real(handle)

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", fills_up)
        with pytest.raises(RecordError, match="No space left on device"):
            link_study(ws, "case1", [source], by="coordinator", mode=mode)

    assert nothing_linked(ws)
    assert list((ws.root / "images").iterdir()) == []
    assert verify_audit(ws).ok
    assert link_study(ws, "case1", [source], by="coordinator", mode=mode).link.n_instances == 15


def test_a_link_that_cannot_be_written_leaves_no_images(
    ws: Workspace, add_record, make_study, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Images without a link are taken away again."""
    add_record()
    source = make_study()

    def full(*_: object) -> None:
        raise RecordError("full")

    with monkeypatch.context() as patch:
        patch.setattr(Workspace, "add_link", full)
        with pytest.raises(RecordError, match="full"):
            link_study(ws, "case1", [source], by="coordinator")

    assert nothing_linked(ws)
    link_study(ws, "case1", [source], by="coordinator")
    assert verify_audit(ws).ok


def test_what_a_crash_left_is_replaced(ws: Workspace, add_record, make_study) -> None:
    """An image folder without a link, as a crash leaves it, does not stand in the way."""
    add_record()
    folder = ws.root / "images" / "case1" / "07"
    folder.mkdir(parents=True)
    (folder / "001.dcm").write_bytes(b"half")

    link_study(ws, "case1", [make_study()], by="coordinator")

    assert not folder.exists()
    assert len(open_volumes(ws, "case1", SAGITTAL)) == 3


def test_half_copies_of_a_killed_link_are_removed_by_the_next(
    ws: Workspace, add_record, make_study
) -> None:
    """Copies that never became a record's do not lie in the workspace for ever."""
    add_record()
    folder = ws.root / "images" / f"{TEMPORARY_PREFIX}0123456789abcdef" / "01"
    folder.mkdir(parents=True)
    (folder / "001.dcm").write_bytes(b"half")

    link_study(ws, "case1", [make_study()], by="coordinator")

    assert [path.name for path in (ws.root / "images").iterdir()] == ["case1"]


def test_a_link_a_crash_left_without_its_line_is_completed(
    ws: Workspace, add_record, make_study, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Linking again after a crash behind the audit entry adds the line, and nothing else."""
    add_record()
    source = make_study()

    real = ws.store.append

    def crash(key: str, line: bytes) -> None:
        if key.startswith("links/"):
            raise RecordError("crash")
        real(key, line)

    with monkeypatch.context() as patch:
        patch.setattr(ws.store, "append", crash)
        with pytest.raises(RecordError, match="crash"):
            link_study(ws, "case1", [source], by="coordinator")
    assert "lacks its last line" in " ".join(verify_audit(ws).notes)

    with pytest.raises(AlreadyExistsError):
        link_study(ws, "case1", [source], by="coordinator")

    assert (verify_audit(ws).ok, verify_audit(ws).notes) == (True, ())
    assert len([link for link in ws.links("case1") if isinstance(link, StudyLink)]) == 1
    assert len(open_volumes(ws, "case1", SAGITTAL)) == 3


def test_a_copy_that_differs_is_refused(
    ws: Workspace, add_record, make_study, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A copy whose geometry is not its source's is never linked."""
    add_record()
    from pydicom.datadict import tag_for_keyword

    from modic_annotate.conduct import (
        deidentify,
        kept_attributes,
    )

    without = kept_attributes.KEPT - {tag_for_keyword("PixelSpacing")}
    monkeypatch.setattr(deidentify, "KEPT", without)

    with pytest.raises(RecordError, match="differs from its source"):
        link_study(ws, "case1", [make_study()], by="coordinator")

    assert nothing_linked(ws)


def test_an_image_that_cannot_be_copied_is_told(
    ws: Workspace, add_record, make_study, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A writer that fails says what to do, and nothing is linked."""
    add_record()

    def odd(*_: object) -> None:
        raise AttributeError("odd")

    monkeypatch.setattr(Deidentifier, "deidentified", odd)

    with pytest.raises(RecordError, match=r"cannot be copied .* \(AttributeError\)"):
        link_study(ws, "case1", [make_study()], by="coordinator")

    assert nothing_linked(ws)


@pytest.mark.real
def test_the_real_exam_is_linked(ws: Workspace, add_record, real_data: Path) -> None:
    """The real exam fills all slots, and neither its name nor its UIDs are found in the copies."""
    add_record(birth_year=None, sex=None, mri_on=None)
    source = real_data / "lumbar-hitachi-0.3t"

    report = link_study(ws, "case1", [source], by="coordinator")

    assert report.link.n_series == 5
    volumes = open_volumes(ws, "case1", SAGITTAL)
    assert all(volume.array.shape == (11, 512, 512) for volume in volumes.values())
    assert volumes[SeriesRole.SAG_T1].array.min() < 0
    (study,) = imaging.scan(source).studies()
    for path in ws.root.rglob("*"):
        if path.is_file() and "identity" not in path.parts:
            content = path.read_bytes()
            assert b"real01" not in content.lower(), path.name
            assert study.encode() not in content, path.name
