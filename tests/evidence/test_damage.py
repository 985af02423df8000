"""A real package, damaged in every way a file can be: ``verify`` exits 1 and names the file."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.soak.damage import Damage, damaged, sample_package, verified


@pytest.mark.slow
def test_verify_names_every_damaged_file_of_the_sample_package(tmp_path: Path) -> None:
    """Bytes changed, files added, removed, renamed, swapped and linked; whole again, it is sound.

    The soak changes every byte of the tag files and 200 of each other file.
    """
    package = sample_package(tmp_path)
    assert verified(package)[0] == 0
    damage = damaged(package, flips=1, tag_flips=8)
    assert damage.unseen == []
    assert min(damage.counts.values()) > 0
    assert len(damage.counts) == 7
    assert verified(package)[0] == 0


def test_a_damage_that_is_not_named_is_noticed(tmp_path: Path) -> None:
    """The search itself can fail: a package that nothing was done to counts as not found."""
    package = sample_package(tmp_path)
    damage = Damage()
    damage.judge("nothing", package, "bagit.txt")
    assert [line.split()[0] for line in damage.unseen] == ["nothing"]
