"""A starting map: proposals from the columns alone, and a map that can be read as it is."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modic_annotate.domain.provenance import SourceShape
from modic_annotate.eligibility.importers.mapping import load_map
from modic_annotate.eligibility.importers.reading import GivenFile
from modic_annotate.eligibility.importers.sniffing import starter
from modic_annotate.eligibility.importers.source import Column, ColumnKind
from modic_annotate.eligibility.importers.starter import starter_map
from modic_annotate.errors import InvalidRecordError
from tests.eligibility.importers.given import bundle, dictionary, observation, table
from tests.eligibility.importers.test_odm import group, item, odm

SEX = {
    "field_name": "sex",
    "field_type": "radio",
    "field_label": "Sex",
    "select_choices_or_calculations": "1, Male | 2, Female | 3, Unknown",
}
ROW = {"record_id": "1", "sex": "1", "odi_score": "4", "odi_date": "", "pat_name": "Musterfrau"}


def proposed(content: str, fields: str | None = None) -> str:
    return starter(GivenFile(content.encode(), "file", fields.encode() if fields else None))


def test_a_redcap_export_gets_its_proposals() -> None:
    """Names give fields, labels give codes, and what is open is said as a comment."""
    text = proposed(table([ROW]), dictionary(SEX, {"field_name": "odi_score"}))
    stated = load_map(text, "map.toml")

    assert stated.shape == SourceShape.REDCAP
    assert stated.subject.source == "record_id"
    assert stated.fields["subject.sex"].values == {"1": "M", "2": "F"}
    assert stated.fields["scores.odi_percent"].observed_on == "odi_date"
    assert '# not yet stated: "3" (Unknown)' in text
    assert "# pat_name: left out" in text
    assert "Musterfrau" not in text


SHAPES = {
    "table": (table([{"id": "1", "bmi": "4"}]), SourceShape.TABLE, "subject.bmi_kg_m2"),
    "redcap": (
        table([{"record_id": "1", "bdi": "", "a_complete": ""}]),
        SourceShape.REDCAP,
        "scores.bdi",
    ),
    "redcap json": ('[{"record_id": "1", "vas_cm": "4"}]', SourceShape.REDCAP, "scores.pain_score"),
    "fhir": (bundle(observation({})), SourceShape.FHIR, "scores.odi_percent"),
    "odm": (odm(group(item("44"))), SourceShape.ODM, "scores.odi_percent"),
}


@pytest.mark.parametrize(("content", "shape", "field"), SHAPES.values(), ids=SHAPES)
def test_the_shape_of_a_file_is_told(content, shape, field) -> None:
    """Each shape is told from its content, and its map can be read as it stands."""
    stated = load_map(proposed(content), "map.toml")

    assert stated.shape == shape
    assert field in stated.fields


def test_a_scale_is_proposed_only_where_the_name_says_it() -> None:
    """A column vas does not say centimetres or millimetres; vas_cm does."""
    with_scale = load_map(proposed('[{"record_id": "1", "vas_cm": "4"}]'), "m")
    without = load_map(proposed('[{"record_id": "1", "vas": "4"}]'), "m")

    assert with_scale.fields["scores.pain_instrument"].always == "VAS_cm"
    assert "scores.pain_instrument" not in without.fields


def test_the_template_needs_no_map() -> None:
    """It says so instead of writing one."""
    with pytest.raises(InvalidRecordError, match="needs no map"):
        proposed("field,value,observed_on\nsubject_id,1,\n")


ANY = st.text(max_size=12)
COLUMNS = st.builds(
    Column,
    st.one_of(ANY, st.sampled_from(("sex", "record_id", "odi_score", "name", "excl"))),
    ANY,
    st.sampled_from(ColumnKind),
    st.dictionaries(ANY, ANY, max_size=3),
)


@given(st.lists(COLUMNS, max_size=5, unique_by=lambda c: c.name), st.sampled_from(SourceShape), ANY)
def test_whatever_columns_are_called_the_map_is_toml(columns, shape, instrument) -> None:
    """Quotes, line ends and control characters in names and labels never break the map."""
    text = starter_map(shape, {c.name: c for c in columns}, [instrument], [instrument])

    content = tomllib.loads(text)
    assert content["shape"] == shape
