"""What a REDCap export really says: every ambiguity of its cells comes to a stated state."""

from __future__ import annotations

import json
from typing import NamedTuple

import pytest

from modic_annotate.errors import InvalidRecordError
from tests.eligibility.importers.given import box, dictionary, only, read, state_of, table, why

INFECTION = "exclusions.features.spine_infection"
BLEEDING = "exclusions.features.bleeding_diathesis"
SURGERY = "exclusions.features.prior_lumbar_surgery"
MAP = """
shape = "redcap"
[subject]
from = "record_id"
[file]
missing = { NASK = "not_asked", UNK = "not_available" }
none_of_these.excl = "0"
[fields."exclusions.features.spine_infection"]
from = "excl___1"
[fields."exclusions.features.bleeding_diathesis"]
from = "excl____99"
"""


class Case(NamedTuple):
    """Cells of one row, the logic of the checkbox, and the state of "infection"."""

    cells: dict[str, str]
    state: str
    logic: str = ""


DONE = {"exclusions_complete": "2"}
HIDDEN_IF = "[sex] = '1'"
CASES = {
    "ticked": Case({"excl___1": "1"}, "asserted"),
    "ticked on a complete form": Case({"excl___1": "1"} | DONE, "asserted"),
    "unticked, form never opened": Case({}, "not_asked"),
    "unticked, form unverified": Case({"exclusions_complete": "1"}, "not_asked"),
    "unticked, form status blank": Case({"exclusions_complete": ""}, "not_asked"),
    "unticked, form complete": Case(DONE, "asserted_absent"),
    "unticked, none of these ticked": Case({"excl___0": "1"}, "asserted_absent"),
    "ticked beside none of these": Case({"excl___0": "1", "excl___1": "1"}, "illegible"),
    "another ticked beside none": Case({"excl___0": "1", "excl____99": "1"} | DONE, "illegible"),
    "blank, as in another event": Case({"excl___1": ""} | DONE, "not_asked"),
    "missing code ticked": Case({"excl___unk": "1"} | DONE, "not_available"),
    "missing code not asked": Case({"excl___nask": "1"} | DONE, "not_asked"),
    "shown by its logic": Case({"sex": "1"} | DONE, "asserted_absent", HIDDEN_IF),
    "hidden by its logic": Case({"sex": "2"} | DONE, "not_applicable", HIDDEN_IF),
    "operand of the logic blank": Case({"sex": ""} | DONE, "not_asked", HIDDEN_IF),
    "operand a missing code": Case({"sex": "UNK"} | DONE, "not_asked", HIDDEN_IF),
    "operand not in the file": Case(DONE, "not_asked", "[age] > 3"),
    "logic with a function": Case(DONE, "not_asked", "datediff([a], 'today', 'd') > 3"),
    "logic with a smart variable": Case(DONE, "not_asked", "[event-name] = 'x'"),
    "logic that is cut off": Case(DONE, "not_asked", "[sex] = "),
    "ticked though hidden": Case({"sex": "2", "excl___1": "1"} | DONE, "not_available", HIDDEN_IF),
    "ticked, logic not known": Case({"excl___1": "1"}, "asserted", "[age] > 3"),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_box_says_what_its_form_and_its_logic_let_it_say(case: Case) -> None:
    """An unticked box is an absence only where the question was certainly asked."""
    row = {
        "record_id": "001",
        "sex": "1",
        "excl___0": "0",
        "excl___1": "0",
        "excl____99": "0",
        "excl___nask": "0",
        "excl___unk": "0",
        "exclusions_complete": "0",
    }
    sex = {
        "field_name": "sex",
        "field_type": "radio",
        "select_choices_or_calculations": "1, F|2, M",
    }
    draft = only(read(table([row | case.cells]), MAP, dictionary(sex, box(logic=case.logic))))

    assert state_of(draft, INFECTION) == case.state


def test_a_negative_code_is_found_under_its_own_column() -> None:
    """The option -99 of excl is the column excl____99, told apart from the missing ones."""
    row = {"record_id": "1", "excl___0": "0", "excl___1": "0", "excl____99": "1"}
    draft = only(read(table([row]), MAP, dictionary(box())))

    assert state_of(draft, BLEEDING) == "asserted"
    assert state_of(draft, INFECTION) == "not_asked"


def test_the_none_option_itself_may_be_coded_zero() -> None:
    """A zero in ``field___0`` is an unticked box like any other; it does not mean "none"."""
    row = {"record_id": "1", "excl___0": "0", "excl___1": "0", "excl____99": "0"}

    assert state_of(only(read(table([row]), MAP, dictionary(box()))), INFECTION) == "not_asked"


def test_without_a_dictionary_no_unticked_box_is_an_absence() -> None:
    """Nothing says which form a box is of, so nothing says that it was asked."""
    row = {"record_id": "1", "excl___0": "0", "excl___1": "0", "excl____99": "1"} | DONE
    found = read(table([row]), MAP)

    assert state_of(only(found), INFECTION) == "not_asked"
    assert state_of(only(found), BLEEDING) == "asserted"
    assert any("no data dictionary" in note for note in found.notes)


def test_an_export_with_labels_says_the_same() -> None:
    """Checked and Unchecked, Complete, and the labels of codes are read as their codes."""
    row = {
        "record_id": "1",
        "sex": "M",
        "excl___0": "Unchecked",
        "excl___1": "Unchecked",
        "excl____99": "Checked",
        "exclusions_complete": "Complete",
    }
    sex = {
        "field_name": "sex",
        "field_type": "radio",
        "select_choices_or_calculations": "1, F|2, M",
    }
    stated = MAP.replace("[file]", '[file]\nexport = "label"')
    sexes = '[fields."subject.sex"]\nfrom = "sex"\nvalues = { "1" = "F", "2" = "M" }\n'
    draft = only(read(table([row]), stated + sexes, dictionary(sex, box())))

    assert state_of(draft, INFECTION) == "asserted_absent"
    assert state_of(draft, BLEEDING) == "asserted"
    assert draft.values["subject.sex"]["value"] == "M"


def test_headings_that_are_labels_are_read_by_the_dictionary() -> None:
    """The export for spreadsheets names columns by their labels; ``Complete?`` is of its form."""
    row = {
        "Record ID": "1",
        "Exclusions (choice=None of these)": "Unchecked",
        "Exclusions (choice=Infection)": "Unchecked",
        "Exclusions (choice=Bleeding)": "Checked",
        "Complete?": "Complete",
    }
    stated = MAP.replace("[file]", '[file]\nexport = "label"')
    draft = only(read(table([row]), stated, dictionary(box() | {"field_label": "Exclusions"})))

    assert state_of(draft, INFECTION) == "asserted_absent"


def test_json_and_csv_of_one_export_say_the_same() -> None:
    """The API's JSON, in which all values are texts, imports as the CSV does."""
    row = {"record_id": "1", "excl___0": "0", "excl___1": "0", "excl____99": "1"} | DONE
    fields = dictionary(box())

    from_csv = only(read(table([row]), MAP, fields))
    from_json = only(read(json.dumps([row]), MAP, fields))
    assert from_json.values == from_csv.values


def test_a_hidden_question_is_not_applicable_and_a_blank_one_not_asked() -> None:
    """Both are unknown; which of the two is kept, with its reason."""
    fields = dictionary(
        {"field_name": "surg", "field_type": "yesno"},
        {"field_name": "kind", "field_type": "yesno", "branching_logic": "[surg] = '1'"},
    )
    stated = f"""
shape = "redcap"
[subject]
from = "record_id"
[fields."{SURGERY}"]
from = "surg"
[fields."exclusions.features.prior_surgery_discectomy_only"]
from = "kind"
"""
    rows = [{"record_id": str(n), "surg": s, "kind": ""} for n, s in enumerate(("0", "1", ""))]
    no, yes, blank = read(table(rows), stated, fields).drafts
    kind = "exclusions.features.prior_surgery_discectomy_only"

    assert [state_of(d, kind) for d in (no, yes, blank)] == [
        "not_applicable", "not_asked", "not_asked",
    ]  # fmt: skip
    assert state_of(no, SURGERY) == "asserted_absent"
    assert why(blank, kind) == "blank, and a field its branching logic looks at is not known"


EVENTS = """
shape = "redcap"
[subject]
from = "record_id"
[fields."scores.odi_percent"]
from = "odi"
"""


def test_two_answers_in_two_events_are_not_chosen_from() -> None:
    """The map says which event counts, or which day; else the answers are refused by name."""
    rows = [
        {"record_id": "1", "redcap_event_name": e, "odi": odi, "odi_date": day}
        for e, odi, day in (("base", "44", "2026-01-02"), ("later", "30", "2026-03-02"))
    ]
    with pytest.raises(InvalidRecordError, match=r"answered 2 times \(base, later\)"):
        read(table(rows), EVENTS)
    for more, expected in (
        ('event = "base"', 44.0),
        ('observed_on = "odi_date"\npick = "latest"', 30.0),
        ('observed_on = "odi_date"\npick = "earliest"', 44.0),
    ):
        draft = only(read(table(rows), EVENTS + more))
        assert draft.values["scores.odi_percent"]["value"] == expected


REPEATS = """
shape = "redcap"
[subject]
from = "record_id"
[[lists]]
target = "care.episodes"
instrument = "care"
fields.kind = { from = "kind", values = { "1" = "nsaid", "2" = "cbt" } }
fields.started_on = { from = "start" }
"""


def test_a_repeating_instrument_becomes_a_list() -> None:
    """Each instance is an episode; one whose kind is not known is left out, and told."""
    keys = ("record_id", "redcap_repeat_instrument", "redcap_repeat_instance", "kind", "start")
    rows = [
        dict(zip(keys, row, strict=True))
        for row in (
            ("1", "", "", "", ""),
            ("1", "care", "1", "1", "2025-02-03"),
            ("1", "care", "2", "", "2025-04-03"),
            ("1", "care", "3", "2", ""),
        )
    ]
    draft = only(read(table(rows), REPEATS))
    episodes = draft.lists["care.episodes"]

    assert [(e["kind"], e["started_on"]) for e in episodes] == [
        ("nsaid", "2025-02-03"), ("cbt", None),
    ]  # fmt: skip
    assert any(one.why == "left out, since its kind is not known" for one in draft.unknown)


BODIES = """
shape = "redcap"
[subject]
from = "record_id"
[fields."plan.planned_bodies"]
from = "plan"
values = { "3" = "L3", "4" = "L4" }
"""


@pytest.mark.parametrize(
    ("cells", "complete", "state"),
    [
        (("1", "1"), "0", "asserted"),
        (("0", "0"), "2", "asserted_absent"),
        (("0", "0"), "0", "not_asked"),
    ],
)
def test_a_checkbox_as_a_whole_names_what_was_ticked(cells, complete, state) -> None:
    """No body ticked is "none planned" on a complete form, and unknown elsewhere."""
    field = {
        "field_name": "plan",
        "field_type": "checkbox",
        "select_choices_or_calculations": "3, L3 | 4, L4",
    }
    row = {"record_id": "1", "plan___3": cells[0], "plan___4": cells[1]}
    draft = only(read(table([row | {"screening_complete": complete}]), BODIES, dictionary(field)))

    assert state_of(draft, "plan.planned_bodies") == state
    if state == "asserted":
        assert draft.values["plan.planned_bodies"]["value"] == ["L3", "L4"]


REFUSED = {
    "a code that is no option": ({"sex": "7"}, "row 2, column sex"),
    "a box that is neither 0 nor 1": ({"excl___1": "x"}, "row 2, column excl___1"),
    "a missing code that is not stated": ({"excl___ni": "1"}, "row 2, column excl___ni: ticked"),
}


@pytest.mark.parametrize(("cells", "words"), REFUSED.values(), ids=REFUSED)
def test_an_answer_of_unknown_meaning_is_refused_by_place(cells, words) -> None:
    """Nothing is guessed: the row and the column are named, never the answer."""
    row = {
        "record_id": "1",
        "sex": "1",
        "excl___0": "0",
        "excl___1": "0",
        "excl____99": "0",
        "excl___ni": "0",
    }
    sex = {
        "field_name": "sex",
        "field_type": "radio",
        "select_choices_or_calculations": "1, F|2, M",
    }
    with pytest.raises(InvalidRecordError, match=words):
        read(table([row | cells]), MAP, dictionary(sex, box()))


@pytest.mark.parametrize(
    ("stated", "words"),
    [
        (MAP.replace('excl = "0"', 'excl = "7"'), "names no option of a checkbox 'excl'"),
        (MAP.replace('excl = "0"', 'other = "0"'), "names no option of a checkbox 'other'"),
        (MAP.replace("[file]", '[file]\nevent = "gone"'), "an event 'gone'"),
    ],
)
def test_a_map_that_names_what_is_not_there_is_refused(stated, words) -> None:
    """A slip of the pen would leave everything unknown without a word."""
    row = {"record_id": "1", "excl___0": "0", "excl___1": "0", "excl____99": "1"} | DONE
    with pytest.raises(InvalidRecordError, match=words):
        read(table([row]), stated, dictionary(box()))


def test_what_the_dictionary_marks_as_identifying_is_never_taken() -> None:
    """A field with identifier = y is left out and told; a map that takes it is refused."""
    note = {"field_name": "remark", "identifier": "y"}
    stated = EVENTS.replace('from = "odi"', 'from = "remark"').replace(
        "scores.odi_percent", "consent.version"
    )
    row = {"record_id": "1", "remark": "Erika Musterfrau"}
    fields = dictionary(note)

    with pytest.raises(InvalidRecordError, match="column remark identifies") as refused:
        read(table([row]), stated, fields)
    assert "Erika" not in str(refused.value)
    plain = 'shape = "redcap"\n[subject]\nfrom = "record_id"\n'
    assert read(table([row]), plain, fields).left_out == (
        "column remark: left out, identifies, by the dictionary",
    )


def test_one_row_twice_is_refused() -> None:
    """The same subject, event and instance on two rows cannot both be so."""
    rows = [{"record_id": "1", "odi": "4"}, {"record_id": "1", "odi": "5"}]
    with pytest.raises(InvalidRecordError, match="row 3: the same subject"):
        read(table(rows), EVENTS)


def test_an_export_of_type_eav_is_refused_by_name() -> None:
    """Only flat exports say for each box whether it was ticked."""
    content = json.dumps([{"record": "1", "field_name": "odi", "value": "4"}])
    with pytest.raises(InvalidRecordError, match="type eav"):
        read(content, EVENTS)
