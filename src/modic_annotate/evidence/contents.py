"""The files of a package as values: one reading of them, for those who write and who verify."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath

from pydantic import TypeAdapter, ValidationError

from modic_annotate.domain.attachment import Transcription
from modic_annotate.domain.determination import Determination
from modic_annotate.domain.links import Link
from modic_annotate.domain.reading import Reading, Signature
from modic_annotate.domain.resolution import DeterminationSignature, Resolution
from modic_annotate.domain.screening import ScreeningRecord
from modic_annotate.domain.series import SeriesUsed
from modic_annotate.eligibility import CriteriaSet
from modic_annotate.errors import InvalidRecordError
from modic_annotate.evidence import document as doc
from modic_annotate.evidence.bag import Files
from modic_annotate.evidence.criteria_file import read_criteria
from modic_annotate.evidence.deid.document import DeidDocument
from modic_annotate.evidence.document import PackageDocument, Profile, SeriesDocument
from modic_annotate.evidence.key_image_note import KeyImageNote
from modic_annotate.evidence.signed import SignedReading
from modic_annotate.store.canonical import parse_record, problems_of, sha256_hex
from modic_annotate.store.chain import ChainReport, verify_chain

LINK: TypeAdapter[Link] = TypeAdapter(Link)


@dataclass(frozen=True, slots=True)
class ShownImage:
    """A key image: its note, and its pictures by path."""

    note: KeyImageNote
    pictures: Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Revision:
    """One revision of the screening record, and the bytes it came from."""

    record: ScreeningRecord
    content: bytes

    @classmethod
    def parse(cls, path: str, content: bytes) -> Revision:
        """Read a revision; InvalidRecordError where it is unsound."""
        return cls(parse_record(ScreeningRecord, content, path), content)


@dataclass(frozen=True)
class Contents:
    """What the files of a package say; each part raises InvalidRecordError where it is unsound."""

    files: Files

    @cached_property
    def document(self) -> PackageDocument:
        """``package.json``."""
        return parse_record(PackageDocument, self._get(doc.PACKAGE), doc.PACKAGE)

    @cached_property
    def determination(self) -> Determination:
        """``determination.json``."""
        return parse_record(Determination, self._get(doc.DETERMINATION), doc.DETERMINATION)

    @cached_property
    def screening(self) -> ScreeningRecord:
        """The screening record as it stood at export."""
        return parse_record(ScreeningRecord, self._get(doc.SCREENING), doc.SCREENING)

    @cached_property
    def revisions(self) -> dict[int, Revision]:
        """Every packaged revision of the screening record, the newest included."""
        paths = [path for path in self.files if path.startswith(doc.REVISIONS)]
        found = [Revision.parse(path, self.files[path]) for path in paths]
        newest = Revision(self.screening, self._get(doc.SCREENING))
        return {one.record.revision: one for one in (*found, newest)}

    @cached_property
    def criteria(self) -> CriteriaSet:
        """The criteria set."""
        path = self.criteria_path
        return read_criteria(path, self._get(path))

    @property
    def criteria_path(self) -> str:
        """Where the one criteria set lies."""
        paths = [path for path in self.files if path.startswith(doc.CRITERIA)]
        if len(paths) != 1:
            raise InvalidRecordError(doc.CRITERIA, [f"holds {len(paths)} sets instead of one"])
        return paths[0]

    @cached_property
    def signed(self) -> tuple[SignedReading, ...]:
        """All signed readings with their signatures, by path."""
        paths = [p for p in sorted(self.files) if doc.role_of(p) == doc.FileRole.READING]
        return tuple(self._signed(path) for path in paths)

    @cached_property
    def resolutions(self) -> tuple[Resolution, ...]:
        """What persons decided on rows of the set, oldest first."""
        paths = [p for p in self.files if doc.role_of(p) == doc.FileRole.RESOLUTION]
        found = (parse_record(Resolution, self._get(path), path) for path in paths)
        return tuple(sorted(found, key=lambda r: (r.at, len(r.resolution_id), r.resolution_id)))

    @cached_property
    def report(self) -> Transcription | None:
        """What the radiologist's report says per endplate, or None where nobody transcribed it."""
        paths = [p for p in self.files if doc.role_of(p) == doc.FileRole.TRANSCRIPTION]
        if len(paths) > 1:
            raise InvalidRecordError(doc.TRANSCRIPTIONS, [f"holds {len(paths)} files, not one"])
        return parse_record(Transcription, self._get(paths[0]), paths[0]) if paths else None

    @cached_property
    def determination_signature(self) -> DeterminationSignature | None:
        """The signature over the determination, or None where nobody signed it."""
        path = doc.DETERMINATION_SIGNATURE
        if path not in self.files:
            return None
        return parse_record(DeterminationSignature, self._get(path), path)

    @cached_property
    def links(self) -> tuple[Link, ...]:
        """Studies and readings linked to the record, oldest first."""
        lines = self._get(doc.LINKS).split(b"\n")[:-1]
        return tuple(_link(line, number) for number, line in enumerate(lines, start=1))

    @cached_property
    def series(self) -> SeriesDocument:
        """All series of the record's MRI."""
        return parse_record(SeriesDocument, self._get(doc.SERIES), doc.SERIES)

    @property
    def has_series(self) -> bool:
        """Whether the package names images at all; without a reading it does not."""
        return doc.SERIES in self.files

    def stack(self, series_uid: str, stack: int) -> SeriesUsed | None:
        """Return one stack of the record's MRI, or None where the package does not name it."""
        known = (one.used for one in self.series.series)
        return next((s for s in known if (s.series_uid, s.stack) == (series_uid, stack)), None)

    @cached_property
    def chain(self) -> ChainReport:
        """The record's audit chain."""
        return verify_chain(self._get(doc.AUDIT), doc.AUDIT)

    @cached_property
    def key_images(self) -> tuple[ShownImage, ...]:
        """Key images, in the order of their paths."""
        paths = [p for p in sorted(self.files) if doc.role_of(p) == doc.FileRole.KEY_IMAGE_NOTE]
        return tuple(self._shown(path) for path in paths)

    @cached_property
    def deid(self) -> DeidDocument | None:
        """What was altered and withheld; None where the package holds the site's own files."""
        if doc.DEID not in self.files and self.document.profile != Profile.TRIAL:
            return None
        return parse_record(DeidDocument, self._get(doc.DEID), doc.DEID)

    def original_name(self, path: str) -> str | None:
        """Return the digest by which signatures and links name a file; see ``deid.secret``."""
        if self.deid is not None:
            return self.deid.original_of(path)
        return sha256_hex(self.files[path]) if path in self.files else None

    def _shown(self, path: str) -> ShownImage:
        note = parse_record(KeyImageNote, self.files[path], path)
        folder = PurePosixPath(path).parent
        pictures = [f"{folder}/{name}" for name in note.pictures]
        return ShownImage(note, {picture: self._get(picture) for picture in pictures})

    def _signed(self, path: str) -> SignedReading:
        signature_path = path.removesuffix(".json") + doc.SIGNATURE_SUFFIX
        reading, signature = self.files[path], self._get(signature_path)
        return SignedReading(
            parse_record(Reading, reading, path),
            parse_record(Signature, signature, signature_path),
            reading,
            signature,
        )

    def _get(self, path: str) -> bytes:
        try:
            return self.files[path]
        except KeyError:
            raise InvalidRecordError(path, ["it is not in the package"]) from None


def _link(line: bytes, number: int) -> Link:
    try:
        return LINK.validate_json(line)
    except ValidationError as error:
        raise InvalidRecordError(f"{doc.LINKS} line {number}", problems_of(error)) from error
