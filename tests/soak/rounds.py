"""Rounds of the soak: a fresh workspace, kills until the reading is signed, and what is left."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from modic_annotate.conduct import demo
from modic_annotate.domain.links import ReadingLink
from modic_annotate.session import keys
from modic_annotate.session.apply import ActsFile, read_acts
from modic_annotate.store.audit import verify_audit
from modic_annotate.store.workspace import Workspace
from tests.soak.killing import LONGEST_S, bounded, command_line, kill, left_in

READER = demo.READER.id
TIMES = frozenset(
    {
        "at",
        "committed_at",
        "head_sha256",
        "last_act_at",
        "local_time",
        "reading_sha256",
        "signed_at",
        "started_at",
    }
)
"""Fields that say when, or are hashes over such fields."""

WHILE_STARTING, WHILE_SEALING = 0.2, 0.4
"""Share of kills before the first act, and up to which share while the reading is sealed."""

AGAIN_WHEN_SIGNED = 0.3
"""How often a signed reading is killed once more, while its sealing is finished."""

KILLS_A_ROUND = 10
"""After so many kills a round goes on undisturbed, however little they let through."""


@dataclass(frozen=True)
class Setting:
    """A linked workspace to copy, the acts to apply, and how an undisturbed run goes."""

    workspace: Path
    record: str
    file: ActsFile
    reading: object
    signature: object
    start_s: float
    """From the start to the first acknowledgement."""

    act_s: float
    seal_s: float
    """From the last but one acknowledgement to the last."""


@dataclass
class Tally:
    """What came of the kills so far."""

    kills: int = 0
    finished_before: int = 0
    before_first_ack: int = 0
    after_signature: int = 0
    torn: int = 0
    acked: int = 0
    signed: int = 0
    problems: list[str] = field(default_factory=list)

    @property
    def words(self) -> str:
        """The tally in one line."""
        return (
            f"{self.kills} kills ({self.before_first_ack} before a first acknowledgement, "
            f"{self.after_signature} with the signature in the journal, {self.torn} tore a line; "
            f"{self.finished_before} processes were faster), {self.acked} acts acknowledged, "
            f"{self.signed} readings signed, {len(self.problems)} faults"
        )


def make_setting(folder: Path) -> Setting:
    """Link the sample once and apply its acts undisturbed."""
    given = demo.sample_input()
    template = folder / "linked"
    _, record = demo.prepare(template, given, say=lambda _text: None)
    plain = folder / "undisturbed"
    shutil.copytree(template, plain)
    moments = _timed(command_line(plain, record, READER, given.acts))
    file = read_acts(given.acts)
    if len(moments) != len(file.acts) + 1:
        raise SystemExit(f"soak: {len(moments) - 1} of {len(file.acts)} acts were acknowledged")
    reading, signature = _made(plain, record)
    return Setting(
        workspace=template,
        record=record,
        file=file,
        reading=reading,
        signature=signature,
        start_s=moments[1] - moments[0],
        act_s=(moments[-2] - moments[1]) / (len(file.acts) - 2),
        seal_s=moments[-1] - moments[-2],
    )


def one_round(setting: Setting, workspace: Path, chance: random.Random, most: int) -> Tally:
    """Kill over a fresh workspace until the reading is signed, then finish and check it.

    Parameters
    ----------
    setting
        What to copy and to apply.
    workspace
        Where the round's workspace is made.
    chance
        Moments of the kills.
    most
        How many kills at most.
    """
    shutil.copytree(setting.workspace, workspace)
    tally, n_acts, acked = Tally(), 0, list[int]()
    command = command_line(workspace, setting.record, READER, setting.file.path)
    total = len(setting.file.acts)
    while tally.kills < min(most, KILLS_A_ROUND):
        if n_acts == total and chance.random() >= AGAIN_WHEN_SIGNED:
            break
        after_acks, delay_s = _moment(setting, total - n_acts, chance)
        attempt = kill(command, delay_s, after_acks)
        acked += attempt.acked
        left = left_in(workspace, _journal_key(setting), setting.file, acked)
        n_acts = left.n_acts
        _count(tally, attempt.was_killed, bool(attempt.acked), n_acts == total, left.is_torn)
        tally.problems += left.problems
        tally.problems += [attempt.errors] if attempt.errors else []
    tally.problems += _finished(setting, workspace, command, n_acts, acked)
    tally.acked = len(acked)
    tally.signed = 1
    return tally


def _moment(setting: Setting, ahead: int, chance: random.Random) -> tuple[int, float]:
    """Choose when to kill: acknowledgements to wait for, and seconds after them."""
    kind = chance.random()
    if ahead < 2 or kind < WHILE_STARTING:  # nearly all is done, or nothing yet
        return 0, chance.uniform(0.5, 1.3) * setting.start_s
    if kind < WHILE_SEALING:
        return ahead - 1, chance.uniform(0, 1.2) * setting.seal_s
    return chance.randrange(1, ahead), chance.uniform(0, 3) * setting.act_s


def _count(tally: Tally, killed: bool, acked: bool, signed: bool, torn: bool) -> None:
    tally.finished_before += not killed
    tally.kills += killed
    tally.before_first_ack += killed and not acked
    tally.after_signature += killed and signed
    tally.torn += torn


def _finished(
    setting: Setting, workspace: Path, command: Sequence[str], n_acts: int, acked: list[int]
) -> list[str]:
    """Apply what is left undisturbed and return all that is not as it should be."""
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=LONGEST_S)
    if done.returncode or done.stderr:
        return [f"going on ended with {done.returncode}: {done.stderr.strip()}"]
    now = [int(line.removeprefix("ack ")) for line in done.stdout.splitlines()]
    acked += now
    problems = list(left_in(workspace, _journal_key(setting), setting.file, acked).problems)
    if now != list(setting.file.acts)[n_acts:]:
        problems.append(f"going on after {n_acts} acts acknowledged {now}")
    audit = verify_audit(Workspace.open(workspace))
    problems += audit.problems
    reading, signature = _made(workspace, setting.record)
    if reading != setting.reading:
        problems.append("the reading differs from the undisturbed one")
    if signature != setting.signature:
        problems.append("the signature differs from the undisturbed one")
    return problems


def _made(workspace: Path, record: str) -> tuple[object, object]:
    """Return the one signed reading and its signature, without times."""
    ws = Workspace.open(workspace)
    links = [link for link in ws.links(record) if isinstance(link, ReadingLink)]
    signed = ws.reading_keys(record)
    if len(links) != 1 or signed != (links[0].path,):
        return f"{len(links)} links to readings, {len(signed)} signed readings", None
    reading_id = links[0].reading_id
    signature_key = keys.signature_key(record, READER, reading_id)
    return tuple(without_times(json.loads(ws.store.get(k))) for k in (signed[0], signature_key))


def without_times(value: object) -> object:
    """Return parsed JSON without what says when."""
    if isinstance(value, dict):
        return {k: without_times(v) for k, v in value.items() if k not in TIMES}
    return [without_times(v) for v in value] if isinstance(value, list) else value


def _journal_key(setting: Setting) -> str:
    return keys.journal_key(setting.record, READER, keys.reading_id(READER, 1))


def _timed(command: Sequence[str]) -> list[float]:
    """Run a command and return when it began and when each of its lines came."""
    moments = [time.monotonic()]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        with bounded(process):
            moments += (time.monotonic() for _line in process.stdout)
    return moments
