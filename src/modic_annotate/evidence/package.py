"""From a record of a workspace to an evidence package: assemble, then write.

The package holds no clock: two exports of one content are the same bytes. That an export took
place stands in the workspace's audit chain alone.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TypedDict, Unpack

from pydantic import JsonValue

from modic_annotate.domain.reading import Purpose
from modic_annotate.eligibility import CriteriaSet
from modic_annotate.errors import ExportError, ProfileRefusedError, RecordError
from modic_annotate.evidence import document as doc
from modic_annotate.evidence.bag import BAGIT, Files, hashes_of, make_bag, root_digest
from modic_annotate.evidence.bag_write import is_taken, write_folder, write_zip
from modic_annotate.evidence.contents import Contents
from modic_annotate.evidence.criteria_file import site_criteria
from modic_annotate.evidence.document import (
    PackagedFile,
    PackageDocument,
    PackageInput,
    Profile,
    role_of,
)
from modic_annotate.evidence.formats.registry import Format, chosen, plan_of
from modic_annotate.evidence.gather import Gathered, gather, image_files, record_files
from modic_annotate.evidence.renderings import renderings
from modic_annotate.session.software import software
from modic_annotate.store.audit import anchor_heads, append_event
from modic_annotate.store.canonical import canonical_bytes
from modic_annotate.store.workspace import Workspace

EXPORTED = "evidence.exported"
NOT_EXPORTED = "evidence.not_written"
"""Of the export announced before it, nothing was left; the disk refused it."""

NOT_STATED = "not-stated"

NOT_INCLUDED = (
    "the images themselves (named by UID and pixel hash)",
    "attached reports and notes",
    "import files the record was made from",
    "the map from this workspace's UIDs to the hospital's",
    "journals of the readings (their heads stand in the readings)",
)
"""What the site keeps to itself in the internal profile."""


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


@dataclass(frozen=True, slots=True)
class PackageResult:
    """A written package: where it lies, and the digest that stands for all of it."""

    path: Path
    root_sha256: str
    n_files: int
    profile: Profile


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
    profile = _profile(options.get("profile", Profile.INTERNAL))
    prepared = prepare(ws, record_id, criteria, as_of, profile, options.get("formats", ()))
    return publish(prepared, out, **options)


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


def prepare(
    ws: Workspace,
    record_id: str,
    criteria: str | Path | CriteriaSet,
    as_of: date,
    profile: Profile,
    formats: Sequence[str] = (),
) -> Prepared:
    """Assemble a package without writing anything; raises as `write_evidence` does."""
    found = gather(ws, record_id, site_criteria(ws, criteria), as_of)
    _check_profile(profile, found)
    return Prepared(found, assemble(found, profile, chosen(profile, formats)), profile)


def publish(prepared: Prepared, out: Path, **options: Unpack[ExportOptions]) -> PackageResult:
    """Write an assembled package; raises as `write_evidence` does."""
    found, bag = prepared.found, prepared.bag
    zipped = options.get("zip_it", False)
    name = f"{found.record_id}-{found.criteria.criteria.id}-{found.as_of}"
    target = _target(out, name, zipped=zipped)
    result = PackageResult(target, prepared.root_sha256, len(bag), prepared.profile)
    _publish(found, bag, result, options.get("by", NOT_STATED), name if zipped else None)
    return result


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


def assemble(found: Gathered, profile: Profile, formats: Sequence[Format] = ()) -> dict[str, bytes]:
    """Return every file of the bag; pure but for reading the images.

    Parameters
    ----------
    found
        The record.
    profile
        Who the package is for.
    formats
        What it is also written in, beside the records themselves.
    """
    files = {**record_files(found), **image_files(found)}
    plan = plan_of(formats, Contents(files))
    document = _document(found, profile, files, plan)
    document = document.replace(formats=tuple(one.packaged for one in formats))
    files[doc.PACKAGE] = canonical_bytes(document)
    contents = Contents(files)
    files = {**files, **renderings(contents)}
    files |= {path: make() for path, make in plan_of(formats, contents).items()}
    version = software().version
    criteria = found.criteria.criteria
    identifier = "/".join(
        (found.screening.trial_id, found.record_id, criteria.id, found.as_of.isoformat())
    )
    return make_bag(files, f"modic-annotate {version}", found.as_of, identifier)


def _document(
    found: Gathered, profile: Profile, files: Files, planned: Iterable[str]
) -> PackageDocument:
    paths = sorted({*files, *doc.RENDERINGS, *planned})
    criteria = found.criteria.criteria
    return PackageDocument(
        tool=software(),
        profile=profile,
        trial_id=found.screening.trial_id,
        record_id=found.record_id,
        revision=found.screening.revision,
        as_of=found.as_of,
        criteria_id=criteria.id,
        criteria_version=criteria.version,
        semantics=found.determination.semantics,
        schemas=_schemas(files),
        inputs=_inputs(found, files),
        files=tuple(PackagedFile(path=p, role=role) for p in paths if (role := role_of(p))),
        record_states=found.states,
        audit=found.chain.head,
        synthetic=found.screening.synthetic,
        scripted=any(one.is_scripted for one in found.signed),
        not_included=NOT_INCLUDED,
    )


def _inputs(found: Gathered, files: Files) -> tuple[PackageInput, ...]:
    hashes = hashes_of(files)
    readings = {
        f"reading:{name}": f"{doc.READINGS}{name}.json" for name in found.determination.readings
    }
    resolved = {
        f"resolution:{r.resolution_id}": f"{doc.RESOLUTIONS}{r.resolution_id}.json"
        for r in found.resolutions
    }
    places = {
        "screening": doc.SCREENING,
        "criteria": found.criteria.path,
        **readings,
        **resolved,
    }
    return tuple(
        PackageInput(document=name, path=path, sha256=hashes[path]) for name, path in places.items()
    )


def _schemas(files: Files) -> tuple[str, ...]:
    found = {
        json.loads(content).get("schema")
        for path, content in files.items()
        if path.endswith(".json")
    }
    return tuple(sorted(name for name in found if name))


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
    if profile == Profile.TRIAL:
        raise ExportError(
            f"Profile {profile.value} is not available in this version; "
            "export with --profile internal"
        )
