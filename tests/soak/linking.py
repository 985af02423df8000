"""Kill processes that link a study while they copy its images."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from modic_annotate.conduct.link import KEY_OF_UIDS, link_study
from modic_annotate.domain.links import StudyLink
from modic_annotate.errors import UnknownRecordError
from modic_annotate.session.session import ReadingSession
from modic_annotate.store.canonical import sha256_hex
from modic_annotate.store.durable import TEMPORARY_PREFIX
from modic_annotate.store.images import identity_key, image_faults
from modic_annotate.store.workspace import Workspace
from tests.soak.killing import Attempt
from tests.soak.rounds import Operation, words
from tests.soak.stages import READER

BY = "coordinator"
HAS_A_STUDY = "has a linked study already; nothing was changed"


class Link(Operation):
    """Links the sample's study of three series to its record."""

    name, share, stage = "link", 3, "recorded"

    @property
    def arguments(self) -> list[str]:
        """``link`` with the sample's study."""
        return words("link", self.root, self.stages.record, self.stages.study, "--by", BY)

    def mark(self) -> None:
        """Note which image folders are there."""
        self._was = entries(self.root / "images")

    def begun(self, said: str) -> bool:
        """When a folder of copies appears, or what a killed link had left is gone."""
        return entries(self.root / "images") != self._was

    def ended(self, said: str) -> bool:
        """When the sentence that tells what was linked is out."""
        return f"Record {self.stages.record}: " in said

    @property
    def is_done(self) -> bool:
        """When the study is linked."""
        return bool(_studies(self.ws, self.stages.record))

    def left(self, attempt: Attempt) -> Iterator[str]:
        """Return what is half linked, or told as linked and is not."""
        names = {name for name, _ in entries(self.root / "images")}
        self.seen["half copies left"] += any(n.startswith(TEMPORARY_PREFIX) for n in names)
        if self.is_done:
            self.seen["links that stood"] += 1
            yield from linked_faults(self.ws, self.stages.record)
            return
        self.seen["images left without a link"] += self.stages.record in names
        if self.ended(attempt.said):
            yield "the study was told as linked and is not"
        with suppress(UnknownRecordError):
            ReadingSession.start(self.ws, self.stages.record, READER).close()
            yield "a reading begins on images that no link stands for"

    def finished(self) -> Iterator[str]:
        """Link again, and compare all bytes with an undisturbed link under the same key."""
        stood = self.is_done
        done = self.again()
        if stood and HAS_A_STUDY not in done.errors:
            yield f"linking again was not refused as linked: {done.errors or done.said}"
        if not stood and not self.is_whole(done):
            yield f"linking again ended with: {done.errors or done.said}"
        yield from linked_faults(self.ws, self.stages.record)
        names = [name for name, _ in entries(self.root / "images")]
        if names != [self.stages.record]:
            yield f"images/ holds {names} at the end"
        if linked_bytes(self.ws, self.stages.record) != self._undisturbed():
            yield "what was linked differs from an undisturbed link"

    def _undisturbed(self) -> dict[str, object]:
        """Link without a kill under the same secret key, so that UIDs come out the same."""
        ws = self.stages.copy(self.stage, self.folder / "plain")
        key = ws.store.path(KEY_OF_UIDS)
        key.parent.mkdir(exist_ok=True)
        shutil.copy(self.root / KEY_OF_UIDS, key)
        link_study(ws, self.stages.record, [self.stages.study], by=BY)
        return linked_bytes(ws, self.stages.record)


def entries(folder: Path) -> set[tuple[str, int]]:
    """Return what is in a folder by name and inode; nothing where there is none."""
    try:
        return {(path.name, path.stat().st_ino) for path in folder.iterdir()}
    except FileNotFoundError:  # not made yet, or renamed while it was looked at
        return set()


def linked_faults(ws: Workspace, record: str) -> Iterator[str]:
    """Return what is wrong with a linked study: images missing, half, or others than indexed."""
    yield from image_faults(ws, record)
    n_files = len(list(ws.image_folder(record).rglob("*.dcm")))
    told = [link.n_instances for link in _studies(ws, record)]
    if told != [n_files]:
        yield f"the links tell of {told} images, {n_files} are there"


def linked_bytes(ws: Workspace, record: str) -> dict[str, object]:
    """Return the hash of every image, of index and identity map, and the link without its time."""
    folder = ws.image_folder(record)
    files = [*folder.rglob("*"), ws.store.path(identity_key(record))]
    hashes: dict[str, object] = {
        path.relative_to(ws.root).as_posix(): sha256_hex(path.read_bytes())
        for path in files
        if path.is_file()
    }
    links = [link.model_dump(mode="json", exclude={"at"}) for link in _studies(ws, record)]
    return {**hashes, "links": links}


def _studies(ws: Workspace, record: str) -> list[StudyLink]:
    return [link for link in ws.links(record) if isinstance(link, StudyLink)]
