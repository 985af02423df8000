"""A small case to read: one record, one reader, three sagittal series, a curved spine."""

from __future__ import annotations

import dataclasses
import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from modic_annotate.domain.finding import Origin
from modic_annotate.domain.grid import Grid
from modic_annotate.domain.images import ImageIndex, IndexedSeries
from modic_annotate.domain.links import IdentityCheck, Match, StudyLink
from modic_annotate.domain.readers import Reader
from modic_annotate.domain.screening import Change, ScreeningRecord, Subject
from modic_annotate.domain.series import (
    FatTechnique,
    Instance,
    Plane,
    SeriesRole,
    SeriesUsed,
    Weighting,
)
from modic_annotate.domain.spine import spine_order
from modic_annotate.session.acts import ACT
from modic_annotate.session.opening import Terms
from modic_annotate.session.session import ReadingSession, open_session
from modic_annotate.store.canonical import canonical_bytes, sha256_hex
from modic_annotate.store.workspace import Workspace

RECORD, READER = "case1", "r1"
START = datetime(2026, 3, 20, 9, 0, tzinfo=UTC)
STUDY = "1.2.826.0.1.1"
FRAME = "1.2.826.0.1.9"
BODY_MM, DISC_MM = 25.0, 9.0
TECHNIQUE = {
    SeriesRole.SAG_T1: (Weighting.T1, FatTechnique.NONE),
    SeriesRole.SAG_T2: (Weighting.T2, FatTechnique.NONE),
    SeriesRole.SAG_FS: (Weighting.T2, FatTechnique.STIR),
}
SLICES = {SeriesRole.SAG_T1: 15, SeriesRole.SAG_T2: 17, SeriesRole.SAG_FS: 11}
PIXEL_MM = 0.5


def make_series(
    role: SeriesRole,
    number: int,
    weighting: Weighting | None = None,
    fat: FatTechnique | None = None,
) -> SeriesUsed:
    """Build a sagittal series of 0.5 mm pixels, slices 4 mm apart from left to right."""
    n = SLICES.get(role, 9)
    uid = f"{STUDY}.{number}"
    usual = TECHNIQUE.get(role, (Weighting.OTHER, FatTechnique.NONE))
    return SeriesUsed(
        study_uid=STUDY,
        series_uid=uid,
        frame_of_reference_uid=FRAME,
        role=role,
        weighting=weighting or usual[0],
        fat=fat or usual[1],
        plane=Plane.SAGITTAL,
        grid=Grid(
            shape=(n, 640, 400),
            affine_lps=(
                (-4.0, 0.0, 0.0, 2.0 * (n - 1)),
                (0.0, 0.0, PIXEL_MM, -100.0),
                (0.0, -PIXEL_MM, 0.0, 160.0),
                (0.0, 0.0, 0.0, 1.0),
            ),
        ),
        instances=tuple(
            Instance(
                sop_instance_uid=f"{uid}.{i + 1}",
                instance_number=i + 1,
                pixel_sha256=sha256_hex(f"{uid}.{i}".encode()),
            )
            for i in range(n)
        ),
    )


def three_series() -> tuple[SeriesUsed, ...]:
    """Build T1, T2 and STIR."""
    return tuple(make_series(role, i) for i, role in enumerate(TECHNIQUE, start=1))


def centre_of(vertebra: str, count: int = 5) -> tuple[float, float, float]:
    """Return a body's centre; the spine is straight in x and bent in y."""
    order = ("T11", *spine_order(count), "S2")
    z = 130.0 - (BODY_MM + DISC_MM) * order.index(vertebra)
    return (0.0, round(-20.0 - z * z / 900.0, 4), z)


def acts_of(*lines: dict[str, Any]) -> tuple[Any, ...]:
    """Parse acts."""
    return tuple(ACT.validate_python(line) for line in lines)


def number_the_spine(count: int = 5) -> list[dict[str, Any]]:
    """Return the acts that place all bodies from S1 upward and sign the numbering."""
    placed = [
        {
            "act": "place_body",
            "vertebra": v,
            "centroid_lps_mm": centre_of(v, count),
            "role": "SAG_T1",
        }
        for v in reversed(spine_order(count))
    ]
    stated = {
        "act": "state_numbering",
        "method": "assumed_from_sacrum",
        "confidence": "probable",
        "lumbar_count": count,
        "lstv_castellvi": "none",
        "lstv_variant": "none",
    }
    return [*placed, stated, {"act": "sign_numbering"}]


def show_all() -> list[dict[str, Any]]:
    """Return the acts that show every slice of the sagittal series."""
    return [{"act": "show", "role": role.value, "slices": "all"} for role in TECHNIQUE]


def read_normal() -> list[dict[str, Any]]:
    """Return the acts of a whole normal reading but its signature."""
    return [*show_all(), *number_the_spine(), {"act": "all_remaining_none"}]


def read_lesion(endplate: str = "L4-inferior", **usual: Any) -> list[dict[str, Any]]:
    """Return the acts that grade and describe one change, sizes estimated."""
    return [
        {"act": "grade", "endplate": endplate, "modic": "present", "component": "1"},
        {
            "act": "set_field",
            "endplate": endplate,
            "field": "height_category",
            "value": usual.get("height", "[25,50)"),
        },
        {"act": "apply_usual", "endplate": endplate},
    ]


SIGN = {"act": "sign", "meaning": "I read these images and stand by these findings"}


@dataclass
class Case:
    """A workspace with one record and one reader, and how to read it."""

    ws: Workspace
    ticks: int = 0

    record: str = RECORD
    reader: str = READER

    def clock(self) -> datetime:
        """Tell a time one second later at each call."""
        self.ticks += 1
        return START + timedelta(seconds=self.ticks)

    def terms(self, **changes: Any) -> Terms:
        """Return how readings of this case are opened."""
        return dataclasses.replace(Terms(clock=self.clock), **changes)

    def open(self, **terms: Any) -> ReadingSession:
        """Open the reading."""
        return open_session(self.ws, RECORD, READER, self.terms(**terms))

    def do(
        self, session: ReadingSession, *lines: dict[str, Any], origin: Origin = Origin.KEY
    ) -> ReadingSession:
        """Make acts given as dicts."""
        for act in acts_of(*lines):
            session.act(act, origin)
        return session

    def journal_path(self, number: int = 1) -> Path:
        """Return the file of a journal."""
        return self.ws.root / f"readings/{RECORD}/{READER}/{READER}-{number}.journal.jsonl"

    def write_acts(self, path: Path, *lines: dict[str, Any]) -> Path:
        """Write an acts file."""
        path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
        return path

    def put_images(self, *series: SeriesUsed) -> None:
        """Link images in place of those there."""
        index = ImageIndex(
            record_id=RECORD,
            study_uid=STUDY,
            series=tuple(
                IndexedSeries(used=s, files=tuple(f"{i.sop_instance_uid}" for i in s.instances))
                for s in series
            ),
        )
        content = canonical_bytes(index)
        self.ws.store.replace(f"images/{RECORD}/index.json", content)
        unknown = Match.NOT_AVAILABLE
        check = IdentityCheck(birth_year=unknown, sex=unknown, study_date=unknown, checked_by="c")
        link = StudyLink(
            study_uid=STUDY,
            at=START,
            by="c",
            images=index.images,
            n_series=len(series),
            n_instances=sum(len(s.instances) for s in series),
            index_sha256=sha256_hex(content),
            check=check,
        )
        self.ws.add_link(RECORD, link)


def make_case(folder: Path, series: tuple[SeriesUsed, ...] | None = None) -> Case:
    """Make a workspace with one linked record and one reader."""
    ws = Workspace.create(folder)
    ws.add_reader(Reader(id=READER, display_name="Reader One", title="MD"))
    ws.add_screening(
        ScreeningRecord(
            trial_id=ws.trial_id,
            record_id=RECORD,
            subject=Subject(subject_id="S-1"),
            change=Change(by="coordinator", at=START),
        ),
        by="coordinator",
    )
    case = Case(ws)
    case.put_images(*(series or three_series()))
    return case


@dataclass(frozen=True)
class Kit:
    """The builders above, as tests get them."""

    make_case: Callable[..., Case] = make_case
    make_series: Callable[..., SeriesUsed] = make_series
    three_series: Callable[[], tuple[SeriesUsed, ...]] = three_series
    centre_of: Callable[..., tuple[float, float, float]] = centre_of
    number_the_spine: Callable[..., list[dict[str, Any]]] = number_the_spine
    show_all: Callable[[], list[dict[str, Any]]] = show_all
    read_normal: Callable[[], list[dict[str, Any]]] = read_normal
    read_lesion: Callable[..., list[dict[str, Any]]] = read_lesion
    acts_of: Callable[..., tuple[Any, ...]] = acts_of
    sign: dict[str, Any] = dataclasses.field(default_factory=lambda: dict(SIGN))


@pytest.fixture(autouse=True)
def _no_disk_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Do not wait for the disk; that every line does is shown by a system-call trace."""
    monkeypatch.setattr(os, "fsync", lambda _handle: None)


@pytest.fixture(scope="session")
def kit() -> Kit:
    return Kit()


@pytest.fixture
def case(tmp_path: Path) -> Case:
    return make_case(tmp_path / "ws")


@pytest.fixture
def session(case: Case) -> Iterator[ReadingSession]:
    """A reading just begun by a person."""
    with case.open() as opened:
        yield opened


@pytest.fixture
def numbered(case: Case, session: ReadingSession) -> ReadingSession:
    """A reading whose numbering is signed."""
    return case.do(session, *number_the_spine())
