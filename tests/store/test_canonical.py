"""Canonical bytes: one spelling for one content, and back to the same content."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modic_annotate.domain.finding import Finding, Origin, Zone
from modic_annotate.domain.modic import (
    Assessment,
    Attribution,
    Component,
    Confidence,
    Contour,
    Defect,
    ExtentCategory,
    Mimic,
    ModicType,
    NotAssessableReason,
    Presence,
    Signal,
)
from modic_annotate.domain.readers import Reader, ReadersFile
from modic_annotate.domain.screening import (
    Care,
    CareEpisode,
    CareKind,
    Change,
    ExclusionKey,
    Exclusions,
    MriReference,
    Pain,
    PainPattern,
    Plan,
    Recorded,
    Scores,
    ScreeningRecord,
    Sex,
    Subject,
    ValueState,
)
from modic_annotate.domain.spine import Endplate, Surface, Vertebra
from modic_annotate.errors import InvalidRecordError, SchemaVersionError
from modic_annotate.store.canonical import canonical_bytes, canonical_line, parse_record

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
WHEN = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
DAYS = st.dates(date(1990, 1, 1), date(2100, 1, 1))
PERCENT = st.floats(0, 100)
MM = st.floats(0, 500)
POINT = st.tuples(*[st.floats(-500, 500)] * 3)
ENDPLATES = st.builds(Endplate, st.sampled_from(Vertebra), st.sampled_from(Surface))
COMPONENTS = st.lists(
    st.builds(Component, modic_type=st.sampled_from(ModicType)),
    min_size=1,
    max_size=3,
    unique_by=lambda c: c.modic_type,
).map(tuple)


def maybe(values: st.SearchStrategy) -> st.SearchStrategy:
    return st.none() | values


PRESENT = st.builds(
    Finding,
    endplate=ENDPLATES,
    assessment=st.sampled_from([Assessment.ASSESSED, Assessment.LIMITED]),
    modic=st.just(Presence.PRESENT),
    components=COMPONENTS,
    height_percent=maybe(PERCENT),
    height_mm=maybe(MM),
    area_category=maybe(st.sampled_from(ExtentCategory)),
    t1_signal=maybe(st.sampled_from(Signal)),
    contour=maybe(st.sampled_from(Contour)),
    defect=maybe(st.sampled_from(Defect)),
    attribution=maybe(st.sampled_from(Attribution)),
    confidence=maybe(st.sampled_from(Confidence)),
    zones=st.lists(st.sampled_from(Zone), unique=True).map(tuple),
    mimics=st.lists(st.sampled_from(Mimic), unique=True).map(tuple),
    origins=st.dictionaries(st.sampled_from(["modic", "note"]), st.sampled_from(Origin)),
    note=TEXT,
    committed_at=maybe(WHEN),
)
OTHERS = st.one_of(
    st.builds(Finding, endplate=ENDPLATES),
    st.builds(
        Finding,
        endplate=ENDPLATES,
        assessment=st.just(Assessment.ASSESSED),
        modic=st.sampled_from([Presence.ABSENT, Presence.INDETERMINATE]),
    ),
    st.builds(
        Finding,
        endplate=ENDPLATES,
        assessment=st.just(Assessment.NOT_ASSESSABLE),
        assessment_reason=st.sampled_from(NotAssessableReason),
    ),
)


def recorded(of: type, values: st.SearchStrategy) -> st.SearchStrategy:
    """A value with its state, each state as it may stand."""
    without = st.sampled_from([s for s in ValueState if s != ValueState.ASSERTED])
    facts = {"observed_on": maybe(DAYS), "recorded_by": maybe(TEXT), "recorded_at": maybe(WHEN)}
    return st.builds(
        Recorded[of], state=st.just(ValueState.ASSERTED), value=values, **facts
    ) | st.builds(Recorded[of], state=without, **facts)


RECORDS = st.builds(
    ScreeningRecord,
    trial_id=st.just("trial"),
    record_id=st.from_regex(r"case[a-z0-9]{1,5}", fullmatch=True),
    revision=st.integers(1, 9),
    previous_sha256=maybe(st.from_regex(r"[0-9a-f]{64}", fullmatch=True)),
    subject=st.builds(
        Subject,
        subject_id=st.just("S1"),
        birth_year=recorded(int, st.integers(1900, 2100)),
        sex=recorded(Sex, st.sampled_from(Sex)),
        height_cm=recorded(float, st.floats(50, 250)),
    ),
    pain=st.builds(Pain, pattern=recorded(PainPattern, st.sampled_from(PainPattern))),
    care=st.builds(
        Care,
        episodes=st.lists(
            st.builds(
                CareEpisode,
                kind=st.sampled_from(CareKind),
                started_on=maybe(DAYS),
                months=maybe(MM),
                source_document=maybe(TEXT),
            ),
            max_size=3,
        ).map(tuple),
    ),
    scores=st.builds(Scores, odi_percent=recorded(float, PERCENT)),
    exclusions=st.builds(
        Exclusions,
        features=st.dictionaries(
            st.sampled_from(ExclusionKey), recorded(bool, st.booleans()), max_size=4
        ),
        disc_extrusion_mm=recorded(float, MM),
    ),
    plan=st.builds(
        Plan,
        planned_bodies=recorded(
            tuple[Vertebra, ...], st.lists(st.sampled_from(Vertebra), max_size=4).map(tuple)
        ),
    ),
    mri=st.lists(st.builds(MriReference, study_date=maybe(DAYS)), max_size=2).map(tuple),
    change=st.builds(Change, by=TEXT, at=WHEN, reason=maybe(TEXT)),
)


@settings(deadline=None, max_examples=60)
@given(PRESENT | OTHERS)
def test_a_finding_comes_back_from_its_bytes(finding: Finding) -> None:
    """Bytes give the finding back, and that gives the same bytes."""
    content = canonical_bytes(finding)

    again = parse_record(Finding, content, "finding")

    assert again == finding
    assert canonical_bytes(again) == content


@settings(deadline=None, max_examples=40)
@given(RECORDS)
def test_a_screening_record_comes_back_from_its_bytes(record: ScreeningRecord) -> None:
    """Bytes give the record back, and that gives the same bytes, on one line."""
    content = canonical_bytes(record)

    again = parse_record(ScreeningRecord, content, "record")

    assert again == record
    assert canonical_bytes(again) == content
    assert content.endswith(b"}\n")
    assert content.count(b"\n") == 1


@settings(deadline=None)
@given(POINT)
def test_millimetres_have_one_spelling(point: tuple[float, float, float]) -> None:
    """Differences finer than 1e-4 mm, and the sign of zero, do not change bytes."""
    from modic_annotate.domain.finding import Measurement, MeasurementMethod

    def content(at: tuple[float, ...]) -> bytes:
        return canonical_bytes(Measurement(method=MeasurementMethod.CALLIPER, points_lps_mm=(at,)))

    rounded = tuple(round(value, 4) for value in point)
    assert content(point) == content(rounded)
    assert b"-0.0," not in content(point)
    assert b"-0.0]" not in content(point)


def test_keys_are_sorted_and_separators_fixed() -> None:
    """The order in which content was built does not show."""
    one, other = {"b": 1, "a": [1.5, None, "ä"]}, {"a": [1.5, None, "ä"], "b": 1}

    assert canonical_bytes(one) == canonical_bytes(other) == '{"a":[1.5,null,"ä"],"b":1}\n'.encode()
    assert canonical_line(one) + b"\n" == canonical_bytes(one)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_what_is_no_number_is_refused(value: float) -> None:
    """JSON knows no NaN and no infinity."""
    with pytest.raises(ValueError, match="not JSON compliant"):
        canonical_bytes({"a": value})


def test_every_problem_is_listed_with_its_path() -> None:
    """A record with several faults names them all, without their values."""
    content = {
        "schema": "modic-annotate/readers/1",
        "readers": [{"id": "a b"}, {"id": "r1", "surname": "Secret"}],
    }

    with pytest.raises(InvalidRecordError) as caught:
        parse_record(ReadersFile, json.dumps(content).encode(), "readers.json")

    assert len(caught.value.problems) == 2
    assert "@ $.readers[0].id" in str(caught.value)
    assert "@ $.readers[1].surname" in str(caught.value)
    assert "Secret" not in str(caught.value)


@pytest.mark.parametrize("content", [b"", b"[]", b'"x"', b"{", b"\xff"])
def test_what_is_no_json_object_is_refused(content: bytes) -> None:
    """A file that is no JSON object is named."""
    with pytest.raises(InvalidRecordError, match=r"x\.json is not valid"):
        parse_record(ReadersFile, content, "x.json")


def test_another_schema_is_refused_by_name() -> None:
    """A file of another kind or version says which it is."""
    with pytest.raises(SchemaVersionError, match=r"readers/2.*readers/1"):
        parse_record(ReadersFile, b'{"schema":"modic-annotate/readers/2"}', "readers.json")


def test_a_record_without_a_schema_of_its_own_is_read() -> None:
    """Parts of records carry no schema name."""
    assert parse_record(Reader, b'{"id":"r1"}', "reader") == Reader(id="r1")
