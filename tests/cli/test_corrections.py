"""A hand-made correction against the next import: it stays unless somebody takes the source."""

from __future__ import annotations

import json

import pytest

from modic_annotate.conduct.screening_import import edit_record, import_record
from modic_annotate.domain.screening import PainInstrument
from modic_annotate.errors import RecordError
from modic_annotate.store.workspace import Workspace
from tests.eligibility.importers.given import dictionary, table

ODI = "scores.odi_percent"
ROW = {
    "record_id": "001",
    "odi_score": "44",
    "vas": "6.4",
    "scale": "cm",
    "excl___1": "0",
    "screening_complete": "2",
}
FIELDS = dictionary(
    *({"field_name": name} for name in ("odi_score", "vas", "scale")),
    {
        "field_name": "excl",
        "field_type": "checkbox",
        "select_choices_or_calculations": "1, Spine infection",
    },
)
MAP = """schema = "modic-annotate/screening-map/1"
shape = "redcap"
[subject]
from = "record_id"
[fields."scores.odi_percent"]
from = "odi_score"
[fields."scores.pain_score"]
from = "vas"
[fields."scores.pain_instrument"]
from = "scale"
values = { cm = "VAS_cm", mm = "VAS_mm" }
[fields."exclusions.features.spine_infection"]
from = "excl___1"
"""


class Site:
    """A workspace with one subject, imported once."""

    def __init__(self, run, folder) -> None:
        self.run, self.folder, self.ws = run, folder, folder / "ws"
        (folder / "map.toml").write_text(MAP)
        (folder / "fields.csv").write_text(FIELDS)
        assert run("init", self.ws, "--trial", "t1").code == 0
        assert self.imports().code == 0

    def imports(self, *options, **changed):
        """Import the site's next export, with some cells changed."""
        (self.folder / "export.csv").write_text(table([ROW | changed]))
        words = ("--into", self.ws, "--map", self.folder / "map.toml")
        fields = ("--dictionary", self.folder / "fields.csv")
        export = self.folder / "export.csv"
        return self.run("screening", "import", export, *words, *fields, *options)

    def corrects(self, field, value) -> None:
        """Correct a field by hand, as person C1."""
        edit_record(Workspace.open(self.ws), "001", {field: value}, by="C1", reason="read anew")

    @property
    def record(self):
        """The newest revision."""
        return Workspace.open(self.ws).screening("001")[0]


@pytest.fixture(name="site")
def _site(run, tmp_path) -> Site:
    return Site(run, tmp_path)


@pytest.mark.parametrize("source", ["44", "45"], ids=["unchanged", "changed since"])
def test_a_correction_stays_and_the_diff_says_both_values(site, source):
    """The file's value is told beside the record's, with whose correction it was; none is lost."""
    site.corrects(ODI, 46)
    ran = site.imports(odi_score=source)

    assert ran.code == 0
    assert "001 (row 2): nothing to change" in ran.out
    assert (
        f"  {ODI}: kept 46.0, corrected by hand in revision 2 by C1; the file has {source}.0 "
        f"(--take-source {ODI} takes it)"
    ) in ran.out.splitlines()
    assert (site.record.revision, site.record.scores.odi_percent.value) == (2, 46.0)
    (told,) = json.loads(site.imports("--json", odi_score=source).out)["subjects"]
    assert [(one["field"], one["held"], one["given"]) for one in told["corrected"]] == [
        (ODI, "46.0", f"{source}.0")
    ]


def test_a_correction_stays_while_another_field_changes(site):
    """The rest of the file is taken as ever."""
    site.corrects(ODI, 46)
    ran = site.imports(odi_score="45", excl___1="1")

    assert "exclusions.features.spine_infection: absent -> yes" in ran.out
    assert site.record.revision == 3
    assert site.record.scores.odi_percent.value == 46.0
    assert "kept 46.0" in site.imports(odi_score="45", excl___1="1").out


def test_the_source_is_taken_where_somebody_asks(site):
    """With the field's name the file's value becomes a revision; then it is no correction."""
    site.corrects(ODI, 46)
    ran = site.imports("--take-source", ODI)

    assert f"{ODI}: 46.0 -> 44.0" in ran.out
    assert site.record.scores.odi_percent.value == 44.0
    assert f"{ODI}: 44.0 -> 48.0" in site.imports(odi_score="48").out


def test_a_value_taken_away_by_hand_does_not_come_back(site):
    """A feature a person set to "not asked" stays so, although the file still says absent."""
    site.corrects("exclusions.features.spine_infection", {"state": "not_asked"})
    ran = site.imports()

    assert "spine_infection: kept not asked, corrected by hand in revision 2" in ran.out
    assert not site.record.exclusions.features["spine_infection"].is_known


def test_a_score_and_its_scale_are_kept_or_taken_together(site):
    """A corrected score never comes to stand on another scale than the one it was corrected on."""
    site.corrects("scores.pain_score", 7.1)
    site.imports(vas="64", scale="mm")
    scores = site.record.scores
    assert (scores.pain_score.value, scores.pain_instrument) == (7.1, PainInstrument.VAS_CM)

    site.imports("--take-source", "scores.pain_score", vas="64", scale="mm")
    scores = site.record.scores
    assert (scores.pain_score.value, scores.pain_instrument) == (64.0, PainInstrument.VAS_MM)


def test_a_file_that_agrees_with_the_correction_is_no_contradiction(site):
    """Once the source was corrected too, there is nothing to tell."""
    site.corrects(ODI, 46)
    ran = site.imports(odi_score="46")

    assert "kept" not in ran.out
    assert site.record.scores.odi_percent.value == 46.0


def test_a_record_of_our_own_gives_way_to_a_correction_too(run, sample, tmp_path):
    """The same file again after a correction changes nothing and says what it left."""
    ws, file = tmp_path / "ws", sample / "screening-record.json"
    run("init", ws, "--trial", "demo-trial")
    run("screening", "import", file, "--into", ws)
    edit_record(Workspace.open(ws), "demo-001", {ODI: 46}, by="C1", reason="read anew")
    ran = run("screening", "import", file, "--into", ws)

    assert f"{ODI}: kept 46.0, corrected by hand in revision 2 by C1; the file has 44.0" in ran.out
    assert "demo-001: nothing to change" in ran.out
    taken = import_record(Workspace.open(ws), file, by="C1", take_source=(ODI,))
    assert (taken.changes, taken.kept, taken.revision) == ((ODI,), (), 3)


def test_a_field_that_is_none_is_not_taken(site):
    """A mistyped name is refused, not passed over."""
    ran = site.imports("--take-source", "scores.odi")
    assert ran.code == 2
    assert "There is no field 'scores.odi'" in ran.err


def test_the_word_of_an_import_is_no_reason_of_a_person(site):
    """Otherwise a correction could not be told from an import."""
    with pytest.raises(RecordError, match="--reason"):
        edit_record(Workspace.open(site.ws), "001", {ODI: 46}, by="C1", reason=" Import ")
