"""REDCap's data dictionary as downloaded, and logic that looks at boxes and other events."""

from __future__ import annotations

import json

import pytest

from modic_annotate.eligibility.importers.redcap.dictionary import read_dictionary
from modic_annotate.errors import InvalidRecordError
from tests.eligibility.importers.given import box, dictionary, only, read, state_of, table

HEADINGS = (
    '"Variable / Field Name","Form Name","Section Header","Field Type","Field Label",'
    '"Choices, Calculations, OR Slider Labels","Field Note",'
    '"Text Validation Type OR Show Slider Number","Text Validation Min","Text Validation Max",'
    'Identifier?,"Branching Logic (Show field only if...)","Required Field?","Custom Alignment",'
    '"Question Number (surveys only)","Matrix Group Name","Matrix Ranking?","Field Annotation"'
)


def test_the_download_of_the_web_page_is_read_by_position() -> None:
    """Its headings are prose; its 18 columns stand in the known order."""
    rows = [
        "odi,scores,,text,<b>ODI</b> score,,,number,,,y,[a] = '1',,,,,,",
        "hint,scores,,descriptive,Read this,,,,,,,,,,,,,",
        "total,scores,,calc,Total,[a]+[b],,,,,,,,,,,,",
    ]
    found = read_dictionary("\n".join([HEADINGS, *rows]).encode(), "fields.csv")

    assert list(found) == ["odi", "total"]
    assert (found["odi"].label, found["odi"].identifier) == ("ODI score", True)
    assert found["odi"].logic == "[a] = '1'"
    assert found["total"].options == {}


REFUSED = {
    "another table": ("a,b\n1,2\n", "no REDCap data dictionary: it has 2 columns"),
    "a field twice": (dictionary(box(), box()), "row 4: the field stands twice"),
    "options that share a column": (
        dictionary(box() | {"select_choices_or_calculations": "-1, a | _1, b"}),
        "row 3: two options of the checkbox share a column",
    ),
}


@pytest.mark.parametrize(("content", "words"), REFUSED.values(), ids=REFUSED)
def test_what_is_no_dictionary_is_refused(content, words) -> None:
    """By its columns, or by the row that cannot be so."""
    with pytest.raises(InvalidRecordError, match=words):
        read_dictionary(content.encode(), "fields.csv")


FIELD = "exclusions.features.device_allergy"
MAP = f"""
shape = "redcap"
[subject]
from = "record_id"
[file]
none_of_these.excl = "0"
[fields."{FIELD}"]
from = "allergy"
event = "later"
"""
LOGIC = {
    "box ticked": ("[base][excl(1)] = '1'", {"excl___1": "1"}, "not_asked"),
    "box unticked, form open": ("[base][excl(1)] = '1'", {}, "not_asked"),
    "box unticked, none ticked": ("[base][excl(1)] = '1'", {"excl___0": "1"}, "not_applicable"),
    "a box without its option": ("[base][excl] = '1'", {"excl___0": "1"}, "not_asked"),
    "another event": ("[base][sex] = '1'", {"sex": "2"}, "not_applicable"),
    "an event that is not there": ("[gone][sex] = '1'", {"sex": "2"}, "not_asked"),
}


@pytest.mark.parametrize(("logic", "cells", "state"), LOGIC.values(), ids=LOGIC)
def test_logic_looks_at_boxes_and_other_events(logic, cells, state) -> None:
    """A box counts as unticked only where its own zero is an answer."""
    blank = dict.fromkeys(("sex", "excl___0", "excl___1", "excl____99", "allergy"), "")
    base = blank | {"excl___0": "0", "excl___1": "0", "excl____99": "0"} | cells
    rows = [
        {"record_id": "1", "redcap_event_name": event, **found}
        for event, found in (("base", base), ("later", blank))
    ]
    fields = dictionary(
        {"field_name": "sex", "field_type": "radio", "select_choices_or_calculations": "1, F|2, M"},
        {"field_name": "allergy", "field_type": "yesno", "branching_logic": logic},
        box(),
    )
    assert state_of(only(read(table(rows), MAP, fields)), FIELD) == state


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("[1, 2]", "no list of records"),
        ("[", "no JSON"),
        (json.dumps([{"record_id": "1", "x": None}]), "record 1: 1 values are no text"),
        (json.dumps([{"record_id": "1", "x": True}]), "record 1: 1 values are no text"),
    ],
)
def test_json_that_is_no_export_is_refused(content, words) -> None:
    """A list of records whose values are texts, as the API writes it."""
    with pytest.raises(InvalidRecordError, match=words):
        read(content, 'shape = "redcap"\n[subject]\nfrom = "record_id"\n')


def test_a_heading_that_two_fields_share_is_refused() -> None:
    """Which field it is cannot be told, so the export is asked for with raw headings."""
    fields = dictionary(
        {"field_name": "a", "field_label": "Score"}, {"field_name": "b", "field_label": "Score"}
    )
    with pytest.raises(InvalidRecordError, match="column 2 is the label of several fields"):
        read(
            table([{"Record ID": "1", "Score": "3"}]),
            'shape = "redcap"\n[subject]\nfrom = "record_id"\n',
            fields,
        )


TICKS = """
shape = "redcap"
[subject]
from = "record_id"
[fields."{path}"]
from = "plan"
{values}
"""


@pytest.mark.parametrize(
    ("path", "values", "words"),
    [
        ("plan.planned_bodies", 'values = { "3" = "L3" }', "a ticked option that the map does not"),
        ("subject.sex", 'values = { "3" = "F", "4" = "M" }', "several options are ticked"),
        ("pain.leg_pain", "", "several options are ticked"),
    ],
)
def test_ticks_that_do_not_fit_a_field_are_refused(path, values, words) -> None:
    """A field of one answer takes one tick, and each tick needs its word."""
    field = {
        "field_name": "plan",
        "field_type": "checkbox",
        "select_choices_or_calculations": "3, L3 | 4, L4",
    }
    row = {"record_id": "1", "plan___3": "1", "plan___4": "1"}
    with pytest.raises(InvalidRecordError, match=words):
        read(table([row]), TICKS.format(path=path, values=values), dictionary(field))


def test_one_tick_of_a_checkbox_may_fill_a_choice() -> None:
    """It may not answer yes or no: for that its own column is named."""
    field = {
        "field_name": "plan",
        "field_type": "checkbox",
        "select_choices_or_calculations": "3, F | 4, M",
    }
    row = {"record_id": "1", "plan___3": "1", "plan___4": "0"}
    stated = TICKS.format(path="subject.sex", values='values = { "3" = "F", "4" = "M" }')
    draft = only(read(table([row]), stated, dictionary(field)))
    assert draft.values["subject.sex"]["value"] == "F"
    with pytest.raises(InvalidRecordError, match="name one option"):
        read(table([row]), TICKS.format(path="pain.leg_pain", values=""), dictionary(field))


def test_answers_without_days_of_their_own_cannot_be_picked_from() -> None:
    """The latest of two answers needs a day for each, and not the same."""
    rows = [
        {"record_id": "1", "redcap_event_name": e, "odi": o, "day": "2026-01-02"}
        for e, o in (("a", "4"), ("b", "5"))
    ]
    stated = """
shape = "redcap"
[subject]
from = "record_id"
[fields."scores.odi_percent"]
from = "odi"
observed_on = "day"
pick = "latest"
"""
    with pytest.raises(InvalidRecordError, match="not each on a day of its own"):
        read(table(rows), stated)
