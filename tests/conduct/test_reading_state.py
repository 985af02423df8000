"""A signed reading against its record and images as they are now."""

from __future__ import annotations

from pathlib import Path

import pytest

from modic_annotate.conduct.link import link_study
from modic_annotate.domain.images import ImageIndex
from modic_annotate.domain.readers import Reader
from modic_annotate.domain.reading import Reading
from modic_annotate.domain.screening import ScreeningRecord
from modic_annotate.session.apply import apply_acts
from modic_annotate.store.canonical import canonical_bytes
from modic_annotate.store.record_state import reading_state
from modic_annotate.store.workspace import Workspace

SAMPLE = Path(__file__).parents[2] / "sample_dicom"
RECORD = ScreeningRecord.model_validate_json((SAMPLE / "screening-record.json").read_bytes())


@pytest.fixture
def ws(tmp_path: Path) -> Workspace:
    ws = Workspace.create(tmp_path / "ws", trial_id=RECORD.trial_id)
    ws.add_screening(RECORD, "coordinator")
    ws.add_reader(Reader(id="r1"))
    link_study(ws, RECORD.record_id, [SAMPLE / "study"], by="coordinator")
    apply_acts(ws, RECORD.record_id, "r1", SAMPLE / "lesions.acts.jsonl", lambda _: None)
    return ws


def signed(ws: Workspace) -> Reading:
    return ws.reading(RECORD.record_id, "r1-1")[0]


def rewrite_index(ws: Workspace, index: ImageIndex) -> None:
    ws.store.replace(f"images/{RECORD.record_id}/index.json", canonical_bytes(index))


def test_an_untouched_case_is_the_same(ws: Workspace) -> None:
    """Record and images are as they were read."""
    state = reading_state(ws, signed(ws))

    assert (state.state, state.ok) == ("same", True)


def test_images_that_were_exchanged_are_a_fault(ws: Workspace) -> None:
    """Other pixels under the same series are named, beside the changed index."""
    index = ws.images(RECORD.record_id)
    first = index.series[0]
    pixels = tuple(i.replace(pixel_sha256="0" * 64) for i in first.used.instances)
    other = first.replace(used=first.used.replace(instances=pixels))
    rewrite_index(ws, index.replace(series=(other, *index.series[1:])))

    state = reading_state(ws, signed(ws))

    assert not state.ok
    assert "has other images than when it was read" in state.message
    assert "index.json was changed outside" in state.message


def test_a_series_that_is_no_longer_linked_is_a_fault(ws: Workspace) -> None:
    """A reading of a series the record does not have is named."""
    index = ws.images(RECORD.record_id)
    rewrite_index(ws, index.replace(series=index.series[1:]))

    assert "is not linked to the record" in reading_state(ws, signed(ws)).message


def test_missing_images_are_a_fault(ws: Workspace) -> None:
    """Without its image index nothing can be compared."""
    reading = signed(ws)
    ws.store.path(f"images/{RECORD.record_id}/index.json").unlink()

    assert "has no images" in reading_state(ws, reading).message


def test_a_reading_is_found_without_case(ws: Workspace) -> None:
    """Readings and signatures are found by id in any spelling."""
    reading, digest = ws.reading(RECORD.record_id.upper(), "R1-1")
    signature, _ = ws.signature(RECORD.record_id, "r1-1")

    assert signature.reading_sha256 == digest
    assert reading.reading_id == signature.reading_id == "r1-1"
    assert ws.reading_keys(RECORD.record_id) == (f"readings/{RECORD.record_id}/r1/r1-1.json",)
