"""Scalars and small records: ids, times, recorded values, readers, numbering, grids, indexes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from modic_annotate.domain.base import Mm, RecordId, Uid, Utc, utc_now
from modic_annotate.domain.grid import Grid
from modic_annotate.domain.images import BlockedSeries, ImageIndex, IndexedSeries
from modic_annotate.domain.numbering import BodyCentre, Numbering
from modic_annotate.domain.readers import Reader, ReadersFile
from modic_annotate.domain.screening import ExclusionKey, Exclusions, Recorded
from modic_annotate.domain.series import Instance, SeriesRole, SeriesUsed

HASH = "0" * 64


@pytest.mark.parametrize("text", ["case1", "A", "0", "a.b_c-d", "x" * 64, "console", "com10"])
def test_an_id_is_a_file_name_everywhere(text: str) -> None:
    """Letters, digits, dot, underscore and hyphen make an id."""
    assert TypeAdapter(RecordId).validate_python(text) == text


@pytest.mark.parametrize(
    "text",
    [
        *("", ".a", "-a", "_a", "a b", "a/b", "a:b", "ä", "a\n", "x" * 65, "a."),
        *("con", "CON", "nul.txt", "Com1", "lpt9", "aux."),
    ],
)
def test_what_some_system_cannot_store_is_no_id(text: str) -> None:
    """Reserved device names, trailing dots, blanks and separators are refused."""
    with pytest.raises(ValidationError):
        TypeAdapter(RecordId).validate_python(text)


@pytest.mark.parametrize("text", ["1.2.3", "2.25.0", "9" * 64])
def test_a_uid_is_digits_and_dots(text: str) -> None:
    """A UID has at most 64 characters."""
    assert TypeAdapter(Uid).validate_python(text) == text


@pytest.mark.parametrize("text", ["", "1..2", ".1", "1.", "1.a", "9" * 65])
def test_what_is_no_uid_is_refused(text: str) -> None:
    """Empty parts and letters are no UID."""
    with pytest.raises(ValidationError):
        TypeAdapter(Uid).validate_python(text)


def test_a_time_is_kept_in_utc_and_whole_seconds() -> None:
    """Zones are turned into UTC, fractions dropped; a time without a zone is refused."""
    adapter = TypeAdapter(Utc)
    local = datetime(2026, 3, 20, 10, 30, 0, 999, tzinfo=timezone(timedelta(hours=1)))

    assert adapter.dump_json(adapter.validate_python(local)) == b'"2026-03-20T09:30:00Z"'
    assert adapter.validate_json('"2026-03-20T09:30:00Z"') == datetime(
        2026, 3, 20, 9, 30, tzinfo=UTC
    )
    with pytest.raises(ValidationError, match="needs its zone"):
        adapter.validate_python(datetime(2026, 3, 20))  # noqa: DTZ001
    assert utc_now().microsecond == 0


@given(st.floats(-1e4, 1e4))
def test_millimetres_are_rounded_once(value: float) -> None:
    """Rounding again changes nothing, and zero has no sign."""
    adapter = TypeAdapter(Mm)
    rounded = adapter.validate_python(value)

    assert adapter.validate_python(rounded) == rounded
    assert abs(rounded - value) <= 0.5001e-4
    assert str(rounded) != "-0.0"


@pytest.mark.parametrize(
    "fields",
    [{"state": "asserted"}, {"value": 3}, {"state": "not_available", "value": 3}],
)
def test_a_value_stands_with_its_state(fields: dict[str, object]) -> None:
    """A value without 'asserted', or the other way round, is refused."""
    with pytest.raises(ValidationError, match="stands with state 'asserted'"):
        Recorded[int].model_validate(fields)


def test_what_is_known_was_asserted() -> None:
    """A value and its asserted absence are known; the rest is not."""
    known = [s for s in ("asserted_absent", "not_asked", "not_available", "illegible")
             if Recorded[int](state=s).is_known]  # fmt: skip

    assert known == ["asserted_absent"]
    assert Recorded[int](state="asserted", value=0).is_known


def test_a_feature_nobody_asked_for_is_not_asked() -> None:
    """A missing feature is not the same as an absent one."""
    features = Exclusions(
        features={ExclusionKey.SPINAL_CANCER: Recorded[bool](state="asserted_absent")}
    )

    assert features.feature(ExclusionKey.SPINAL_CANCER).is_known
    assert features.feature(ExclusionKey.SPINE_INFECTION).state == "not_asked"


def test_reader_ids_differ_by_more_than_case() -> None:
    """Two readers cannot share an id in two spellings."""
    with pytest.raises(ValidationError, match="may stand once"):
        ReadersFile(readers=(Reader(id="a"), Reader(id="A")))
    assert ReadersFile(readers=(Reader(id="Anna"),)).find("ANNA") == Reader(id="Anna")
    assert ReadersFile().find("x") is None


def body(vertebra: str) -> BodyCentre:
    return BodyCentre(vertebra=vertebra, centroid_lps_mm=(1, 2, 3), origin="mouse")


def test_a_numbering_places_each_body_once() -> None:
    """A body placed twice, or an impossible count, is refused."""
    with pytest.raises(ValidationError, match="placed once"):
        Numbering(bodies=(body("L5"), body("L5")))
    with pytest.raises(ValidationError, match="4, 5 or 6"):
        Numbering(lumbar_count=7)


@pytest.mark.parametrize(
    ("confidence", "variant", "certain"),
    [
        ("definite", "none", True),
        ("probable", None, True),
        ("probable", "sacralised_L5", True),
        ("uncertain", "none", False),
        ("definite", "indeterminate", False),
        (None, None, False),
    ],
)
def test_levels_are_certain_unless_said_otherwise(
    confidence: str | None, variant: str | None, certain: bool
) -> None:
    """Only an uncertain count or indeterminate anatomy makes levels uncertain."""
    numbering = Numbering(confidence=confidence, lstv_variant=variant)

    assert numbering.is_level_certain is certain


def test_a_numbering_knows_its_scope_and_centres() -> None:
    """Scope follows the count; a body not placed has no centre."""
    numbering = Numbering(lumbar_count=6, bodies=(body("L6"),))

    assert len(numbering.scope) == 14
    assert len(Numbering().scope) == 12
    assert numbering.centre("L6") == (1, 2, 3)
    assert numbering.centre("L5") is None


ANGLES = st.floats(-3, 3)
STEPS = st.floats(0.2, 10)


def grid_of(angle: float, steps: tuple[float, float, float], origin: tuple[float, ...]) -> Grid:
    c, s = np.cos(angle), np.sin(angle)
    rotation = np.array([[c, -s, 0], [s, c, 0], [0, 0, 1]])
    affine = np.eye(4)
    affine[:3, :3] = rotation * np.array(steps)
    affine[:3, 3] = origin
    return Grid(shape=(11, 64, 32), affine_lps=affine.tolist())


@given(ANGLES, st.tuples(STEPS, STEPS, STEPS), st.tuples(*[st.floats(-300, 300)] * 3))
def test_index_and_patient_are_inverse(
    angle: float, steps: tuple[float, float, float], origin: tuple[float, float, float]
) -> None:
    """A point goes to its index and back within a micrometre; spacing and normal are the steps."""
    grid = grid_of(angle, steps, origin)
    index = np.array([[0, 0, 0], [10, 63, 31], [3.5, 2, 7]])

    assert np.allclose(grid.to_index(grid.to_lps(index)), index, atol=1e-6)
    assert np.allclose(grid.spacing_mm, steps)
    assert np.isclose(np.linalg.norm(grid.slice_normal_lps), 1)
    assert grid.nearest_slice(grid.to_lps([4.4, 9, 9])) == 4
    assert grid.nearest_slice(grid.to_lps([-7, 0, 0])) == 0
    assert grid.nearest_slice(grid.to_lps([70, 0, 0])) == 10


def used(role: SeriesRole, uid: str, stack: int = 0) -> SeriesUsed:
    return SeriesUsed(
        study_uid="1.1",
        series_uid=uid,
        stack=stack,
        role=role,
        weighting="T1",
        fat="none",
        plane="sagittal",
        grid=grid_of(0, (4, 1, 1), (0, 0, 0)),
        instances=(Instance(sop_instance_uid="1.9", pixel_sha256=HASH),),
    )


def test_an_index_finds_series_by_role_and_by_uid() -> None:
    """The first series in a role is the one that fills it."""
    entries = tuple(
        IndexedSeries(used=used(role, uid, stack), files=("01/001.dcm",))
        for role, uid, stack in [
            (SeriesRole.OTHER, "1.2", 0),
            (SeriesRole.AX_T2, "1.3", 0),
            (SeriesRole.AX_T2, "1.3", 1),
        ]
    )
    index = ImageIndex(record_id="case1", study_uid="1.1", series=entries)

    assert index.in_role(SeriesRole.AX_T2) is entries[1]
    assert index.in_role(SeriesRole.SAG_T1) is None
    assert index.of("1.3", 1) is entries[2]
    assert index.of("1.4") is None


def test_an_index_names_a_file_for_each_instance() -> None:
    """A series with more images than files is refused; a blocked one says why it is."""
    with pytest.raises(ValidationError, match="0 files for 1 instances"):
        IndexedSeries(used=used(SeriesRole.OTHER, "1.2"), files=())
    with pytest.raises(ValidationError, match="at least 1 item"):
        BlockedSeries(series_uid="1.2", role="OTHER", instances=(), files=(), problems=())
