"""The sample in the stages that operations are killed from, made once and copied."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from modic_annotate.conduct import demo
from modic_annotate.conduct.link import link_study
from modic_annotate.conduct.screening_import import import_record
from modic_annotate.session.apply import ActsFile, apply_acts, read_acts
from modic_annotate.store.workspace import Workspace

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


def make_stages(folder: Path) -> Stages:
    """Make all stages in a folder."""
    given = demo.sample_input()
    assert given.record is not None
    ws = Workspace.create(folder / "recorded", trial_id=demo.TRIAL)
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
