"""Tables as sites save them: separators, marks, encodings; what is no table is refused by place."""

from __future__ import annotations

import codecs

import pytest

from modic_annotate.errors import InvalidRecordError
from tests.eligibility.importers.given import only, read, table

MAP = """
shape = "table"
[subject]
from = "id"
[fields."scores.odi_percent"]
from = "odi"
"""
ROWS = [{"id": "001", "odi": "44"}, {"id": "002", "odi": ""}]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize(
    "encoded",
    [
        str.encode,
        lambda t: codecs.BOM_UTF8 + t.encode(),
        lambda t: t.encode("utf-16"),
        lambda t: codecs.BOM_UTF16_BE + t.encode("utf-16-be"),
        lambda t: t.replace("\r\n", "\n").encode(),
    ],
)
def test_a_table_is_read_however_it_was_saved(separator, encoded) -> None:
    """Separator, byte-order mark, UTF-16 and line ends change nothing."""
    found = read(encoded(table(ROWS, separator)), MAP)

    assert [draft.record_id for draft in found.drafts] == ["001", "002"]
    assert found.drafts[0].values["scores.odi_percent"]["value"] == 44.0


def test_an_encoding_without_a_mark_is_stated_or_refused() -> None:
    """Windows' own encoding is read where the map says so."""
    content = "id;odi;Größe\r\n1;44;ä\r\n".encode("cp1252")

    with pytest.raises(InvalidRecordError, match=r"not utf-8.*file\.encoding"):
        read(content, MAP)
    stated = MAP.replace("[fields", '[file]\nencoding = "cp1252"\n[fields', 1)
    assert only(read(content, stated)).record_id == "1"


REFUSED = {
    "empty": ("", "empty"),
    "blank": (" \n", "empty"),
    "binary": ("\x00\x01\x02", "binary"),
    "one column": ("id\n1\n", "one column only"),
    "no columns of the map": ("a,b\n1,2\n", "a column 'id'.*a column 'odi'"),
    "twice the same column": ("id,odi,ODI\n1,2,3\n", "column 3 has the name"),
    "a short row": ("id,odi\n1\n", "row 2: 1 cells under 2 columns"),
    "a long row": ("id,odi\n1,4,5\n", "row 2: 3 cells under 2 columns"),
    "an open quote": ('id,odi\n"1,4\n', "no table from line"),
    "a cell under no name": ("id,odi,\n1,4,x\n", "row 2: a cell stands under no column"),
    "a subject twice": ("id,odi\n1,4\n1,5\n", "row 3: the same subject as in row 2"),
    "a subject twice but for zeros": ("id,odi\n01,4\n1,5\n", "row 3: the same subject"),
    "no id": ("id,odi\n,4\n", "row 2: the subject's id is blank"),
    "decimal comma": ("id;odi\n1;4,5\n", "row 2, column odi: the decimal mark"),
    "above its scale": ("id,odi\n1,101\n", "row 2, column odi: .*less than or equal to 100"),
    "a header alone that is empty": (",\n1,2\n", "row 1 is empty"),
}


@pytest.mark.parametrize(("content", "words"), REFUSED.values(), ids=REFUSED)
def test_what_is_no_table_is_refused_by_place(content, words) -> None:
    """One error names the row and the column."""
    with pytest.raises(InvalidRecordError, match=words):
        read(content, MAP)


def test_all_problems_are_told_at_once() -> None:
    """Every bad cell of a file is in one error, each with its row and column."""
    rows = [{"id": f"S{n}", "odi": text} for n, text in enumerate(("x", "44", "y", "200"))]
    with pytest.raises(InvalidRecordError) as refused:
        read(table(rows), MAP)

    assert [p.partition(":")[0] for p in refused.value.problems] == [
        "row 2, column odi", "row 4, column odi", "row 5, column odi",
    ]  # fmt: skip


def test_a_file_of_bad_cells_is_told_in_short() -> None:
    """Forty problems are told and the rest counted."""
    rows = [{"id": f"S{n}", "odi": "x"} for n in range(100)]
    with pytest.raises(InvalidRecordError) as refused:
        read(table(rows), MAP)
    assert len(refused.value.problems) == 41
    assert refused.value.problems[-1] == "and 60 more"


MORE = """
shape = "table"
[subject]
from = "id"
[file]
dates = "MDY"
[fields."subject.birth_year"]
from = "dob"
[fields."subject.sex"]
from = "sex"
values = { w = "F", m = "M", u = "not_available" }
[fields."subject.height_cm"]
from = "height"
unit = "in"
[fields."subject.skeletally_mature"]
from = "mature"
[fields."pain.leg_pain"]
from = "leg"
[fields."plan.planned_bodies"]
from = "plan"
[fields."scores.pain_score"]
from = "nrs"
observed_on = "nrs_date"
[fields."scores.pain_instrument"]
always = "NRS"
[[lists]]
target = "mri"
fields.study_date = { from = "mri" }
"""
ROW = {
    "id": "1",
    "dob": "05/06/1970",
    "sex": "w",
    "height": "66",
    "mature": "no",
    "leg": "no",
    "plan": "L4, L5",
    "nrs": "6",
    "nrs_date": "1/9/2026",
    "mri": "12/30/2025",
}


def test_each_kind_of_field_is_filled() -> None:
    """Years of birth dates, codes, units, days, bodies, constants and lists."""
    draft = only(read(table([ROW]), MORE))
    told = {path: held.get("value") if isinstance(held, dict) else held
            for path, held in draft.values.items()}  # fmt: skip

    assert told == {
        "subject.birth_year": 1970,
        "subject.sex": "F",
        "subject.height_cm": 167.64,
        "subject.skeletally_mature": False,
        "pain.leg_pain": None,
        "plan.planned_bodies": ["L4", "L5"],
        "scores.pain_score": 6.0,
        "scores.pain_instrument": "NRS",
    }
    assert draft.values["pain.leg_pain"]["state"] == "asserted_absent"
    assert draft.values["scores.pain_score"]["observed_on"] == "2026-01-09"
    assert draft.values["scores.pain_score"]["source_document"] == "table:nrs"
    assert [one["study_date"] for one in draft.lists["mri"]] == ["2025-12-30"]


def test_a_scale_without_a_score_is_not_recorded() -> None:
    """What holds for all subjects is said only of those who have a score."""
    draft = only(read(table([ROW | {"nrs": ""}]), MORE))
    assert "scores.pain_instrument" not in draft.values


STATED = {
    "no TOML": ("shape = ", "not TOML"),
    "an unknown key": ('shape = "table"\nx = 1\n[subject]\nfrom = "id"', r"\$\.x"),
    "an unknown field": (MAP.replace("odi_percent", "odi"), "no field of that name"),
    "a word that is none": (
        MORE.replace('"M", u', '"X", u'),
        "'X' is none of F, M, O",
    ),
    "an answer for all": (
        MAP.replace('from = "odi"', 'always = "44"'),
        "never the same 'always'",
    ),
    "two origins": (MAP + 'always = "44"', "'from' a column, or 'always'"),
    "an unknown list": (MAP + '[[lists]]\ntarget = "x"\nfields.a = { from = "b" }', "no list"),
    "the hospital's study UID": (
        MORE.replace("fields.study_date", "fields.study_uid"),
        "no field of that name",
    ),
    "identity for a field": (
        MORE.replace('from = "leg"', 'from = "dob"'),
        "column dob identifies.*cannot fill pain.leg_pain",
    ),
    "identity for the id": (MORE.replace('from = "id"', 'from = "dob"'), "name the study's own id"),
}


@pytest.mark.parametrize(("stated", "words"), STATED.values(), ids=STATED)
def test_a_map_that_cannot_be_so_is_refused(stated, words) -> None:
    """A map is checked before anything is read with it."""
    with pytest.raises(InvalidRecordError, match=words):
        read(table([ROW]), stated)


def test_prose_is_not_taken_for_a_version() -> None:
    """Free text may name people: a field of text takes a short one."""
    stated = MAP.replace("scores.odi_percent", "consent.version")
    with pytest.raises(InvalidRecordError, match="prose is not taken"):
        read(table([{"id": "1", "odi": "Frau Musterfrau rang an " * 4}]), stated)


def test_yes_and_no_need_words_or_a_stated_code() -> None:
    """A plain table's 1 and 0 may be ticks or answers: the map says what they mean."""
    with pytest.raises(InvalidRecordError, match="column leg: neither yes nor no"):
        read(table([ROW | {"leg": "0"}]), MORE)
