"""Tie an MRI study to a screening record, after comparing whose they are."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from modic_annotate.conduct import relink
from modic_annotate.conduct.deidentify import Deidentifier, UidMap, known_words
from modic_annotate.conduct.indexing import Mode
from modic_annotate.conduct.intake import Intake, Staged
from modic_annotate.conduct.matching import ShownIdentity, check_identity, in_words
from modic_annotate.conduct.medium import Medium, scanned_study
from modic_annotate.domain.base import utc_now
from modic_annotate.domain.images import IdentityMap, ImageIndex
from modic_annotate.domain.links import IdentityCheck, StudyLink
from modic_annotate.domain.series import SeriesRole
from modic_annotate.errors import RecordError, RecordMismatchError
from modic_annotate.imaging.sources.dicomdir import INCOMPLETE
from modic_annotate.store.canonical import canonical_bytes, sha256_hex
from modic_annotate.store.durable import TEMPORARY_PREFIX, sync_folder
from modic_annotate.store.images import KEY_OF_UIDS, identity_key
from modic_annotate.store.workspace import Workspace

LOCK_TIMEOUT_S = 5.0

_HOW = {
    "deidentified": "copied without identity",
    "verbatim": "copied with their identity",
    "in_place": "left where they are",
}


@dataclass(frozen=True)
class LinkReport:
    """What was linked, and what a person should know of it."""

    record_id: str
    link: StudyLink
    index: ImageIndex
    identity: ShownIdentity = field(repr=False)
    left_out: tuple[str, ...]
    n_refused_files: int
    lacks_files: bool
    """Whether a DICOMDIR names files that are not there."""

    @property
    def check(self) -> IdentityCheck:
        """What was compared, and the result."""
        return self.link.check

    @property
    def message(self) -> str:
        """The result in one paragraph, without anybody's identity."""
        filled = [r for r in SeriesRole if r != SeriesRole.OTHER and self.index.in_role(r)]
        parts = [
            f"Record {self.record_id}: {self.link.n_series} series, {self.link.n_instances} images "
            f"{_HOW[self.link.images]}",
            in_words(self.check),
            f"found {', '.join(filled) or 'no series for any slot'}",
            *(f"left out {reason}" for reason in self.left_out),
            *(
                f"series ...{s.series_uid[-8:]} is blocked: {s.problems[0]}"
                for s in self.index.blocked
            ),
            *(
                f"about {s.used.role}: {doubt}"
                for s in self.index.series
                for doubt in s.used.doubts
            ),
        ]
        if self.n_refused_files:
            parts.append(f"{self.n_refused_files} other files were left out (scan says why)")
        if self.lacks_files:
            parts.append("the index of the medium names files that are not there")
        return "; ".join(parts)


def link_study(
    ws: Workspace,
    record_id: str,
    paths: Sequence[Path] | Medium,
    by: str,
    reason: str | None = None,
    mode: Mode = "deidentified",
) -> LinkReport:
    """Compare an MRI study with a record, bring its images in and link the two.

    Parameters
    ----------
    ws
        The workspace.
    record_id
        The screening record; its latest revision is compared.
    paths
        Files and folders with one study of one patient, or a `Medium` of which one is meant.
    by
        Who compares, by id.
    reason
        Why a contradiction is accepted; not needed where nothing contradicts.
    mode
        ``deidentified`` copies without identity, ``verbatim`` copies as it is, ``in_place``
        copies nothing and reads from `paths` later.

    Raises
    ------
    NothingReadableError
        There is no MR series, or none that can be brought in.
    RecordMismatchError
        Several studies or patients, a contradiction without reason, or a study that another
        record has; nothing is linked.
    AlreadyExistsError
        The record has a study already, and no reader has returned it to the site; or these are
        the images that were returned.
    RecordError
        The images could not be copied whole; nothing is linked.
    """
    with ws.store.lock("link", LOCK_TIMEOUT_S):
        record, _ = ws.screening(record_id)
        catalogue, study = scanned_study(paths)
        check = check_identity(record, study, by, reason)
        uids = UidMap(_key(ws))
        _check_elsewhere(ws, record.record_id, study[0].study_uid, uids)
        before = relink.returned_images(ws, record.record_id)
        deidentifier = Deidentifier(record.record_id, uids, study[0].patient)
        with Intake(ws, mode, deidentifier).staged(study) as staged:
            relink.check_other(before, staged.index)
            link = _take_over(ws, staged, deidentifier, check)
    return LinkReport(
        record_id=record.record_id,
        link=link,
        index=staged.index,
        identity=ShownIdentity(study),
        left_out=staged.left_out,
        n_refused_files=len(catalogue.refused),
        lacks_files=any(refused.code == INCOMPLETE for refused in catalogue.refused),
    )


def _key(ws: Workspace) -> bytes:
    """Return the workspace's secret key of UIDs, made at the first link."""
    if not ws.store.exists(KEY_OF_UIDS):
        ws.store.put_new(KEY_OF_UIDS, f"{secrets.token_hex(32)}\n".encode())
    return bytes.fromhex(ws.store.get(KEY_OF_UIDS).decode().strip())


def _check_elsewhere(ws: Workspace, record_id: str, source_uid: str, uids: UidMap) -> None:
    """Refuse a study that another record has."""
    either = {source_uid, uids.new(source_uid)}
    for other in ws.record_ids():
        studies = [link for link in ws.links(other) if isinstance(link, StudyLink)]
        if other != record_id and any(link.study_uid in either for link in studies):
            raise RecordMismatchError(
                f"Study ...{source_uid[-8:]} is linked to record {other} already; one study "
                "belongs to one record; check which is right; nothing was linked"
            )


def _take_over(
    ws: Workspace, staged: Staged, deidentifier: Deidentifier, check: IdentityCheck
) -> StudyLink:
    """Give staged images to their record: identity map, folder, link, in this order."""
    index = staged.index
    record_id = index.record_id
    is_new, in_place = index.images == "deidentified", index.images == "in_place"
    identity = IdentityMap(
        record_id=record_id,
        source_uids=deidentifier.uids.source_of if is_new else {},
        known_words=known_words(deidentifier.identity_words, _key(ws)),
        source_files={
            hint: str(path.resolve())
            for hint, path in staged.source_of.items()
            if in_place and isinstance(path, Path)
        },
    )
    link = _link_of(index, check)
    ws.store.replace(identity_key(record_id), canonical_bytes(identity))
    aside = _publish(ws, staged.folder, record_id)
    try:
        ws.add_link(record_id, link)
    except RecordError:
        if link not in ws.links(record_id):
            shutil.rmtree(ws.image_folder(record_id), ignore_errors=True)
            if aside is not None:
                aside.rename(ws.image_folder(record_id))
        raise
    if aside is not None:
        shutil.rmtree(aside, ignore_errors=True)
    return link


def _link_of(index: ImageIndex, check: IdentityCheck) -> StudyLink:
    stacks = [
        *((s.used.series_uid, s.used.instances) for s in index.series),
        *((s.series_uid, s.instances) for s in index.blocked),
    ]
    return StudyLink(
        study_uid=index.study_uid,
        at=utc_now(),
        by=check.checked_by,
        images=index.images,
        n_series=len({uid for uid, _ in stacks}),
        n_instances=sum(len(instances) for _, instances in stacks),
        index_sha256=sha256_hex(canonical_bytes(index)),
        check=check,
    )


def _publish(ws: Workspace, staged: Path, record_id: str) -> Path | None:
    """Put staged images in their place; return where those that lay there before are now."""
    final, aside = ws.image_folder(record_id), None
    if final.exists():  # returned to the site, or left by a link that never came about
        aside = final.with_name(f"{TEMPORARY_PREFIX}{secrets.token_hex(8)}")
        final.rename(aside)
    staged.rename(final)
    sync_folder(final.parent)
    return aside
