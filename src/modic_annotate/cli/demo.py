"""``demo``: the whole main job on the synthetic sample, or on a study of yours."""

from __future__ import annotations

import sys
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from modic_annotate.cli.arguments import JsonOpt, print_json, result_words
from modic_annotate.errors import RecordError

if TYPE_CHECKING:
    from modic_annotate.conduct.demo import DemoInput, DemoResult
    from modic_annotate.store.workspace import Workspace


def demo(
    workspace: Annotated[
        Path | None, typer.Option("--workspace", metavar="DIR", help="A new folder to work in.")
    ] = None,
    headless: Annotated[
        bool, typer.Option("--headless", help="Replay real key and mouse events, no window.")
    ] = False,
    as_json: JsonOpt = False,
    dicom: Annotated[
        Path | None, typer.Option("--dicom", metavar="DIR", help="Another study; needs --acts.")
    ] = None,
    acts: Annotated[
        Path | None, typer.Option("--acts", metavar="FILE", help="The acts of its reading.")
    ] = None,
    record: Annotated[
        Path | None, typer.Option("--record", metavar="FILE", help="Its screening record.")
    ] = None,
) -> None:
    """Read, sign, assess, export and verify: the whole main job on synthetic images.

    Opens the reading room where there is a display; otherwise posts a reading's acts as real key
    and mouse events to it on a virtual display.
    """
    from modic_annotate.conduct import demo as job
    from modic_annotate.conduct.display import has_display

    given = _given(dicom, acts, record)
    folder = (workspace or _free_folder()).resolve()
    ws, record_id = job.prepare(folder, given, say=_say)
    if headless or as_json or not has_display():
        _say("posting the reading's acts as key and mouse events (about half a minute)")
        pictures = job.read_scripted(ws, record_id, given.acts)
    else:
        pictures = ()
        _read_in_window(ws, record_id)
    result = job.conclude(ws, record_id, given, job.judgement_day(given), pictures)
    if as_json:
        print_json(result.to_json())
    else:
        _print(result)


def _print(result: DemoResult) -> None:
    for determination in result.determinations:
        print(f"Criteria     {determination.criteria_id}: {result_words(determination)}")
    print(f"Workspace    {result.workspace}")
    print(f"Reading      {result.reading}")
    print(f"Package      {result.package} (verified)")
    for picture in result.screenshots:
        print(f"Screenshot   {picture}")


def _given(dicom: Path | None, acts: Path | None, record: Path | None) -> DemoInput:
    from modic_annotate.conduct.demo import DemoInput, sample_input

    if dicom is None:
        if acts is not None or record is not None:
            raise RecordError("--acts and --record go with --dicom; give the study they belong to")
        return sample_input()
    if acts is None:
        raise RecordError("Another study needs the acts of its reading; give them with --acts FILE")
    for path in filter(None, (dicom, acts, record)):
        if not path.exists():
            raise RecordError(f"{path} is not there; check the path")
    return DemoInput(dicom=dicom, acts=acts, record=record)


def _free_folder() -> Path:
    names = ("modic-annotate-demo" + (f"-{n}" if n > 1 else "") for n in count(1))
    return next(path for path in map(Path, names) if not path.exists())


def _read_in_window(ws: Workspace, record_id: str) -> None:
    from modic_annotate.conduct.demo import READER
    from modic_annotate.conduct.room import find_room

    _say("opening the reading room; press ? there for the keys")
    find_room().open(ws.root, record_id, READER.id)
    if ws.links(record_id)[-1].kind != "reading":
        command = f"modic-annotate read {ws.root} {record_id} --reader {READER.id}"
        _say(f"The reading is not signed yet; go on with: {command}")
        raise typer.Exit


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr)
