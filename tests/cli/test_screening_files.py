"""Screening records out of other systems' files, by the command line: shown first, then written."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from modic_annotate.conduct.screening_files import plan_import, write_import
from modic_annotate.conduct.source_files import given_import
from modic_annotate.domain.screening import ScreeningRecord, ValueState
from modic_annotate.errors import ModicAnnotateError
from modic_annotate.store.canonical import sha256_hex
from modic_annotate.store.workspace import Workspace
from tests.eligibility.importers.given import box, dictionary, table

HEAD = 'schema = "modic-annotate/screening-map/1"\n'
NAMES = ("Musterfrau", "MRN-777", "1970-05-06")
INFECTION = "exclusions.features.spine_infection"


def row(key: str, odi: str, infection: str = "0", complete: str = "2") -> dict[str, str]:
    """Return one row of a REDCap export, with columns that identify."""
    return {
        "record_id": key,
        "pat_name": "Musterfrau",
        "mrn": "MRN-777",
        "dob": "1970-05-06",
        "odi_score": odi,
        "odi_date": "2026-01-05",
        "excl___0": "0",
        "excl___1": infection,
        "excl____99": "0",
        "exclusions_complete": complete,
    }


FIELDS = dictionary(
    {"field_name": "pat_name", "identifier": "y"},
    {"field_name": "mrn"},
    {"field_name": "dob", "text_validation_type_or_show_slider_number": "date_ymd"},
    {"field_name": "odi_score", "field_label": "ODI"},
    {"field_name": "odi_date"},
    box() | {"select_choices_or_calculations": "0, None | 1, Spine infection | -99, Bleeding"},
)


class Site:
    """A workspace with an export, its dictionary and the map proposed for it."""

    def __init__(self, run: Callable[..., Any], folder: Path) -> None:
        self.run = run
        self.ws, self.file = folder / "ws", folder / "export.csv"
        self.map, self.fields = folder / "map.toml", folder / "fields.csv"
        self.fields.write_text(FIELDS)
        self.give(row("001", "44"), row("002", "", complete="0"))
        assert run("init", self.ws, "--trial", "t1").code == 0
        proposed = run("screening", "map", self.file, "--dictionary", self.fields)
        assert proposed.code == 0, proposed.err
        self.map.write_text(proposed.out)

    def give(self, *rows: dict[str, str]) -> None:
        """Write the site's next export."""
        self.file.write_text(table(list(rows)))

    def imported(self, *options: str) -> Any:
        """Import the export under the map and return what the command left."""
        words = ("--into", self.ws, "--map", self.map, "--dictionary", self.fields)
        return self.run("screening", "import", self.file, *words, *options)

    def record(self, record_id: str) -> ScreeningRecord:
        """Return a record's newest revision."""
        return Workspace.open(self.ws).screening(record_id)[0]

    def bytes_on_disk(self) -> dict[str, bytes]:
        """Return every file of the workspace by its path there."""
        return {str(p.relative_to(self.ws)): p.read_bytes() for p in self.ws.rglob("*")
                if p.is_file() and ".locks" not in p.parts}  # fmt: skip


@pytest.fixture(name="site")
def _site(run, tmp_path: Path) -> Site:
    return Site(run, tmp_path)


def test_a_dry_run_shows_everything_and_writes_nothing(site: Site) -> None:
    """What maps where, what stays out, what is unknown and why; the disk is as before."""
    before = site.bytes_on_disk()
    ran = site.imported("--dry-run")

    assert ran.code == 0, ran.err
    for words in (
        "map: odi_score -> scores.odi_percent",
        "column pat_name: left out, identifies, by the dictionary",
        "column mrn: left out, identifies, by what it is called",
        "column dob: left out",
        "001 (row 2): new, revision 1",
        "scores.odi_percent: 44.0",
        f"{INFECTION}: absent",
        "unknown (not asked, not ticked, and its form is not marked complete)",
        "subjects: 2 (2 would be new, 0 would be changed, 0 the same)",
    ):
        assert words in ran.out
    assert not any(name in ran.out + ran.err for name in NAMES)
    assert site.bytes_on_disk() == before


def test_an_import_keeps_the_source_by_its_hash_and_nobody_elsewhere(site: Site) -> None:
    """Each subject has a record with the source's hash; names stand under sources/ alone."""
    assert site.imported("--by", "C1").code == 0
    first = site.record("001")
    digest = sha256_hex(site.file.read_bytes())

    assert first.scores.odi_percent.value == 44.0
    assert str(first.scores.odi_percent.observed_on) == "2026-01-05"
    assert first.change.by == "C1"
    assert first.change.source is not None
    assert first.change.source.sha256 == digest
    assert first.change.source.map_sha256 == sha256_hex(site.map.read_bytes())
    assert site.record("002").exclusions.features == {}
    kept = site.ws / "sources" / f"{digest}.csv"
    assert kept.read_bytes() == site.file.read_bytes()
    for name, content in site.bytes_on_disk().items():
        assert name.startswith("sources/") or not any(n.encode() in content for n in NAMES), name
        assert "export" not in name
    assert site.run("audit", site.ws, "verify").code == 0


def test_the_same_file_again_changes_nothing(site: Site) -> None:
    """Importing is idempotent, to the byte."""
    site.imported()
    before = site.bytes_on_disk()
    again = site.imported()

    assert "subjects: 2 (0 new, 0 changed, 2 the same)" in again.out
    assert site.bytes_on_disk() == before


def test_a_change_is_shown_and_becomes_a_revision(site: Site) -> None:
    """The next export's difference is told field by field; others get no revision."""
    site.imported()
    site.give(row("001", "48"), row("002", "", complete="0"), row("003", "40"))
    ran = site.imported()

    assert "001 (row 2): changes, revision 2" in ran.out
    assert "scores.odi_percent: 44.0 -> 48.0" in ran.out
    assert (site.record("001").revision, site.record("002").revision) == (2, 1)
    assert site.record("003").revision == 1


def test_what_the_file_leaves_blank_stays_and_is_told(site: Site) -> None:
    """A blank cell, a box of an incomplete form and a missing row erase nothing."""
    site.imported()
    site.give(row("001", "", complete="0"))
    ran = site.imported()

    assert "scores.odi_percent: kept, blank in the file" in ran.out
    assert f"{INFECTION}: kept, blank in the file" in ran.out
    assert "not in the file, unchanged: 002" in ran.out
    record = site.record("001")
    assert record.revision == 1
    assert record.exclusions.features["spine_infection"].state == ValueState.ASSERTED_ABSENT


def test_what_was_known_of_a_value_stays_beside_it(site: Site) -> None:
    """The day of a score is not lost when the next file gives the score without it."""
    site.imported()
    site.map.write_text(site.map.read_text().replace('observed_on = "odi_date"', ""))

    assert "001 (row 2): nothing to change" in site.imported().out
    assert str(site.record("001").scores.odi_percent.observed_on) == "2026-01-05"


def test_a_shorter_list_erases_no_episode(site: Site) -> None:
    """Care that vanished from the next export stays in the record."""
    keys = ("record_id", "redcap_repeat_instrument", "redcap_repeat_instance", "kind")
    site.map.write_text(
        HEAD + 'shape = "redcap"\n[subject]\nfrom = "record_id"\n[[lists]]\n'
        'target = "care.episodes"\ninstrument = "care"\n'
        'fields.kind = { from = "kind", values = { "1" = "nsaid", "2" = "cbt" } }\n'
    )
    rows = [dict(zip(keys, ("1", "care", str(n), str(n)), strict=True)) for n in (1, 2)]
    site.give(*rows)
    assert site.imported().code == 0
    site.give(rows[0])

    assert "care.episodes: kept, blank in the file" in site.imported().out
    assert [e.kind for e in site.record("1").care.episodes] == ["nsaid", "cbt"]


def test_one_bad_cell_keeps_the_whole_file_out(site: Site) -> None:
    """All faults are told at once by row and column, and no record is written."""
    site.give(row("001", "44"), row("002", "4,4"), row("003", "x", infection="9"))
    ran = site.imported()

    assert ran.code == 2
    assert ran.err.count("\n") == 1
    for place in ("row 3, column odi_score", "row 4, column odi_score", "row 4, column excl___1"):
        assert place in ran.err
    assert not any(name in ran.err for name in NAMES)
    assert not (site.ws / "screening").exists()
    assert not (site.ws / "sources").exists()


def test_lost_zeros_are_refused_by_name_or_restored_as_stated(site: Site) -> None:
    """001 that became 1 is not a new subject; with the stated width it is 001 again."""
    site.imported()
    site.give(row("1", "46"))
    refused = site.imported()

    assert refused.code == 2
    assert "subject 1 differs from record 001 by zeros or case alone" in refused.err
    site.map.write_text(site.map.read_text().replace("# width = 3", "width = 3"))
    assert site.imported().code == 0
    assert site.record("001").scores.odi_percent.value == 46.0
    assert Workspace.open(site.ws).record_ids() == ("001", "002")


def test_the_plan_can_be_read_by_a_machine(site: Site) -> None:
    """With --json, stdout is JSON alone."""
    told = json.loads(site.imported("--dry-run", "--json").out)

    assert [(s["record_id"], s["action"]) for s in told["subjects"]] == [
        ("001", "new"), ("002", "new"),
    ]  # fmt: skip
    unknown = {u["field"]: u for u in told["subjects"][1]["unknown"]}
    assert unknown[INFECTION]["state"] == "not_asked"
    assert unknown[INFECTION]["place"] == "row 3, column excl___1"


def test_the_template_goes_around(run, tmp_path: Path) -> None:
    """Printed, filled in and imported without a map; the record assesses as any other."""
    ws, file = tmp_path / "ws", tmp_path / "site.csv"
    run("init", ws, "--trial", "t1")
    text = run("screening", "template").out
    file.write_text(
        text.replace("subject_id,,", "subject_id,S-001,")
        .replace("scores.odi_percent,,,", "scores.odi_percent,42,2026-01-03,")
        .replace(f"{INFECTION},,", f"{INFECTION},absent,")
        .replace("features.spinal_cancer,,", "features.spinal_cancer,illegible,")
    )
    assert run("screening", "import", file, "--into", ws).code == 0
    record = Workspace.open(ws).screening("S-001")[0]

    assert record.scores.odi_percent.value == 42.0
    assert record.exclusions.features["spine_infection"].state == ValueState.ASSERTED_ABSENT
    assert record.exclusions.features["spinal_cancer"].state == ValueState.ILLEGIBLE
    judged = run("assess", ws, "S-001", "--criteria", "trial_intracept", "--as-of", "2026-03-01")
    assert judged.code == 0, judged.err


def test_a_record_of_our_own_needs_no_map(run, sample: Path, tmp_path: Path) -> None:
    """It is imported as it is, and tells a machine what it did."""
    run("init", tmp_path / "ws", "--trial", "demo-trial")
    words = ("screening", "import", sample / "screening-record.json", "--into", tmp_path / "ws")
    told = json.loads(run(*words, "--json").out)

    assert told["revision"] == 1
    assert not told["dry_run"]
    assert json.loads(run(*words, "--json").out)["message"].endswith("nothing to change")


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.csv", "id,odi\n1,2\n"), ("a.json", '[{"record_id": "1"}]'), ("a.xml", "<ODM/>"),
     ("a.json", '{"resourceType": "Bundle"}')],
)  # fmt: skip
def test_a_file_of_another_system_needs_its_map(run, tmp_path: Path, name, content) -> None:
    """Nothing is imported on a guess; the sentence says how to get a map."""
    run("init", tmp_path / "ws", "--trial", "t1")
    (tmp_path / name).write_text(content)
    ran = run("screening", "import", tmp_path / name, "--into", tmp_path / "ws")

    assert ran.code == 2
    assert "screening map FILE > map.toml" in ran.err


@pytest.mark.parametrize(
    ("option", "words"), [("--map", "the map"), ("--dictionary", "the data dictionary")]
)
def test_a_file_that_is_not_there_is_named(site: Site, option: str, words: str) -> None:
    """A missing map or dictionary is one sentence."""
    given = {"--map": site.map, "--dictionary": site.fields, option: site.ws / "gone"}
    options = [part for pair in given.items() for part in pair]
    ran = site.run("screening", "import", site.file, "--into", site.ws, *options)

    assert ran.code == 2
    assert words in ran.err


def mutated(content: bytes, cuts: list[tuple[int, int, bytes]]) -> bytes:
    """Return bytes with pieces replaced at places given as parts of a thousand."""
    for place, length, piece in cuts:
        at = len(content) * place // 1000
        content = content[:at] + piece + content[at + length :]
    return content


PIECES = st.sampled_from(
    [
        b"",
        b",",
        b";",
        b'"',
        b"\n",
        b"\x00",
        b"\xff\xfe",
        b"001",
        b"=1+1",
        b"\xc3",
        b"NaN",
        b"[",
        b"'",
    ]
)
CUTS = st.lists(st.tuples(st.integers(0, 1000), st.integers(0, 9), PIECES), min_size=1, max_size=4)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(CUTS, st.sampled_from(("file", "map", "fields")))
def test_a_damaged_file_gives_one_error_or_a_sound_plan(site: Site, cuts, which) -> None:
    """Whatever is wrong with export, map or dictionary, it is one of our errors, or a plan."""
    path: Path = getattr(site, which)
    whole = path.read_bytes()
    ws = Workspace.open(site.ws)
    path.write_bytes(mutated(whole, cuts))
    told, plan = "", None
    try:
        given = given_import(site.file, site.map, site.fields)
        plan = plan_import(ws, given, "C1") if given else None
    except ModicAnnotateError as error:
        told = str(error)
    path.write_bytes(whole)

    assert (plan is None) == bool(told)
    assert not any(name in told for name in NAMES)
    assert not (site.ws / "screening").exists()


def test_an_import_that_stopped_half_way_is_finished_by_the_next(site: Site, monkeypatch) -> None:
    """Records already written stay as they are; the others follow."""
    ws = Workspace.open(site.ws)
    given = given_import(site.file, site.map, site.fields)
    assert given is not None
    plan = plan_import(ws, given, "C1")
    ws.add_screening(plan.writes[0].record, "C1")

    again = plan_import(ws, given, "C1")
    assert [one.action for one in again.subjects] == ["same", "new"]
    write_import(ws, given, again, "C1")
    assert ws.record_ids() == ("001", "002")
