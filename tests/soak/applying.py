"""Kill processes that apply acts, and those that sign."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path

from modic_annotate.domain.links import ReadingLink
from modic_annotate.session import keys
from modic_annotate.session.apply import ActsFile
from modic_annotate.store.audit import read_chain
from tests.soak.killing import Attempt, Left, acknowledged, left_in
from tests.soak.pace import WHILE_AT_WORK, WHILE_STARTING, Moment, any_moment
from tests.soak.rounds import Operation, words
from tests.soak.stages import READER, Stages
from tests.soak.starting import Start

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

ANCHORED = "reading.signed"


class Apply(Operation):
    """Applies the acts of a whole reading, signature included."""

    name, share, stage = "apply", 3, "linked"

    def __init__(self, stages: Stages, folder: Path, start: Start) -> None:
        super().__init__(stages, folder, start)
        self._wanted = self._made()

    def begin(self, folder: Path) -> None:
        """Take a fresh workspace."""
        super().begin(folder)
        self.acked: list[int] = []
        self.n_acts = self._left().n_acts
        self.n_given = self.n_acts

    @property
    def file(self) -> ActsFile:
        """What is applied."""
        return self.stages.file

    @property
    def total(self) -> int:
        """How many acts there are."""
        return len(self.file.acts)

    @property
    def arguments(self) -> list[str]:
        """``apply`` with the sample's acts."""
        given = ("--reader", READER, "--acts", self.file.path)
        return words("apply", self.root, self.stages.record, *given)

    @property
    def expected_s(self) -> float:
        """Less the more is applied already."""
        ahead = (self.total - self.n_acts) / (self.total - self.n_given)
        return self.pace.start_s + self.pace.work_s * ahead + self.pace.end_s

    def mark(self) -> None:
        """Nothing to note: acknowledgements are counted."""

    def begun(self, said: str) -> bool:
        """At the first acknowledgement."""
        return acknowledged(1)(said)

    def ended(self, said: str) -> bool:
        """At the acknowledgement of the signature."""
        return f"ack {list(self.file.acts)[-1]}\n" in said

    def moment(self, chance: random.Random) -> Moment:
        """Choose any of the acts ahead, and a moment behind it."""
        kind, ahead = chance.random(), self.total - self.n_acts
        at_work = WHILE_STARTING <= kind < WHILE_STARTING + WHILE_AT_WORK
        if not at_work or ahead < 2:
            return any_moment(self.pace, chance, self.begun, self.ended)
        act_s = self.pace.work_s / self.total
        return Moment(acknowledged(chance.randrange(1, ahead)), chance.uniform(0, 3) * act_s)

    def left(self, attempt: Attempt) -> Iterator[str]:
        """Return what was acknowledged and is not in the journal."""
        self.acked += attempt.acked
        self.seen["acts acknowledged"] += len(attempt.acked)
        left = self._left()
        self.n_acts = left.n_acts
        self.seen["lines torn"] += left.is_torn
        yield from left.problems
        if self.ended(attempt.said) and not self.is_sealed:
            yield "the signature was acknowledged, and the reading is not sealed"

    @property
    def is_done(self) -> bool:
        """When the signature is in the journal."""
        return self.n_acts == self.total

    def finished(self) -> Iterator[str]:
        """Apply what is left and compare reading and signature with the undisturbed."""
        before, done = self.n_acts, self.again()
        if done.errors:
            yield f"going on ended with: {done.errors}"
        yield from self.left(done)
        if list(done.acked) != list(self.file.acts)[before:]:
            yield f"going on after {before} acts acknowledged {done.acked}"
        if not self.is_sealed:
            yield "the reading is not sealed at the end"
        made = self._made()
        yield from (
            f"the {what} differs from the undisturbed one"
            for what, one, other in zip(("reading", "signature"), made, self._wanted, strict=True)
            if one != other
        )

    def is_whole(self, done: Attempt) -> bool:
        """Whether all acts were ahead."""
        return super().is_whole(done) and len(done.acked) == self.total - self.n_given

    @property
    def is_sealed(self) -> bool:
        """Whether a signed reading is linked, and noted in the workspace's chain."""
        ws = self.ws
        links = [link for link in ws.links(self.stages.record) if isinstance(link, ReadingLink)]
        events = [entry.event for entry in read_chain(ws.store, None).entries if entry]
        return len(links) == 1 and events.count(ANCHORED) == 1

    def _left(self) -> Left:
        key = keys.journal_key(self.stages.record, READER, keys.reading_id(READER, 1))
        return left_in(self.root, key, self.file, self.acked)

    def _made(self) -> tuple[object, object]:
        """Return the one signed reading and its signature, without times."""
        ws, record = self.ws, self.stages.record
        signed = ws.reading_keys(record)
        if len(signed) != 1:
            return f"{len(signed)} signed readings", None
        signature = keys.signature_key(record, READER, keys.reading_id(READER, 1))
        reading, signed_by = (
            without_times(json.loads(ws.store.get(key))) for key in (signed[0], signature)
        )
        return reading, signed_by


class Sign(Apply):
    """Applies the last act, the signature, and seals the reading."""

    name, share, stage = "sign", 2, "read"

    def mark(self) -> None:
        """Note how far signing and sealing are."""
        self._was = self._trace()

    def begun(self, said: str) -> bool:
        """When the signature is in the journal, or more of the sealing is done than before."""
        return self._trace() != self._was

    def ended(self, said: str) -> bool:
        """At the acknowledgement; a process that only finishes the sealing gives none."""
        acked = super().ended(said)
        return acked or (self.n_acts == self.total and self._trace() != self._was and self.is_done)

    def moment(self, chance: random.Random) -> Moment:
        """Choose any moment of signing and sealing."""
        return any_moment(self.pace, chance, self.begun, self.ended)

    @property
    def is_done(self) -> bool:
        """When the reading is sealed."""
        return self.n_acts == self.total and self.is_sealed

    def left(self, attempt: Attempt) -> Iterator[str]:
        """Return what was lost, and count what was cut off."""
        yield from super().left(attempt)
        self.seen["sealings cut off"] += self.n_acts == self.total and not self.is_sealed

    def _trace(self) -> frozenset[tuple[str, int]]:
        folders = (keys.folder(self.stages.record, READER), "links", "audit")
        files = (p for folder in folders for p in (self.root / folder).iterdir())
        return frozenset((p.name, p.stat().st_size) for p in files if not p.name.startswith("."))


def without_times(value: object) -> object:
    """Return parsed JSON without what says when."""
    if isinstance(value, dict):
        return {k: without_times(v) for k, v in value.items() if k not in TIMES}
    return [without_times(v) for v in value] if isinstance(value, list) else value
