"""A case in the stages that operations are killed from, made once and copied."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from modic_annotate.conduct import demo
from modic_annotate.conduct.demo import DemoInput
from modic_annotate.conduct.link import link_study
from modic_annotate.conduct.screening_import import import_record, read_screening
from modic_annotate.session.apply import ActsFile, apply_acts, read_acts
from modic_annotate.store.workspace import Workspace
from tests.soak.fault_case import make_templates

READER = demo.READER.id
CRITERIA, AS_OF = demo.PACKAGED, demo.AS_OF


class _EnoughError(Exception):
    """Ends the applying of acts before the signature."""


@dataclass(frozen=True)
class Stages:
    """Workspaces ``recorded``, ``linked``, ``read`` (all but signed) and ``signed``."""

    folder: Path
    record: str
    study: Path
    file: ActsFile

    def copy(self, stage: str, to: Path) -> Workspace:
        """Copy a stage and open it."""
        shutil.copytree(self.folder / stage, to)
        return Workspace.open(to)


def small_input(folder: Path) -> DemoInput:
    """Return a study of nine tiny images that is gone through in a twentieth of a second."""
    made = make_templates(folder)
    return DemoInput(dicom=made.study, acts=made.acts_file, record=made.record_file)


def make_stages(folder: Path, given: DemoInput) -> Stages:
    """Make all stages of a case in a folder."""
    assert given.record is not None
    trial_id = read_screening(given.record).trial_id
    ws = Workspace.create(folder / "recorded", trial_id=trial_id)
    ws.add_reader(demo.READER)
    import_record(ws, given.record, by=demo.OPERATOR)
    (record,) = ws.record_ids()
    made = Stages(folder, record, given.dicom, read_acts(given.acts))
    link_study(made.copy("recorded", folder / "linked"), record, [given.dicom], by=demo.OPERATOR)
    _apply_all_but_last(made, made.copy("linked", folder / "read"))
    apply_acts(made.copy("read", folder / "signed"), record, READER, given.acts, _ignore)
    return made


def _apply_all_but_last(made: Stages, ws: Workspace) -> None:
    *_, last_but_one, _signature = made.file.acts

    def stop(line: int) -> None:
        if line == last_but_one:
            raise _EnoughError

    try:
        apply_acts(ws, made.record, READER, made.file.path, stop)
    except _EnoughError:
        return
    raise AssertionError("the acts ended before their last")


def _ignore(_line: int) -> None: ...
