"""Choosing another series for a slot in the room, by real events."""

from __future__ import annotations

import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest

pytest.importorskip("napari", reason="napari is not installed (modic-annotate[gui])")

import pydicom
from pydicom.uid import generate_uid

from modic_annotate.domain.series import FatTechnique, Plane, SeriesRole, Weighting
from modic_annotate.samples import sample_folder
from modic_annotate.session import acts
from modic_annotate_napari.present.lists import series_cards
from modic_annotate_napari.present.technique import technique
from modic_annotate_napari.replay.hands import Hands
from modic_annotate_napari.replay.of_series import assign_role, show
from modic_annotate_napari.steps.series import listed

T1, FS = SeriesRole.SAG_T1, SeriesRole.SAG_FS


def repeat_of_t1(study: Path, suppressed: bool) -> None:
    """Add a second T1 of fewer slices, with or without fat saturation, as series 9."""
    uid = generate_uid(entropy_srcs=["repeat"])
    files = sorted(path for path in study.rglob("*") if path.is_file())
    headers = [(path, pydicom.dcmread(path)) for path in files if path.name != "DICOMDIR"]
    t1 = [(path, ds) for path, ds in headers if float(ds.RepetitionTime) < 1000]
    t1.sort(key=lambda found: float(found[1].ImagePositionPatient[0]))
    for path, ds in t1[1:]:
        ds.SOPInstanceUID = ds.file_meta.MediaStorageSOPInstanceUID = generate_uid()
        ds.SeriesInstanceUID, ds.SeriesNumber = uid, 9
        ds.ScanOptions = "FS" if suppressed else ""
        ds.save_as(path.with_name(f"repeat-{path.name}"))


@pytest.fixture(params=[False], ids=["plain"])
def workspace(make_case, tmp_path: Path, request) -> Path:
    """A case whose study has a second T1, fat suppressed or not."""
    study = Path(shutil.copytree(sample_folder() / "study", tmp_path / "study"))
    repeat_of_t1(study, suppressed=request.param)
    return make_case(tmp_path / "ws", study)


def spare_t1(hands: Hands):
    """The T1 that fills no slot."""
    return next(
        s
        for s in hands.room.session.series
        if s.role == SeriesRole.OTHER and s.weighting is Weighting.T1
    )


def test_another_candidate_takes_the_slot_and_its_canvas(open_room):
    """The reader puts the spare T1 into SAG_T1: record, canvas, list and coverage follow."""
    hands = Hands(open_room().room)
    room, spare = hands.room, spare_t1(hands)
    before = room.session.series_in(T1)
    assert any("could be SAG_T1" in text for text in spare.role_evidence)
    assert any("taken before series 9" in text for text in before.role_evidence)

    assign_role(
        hands, acts.AssignRole(role=T1, series_uid=spare.series_uid, reason="the first one moved")
    )

    used = {s.series_uid: s for s in room.session.series}[spare.series_uid]
    assert (used.role, used.role_set_by, used.role_reason) == (T1, "R01", "the first one moved")
    assert room.canvases.panel(T1).volume.series.series_uid == spare.series_uid
    assert room.canvases.panel(T1).n_slices == spare.grid.shape[0]
    assert [u.role for u, _ in room.canvases.panels][:2] == [T1, SeriesRole.SAG_T2]
    selected = listed(room.session)[room.desk.row]
    assert selected.series_uid == spare.series_uid
    card = series_cards(room.desk)[room.desk.row]
    assert card.lines[0] == "slot SAG T1: sagittal T1, no fat suppression"
    assert "set by R01: the first one moved" in card.lines
    show(hands, acts.Show(role=T1, slices="all"))
    assert room.coverage.seen(T1) == set(range(spare.grid.shape[0]))

    hands.press("Backspace")
    assert room.session.series_in(T1).series_uid == before.series_uid
    assert room.canvases.panel(T1).volume.series.series_uid == before.series_uid


@pytest.mark.parametrize("workspace", [True], ids=["fat suppressed"], indirect=True)
@pytest.mark.parametrize("role", [T1, FS])
def test_a_fat_suppressed_t1_is_refused_and_says_its_technique(open_room, role):
    """T1-FS goes into neither SAG_T1 nor SAG_FS, by no reason; its card says what it is."""
    hands = Hands(open_room().room)
    room, spare = hands.room, spare_t1(hands)
    assert spare.fat is FatTechnique.FS
    shown = [u.series_uid for u, _ in room.canvases.panels]

    assign_role(hands, acts.AssignRole(role=role, series_uid=spare.series_uid, reason="I want it"))

    assert not room.session.state.roles
    assert "would lie about its technique" in room.desk.message.text
    assert [u.series_uid for u, _ in room.canvases.panels] == shown
    assert (
        series_cards(room.desk)[room.desk.row]
        .lines[0]
        .startswith("no slot: sagittal T1, fat-suppressed")
    )


def test_titles_over_the_images_name_the_true_technique(open_room):
    """Each canvas names plane, weighting and fat technique, not its slot."""
    room = open_room().room
    names = {used.role: panel.title.name for used, panel in room.canvases.panels}
    assert names == {T1: "SAG T1", SeriesRole.SAG_T2: "SAG T2", FS: "SAG T2 STIR"}


@pytest.mark.parametrize(
    ("weighting", "fat", "title"),
    [
        (Weighting.T1, FatTechnique.NONE, "SAG T1"),
        (Weighting.T1, FatTechnique.FS, "SAG T1 FS"),
        (Weighting.T1, FatTechnique.WATER, "SAG T1 water"),
        (Weighting.T2, FatTechnique.IN_PHASE, "SAG T2 in phase"),
        (Weighting.T2, FatTechnique.UNKNOWN, "SAG T2 fat ?"),
        (Weighting.PD, FatTechnique.FS, "SAG PD FS"),
        (Weighting.OTHER, FatTechnique.NONE, "SAG other contrast"),
        (Weighting.UNKNOWN, FatTechnique.UNKNOWN, "SAG weighting ?"),
        (Weighting.UNKNOWN, FatTechnique.FS, "SAG weighting ? FS"),
    ],
)
def test_what_is_not_known_is_never_shown_as_plain(weighting, fat, title):
    """A title says a fat technique that is there, and says where one is not known."""
    series = SimpleNamespace(weighting=weighting, fat=fat, plane=Plane.SAGITTAL)
    assert technique(series) == title
