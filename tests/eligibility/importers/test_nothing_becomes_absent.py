"""Over random exports, nothing unknown becomes an absence; an independent rule says what may."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from modic_annotate.domain.screening import ExclusionKey
from tests.eligibility.importers.given import dictionary, only, read, state_of, table

KEYS = ("spine_infection", "spinal_cancer", "bleeding_diathesis")
CODES = ("1", "2", "-99")
COLUMNS = ("excl___1", "excl___2", "excl____99")
YES_NO = ("prior_lumbar_surgery", "device_allergy")
MAP = "\n".join(
    [
        'shape = "redcap"',
        '[subject]\nfrom = "record_id"',
        '[file]\nmissing = { UNK = "not_available" }\nnone_of_these.excl = "0"',
        *(
            f'[fields."exclusions.features.{key}"]\nfrom = "{column}"'
            for key, column in zip((*KEYS, *YES_NO), (*COLUMNS, "surg", "allergy"), strict=True)
        ),
    ]
)
CHECKBOX = {
    "field_name": "excl",
    "form_name": "excl_form",
    "field_type": "checkbox",
    "select_choices_or_calculations": "0, None | 1, Infection | 2, Cancer | -99, Bleeding",
}
LOGIC = ("", "[sex] = '1'", "[sex] <> '1'", "[gone] = '1'", "sum([sex]) = 1", "[surg] = '0'")
ROW = st.fixed_dictionaries(
    {
        **dict.fromkeys((*COLUMNS, "excl___0"), st.sampled_from(("0", "1", ""))),
        "excl___unk": st.sampled_from(("0", "0", "1")),
        "excl_form_complete": st.sampled_from(("0", "1", "2", "2", "")),
        "sex": st.sampled_from(("1", "2", "", "UNK")),
        "surg": st.sampled_from(("0", "1", "", "UNK")),
        "allergy": st.sampled_from(("0", "1", "")),
    }
)


def shown(logic: str, row: dict[str, str]) -> bool | None:
    """Say by plain cases whether logic shows a field; None for not known."""
    if logic == "":
        return True
    name, is_wanted = {
        "[sex] = '1'": ("sex", "1"),
        "[sex] <> '1'": ("sex", "2"),
        "[surg] = '0'": ("surg", "0"),
    }.get(logic, ("", ""))
    if not name or row[name] in ("", "UNK"):
        return None
    return row[name] == is_wanted


@settings(max_examples=100)
@given(ROW, st.sampled_from(LOGIC), st.sampled_from(LOGIC[:4]), st.booleans())
def test_only_a_question_that_was_asked_can_be_answered_no(row, logic, of_yes_no, given_dictionary):
    """An absence needs a zero, an asked question, and a form or an option that says so."""
    fields = dictionary(
        {
            "field_name": "sex",
            "field_type": "radio",
            "select_choices_or_calculations": "1, F | 2, M",
        },
        {"field_name": "surg", "field_type": "yesno"},
        {"field_name": "allergy", "field_type": "yesno", "branching_logic": of_yes_no},
        CHECKBOX | {"branching_logic": logic},
    )
    stated = MAP
    if not given_dictionary:
        stated = MAP.replace('"surg"', '"surg"\nvalues = { "1" = true, "0" = false }').replace(
            '"allergy"', '"allergy"\nvalues = { "1" = true, "0" = false }'
        )
    full = {"record_id": "1"} | row
    draft = only(read(table([full]), stated, fields if given_dictionary else None))
    states = {key: state_of(draft, f"exclusions.features.{key}") for key in (*KEYS, *YES_NO)}

    none = row["excl___0"] == "1"
    for key, column in zip(KEYS, COLUMNS, strict=True):
        may_be_absent = (
            row[column] == "0"
            and row["excl___unk"] == "0"
            and (none or (given_dictionary and row["excl_form_complete"] == "2"))
            and not (none and any(row[c] == "1" for c in COLUMNS))
            and (not given_dictionary or shown(logic, row) is True)
        )
        assert (states[key] == "asserted_absent") == may_be_absent
        assert states[key] != "asserted" or row[column] == "1"
    for key, column in zip(YES_NO, ("surg", "allergy"), strict=True):
        assert states[key] != "asserted_absent" or row[column] == "0"
        assert states[key] != "asserted" or row[column] == "1"


@given(st.dictionaries(st.sampled_from(list(ExclusionKey)), st.sampled_from(("", " ", "UNK"))))
def test_a_table_of_blanks_and_missing_codes_holds_no_absence(cells) -> None:
    """Whatever field a blank or a missing-data code is mapped to, it stays unknown."""
    row = {"id": "1", "x": "1"} | {str(key): text for key, text in cells.items()}
    stated = 'shape = "table"\n[subject]\nfrom = "id"\n[file]\nmissing = { UNK = "not_asked" }\n'
    for key in cells:
        stated += f'[fields."exclusions.features.{key}"]\nfrom = "{key}"\n'
        stated += 'values = { "1" = true, "0" = false }\n'
    draft = only(read(table([row]), stated))

    assert draft.values == {}
