"""From a record of a workspace to an evidence package: assemble, then write.

The package holds no clock: two exports of one content are the same bytes. That an export took
place stands in the workspace's audit chain alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TypedDict, Unpack

from pydantic import JsonValue

from modic_annotate.domain.reading import Purpose
from modic_annotate.eligibility import CriteriaSet
from modic_annotate.errors import AlreadyExistsError, ExportError, ProfileRefusedError, RecordError
from modic_annotate.evidence.assembling import assemble
from modic_annotate.evidence.bag import BAGIT, root_digest
from modic_annotate.evidence.bag_write import is_taken, write_beside, write_folder, write_zip
from modic_annotate.evidence.contents import Contents
from modic_annotate.evidence.criteria_file import site_criteria
from modic_annotate.evidence.deid.fields import TICKABLE, Group
from modic_annotate.evidence.deid.trial import Ticked, trial_copy
from modic_annotate.evidence.document import Profile
from modic_annotate.evidence.formats.registry import chosen
from modic_annotate.evidence.gather import Gathered, gather
from modic_annotate.evidence.lint.known import known_identity
from modic_annotate.evidence.lint.package import refuse_identity
from modic_annotate.evidence.signing import SIGNATURE_SUFFIX, SigningKey, root_signature
from modic_annotate.evidence.standing import Lapsed
from modic_annotate.store.audit import anchor_heads, append_event
from modic_annotate.store.workspace import Workspace

EXPORTED = "evidence.exported"
NOT_EXPORTED = "evidence.not_written"
"""Of the export announced before it, nothing was left; the disk refused it."""

NOT_STATED = "not-stated"


class ExportOptions(TypedDict, total=False):
    """How a package is written, where it differs from the usual."""

    profile: str
    """Who it is for: ``internal`` (the default), ``trial`` or ``payer``."""

    zip_it: bool
    """Write one zip file instead of a folder."""

    formats: tuple[str, ...]
    """Formats beside those of the profile; see ``formats.registry``."""

    by: str
    """Id of who exports, as claimed, for the audit chain."""

    include: tuple[str, ...]
    """Trial: groups of free text that are left in (``deid.fields``); needs `by`."""

    identity: tuple[str, ...]
    """Trial: words of the person's identity, searched for in the package and never stored."""

    sign_key: SigningKey | None
    """What signs the root digest, in a file beside the package."""


@dataclass(frozen=True, slots=True)
class PackageResult:
    """A written package: where it lies, and the digest that stands for all of it."""

    path: Path
    root_sha256: str
    n_files: int
    profile: Profile
    signature: Path | None = None
    """The detached signature of the root digest, beside the package."""

    lapsed: Lapsed | None = None
    """The signature over the determination that is left out, as it covers what was changed."""


def write_evidence(
    ws: Workspace,
    record_id: str,
    criteria: str | Path | CriteriaSet,
    as_of: date,
    out: Path,
    **options: Unpack[ExportOptions],
) -> PackageResult:
    """Write everything needed to re-judge one record under one criteria set.

    Parameters
    ----------
    ws
        The workspace.
    record_id
        The screening record.
    criteria
        A shipped set's id, a set's file, or a set.
    as_of
        The day to judge by.
    out
        The package itself: a folder that does not exist yet (or is empty), or the zip's name.
        In a folder that holds other things the package is named by record, set and day.
    **options
        See `ExportOptions`.

    Raises
    ------
    ProfileRefusedError
        The profile does not accept what the record holds, e.g. a scripted signature.
    AlreadyExistsError
        `out` is taken; packages are never overwritten.
    ExportError
        The images are not those that were read, or the disk refused the package.
    """
    return publish(prepare(ws, record_id, criteria, as_of, **options), out, **options)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A package that is assembled and not written yet."""

    found: Gathered
    bag: dict[str, bytes]
    profile: Profile

    @property
    def contents(self) -> Contents:
        """What its files say."""
        return Contents(self.bag)

    @property
    def root_sha256(self) -> str:
        """The digest that stands for all of it."""
        return root_digest(self.bag)

    @property
    def name(self) -> str:
        """What the package is called where nobody named it; with the day it states itself."""
        told = self.contents.document
        return f"{told.record_id}-{told.criteria_id}-{told.as_of}"


def prepare(
    ws: Workspace,
    record_id: str,
    criteria: str | Path | CriteriaSet,
    as_of: date,
    **options: Unpack[ExportOptions],
) -> Prepared:
    """Assemble a package without writing anything; raises as `write_evidence` does.

    For a trial the site's key of dates is made the first time, and announced in the audit trail.
    """
    profile = _profile(options.get("profile", Profile.INTERNAL))
    formats = chosen(profile, options.get("formats", ()))
    ticked = _ticked(profile, options.get("include", ()), options.get("by", NOT_STATED))
    found = gather(ws, record_id, site_criteria(ws, criteria), as_of)
    _check_profile(profile, found)
    if profile != Profile.TRIAL:
        return Prepared(found, assemble(found, profile, formats), profile)
    copy = trial_copy(found, ticked, options.get("by", NOT_STATED))
    known = known_identity(found, options.get("identity", ()))
    refuse_identity(copy.files, known)  # before the slower rest is made of them
    prepared = Prepared(found, assemble(copy.shown, profile, formats, copy.files), profile)
    refuse_identity(prepared.bag, known)
    return prepared


def publish(prepared: Prepared, out: Path, **options: Unpack[ExportOptions]) -> PackageResult:
    """Write an assembled package; raises as `write_evidence` does."""
    found, bag = prepared.found, prepared.bag
    zipped = options.get("zip_it", False)
    target = _target(out, prepared.name, zipped=zipped)
    result = PackageResult(
        target,
        prepared.root_sha256,
        len(bag),
        prepared.profile,
        lapsed=found.standing.lapsed,
    )
    key = options.get("sign_key")
    beside = target.with_name(target.name + SIGNATURE_SUFFIX)
    if key is not None and is_taken(beside):
        raise AlreadyExistsError(f"{beside} is taken; signatures are never overwritten")
    top = prepared.name if zipped else None
    _publish(found, bag, result, options.get("by", NOT_STATED), top)
    if key is None:
        return result
    write_beside(beside, root_signature(result.root_sha256, key))
    return replace(result, signature=beside)


def _publish(
    found: Gathered, bag: dict[str, bytes], result: PackageResult, by: str, zip_top: str | None
) -> None:
    """Announce the package in the audit trail, then let it appear.

    In that order, so that no package goes unrecorded. A zip's inner folder has the content's own
    name: equal content gives equal bytes, whatever the zip is called.
    """
    store = found.ws.store
    facts: dict[str, JsonValue] = {
        "profile": result.profile.value,
        "criteria": found.criteria.criteria.id,
        "as_of": found.as_of.isoformat(),
        "root_sha256": result.root_sha256,
    }

    def announce() -> None:
        anchor_heads(store, [found.record_id], EXPORTED, by, **facts)

    try:
        if zip_top is None:
            write_folder(bag, result.path, announce)
        else:
            write_zip(bag, result.path, announce, top=zip_top)
    except ExportError:
        with suppress(RecordError, ExportError):
            if not is_taken(result.path):
                append_event(store, None, NOT_EXPORTED, by, **facts)
        raise


def _target(out: Path, name: str, *, zipped: bool) -> Path:
    """Return where the package goes: `out`, or `name` in it where it holds other things."""
    try:
        is_folder = out.is_dir()
        holds_others = is_folder and any(out.iterdir()) and not (out / BAGIT).exists()
    except OSError as error:
        raise ExportError(f"{out} cannot be looked into ({error.strerror})") from error
    target = out / name if holds_others or (zipped and is_folder) else out
    return target.with_name(f"{target.name}.zip") if zipped and target.suffix != ".zip" else target


def _profile(name: str) -> Profile:
    try:
        return Profile(name)
    except ValueError:
        known = ", ".join(Profile)
        raise ExportError(f"There is no export profile {name!r}; there are {known}") from None


def _check_profile(profile: Profile, found: Gathered) -> None:
    practice = [o.reading.reading_id for o in found.signed if o.reading.purpose == Purpose.TRAINING]
    if practice:
        raise ProfileRefusedError(
            f"Reading {practice[0]} was made for practice and is no evidence; "
            "link the study to a record of a trial and have it read there"
        )
    if profile == Profile.INTERNAL:
        return
    scripted = [one.reading.reading_id for one in found.signed if one.is_scripted]
    if scripted:
        raise ProfileRefusedError(
            f"Profile {profile.value} accepts no scripted-demo signature "
            f"({', '.join(scripted)}); have the images read and signed by a person"
        )


def _ticked(profile: Profile, groups: Sequence[str], by: str) -> Ticked:
    if groups and profile != Profile.TRIAL:
        raise ExportError(f"Profile {profile.value} leaves no text out; --include is for trial")
    unknown = sorted({*groups} - {*TICKABLE})
    if unknown:
        known = ", ".join(TICKABLE)
        raise ExportError(f"There is no group of text {', '.join(unknown)}; there are {known}")
    if groups and by == NOT_STATED:
        raise ExportError("Text is left in by a person: say who ticks it, with --by ID")
    return Ticked(frozenset(map(Group, groups)), by)
