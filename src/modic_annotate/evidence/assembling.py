"""The files of a bag, from a gathered record or the copies that stand for it; no clock, no disk."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence

from modic_annotate.evidence import document as doc
from modic_annotate.evidence.bag import Files, hashes_of, make_bag
from modic_annotate.evidence.contents import Contents
from modic_annotate.evidence.document import (
    PackagedFile,
    PackageDocument,
    PackageInput,
    Profile,
    role_of,
)
from modic_annotate.evidence.formats.registry import Format, plan_of
from modic_annotate.evidence.gather import Gathered, image_files, record_files
from modic_annotate.evidence.renderings import renderings
from modic_annotate.session.software import software
from modic_annotate.store.canonical import canonical_bytes

NOT_INCLUDED = (
    "the images themselves (named by UID and pixel hash)",
    "attached reports and notes",
    "import files the record was made from",
    "the map from this workspace's UIDs to the hospital's",
    "journals of the readings (their heads stand in the readings)",
)
"""What the site keeps to itself in every profile."""

NOT_IN_TRIAL = (
    "the audit chain (its length and, keyed, its head stand here)",
    "earlier revisions of the screening record",
    "free text that nobody ticked, and readers' names; listed in deid.json",
)
"""What a trial's package lacks besides."""


def assemble(
    found: Gathered,
    profile: Profile,
    formats: Sequence[Format] = (),
    copies: Files | None = None,
) -> dict[str, bytes]:
    """Return every file of the bag; pure but for reading the images.

    Parameters
    ----------
    found
        The record.
    profile
        Who the package is for.
    formats
        What it is also written in, beside the records themselves.
    copies
        The files of records and images, where not those of the site are packaged.
    """
    files = dict(copies or {**record_files(found), **image_files(found)})
    plan = plan_of(formats, Contents(files))
    document = _document(found, profile, files, plan)
    document = document.replace(formats=tuple(one.packaged for one in formats))
    files[doc.PACKAGE] = canonical_bytes(document)
    contents = Contents(files)
    files = {**files, **renderings(contents)}
    files |= {path: make() for path, make in plan_of(formats, contents).items()}
    return make_bag(files, *document.bag_labels)


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
        audit=found.head,
        synthetic=found.screening.synthetic,
        scripted=any(one.is_scripted for one in found.signed),
        not_included=tuple(_not_included(found, profile)),
    )


def _not_included(found: Gathered, profile: Profile) -> Iterator[str]:
    yield from NOT_INCLUDED
    if profile == Profile.TRIAL:
        yield from NOT_IN_TRIAL
    if found.standing.lapsed:
        yield found.standing.lapsed.words


def _inputs(found: Gathered, files: Files) -> tuple[PackageInput, ...]:
    hashes = hashes_of(files)
    readings = {
        f"reading:{name}": f"{doc.READINGS}{name}.json" for name in found.determination.readings
    }
    resolved = {
        f"resolution:{r.resolution_id}": f"{doc.RESOLUTIONS}{r.resolution_id}.json"
        for r in found.resolutions
    }
    name = found.report.attachment_id if found.report else ""
    reported = {f"transcription:{name}": doc.transcription_path(name)} if name else {}
    places = {
        "screening": doc.SCREENING,
        "criteria": found.criteria.path,
        **readings,
        **resolved,
        **reported,
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
