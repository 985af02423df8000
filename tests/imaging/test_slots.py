"""One series per slot, chosen by a stated rule."""

from __future__ import annotations

from itertools import permutations

import pytest

from modic_annotate.domain.series import SeriesRole
from modic_annotate.imaging import choose_slots, explain_slots, scan, slot_stacks

AXIAL = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0)


def series(mr, uid, n=5, **changes) -> None:
    mr.write_all(mr.stack(n, SeriesInstanceUID=uid, **changes), f"S{uid}_")


DEEP = {"PixelSpacing": ["6", "6"]}  # 40 rows of 6 mm: more than the lumbar spine
FAT_SATURATED_T2 = {"RepetitionTime": "4000", "EchoTime": "80", "ScanOptions": "FS"}
STIR = {"RepetitionTime": "4000", "EchoTime": "60", "InversionTime": "160"} | {
    "ScanningSequence": ["SE", "IR"], "SeriesDescription": "STIR"
}  # fmt: skip


@pytest.mark.parametrize(
    ("first", "second", "chosen", "reason"),
    [
        ({"n": 9, "SeriesDescription": "T1 SAG HWS"}, {"n": 5}, "1.2", "another part of the spine"),
        ({"n": 9, "SeriesDescription": "T2 SAG"}, {"n": 5}, "1.2", "no doubts"),
        ({"n": 9, "SeriesDescription": "x"}, {"n": 5}, "1.2", "surer role"),
        (
            {"n": 9, "ScanningSequence": "GR", "EchoTime": "5", "FlipAngle": "70"},
            {"n": 5},
            "1.2",
            "spin echo",
        ),
        ({"n": 9, "ImageType": ["D", "P", "IP"]}, {"n": 5}, "1.2", "plainer technique"),
        ({"n": 9, "PixelSpacing": ["0.4", "0.4"]}, {"n": 5, **DEEP}, "1.2", "head to foot"),
        ({"n": 5, **DEEP}, {"n": 7, **DEEP}, "1.2", "first slice to the last"),
        ({"n": 5, **DEEP}, {"n": 6, "spacing": 3.75, **DEEP}, "1.2", "larger stack"),
        ({"PixelSpacing": ["5.5", "5.5"]}, DEEP, "1.1", "finer pixels"),
        ({"SeriesNumber": 2}, {"SeriesNumber": 9}, "1.2", "repeats the same protocol"),
        (
            {"SeriesNumber": 9, "SeriesDescription": "T1 SAG B"},
            {"SeriesNumber": 2},
            "1.2",
            "acquired first",
        ),
        ({}, {}, "1.1", "acquired first"),
    ],
)
def test_the_better_series_is_chosen_and_the_reason_told(mr, first, second, chosen, reason) -> None:
    """Each step of the rule decides where those before it do not, and says what it saw."""
    series(mr, "1.1", **first)
    series(mr, "1.2", **second)
    choice = explain_slots(scan(mr.folder))[SeriesRole.SAG_T1]
    assert choice.chosen.series_uid == chosen
    ((other, told),) = choice.others
    assert other.series_uid != chosen
    assert reason in told


def test_a_blocked_series_is_no_candidate(mr) -> None:
    """What must not be read as a volume is neither chosen nor compared."""
    series(mr, "1.1", ImageType=["O", "P", "MOSAIC"])
    series(mr, "1.2", n=2)
    choice = explain_slots(scan(mr.folder))[SeriesRole.SAG_T1]
    assert (choice.chosen.series_uid, choice.others) == ("1.2", ())


def test_an_even_suppression_comes_before_a_spectral_one(mr) -> None:
    """Of two fat-suppressed series STIR is the plainer."""
    series(mr, "1.1", n=9, **FAT_SATURATED_T2, SeriesDescription="T2 FS")
    series(mr, "1.2", **STIR)
    choice = explain_slots(scan(mr.folder))[SeriesRole.SAG_FS]
    assert choice.chosen.series_uid == "1.2"


@pytest.mark.parametrize("names", [("a", "b", "a"), ("a", "a", "b"), ("b", "a", "a")])
def test_repeats_among_others_do_not_depend_on_the_order_found(mr, names) -> None:
    """Three series of equal rank, two of one protocol: every order of them gives one choice."""
    for number, name in enumerate(names, start=1):
        series(mr, f"1.{number}", SeriesNumber=number, SeriesDescription=f"T1 SAG {name}")
    found = scan(mr.folder).series
    chosen = {choose_slots(order)[SeriesRole.SAG_T1].series_uid for order in permutations(found)}
    first_name = names[0]
    last = max(n for n, name in enumerate(names, start=1) if name == first_name)
    assert chosen == {f"1.{last}"}


def test_a_remnant_beside_a_blocked_stack_is_not_chosen(mr) -> None:
    """A slice turned away from its blocked stack is readable, but fills no slot."""
    datasets = mr.stack(7)
    datasets[3].ImageOrientationPatient = [0.5, 0.86602540, 0, 0, 0, -1]
    mr.write_all(datasets)
    found = scan(mr.folder)
    assert [(s.shape[0], s.blocked) for s in found.series] == [(6, True), (1, False)]
    assert choose_slots(found) == {}


def test_all_stacks_of_a_slot_are_given(mr) -> None:
    """An axial slot gives every disc block of its series, by stack number."""
    for i, height in enumerate((90.0, 55.0)):
        block = mr.stack(3, orientation=AXIAL, start=(0, 0, height), SeriesInstanceUID="1.1")
        for k, ds in enumerate(block):
            ds.InstanceNumber = 10 * i + k
        mr.write_all(block, f"B{i}")
    found = scan(mr.folder)
    assert [stack.stack for stack in slot_stacks(found, SeriesRole.AX_T1)] == [0, 1]
    mr.write_all(mr.stack(2, SeriesInstanceUID="1.9", SeriesDescription="Localizer"), "LOC")
    found = scan(mr.folder)
    assert slot_stacks(found.series, SeriesRole.SAG_T1) == ()
    assert set(choose_slots(found.series)) == {SeriesRole.AX_T1}
