"""A workspace whose sample was read by a person, and one with many such records."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from unittest import mock

from modic_annotate.conduct.link import link_study
from modic_annotate.conduct.screening_import import import_record
from modic_annotate.domain.finding import Origin
from modic_annotate.domain.links import ReadingLink, StudyLink
from modic_annotate.domain.readers import Reader
from modic_annotate.domain.reading import ScreeningLink
from modic_annotate.domain.screening import ScreeningRecord
from modic_annotate.samples import sample_folder
from modic_annotate.session import keys
from modic_annotate.session.acts import ACT
from modic_annotate.session.session import ReadingSession
from modic_annotate.store import linking
from modic_annotate.store.canonical import canonical_bytes, parse_record, sha256_hex
from modic_annotate.store.workspace import Workspace

TRIAL, RECORD, READER, READING = "demo-trial", "demo-001", "R01", "R01-1"
CRITERIA, AS_OF = "fda_510k_bvna", date(2026, 4, 1)
KINDS = ("screening-record", "not-met-record", "incomplete-record")


def read_by_hand(root: Path) -> Workspace:
    """Return the sample, linked, read key by key and signed by a person."""
    ws = _empty(root)
    import_record(ws, sample_folder() / "screening-record.json", by="bench")
    link_study(ws, RECORD, [sample_folder() / "study"], by="bench")
    acts = (sample_folder() / "lesions.acts.jsonl").read_text("utf-8").splitlines()
    with ReadingSession.start(ws, RECORD, READER) as session:
        for line in acts:
            session.act(ACT.validate_json(line), Origin.KEY)
    return ws


def many(template: Workspace, root: Path, n_records: int) -> Workspace:
    """Return a workspace of so many records, each with its files, hashes, links and audit chain.

    Records take turns with the sample's three kinds; images are the template's, by a link in the
    file system; readings are the template's under another record, signed over their own bytes.
    It is made without waiting for the disk, as only what comes after is measured.
    """
    ws = _empty(root)
    with mock.patch("os.fsync"):
        for number in range(n_records):
            _add(ws, template, f"subject-{number:04}", KINDS[number % len(KINDS)])
    return ws


def _empty(root: Path) -> Workspace:
    ws = Workspace.create(root, trial_id=TRIAL)
    ws.add_reader(Reader(id=READER, display_name="Reader One"))
    return ws


def _add(ws: Workspace, template: Workspace, record_id: str, kind: str) -> None:
    path = sample_folder() / f"{kind}.json"
    record = parse_record(ScreeningRecord, path.read_bytes(), path.name)
    subject = record.subject.replace(subject_id=record_id)
    record = record.replace(record_id=record_id, subject=subject)
    screening = ScreeningLink(
        trial_id=TRIAL, record_id=record_id, revision=1, sha256=ws.add_screening(record, "bench")
    )
    _add_images(ws, template, record_id)
    _add_reading(ws, template, screening)


def _add_images(ws: Workspace, template: Workspace, record_id: str) -> None:
    index = canonical_bytes(template.images(RECORD).replace(record_id=record_id))
    ws.store.put_new(linking.index_key(record_id), index)
    for folder in template.image_folder(RECORD).iterdir():
        if folder.is_dir():
            ws.store.path(f"images/{record_id}/{folder.name}").symlink_to(folder)
    (study,) = (link for link in template.links(RECORD) if isinstance(link, StudyLink))
    linking.add(ws.store, record_id, study.replace(index_sha256=sha256_hex(index)))


def _add_reading(ws: Workspace, template: Workspace, screening: ScreeningLink) -> None:
    reading, _ = template.reading(RECORD, READING)
    signature, _ = template.signature(RECORD, READING)
    content = canonical_bytes(reading.replace(screening=screening))
    signed = canonical_bytes(signature.replace(reading_sha256=sha256_hex(content)))
    place = (screening.record_id, READER, READING)
    ws.store.put_new(keys.reading_key(*place), content)
    ws.store.put_new(keys.signature_key(*place), signed)
    link = ReadingLink(
        reading_id=READING,
        reader_id=READER,
        path=keys.reading_key(*place),
        sha256=sha256_hex(content),
        signature_sha256=sha256_hex(signed),
        at=signature.signed_at,
    )
    linking.add(ws.store, screening.record_id, link)
