"""What the objects say: places, windows, references, times, and nobody's name."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pydicom
import pytest
from pydicom.dataset import Dataset

from modic_annotate.domain.reading import Reading, SignatureClass
from modic_annotate.domain.series import SeriesRole
from modic_annotate.evidence.bag import Files
from modic_annotate.evidence.contents import Contents
from modic_annotate.evidence.formats.dicom.pr import TURNS
from modic_annotate.evidence.formats.dicom.read_seg import masks_from_seg
from modic_annotate.evidence.formats.registry import FORMATS, plan_of
from modic_annotate.imaging.geometry.patient import Display
from modic_annotate.store.canonical import canonical_bytes
from tests.evidence.dicom.conftest import PAINTED, Peer, changed, mask

Objects = dict[str, Path]
SIGNATURE = "data/readings/R01-1.signature.json"


def below(ds: Dataset) -> Iterator[Dataset]:
    yield ds
    for element in ds:
        if element.VR == "SQ":
            for item in element.value:
                yield from below(item)


def referenced(path: Path) -> set[str]:
    """Return every instance an object refers to."""
    return {
        str(item.ReferencedSOPInstanceUID)
        for item in below(pydicom.dcmread(path))
        if "ReferencedSOPInstanceUID" in item
    }


def made(contents: Contents, name: str) -> Dataset:
    """Return one object of a package, made now."""
    plan = {Path(path).stem: make for path, make in plan_of(FORMATS, contents).items()}
    return pydicom.dcmread(pydicom.filebase.DicomBytesIO(plan[name]()))


def test_every_reference_leads_somewhere(
    painted_contents: Contents, objects: Objects, sample_root: Path
) -> None:
    """Objects refer to images of the workspace, and a report to its segmentations."""
    folder = sample_root / "images" / "demo-001"
    images = {
        pydicom.dcmread(p, specific_tags=["SOPInstanceUID"]).SOPInstanceUID
        for p in folder.rglob("*.dcm")
    }
    segmentations = {pydicom.dcmread(p).SOPInstanceUID for n, p in objects.items() if "seg" in n}
    for name, path in objects.items():
        assert referenced(path) <= (images | segmentations if name == "sr" else images), name
    assert segmentations <= referenced(objects["sr"])
    study = painted_contents.series.study_uid
    assert {pydicom.dcmread(path).StudyInstanceUID for path in objects.values()} == {study}


def test_objects_are_the_same_bytes_each_time(painted_contents: Contents, objects: Objects) -> None:
    """No clock and no chance: made again they are equal, down to every UID."""
    for path, make in plan_of(FORMATS, painted_contents).items():
        if path.endswith(".dcm"):
            assert make() == objects[Path(path).stem].read_bytes(), path


def test_other_content_has_another_uid(full_bag: Files, objects: Objects) -> None:
    """Two different reports never share a UID; the same painting in them is tracked apart."""
    other = made(changed(full_bag, lambda r: r.replace(note="changed")), "sr")
    first = pydicom.dcmread(objects["sr"])
    assert other.SOPInstanceUID != first.SOPInstanceUID


def test_uids_are_not_used_twice(objects: Objects) -> None:
    """Every object is its own instance, every kind a series of its own, numbered from 1."""
    found = [pydicom.dcmread(path) for path in objects.values()]
    assert len({ds.SOPInstanceUID for ds in found}) == len(found)
    assert len({ds.SeriesInstanceUID for ds in found}) == 4
    assert len({(ds.SeriesInstanceUID, ds.InstanceNumber) for ds in found}) == len(found)


def test_times_are_those_of_the_signature(painted_contents: Contents, objects: Objects) -> None:
    """Dates and times, and the zone they are in, come from who signed and when."""
    at = painted_contents.signed[0].signature.signed_at
    for path in objects.values():
        ds = pydicom.dcmread(path)
        told = (ds.InstanceCreationDate, ds.InstanceCreationTime, ds.TimezoneOffsetFromUTC)
        assert told == (at.strftime("%Y%m%d"), at.strftime("%H%M%S"), "+0000")
        days = {
            str(element.value)
            for item in below(ds)
            for element in item
            if element.VR == "DA" and element.value
        }
        assert days == {at.strftime("%Y%m%d")}


def test_no_object_names_a_person(objects: Objects) -> None:
    """The reader stands there by id; the registered name does not, nor any patient's."""
    for path in objects.values():
        ds = pydicom.dcmread(path)
        assert b"Demo Reader" not in path.read_bytes()
        names = {
            str(e.value).rstrip("^") for item in below(ds) for e in item if e.VR == "PN" and e.value
        }
        assert names <= {"demo-001", "R01"}
        assert (ds.PatientID, ds.PatientIdentityRemoved) == ("demo-001", "YES")


def test_objects_agree_with_the_images_on_the_patient(objects: Objects, sample_root: Path) -> None:
    """One patient and one study: name, id, sex and how identity was removed are the images' own."""
    image = pydicom.dcmread(next((sample_root / "images" / "demo-001").rglob("*.dcm")))
    shared = (
        "PatientName",
        "PatientID",
        "PatientSex",
        "PatientBirthDate",
        "StudyDate",
        "StudyID",
        "PatientIdentityRemoved",
        "DeidentificationMethod",
    )
    for path in objects.values():
        ds = pydicom.dcmread(path)
        assert {k: ds.get(k) for k in shared} == {k: image.get(k) for k in shared}, path.name


def by_hand(bag: Files) -> Contents:
    """Return contents whose reading a person made and signed."""
    contents = changed(bag, lambda r: r.replace(scripted=False))
    signature = contents.signed[0].signature.replace(signature_class=SignatureClass.ATTESTATION)
    return Contents({**contents.files, SIGNATURE: canonical_bytes(signature)})


def test_only_a_person_verifies_a_report(full_bag: Files, objects: Objects) -> None:
    """A scripted reading is unverified; a person's is verified by that reader's id."""
    assert pydicom.dcmread(objects["sr"]).VerificationFlag == "UNVERIFIED"
    ds = made(by_hand(full_bag), "sr")
    assert ds.VerificationFlag == "VERIFIED"
    assert ds.VerifyingObserverSequence[0].VerifyingObserverName == "R01^"


def test_an_unread_endplate_makes_a_report_partial(rich_contents: Contents) -> None:
    """Completion says whether everything in scope was read; final it is, as it is signed."""
    ds = made(rich_contents, "sr")
    assert (ds.CompletionFlag, ds.PreliminaryFlag) == ("PARTIAL", "FINAL")


def test_windows_are_those_of_the_key_images(painted_contents: Contents, objects: Objects) -> None:
    """Each key image has the window its picture was drawn with."""
    for role in (SeriesRole.SAG_T1, SeriesRole.SAG_T2):
        told = {
            item.ReferencedImageSequence[0].ReferencedSOPInstanceUID: (
                float(item.WindowCenter),
                float(item.WindowWidth),
            )
            for item in pydicom.dcmread(objects[f"pr-{role}"]).SoftcopyVOILUTSequence
        }
        notes = [s.note for s in painted_contents.key_images if s.note.role == role]
        assert told == {n.sop_instance_uid: pytest.approx(n.window) for n in notes}


def test_lines_lie_where_the_reader_drew_them(painted_contents: Contents, objects: Objects) -> None:
    """A graphic point, half a pixel back to centres, leads to the line in the patient."""
    reading = painted_contents.signed[0].reading
    series = reading.series_in(SeriesRole.SAG_T1)
    assert series is not None
    ds = pydicom.dcmread(objects["pr-SAG_T1"])
    drawn = [a for a in ds.GraphicAnnotationSequence if a.GraphicLayer == "ENDPLATES"]
    assert drawn
    for annotation in drawn:
        lines = [np.reshape(g.GraphicData, (-1, 2)) for g in annotation.GraphicObjectSequence]
        for shown, line in zip(lines, reading.endplates, strict=True):
            index = series.grid.to_index(line.polyline_lps_mm)
            assert np.allclose(shown[:, ::-1] - 0.5, index[:, 1:], atol=1e-3)


def test_labels_say_what_was_found_and_stay_off_the_bone(
    painted_contents: Contents, objects: Objects
) -> None:
    """A change has its type beside the level; every label ends in front of its endplate."""
    reading = painted_contents.signed[0].reading
    grid = reading.series_in(SeriesRole.SAG_T1).grid
    fronts = {str(e.endplate): grid.to_index(e.polyline_lps_mm)[:, 2] for e in reading.endplates}
    annotations = pydicom.dcmread(objects["pr-SAG_T1"]).GraphicAnnotationSequence
    texts = [t for a in annotations if a.GraphicLayer == "LEVELS" for t in a.TextObjectSequence]
    words = {text.UnformattedTextValue for text in texts}
    assert {"L4-inferior: type 1 > 2", "L2-inferior"} <= words
    assert not any("none" in one for one in words)
    for text in texts:
        left, _ = text.BoundingBoxTopLeftHandCorner
        right, _ = text.BoundingBoxBottomRightHandCorner
        endplate = text.UnformattedTextValue.partition(":")[0]
        assert 0 <= left < right < fronts[endplate].min() + 0.5 - 3 / grid.spacing_mm[2]


@pytest.mark.parametrize("flags", list(TURNS))
def test_turn_and_mirror_hang_the_image(flags: tuple[bool, bool, bool]) -> None:
    """Rotated clockwise, then mirrored, the stored image is the one shown in the room."""
    stored = np.arange(6).reshape(2, 3)
    degrees, mirrored = TURNS[flags]
    turned = np.rot90(stored, -degrees // 90)
    shown = np.fliplr(turned) if mirrored == "Y" else turned
    display = Display(*flags, flip_slices=False, letters=("H", "F", "A", "P"))
    assert np.array_equal(shown, display.array(stored[None])[0])


def as_one_enhanced(reading: Reading) -> Reading:
    """Return the reading with T1 as the last frames of one enhanced object, painted."""
    series = reading.series_in(SeriesRole.SAG_T1)
    assert series is not None
    frames = tuple(
        one.replace(sop_instance_uid="1.2.3.4.5", frame=n + 20)
        for n, one in enumerate(series.instances)
    )
    kept = tuple(s if s != series else s.replace(instances=frames) for s in reading.series)
    turned = reading.replace(series=kept)
    return turned.replace(masks=tuple(mask(turned, row) for row in PAINTED if "T1" in row[1]))


def test_frames_of_an_enhanced_object_keep_their_numbers(
    full_bag: Files, peer: Peer, tmp_path: Path
) -> None:
    """Masks on frames of one object read back equal, and the object is valid."""
    contents = changed(full_bag, as_one_enhanced)
    uid = contents.signed[0].reading.series_in(SeriesRole.SAG_T1).series_uid
    entries = tuple(
        one.replace(sop_class_uid="1.2.840.10008.5.1.4.1.1.4.1")
        if one.used.series_uid == uid
        else one
        for one in contents.series.series
    )
    series = canonical_bytes(contents.series.replace(series=entries))
    contents = Contents({**contents.files, "data/imaging/series.json": series})
    path = tmp_path / "seg.dcm"
    path.write_bytes(plan_of(FORMATS, contents)["data/dicom/R01-1/seg-SAG_T1.dcm"]())
    painted = contents.signed[0].reading.masks
    assert sorted(masks_from_seg(path), key=repr) == sorted(painted, key=repr)
    assert "Error" not in peer("dciodvfy", "-new", path).stderr
