"""Links and exports killed at random moments leave nothing half; the soak does it 1000 times."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from modic_annotate.conduct.demo import sample_input
from modic_annotate.conduct.link import link_study
from modic_annotate.evidence import write_evidence
from modic_annotate.store.workspace import Workspace
from tests.soak.exporting import Export, ExportZip
from tests.soak.killing import Attempt
from tests.soak.linking import BY, Link
from tests.soak.rounds import Operation, one_round, told
from tests.soak.stages import AS_OF, CRITERIA, Stages, make_stages
from tests.soak.starting import program
from tests.soak.tally import Tally

SAID_NOTHING = Attempt(said="", was_killed=True, errors="", after_s=0)


@pytest.fixture(name="stages", scope="module")
def _stages(tmp_path_factory: pytest.TempPathFactory) -> Stages:
    return make_stages(tmp_path_factory.mktemp("stages"), sample_input())


@pytest.fixture(name="make", scope="module")
def _make(
    stages: Stages, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[type[Operation]], Operation]:
    """Return operations that ran once undisturbed."""
    made: dict[type[Operation], Operation] = {}

    def make(kind: type[Operation]) -> Operation:
        if kind not in made:
            made[kind] = kind(stages, tmp_path_factory.mktemp("operation"), program)
        return made[kind]

    return make


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "n_kills"), [(Link, 5), (Export, 2), (ExportZip, 3)])
def test_killed_at_random_it_leaves_nothing_half(
    kind: type[Operation], n_kills: int, make, tmp_path: Path
) -> None:
    """The workspace is whole after each kill, and done again it comes to the same bytes."""
    chance = random.Random(kind.name)  # noqa: S311 - moments, not secrets
    tally = Tally()
    while tally.kills < n_kills and not tally.problems:
        folder = tmp_path / str(tally.rounds)
        tally.add(one_round(make(kind), folder, chance, n_kills - tally.kills))
    assert tally.problems == []
    assert tally.kills == n_kills


def half_image(operation: Operation) -> Attempt:
    """Link, and cut an image in half."""
    stages, ws = operation.stages, operation.ws
    link_study(ws, stages.record, [stages.study], by=BY)
    image = next(ws.image_folder(stages.record).rglob("*.dcm"))
    image.write_bytes(image.read_bytes()[: image.stat().st_size // 2])
    return SAID_NOTHING


def lost_image(operation: Operation) -> Attempt:
    """Link, and take an image away."""
    stages, ws = operation.stages, operation.ws
    link_study(ws, stages.record, [stages.study], by=BY)
    next(ws.image_folder(stages.record).rglob("*.dcm")).unlink()
    return SAID_NOTHING


def told_and_not_linked(operation: Operation) -> Attempt:
    """Tell that a study is linked and link none."""
    said = f"Record {operation.stages.record}: 3 series"
    return Attempt(said=said, was_killed=True, errors="", after_s=0)


def half_package(operation: Operation) -> Attempt:
    """Let a package stand that lacks a file."""
    _write(operation)
    assert isinstance(operation, Export)
    (operation.package / "data" / "determination.json").unlink()
    return SAID_NOTHING


def half_zip(operation: Operation) -> Attempt:
    """Let half a zip stand."""
    _write(operation)
    assert isinstance(operation, Export)
    content = operation.package.read_bytes()
    operation.package.write_bytes(content[: len(content) // 2])
    return SAID_NOTHING


def told_and_not_written(_operation: Operation) -> Attempt:
    """Tell a root digest and write nothing."""
    said = "Package  p\nRoot     00\nAs of    2026-03-20\n"
    return Attempt(said=said, was_killed=True, errors="", after_s=0)


def _write(operation: Operation) -> None:
    assert isinstance(operation, Export)
    zip_it = isinstance(operation, ExportZip)
    record, out = operation.stages.record, operation.package
    write_evidence(operation.ws, record, CRITERIA, AS_OF, out, zip_it=zip_it)


@pytest.mark.parametrize(
    ("kind", "harm", "found"),
    [
        (Link, half_image, "is not as it was linked|cannot be|is gone"),
        (Link, lost_image, "the links tell of"),
        (Link, told_and_not_linked, "told as linked and is not"),
        (Export, half_package, "does not verify"),
        (ExportZip, half_zip, "cannot be read|not a zip"),
        (Export, told_and_not_written, "told as written and is not there"),
    ],
)
def test_what_the_soak_looks_for_it_finds(kind, harm, found, make, tmp_path: Path) -> None:
    """Half an image, half a package, a word that was not kept: each is told."""
    operation = make(kind)
    operation.begin(tmp_path / "round")
    attempt = harm(operation)
    assert re.search(found, "\n".join(told(operation, operation.left(attempt))))


def test_a_reading_of_images_without_a_link_is_found(
    make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where a reading begins on what a killed link left, the soak tells it."""
    operation = make(Link)
    operation.begin(tmp_path / "round")
    ws, stages = operation.ws, operation.stages
    with monkeypatch.context() as patch:
        patch.setattr(Workspace, "add_link", lambda *_: None)  # as if killed before it
        link_study(ws, stages.record, [stages.study], by=BY)
    assert list(told(operation, operation.left(SAID_NOTHING))) == []
    monkeypatch.setattr(Workspace, "linked_images", Workspace.images)
    (problem,) = told(operation, operation.left(SAID_NOTHING))
    assert problem == "link: a reading begins on images that no link stands for"
