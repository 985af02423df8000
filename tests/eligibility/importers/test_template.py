"""The fillable table: what is written into it comes back, every field has its words."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modic_annotate.eligibility.importers.field_words import what_to_write
from modic_annotate.eligibility.importers.targets import Kind, Target, list_targets, targets
from modic_annotate.eligibility.importers.template import COLUMNS, is_template, template_text
from modic_annotate.errors import InvalidRecordError
from tests.eligibility.importers.given import only, read, state_of

MAP = 'shape = "template"\n[subject]\nfrom = "subject_id"\n'
ROWS = list(csv.reader(io.StringIO(template_text().removeprefix("\ufeff"))))


def filled(*subjects: dict[str, str], separator: str = ",") -> str:
    """Return the template with values (or ``value|day|document``) for each subject."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=separator)
    writer.writerow(COLUMNS)
    for values in subjects:
        for name, *_, words in ROWS[1:]:
            cells = values.get(name, "").split("|")
            writer.writerow([name, *cells, *[""] * (3 - len(cells)), words])
    return out.getvalue()


def test_the_template_has_every_field_with_its_words() -> None:
    """Whatever a record holds can be written in, and it says how."""
    names = {row[0] for row in ROWS[1:]}

    assert ROWS[0] == list(COLUMNS)
    assert {"subject_id", *targets()} <= names
    assert {f"care.episodes.1.{name}" for name in list_targets()["care.episodes"]} <= names
    assert all(row[-1] for row in ROWS[1:])
    assert all("one of" in what_to_write(t) for t in targets().values() if t.kind == Kind.CHOICE)
    assert is_template(template_text().encode())


def test_an_empty_template_is_refused() -> None:
    """Without a subject's id there is no record."""
    with pytest.raises(InvalidRecordError, match="no subject_id has a value"):
        read(template_text(), MAP)


VALUES: dict[Kind, Callable[[Target], st.SearchStrategy[str]]] = {
    Kind.YES_NO: lambda _: st.sampled_from(("yes", "no", "present", "absent")),
    Kind.CHOICE: lambda t: st.sampled_from(t.choices),
    Kind.DATE: lambda _: st.dates().map(str),
    Kind.YEAR: lambda _: st.integers(1901, 2100).map(str),
    Kind.INTEGER: lambda _: st.integers(0, 5).map(str),
    Kind.NUMBER: lambda _: st.integers(0, 5).map(str),
    Kind.BODIES: lambda _: st.sampled_from(("L4", "L4, L5", "L5,S1")),
    Kind.TEXT: lambda _: st.sampled_from(("1.0", "site-1")),
    Kind.TEXTS: lambda _: st.sampled_from(("FDA-1", "FDA-1, FDA-2")),
}
PLAUSIBLE = {"subject.height_cm": "170", "subject.weight_kg": "70", "subject.bmi_kg_m2": "24"}
STATES = ("not asked", "not available", "illegible", "not applicable", "absent")
STATED = {path: st.sampled_from(STATES) for path, t in targets().items() if t.holder}
FILLED = st.fixed_dictionaries(
    {},
    optional={
        path: st.just(PLAUSIBLE[path]) if path in PLAUSIBLE else VALUES[target.kind](target)
        for path, target in targets().items()
    },
)


@settings(max_examples=25)
@given(FILLED, st.fixed_dictionaries({}, optional=STATED))
def test_what_is_written_in_comes_back(values, states) -> None:
    """A value is asserted, a state is that state, a blank is not asked, for any mixture."""
    draft = only(read(filled({"subject_id": "S-1"} | values | states), MAP))

    for path, target in targets().items():
        if target.holder is None:
            continue
        written = states.get(path) or values.get(path, "")
        state = state_of(draft, path)
        if written in ("no", "absent"):
            is_fact = target.kind == Kind.YES_NO and not target.no_is_absent
            assert state == ("asserted" if is_fact else "asserted_absent")
        elif path in states:
            assert state == written.replace(" ", "_")
        else:
            assert state == ("asserted" if written else "not_asked")


def test_a_value_keeps_its_day_and_its_document() -> None:
    """Both stand beside the value, in the columns for them."""
    draft = only(
        read(filled({"subject_id": "S-1", "scores.odi_percent": "44|2026-01-05|chart 3"}), MAP)
    )
    held = draft.values["scores.odi_percent"]

    assert (held["value"], held["observed_on"], held["source_document"]) == (
        44.0, "2026-01-05", "chart 3",
    )  # fmt: skip


def test_lists_and_several_subjects_stand_in_one_file() -> None:
    """A new subject_id begins a new subject; numbered rows make lists."""
    one = {
        "subject_id": "S-1",
        "care.episodes.1.kind": "nsaid",
        "care.episodes.2.kind": "cbt",
        "care.episodes.2.sessions": "4",
        "mri.1.study_date": "2026-01-03",
    }
    first, second = read(filled(one, {"subject_id": "S-2"}, separator=";"), MAP).drafts

    assert [(e["kind"], e["sessions"]) for e in first.lists["care.episodes"]] == [
        ("nsaid", None), ("cbt", 4),
    ]  # fmt: skip
    assert first.lists["mri"][0]["study_date"] == "2026-01-03"
    assert (second.record_id, second.values) == ("S-2", {})


def test_faults_are_told_by_row() -> None:
    """An unknown field, a field twice, a value before a subject, a bad day: each by its row."""
    head = "field,value,observed_on\n"
    with pytest.raises(InvalidRecordError) as refused:
        read(
            head + "consent.version,1,\nsubject_id,S-1,\nErika,1,\nscores.bdi,4,5/6/26\n"
            "scores.bdi,5,\nscores.odi_percent,x,\n",
            MAP,
        )
    told = "\n".join(refused.value.problems)

    for words in ("row 2: a value stands before", "row 4: no field of that name",
                  "row 5, column observed_on: the order", "row 6: the field stands twice",
                  "row 7, column value: not a plain number"):  # fmt: skip
        assert words in told
    assert "Erika" not in told
