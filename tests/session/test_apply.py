"""Applying acts files: one journal line a line, acknowledged, continued, refused by line."""

from __future__ import annotations

import json

import pytest

from modic_annotate.errors import (
    ActRefusedError,
    IncompleteReadingError,
    InvalidRecordError,
    ReadingSignedError,
    RecordError,
)
from modic_annotate.session.apply import apply_acts, read_acts
from modic_annotate.store.canonical import sha256_hex


def run(case, path):
    acked = []
    result = apply_acts(case.ws, case.record, case.reader, path, acked.append)
    return acked, result


def entries(case):
    return [json.loads(line) for line in case.journal_path().read_text().splitlines()[1:]]


def test_each_line_is_one_journal_line_then_acknowledged(case, kit, tmp_path):
    """Line n of the file is one journal line that names it, and is acknowledged as n."""
    path = case.write_acts(tmp_path / "a.jsonl", *kit.read_normal(), kit.sign)
    acked, result = run(case, path)
    n_acts = len(kit.read_normal()) + 1
    assert acked == list(range(1, n_acts + 1))
    assert [e["acts_line"] for e in entries(case)] == acked
    assert {e["acts_sha256"] for e in entries(case)} == {sha256_hex(path.read_bytes())}
    assert {e["origin"] for e in entries(case)} == {"script"}
    assert result.signed
    assert case.ws.signature("case1", "r1-1")[0].signature_class == "scripted-demo"


def test_applying_again_goes_on_after_the_last_applied_line(case, kit, tmp_path):
    """A file cut off in the middle goes on where it stopped, and nothing is applied twice."""
    path = case.write_acts(tmp_path / "a.jsonl", *kit.read_normal(), kit.sign)

    class Stop(Exception):  # noqa: N818 - the process ends
        pass

    def stop_at_four(number):
        if number == 4:
            raise Stop

    with pytest.raises(Stop):
        apply_acts(case.ws, case.record, case.reader, path, stop_at_four)
    assert len(entries(case)) == 4
    acked, result = run(case, path)
    assert acked[0] == 5
    assert result.n_applied_before == 4
    assert [e["acts_line"] for e in entries(case)] == list(range(1, acked[-1] + 1))


def test_wholly_applied_file_acknowledges_nothing_and_says_so(case, kit, tmp_path):
    """A file that is wholly applied and signed is no error and acknowledges nothing."""
    path = case.write_acts(tmp_path / "a.jsonl", *kit.read_normal(), kit.sign)
    run(case, path)
    acked, result = run(case, path)
    assert acked == []
    assert result.message == "The file is wholly applied already; reading r1-1 is signed"


def test_another_file_is_applied_from_its_first_line(case, kit, tmp_path):
    """A second file goes on with the same draft from its own line 1."""
    run(case, case.write_acts(tmp_path / "a.jsonl", *kit.number_the_spine()))
    acked, result = run(case, case.write_acts(tmp_path / "b.jsonl", *kit.read_lesion()))
    assert acked == [1, 2, 3]
    assert result.message == "3 acts applied; reading r1-1 is not signed"


def test_blank_lines_count_as_lines_and_hold_no_act(case, tmp_path):
    """Blank lines are passed over and keep the numbers of the lines after them."""
    path = tmp_path / "a.jsonl"
    note = '{"act": "note", "text": "%s"}'
    path.write_text(f"\ufeff\n{note % 'a'}\r\n\n  \n{note % 'b'}", encoding="utf-8")
    acked, _ = run(case, path)
    assert acked == [2, 5]
    assert [e["acts_line"] for e in entries(case)] == [2, 5]


def test_every_bad_line_is_named_before_anything_is_applied(case, tmp_path):
    """Lines that are no acts are all named, with the place in them, and nothing is applied."""
    path = tmp_path / "a.jsonl"
    path.write_text(
        '{"act": "note", "text": "fine"}\n'
        '{"act": "grade", "endplate": "L9-inferior", "modic": "absent"}\n'
        "not json\n"
        '{"act": "dance"}\n'
        '{"act": "note", "text": "x", "colour": "red"}\n'
    )
    with pytest.raises(InvalidRecordError) as refused:
        run(case, path)
    message = str(refused.value)
    assert str(path) in message
    for part in ("line 2: ", "endplate", "line 3: ", "line 4: ", "line 5: ", "colour"):
        assert part in message
    assert not case.journal_path().exists()


def test_refused_act_names_file_and_line(case, kit, tmp_path):
    """An act that is refused names its line; the lines before it stay applied."""
    again = {"act": "grade", "endplate": "L4-inferior", "modic": "absent"}
    path = case.write_acts(tmp_path / "a.jsonl", *kit.number_the_spine(), again, again)
    n_good = len(kit.number_the_spine()) + 1
    with pytest.raises(ActRefusedError, match=rf"a\.jsonl line {n_good + 1}: L4 inferior is al"):
        run(case, path)
    assert len(entries(case)) == n_good


def test_incomplete_reading_is_not_signed_by_a_script(case, kit, tmp_path):
    """Anything but coverage that is missing blocks a scripted signature too."""
    path = case.write_acts(tmp_path / "a.jsonl", *kit.number_the_spine(), kit.sign)
    with pytest.raises(IncompleteReadingError) as refused:
        run(case, path)
    assert f"{path} line 10" in refused.value.missing
    assert "L5 inferior is not read" in refused.value.missing
    assert not any("not shown" in text for text in refused.value.missing)


def test_other_file_on_a_signed_reading_is_refused(case, kit, tmp_path):
    """A signed reading takes no further file."""
    run(case, case.write_acts(tmp_path / "a.jsonl", *kit.read_normal(), kit.sign))
    other = case.write_acts(tmp_path / "b.jsonl", {"act": "note", "text": "late"})
    with pytest.raises(ReadingSignedError, match=r"b\.jsonl line 1"):
        run(case, other)


def test_unreadable_file_is_named(tmp_path):
    """A file that is not there is named, with the reason."""
    with pytest.raises(RecordError, match=r"none\.jsonl cannot be read: No such file"):
        read_acts(tmp_path / "none.jsonl")


def test_script_and_window_leave_the_same_findings(tmp_path, kit):
    """By key and by script findings are the same but for origins, times and what was shown."""
    acts = [*kit.show_all(), *kit.number_the_spine(), *kit.read_lesion("L5-superior")]
    by_script, by_key = kit.make_case(tmp_path / "a"), kit.make_case(tmp_path / "b")
    run(by_script, by_script.write_acts(tmp_path / "a.jsonl", *acts))
    with by_script.open() as one, by_key.open() as two:
        by_key.do(two, *acts)
        blank = {"origins": {}, "committed_at": None, "coverage_percent": None}
        assert [f.replace(**blank) for f in one.state.findings.values()] == [
            f.replace(**blank) for f in two.state.findings.values()
        ]
