"""Record, revisions, readings and images point at each other, as the audit recorded."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from modic_annotate.domain.links import ReadingLink
from modic_annotate.evidence import document as doc
from modic_annotate.evidence.contents import Contents
from modic_annotate.evidence.signed import SignedReading
from modic_annotate.store import revisions
from modic_annotate.store.audited_files import vouched
from modic_annotate.store.canonical import sha256_hex

Links = Mapping[str, ReadingLink]
"""Links to readings by reading id."""


def link_problems(contents: Contents) -> Iterator[str]:
    """Record, revisions, readings and images point at each other by hash, as the audit recorded."""
    links = {one.reading_id: one for one in contents.links if isinstance(one, ReadingLink)}
    for reading_id in sorted(links.keys() - {one.reading.reading_id for one in contents.signed}):
        yield f"{doc.LINKS}: reading {reading_id} is linked, yet it is not in the package"
    names = Counter(one.reading.reading_id for one in contents.signed)
    yield from (f"{doc.READINGS}: {name} stands {n} times" for name, n in names.items() if n > 1)
    for one in contents.signed:
        yield from _reading_problems(contents, one, links)
        yield from _record_problems(contents, one)
    if contents.deid is None:  # a trial's package holds neither earlier revisions nor the chain
        yield from _revision_problems(contents)
        yield from _audited_problems(contents, links)
    yield from _input_problems(contents)


def _reading_problems(contents: Contents, one: SignedReading, links: Links) -> Iterator[str]:
    stem = f"{doc.READINGS}{one.reading.reading_id}"
    name = f"{stem}.json"
    link = links.get(one.reading.reading_id)
    if link is None:
        yield f"{name}: no link of the record names it"
        return
    if link.sha256 != contents.original_name(name):
        yield f"{name}: not the bytes the record's link names"
    if link.signature_sha256 != contents.original_name(f"{stem}{doc.SIGNATURE_SUFFIX}"):
        yield f"{name}: its signature is not the one the record's link names"


def _record_problems(contents: Contents, one: SignedReading) -> Iterator[str]:
    """Compare the record revision and the images a reading names with the packaged ones."""
    name, reading = f"{doc.READINGS}{one.reading.reading_id}.json", one.reading
    told, screening = reading.screening, contents.screening
    if (told.trial_id, told.record_id) != (screening.trial_id, screening.record_id):
        yield f"{name}: it is of another record"
    is_present = told.revision == screening.revision
    path = doc.SCREENING if is_present else f"{doc.REVISIONS}r{told.revision}.json"
    if told.sha256 != contents.original_name(path):
        yield f"{name}: revision {told.revision} of the record is not the one it was read for"
    for series in reading.series:
        known = contents.stack(series.series_uid, series.stack)
        if known is None or (known.instances, known.grid) != (series.instances, series.grid):
            yield f"{name}: series {series.series_uid} is not as {doc.SERIES} has it"


def _revision_problems(contents: Contents) -> Iterator[str]:
    """Yield revisions that do not name the hash of the one before them."""
    for number, revision in sorted(contents.revisions.items()):
        before = contents.revisions.get(number - 1)
        if before and revision.record.previous_sha256 != sha256_hex(before.content):
            yield f"{doc.SCREENING}: revision {number} does not follow revision {number - 1}"


def _audited_problems(contents: Contents, links: Links) -> Iterator[str]:
    """Compare packaged files with the hashes the audit chain recorded when they were made."""
    demanded, record_id = vouched(contents.chain), contents.screening.record_id
    held = {revisions.key_of(record_id, n): r.content for n, r in contents.revisions.items()}
    for one in contents.signed:
        link = links.get(one.reading.reading_id)
        if link is not None:
            held[link.path] = one.reading_bytes
            held[link.path.removesuffix(".json") + doc.SIGNATURE_SUFFIX] = one.signature_bytes
    for key, content in held.items():
        if key not in demanded:
            yield f"{key}: the audit chain does not know it"
        elif demanded[key] != sha256_hex(content):
            yield f"{key}: not the bytes the audit chain recorded"


def _input_problems(contents: Contents) -> Iterator[str]:
    """Compare the inputs ``package.json`` names with the files."""
    for one in contents.document.inputs:
        if sha256_hex(contents.files.get(one.path, b"")) != one.sha256:
            yield f"{one.path}: not the bytes {doc.PACKAGE} names as input {one.document}"
    told = (contents.document.trial_id, contents.document.record_id, contents.document.revision)
    screening = contents.screening
    if told != (screening.trial_id, screening.record_id, screening.revision):
        yield f"{doc.PACKAGE}: it names another record or revision than {doc.SCREENING}"
    named = (contents.document.criteria_id, contents.document.criteria_version)
    if named != (contents.criteria.id, contents.criteria.version):
        yield f"{doc.PACKAGE}: it names another criteria set than {contents.criteria_path}"
    said = (contents.document.synthetic, contents.document.scripted)
    if said != (screening.synthetic, any(one.is_scripted for one in contents.signed)):
        yield f"{doc.PACKAGE}: it says otherwise than the records what is synthetic or scripted"
