"""The shared real lumbar exam, read through every headless layer."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from modic_annotate import imaging
from modic_annotate.conduct.link import link_study
from modic_annotate.domain.modic import Presence
from modic_annotate.domain.readers import Reader
from modic_annotate.domain.reading import Reading, SignatureClass
from modic_annotate.domain.screening import Change, ScreeningRecord, Subject
from modic_annotate.domain.series import FatTechnique, SeriesRole
from modic_annotate.domain.spine import endplates_between, spine_order
from modic_annotate.session.apply import apply_acts
from modic_annotate.store.workspace import Workspace

ACTS = Path(__file__).with_name("lumbar-hitachi.acts.jsonl")

pytestmark = pytest.mark.real


@pytest.fixture(name="exam", scope="module")
def _exam(real_data: Path) -> Path:
    return real_data / "lumbar-hitachi-0.3t"


@pytest.fixture(name="workspace", scope="module")
def _workspace(exam: Path, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    ws = Workspace.create(tmp_path_factory.mktemp("real") / "ws", trial_id="trial")
    ws.add_reader(Reader(id="R01", display_name="Reader One"))
    record = ScreeningRecord(
        trial_id="trial",
        record_id="real-001",
        subject=Subject(subject_id="real-001"),
        change=Change(by="test", at="2026-01-01T00:00:00Z"),
    )
    ws.add_screening(record, "test")
    link_study(ws, "real-001", [exam], by="test")
    acks: list[int] = []
    apply_acts(ws, "real-001", "R01", ACTS, ack=acks.append)
    assert acks == list(range(1, len(ACTS.read_text("utf-8").splitlines()) + 1))
    return ws


@pytest.fixture(name="reading", scope="module")
def _reading(workspace: Workspace) -> Reading:
    return workspace.reading("real-001", "R01-1")[0]


def test_reading_is_signed_as_scripted(workspace: Workspace, reading: Reading) -> None:
    """Acts applied from a file end in a signed reading that says a file drove it."""
    assert reading.status == "signed"
    signature, _ = workspace.signature("real-001", "R01-1")
    assert signature.signature_class == SignatureClass.SCRIPTED_DEMO


def test_the_three_sagittal_slots_are_filled(reading: Reading) -> None:
    """T1, T2 and STIR stand in their slots with the true technique."""
    fat = {role: s.fat for role in SeriesRole if (s := reading.series_in(role)) is not None}
    assert fat[SeriesRole.SAG_T1] == FatTechnique.NONE
    assert fat[SeriesRole.SAG_T2] == FatTechnique.NONE
    assert fat[SeriesRole.SAG_FS] == FatTechnique.STIR


def test_every_endplate_in_scope_is_read_and_placed(reading: Reading) -> None:
    """Twelve endplates, T12-inferior to S1-superior, each with a finding and a placed line."""
    scope = endplates_between(spine_order(5))
    assert [f.endplate for f in reading.findings] == list(scope)
    assert {f.modic for f in reading.findings} == {Presence.ABSENT}
    assert [line.endplate for line in reading.endplates] == list(scope)
    assert {line.method for line in reading.endplates} == {"placed"}


def test_centres_lie_in_marrow_between_their_endplates(exam: Path, reading: Reading) -> None:
    """On T1 each body centre is brighter than the dark line of each of its endplates."""
    found = imaging.scan(exam)
    t1 = next(s for s in found.series if s.role == SeriesRole.SAG_T1)
    volume = imaging.load_series(t1)

    def darkest_near(point: tuple[float, float, float]) -> float:
        _, row, column = np.round(volume.grid.to_index(point)).astype(int)
        k = volume.grid.nearest_slice(point)
        return float(volume.array[k, row - 3 : row + 4, column - 1 : column + 2].min())

    for line in reading.endplates:
        centre = reading.numbering.centre(line.endplate.vertebra)
        assert centre is not None
        k, row, column = np.round(volume.grid.to_index(centre)).astype(int)
        marrow = float(np.median(volume.array[k, row - 4 : row + 5, column - 4 : column + 5]))
        middle = line.polyline_lps_mm[1]
        assert darkest_near(middle) < 0.8 * marrow, str(line.endplate)
