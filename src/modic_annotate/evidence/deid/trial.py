"""The copies a trial's package is made of: from a gathered record to shifted, withheld files."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import groupby

from modic_annotate.domain.images import IdentityMap
from modic_annotate.errors import ProfileRefusedError
from modic_annotate.evidence import document as doc
from modic_annotate.evidence.bag import Files
from modic_annotate.evidence.deid.altering import Altering
from modic_annotate.evidence.deid.copies import altered
from modic_annotate.evidence.deid.document import (
    AlteredFile,
    DeidDocument,
    IncludedText,
    WithheldFile,
    WithheldText,
)
from modic_annotate.evidence.deid.fields import GROUP_WORDS, Group
from modic_annotate.evidence.deid.risks import residual_risks
from modic_annotate.evidence.deid.secret import (
    FEWEST_DAYS,
    MOST_DAYS,
    keyed_digest,
    shift_days,
    shift_key,
)
from modic_annotate.evidence.document import SeriesDocument
from modic_annotate.evidence.gather import Gathered, image_files, record_files
from modic_annotate.store.canonical import canonical_bytes, parse_record, sha256_hex
from modic_annotate.store.images import has_burned_in_text, identity_key

WITHHELD_FILES = {
    doc.FileRole.REVISION: "earlier revision of the screening record",
    doc.FileRole.AUDIT_CHAIN: "audit chain; its head and length stand in the package",
}


@dataclass(frozen=True, slots=True)
class Ticked:
    """Which free text a person leaves in, and who that is."""

    groups: frozenset[Group] = frozenset()
    by: str = ""


@dataclass(frozen=True, slots=True)
class TrialCopy:
    """A record as a trial sees it, and the files it is packaged as."""

    shown: Gathered
    files: dict[str, bytes] = field(repr=False)


def trial_copy(found: Gathered, ticked: Ticked, by: str) -> TrialCopy:
    """Return a record with its dates shifted and its free text withheld.

    Parameters
    ----------
    found
        The record as it lies at the site.
    ticked
        What is left in.
    by
        Who exports, for the audit trail where the site's key is made now.

    Raises
    ------
    ProfileRefusedError
        The images still carry an identity, in headers or pixels.
    ExportError
        The site's key is gone or another; the altered inputs do not give the same determination.
    """
    own_uids = check_images(found)
    key = shift_key(found.ws.store, by)
    altering = Altering(shift_days(key, found.record_id), ticked.groups, own_uids, key)
    originals = record_files(found)
    files, shown = altered(found, originals, altering)
    images = dict(image_files(shown))
    if doc.SERIES in images:
        series = parse_record(SeriesDocument, images[doc.SERIES], doc.SERIES)
        images[doc.SERIES] = canonical_bytes(altering.record(series, doc.SERIES))
    document = _document(shown, originals, files, altering, ticked)
    return TrialCopy(shown, {**files, **images, doc.DEID: canonical_bytes(document)})


def check_images(found: Gathered) -> frozenset[str]:
    """Return the UIDs of the workspace's studies; refuse images that carry an identity."""
    if not found.signed:
        return frozenset()
    index = found.ws.linked_images(found.record_id)
    if index.images != "deidentified":
        raise ProfileRefusedError(
            f"The images of record {found.record_id} were linked with their identity "
            f"({index.images.replace('_', ' ')}), which profile trial does not accept; link the "
            "study to a record without --verbatim or --in-place and have it read there"
        )
    for series_uid in {used.series_uid for one in found.signed for used in one.reading.series}:
        if has_burned_in_text(found.ws, index, series_uid):
            raise ProfileRefusedError(
                f"Series ...{series_uid[-8:]} says that text is burned into its pixels "
                "(0028,0301), which profile trial does not accept; have a copy without such text "
                "linked and read"
            )
    return frozenset({index.study_uid})


def identity_of(found: Gathered) -> IdentityMap | None:
    """Return the site's own map of a record's identity, or None where nothing was linked."""
    key, store = identity_key(found.record_id), found.ws.store
    return parse_record(IdentityMap, store.get(key), key) if store.exists(key) else None


def _document(
    shown: Gathered, originals: Files, files: Files, altering: Altering, ticked: Ticked
) -> DeidDocument:
    identity = identity_of(shown)

    def name_of(original: bytes) -> str:
        return keyed_digest(altering.key or b"", sha256_hex(original))

    return DeidDocument(
        shift_days_from=FEWEST_DAYS,
        shift_days_to=MOST_DAYS,
        files=tuple(
            AlteredFile(
                path=path,
                original_keyed_sha256=name_of(originals.get(path, _criteria(originals))),
                sha256=sha256_hex(content),
            )
            for path, content in sorted(files.items())
        ),
        withheld_files=tuple(_withheld_files(originals, name_of)),
        withheld=tuple(_withheld_texts(altering)),
        included=tuple(
            IncludedText(group=group, words=GROUP_WORDS[group], by=ticked.by)
            for group in Group
            if group in ticked.groups
        ),
        residual_risks=residual_risks(
            shown, ticked.groups, knows_headers=bool(identity and identity.known_words)
        ),
    )


def _criteria(originals: Files) -> bytes:
    """Return the set's bytes at the site, which may lie under another ending."""
    return next(content for path, content in originals.items() if path.startswith(doc.CRITERIA))


def _withheld_files(originals: Files, name_of: Callable[[bytes], str]) -> Iterator[WithheldFile]:
    for path, content in sorted(originals.items()):
        role = doc.role_of(path)
        if role in WITHHELD_FILES:
            yield WithheldFile(
                path=path, original_keyed_sha256=name_of(content), why=WITHHELD_FILES[role]
            )


def _withheld_texts(altering: Altering) -> Iterator[WithheldText]:
    """Yield what was withheld by group and file, places in their order of record."""
    for (group, path), places in groupby(
        sorted(altering.withheld, key=lambda one: one[:2]), key=lambda one: one[:2]
    ):
        yield WithheldText(group=group, path=path, pointers=tuple(p for _, _, p in places))
