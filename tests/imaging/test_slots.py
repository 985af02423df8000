"""One series per slot, chosen by a stated rule."""

from __future__ import annotations

import pytest

from modic_annotate.domain.series import SeriesRole
from modic_annotate.imaging import choose_slots, scan, slot_stacks

AXIAL = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0)


def series(mr, uid, n=5, **changes) -> None:
    mr.write_all(mr.stack(n, SeriesInstanceUID=uid, **changes), f"S{uid}_")


@pytest.mark.parametrize(
    ("first", "second", "chosen"),
    [
        ({"n": 5}, {"n": 7}, "1.2"),
        ({"n": 5, "PixelSpacing": ["0.4", "0.4"]}, {"n": 5}, "1.1"),
        ({"SeriesNumber": 9}, {"SeriesNumber": 2}, "1.2"),
        ({}, {}, "1.1"),
        ({"SeriesDescription": "x"}, {}, "1.2"),
        ({"n": 5, "ImageType": ["O", "P", "MOSAIC"]}, {"n": 2}, "1.2"),
    ],
    ids=["most slices", "finer", "earlier", "uid", "surer", "not blocked"],
)
def test_the_better_series_is_chosen(mr, first, second, chosen) -> None:
    """Unblocked, most slices, surer role, finer pixels, earlier series, in this order."""
    series(mr, "1.1", **first)
    series(mr, "1.2", **second)
    assert choose_slots(scan(mr.folder))[SeriesRole.SAG_T1].series_uid == chosen


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
