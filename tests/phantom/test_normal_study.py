"""The second study: a normal spine, and its short reading."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from pathlib import Path

import pydicom
import pytest

from modic_annotate import imaging
from modic_annotate.domain.finding import Origin
from modic_annotate.domain.modic import Presence
from modic_annotate.domain.series import (
    FatTechnique,
    Instance,
    Plane,
    SeriesRole,
    SeriesUsed,
    Weighting,
)
from modic_annotate.domain.spine import spine_order
from modic_annotate.phantom import NORMAL, SAMPLE, Truth, make_truth
from modic_annotate.phantom.anatomy import build_spine
from modic_annotate.phantom.dicom import file_name, write_slice
from modic_annotate.phantom.normal_script import normal_acts
from modic_annotate.phantom.protocol import SEQUENCES
from modic_annotate.phantom.reading_script import acts_lines
from modic_annotate.phantom.render import render_slice
from modic_annotate.phantom.write import NORMAL_LAYOUT, NORMAL_SEED
from modic_annotate.session.acts import ACT, PlaceBody
from modic_annotate.session.draft import empty_draft
from modic_annotate.session.protocol import load_protocol
from modic_annotate.session.reduce.step import Context
from modic_annotate.session.reduce.table import apply_act
from modic_annotate.store.canonical import parse_record

MOST_BYTES = 8_000_000
TECHNIQUE = {
    SeriesRole.SAG_T1: (Weighting.T1, FatTechnique.NONE),
    SeriesRole.SAG_T2: (Weighting.T2, FatTechnique.NONE),
    SeriesRole.SAG_FS: (Weighting.T2, FatTechnique.STIR),
}


@pytest.fixture(scope="module")
def normal(sample: Path) -> Truth:
    """The committed truth of the normal spine."""
    content = (sample / NORMAL_LAYOUT.truth).read_bytes()
    return parse_record(Truth, content, NORMAL_LAYOUT.truth)


def test_the_committed_truth_is_what_the_recipe_gives(normal: Truth) -> None:
    """The truth beside the images is that of the recipe in the code, without any change."""
    assert make_truth(NORMAL, NORMAL_SEED, layout=NORMAL_LAYOUT) == normal
    assert normal.lesions == ()
    assert normal.mimics == ()


def test_the_study_is_small_and_whole(sample: Path, normal: Truth) -> None:
    """The folder holds the truth's files and no other, at most 8 MB together."""
    files = list((sample / NORMAL_LAYOUT.study).iterdir())
    named = {name for one in normal.series for name in one.files}
    assert named == {f"{NORMAL_LAYOUT.study}/{p.name}" for p in files}
    assert sum(p.stat().st_size for p in files) <= MOST_BYTES


def test_it_is_another_synthetic_patient(sample: Path, normal: Truth) -> None:
    """Name, id and every UID differ from the sample's, and it says that there is no patient."""
    one, other = (
        pydicom.dcmread(sample / folder / "t1-08.dcm", stop_before_pixels=True)
        for folder in ("study", NORMAL_LAYOUT.study)
    )
    for name in ("PatientName", "PatientID", "PatientBirthDate", "StudyInstanceUID"):
        assert one[name].value != other[name].value
    for name in ("SeriesInstanceUID", "SOPInstanceUID", "FrameOfReferenceUID"):
        assert one[name].value != other[name].value
    assert "SYNTHETIC" in other.ImageComments
    assert other.PatientID == NORMAL.patient_id != SAMPLE.patient_id
    assert other.StudyInstanceUID == normal.study_uid


@pytest.mark.parametrize("sequence", SEQUENCES, ids=lambda s: s.key)
def test_a_slice_drawn_again_is_the_committed_file(sample: Path, tmp_path: Path, sequence) -> None:
    """Drawing and writing a slice on this machine gives the committed bytes."""
    index = sequence.shape[0] // 2
    pixels = render_slice(build_spine(NORMAL), sequence, NORMAL_SEED, index)
    path = tmp_path / file_name(sequence, index)
    write_slice(path, pixels, NORMAL, sequence, index, f"normal/{NORMAL_SEED}")
    committed = sample / NORMAL_LAYOUT.study / path.name
    drawn, kept = (hashlib.sha256(p.read_bytes()).hexdigest() for p in (path, committed))
    assert drawn == kept


def test_scan_finds_the_three_slots(sample: Path, normal: Truth) -> None:
    """Our own scan gives each series its role, unblocked."""
    found = {one.role: one for one in imaging.scan(sample / NORMAL_LAYOUT.study).series}
    assert {role: one.series_uid for role, one in found.items()} == {
        one.role: one.series_uid for one in normal.series
    }
    assert not any(one.blocked for one in found.values())


def test_the_committed_acts_are_made_from_the_truth(sample: Path, normal: Truth) -> None:
    """The acts file is what the script makes of the truth: few acts, seven bodies among them."""
    committed = (sample / "normal.acts.jsonl").read_text("utf-8")
    made = normal_acts(normal)
    assert committed == acts_lines(made)
    assert tuple(ACT.validate_json(line) for line in committed.splitlines()) == made
    assert [a.vertebra for a in made if isinstance(a, PlaceBody)] == list(reversed(spine_order(5)))
    assert len(made) == 18


def test_the_acts_make_a_signed_normal_reading(normal: Truth) -> None:
    """A session takes every act; in the end every endplate in scope is read as absent."""
    protocol = load_protocol("intracept-evidence")
    context = Context(protocol=protocol, series=tuple(_used(normal, s) for s in normal.series))
    draft = empty_draft(protocol)
    for act in normal_acts(normal):
        draft = apply_act(draft, act, Origin.KEY, datetime(2026, 3, 10, 9, tzinfo=UTC), context)
    assert draft.signed
    assert {finding.modic for finding in draft.findings.values()} == {Presence.ABSENT}


def test_a_spine_with_changes_is_not_read_as_normal(truth: Truth) -> None:
    """The short reading refuses the truth of a spine that has changes."""
    with pytest.raises(ValueError, match="3 changes"):
        normal_acts(truth)


def _used(truth: Truth, one) -> SeriesUsed:
    weighting, fat = TECHNIQUE[one.role]
    return SeriesUsed(
        study_uid=truth.study_uid,
        series_uid=one.series_uid,
        frame_of_reference_uid=truth.frame_of_reference_uid,
        role=one.role,
        weighting=weighting,
        fat=fat,
        plane=Plane.SAGITTAL,
        grid=one.grid,
        instances=tuple(
            Instance(sop_instance_uid=uid, pixel_sha256="0" * 64) for uid in one.sop_instance_uids
        ),
    )
