"""``assess --all`` and ``export --all``: as one by one, and one bad record stops no other."""

from __future__ import annotations

import json
import shutil
from datetime import date

import pytest

from modic_annotate.conduct import case, cohort, exporting
from modic_annotate.conduct.spreading import spread
from modic_annotate.evidence import assembling
from modic_annotate.evidence.bag_read import open_bag
from modic_annotate.evidence.deid import trial
from modic_annotate.evidence.document import Profile
from modic_annotate.evidence.formats import registry
from modic_annotate.store.workspace import Workspace
from tests.bench.cohort.workspaces import many, read_by_hand

JUDGED = ("--criteria", "fda_510k_bvna", "--as-of", "2026-03-20")
RECORDS = ("subject-0000", "subject-0001", "subject-0002")


@pytest.fixture(scope="module", name="records")
def _records(tmp_path_factory):
    """A workspace of three records, one of each kind the sample has; never changed."""
    folder = tmp_path_factory.mktemp("all")
    many(read_by_hand(folder / "template"), folder / "ws", len(RECORDS))
    return folder / "ws"


@pytest.fixture(name="ws")
def _ws(records, tmp_path, monkeypatch):
    """A copy that a test may change; packages are light: one format, and no pictures."""
    light = {Profile.INTERNAL: ("sdtm",), Profile.TRIAL: ("sdtm",)}
    monkeypatch.setattr(registry, "PROFILE_FORMATS", light)
    monkeypatch.setattr(case, "images_changed", lambda _ws, _record_id: ())
    for module in (assembling, trial):
        monkeypatch.setattr(module, "image_files", lambda _found: {})
    return shutil.copytree(records, tmp_path / "ws", symlinks=True)


def export(run, ws, out, *more):
    return run("export", ws, *JUDGED, "--out", out, *more)


def export_all(run, ws, out, *more):
    """Export in this process, so that what a test replaced holds."""
    return export(run, ws, out, "--all", "--processes", 1, *more)


def damage(ws, record):
    """Change a signed reading outside the tool."""
    path = ws / f"readings/{record}/R01/R01-1.json"
    path.write_bytes(path.read_bytes().replace(b'"note":null', b'"note":"-"', 1) + b"\n")


def test_all_are_assessed_as_one_by_one(run, records):
    """The determinations are those that each record gets alone, by record id."""
    together = json.loads(run("assess", records, "--all", *JUDGED, "--json").out)
    alone = [json.loads(run("assess", records, one, *JUDGED, "--json").out) for one in RECORDS]
    assert together == alone
    assert len({one["roll_up"] for one in together}) == len(RECORDS)


@pytest.mark.parametrize("n_processes", [2, 3, 7])
def test_blocks_for_several_processes_hold_each_record_once(records, monkeypatch, n_processes):
    """However many processes share the records, the results are those of one."""
    monkeypatch.setattr(cohort, "FEWEST_TO_SPREAD", 1)
    monkeypatch.setattr(cohort, "BLOCKS_EACH", 1)
    monkeypatch.setattr(cohort, "spread", lambda task, blocks, _n: map(task, blocks))
    ws, day = Workspace.open(records), date(2026, 3, 20)
    several = [*cohort.assess_all(ws, "fda_510k_bvna", day, n_processes)]
    assert several == [*cohort.assess_all(ws, "fda_510k_bvna", day)]


def test_the_table_counts_the_results_and_says_what_it_did_not_look_at(run, records):
    """A line per record, how many came to what, and that images stayed closed."""
    ran = run("assess", records, "--all", *JUDGED)
    assert ran.code == 0
    assert all(record in ran.out for record in RECORDS)
    assert "1 of 3: criteria met as recorded" in ran.out
    assert "Images were not compared" in ran.out


@pytest.mark.parametrize("command", ["assess", "export"])
def test_a_fault_is_told_with_its_record(run, ws, tmp_path, command):
    """A reading changed outside the tool gives exit code 1; the other records are done."""
    damage(ws, RECORDS[1])
    if command == "assess":
        ran = run("assess", ws, "--all", *JUDGED)
    else:
        ran = export_all(run, ws, tmp_path / "out")
        assert (tmp_path / "out" / RECORDS[2]).is_dir()
    assert ran.code == 1
    (line,) = {line for line in ran.err.splitlines() if "changed outside the tool" in line}
    assert RECORDS[1] in line


def test_an_unreadable_record_is_told_and_the_others_are_assessed(run, ws):
    """Exit code 2, one sentence that names it, and two determinations."""
    (ws / f"screening/{RECORDS[0]}/r1.json").write_text("{", "utf-8")
    ran = run("assess", ws, "--all", *JUDGED, "--json")
    assert ran.code == 2
    assert [one["record_id"] for one in json.loads(ran.out)] == [*RECORDS[1:]]
    assert f"{RECORDS[0]}: " in ran.err


@pytest.mark.parametrize("more", [(), ("--profile", "trial")])
def test_all_packages_are_those_of_single_exports(run, ws, tmp_path, more):
    """Byte for byte, in whatever order they are made; a trial's dates come from one key."""
    ran = export_all(run, ws, tmp_path / "all", *more)
    assert ran.code == 0, ran.err
    assert sorted(one.name for one in (tmp_path / "all").iterdir()) == [*RECORDS]
    for record in RECORDS:
        assert export(run, ws, tmp_path / record, record, *more).code == 0
        assert open_bag(tmp_path / record).files == open_bag(tmp_path / "all" / record).files


def test_a_record_that_cannot_be_exported_stops_no_other(run, ws, tmp_path):
    """Its images are gone: it is told at the end, exit code 2, and the other packages are there."""
    (ws / f"images/{RECORDS[0]}/index.json").unlink()
    (ws / f"links/{RECORDS[0]}.jsonl").write_text("no link\n", "utf-8")
    ran = export_all(run, ws, tmp_path / "out")
    assert ran.code == 2
    assert f"modic-annotate: {RECORDS[0]}: " in ran.err
    assert "2 packages written, 0 were there already, 1 could not be written" in ran.out
    assert sorted(one.name for one in (tmp_path / "out").iterdir()) == [*RECORDS[1:]]


def test_a_run_that_was_stopped_is_gone_on_with(run, ws, tmp_path, monkeypatch):
    """Ctrl+C leaves whole packages alone; the same command leaves those and adds the rest."""
    prepare, begun = exporting.prepare, []

    def stopping(ws, record_id, *judged, **options):
        begun.append(record_id)
        if len(begun) > 1:
            raise KeyboardInterrupt
        return prepare(ws, record_id, *judged, **options)

    with monkeypatch.context() as patch:
        patch.setattr(exporting, "prepare", stopping)
        ran = export_all(run, ws, tmp_path / "out")
    assert ran.code == 2
    assert "Stopped; at least 1 of 3 packages" in ran.err
    assert [one.name for one in (tmp_path / "out").iterdir()] == [RECORDS[0]]
    ran = export_all(run, ws, tmp_path / "out")
    assert ran.code == 0, ran.err
    assert "2 packages written, 1 were there already" in ran.out


def test_another_package_of_that_name_is_not_overwritten(run, ws, tmp_path):
    """Where a record's package is another than today's, it stays, and the run says so."""
    assert export_all(run, ws, tmp_path / "out").code == 0
    content = open_bag(tmp_path / "out" / RECORDS[0]).files
    ran = export_all(run, ws, tmp_path / "out", "--with", "tables")
    assert ran.code == 2
    assert "exists already; packages are never overwritten" in ran.err
    assert open_bag(tmp_path / "out" / RECORDS[0]).files == content


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "Name one RECORD, or give --all"),
        ((RECORDS[0], "--all"), "Name one RECORD, or give --all"),
        (("--all", "--profile", "payer"), "are of one person"),
    ],
)
def test_one_record_or_all(run, records, tmp_path, arguments, said):
    """Neither, both, and what names one person are refused in a sentence."""
    ran = export(run, records, tmp_path / "out", *arguments)
    assert (ran.code, said in ran.err) == (2, True)


def test_processes_give_what_one_gives():
    """Each name is done once, on several processes or in this one."""
    names = ["a", "b", "c"]
    assert sorted(spread(str.upper, names, 2)) == [*spread(str.upper, names, 1)] == ["A", "B", "C"]


def test_progress_is_for_a_terminal_alone(run, records, monkeypatch):
    """Counts go to stderr where it is a terminal; machine output stays alone on stdout."""
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    ran = run("assess", records, "--all", *JUDGED, "--json")
    assert len(json.loads(ran.out)) == len(Workspace.open(records).record_ids())
