"""A folder that holds one trial's records, opened by name of record, not of file."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, ValidationError

from modic_annotate.domain.base import Record, RecordId, Utc, utc_now
from modic_annotate.domain.images import ImageIndex
from modic_annotate.domain.links import Link, ReadingLink
from modic_annotate.domain.readers import Reader
from modic_annotate.domain.reading import Reading, ScreeningLink, Signature
from modic_annotate.domain.screening import ScreeningRecord
from modic_annotate.errors import AlreadyExistsError, InvalidRecordError, UnknownRecordError
from modic_annotate.store import linking, registry, revisions
from modic_annotate.store.canonical import parse_record, problems_of, sha256_hex
from modic_annotate.store.files import FileStore
from modic_annotate.store.protocol import Store

CONFIG_KEY = "workspace.toml"
SIGNATURE_SUFFIX = ".signature.json"


class WorkspaceFile(Record):
    """What ``workspace.toml`` says."""

    schema_id: Annotated[Literal["modic-annotate/workspace/1"], Field(alias="schema")] = (
        "modic-annotate/workspace/1"
    )
    trial_id: RecordId
    created_at: Utc


class Workspace:
    """One trial's records in a store."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.trial_id = _read_config(store).trial_id
        self._ids: dict[str, str] = {}

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open a workspace folder; UnknownRecordError where it is none."""
        return cls(FileStore(path))

    @classmethod
    def create(cls, path: Path, trial_id: str = "trial") -> Self:
        """Make a new workspace in a new or empty folder; AlreadyExistsError elsewhere."""
        if path.exists() and not path.is_dir():
            raise AlreadyExistsError(f"{path} is a file; choose a new or empty folder")
        store = FileStore(path)
        try:
            config = WorkspaceFile(trial_id=trial_id, created_at=utc_now())
        except ValidationError as error:
            raise InvalidRecordError("The trial id", problems_of(error)) from error
        facts = config.model_dump(mode="json")
        text = "".join(f'{key} = "{facts[key]}"\n' for key in ("schema", "trial_id", "created_at"))
        try:
            store.put_new(CONFIG_KEY, text.encode())
        except AlreadyExistsError as error:
            raise AlreadyExistsError(
                f"{path} is a workspace already; open it, or choose an empty folder"
            ) from error
        return cls(store)

    @property
    def root(self) -> Path:
        """The workspace's folder."""
        return self.store.path(CONFIG_KEY).parent

    # readers

    def readers(self) -> dict[str, Reader]:
        """Return all registered readers by id."""
        return {reader.id: reader for reader in registry.read(self.store).readers}

    def reader(self, reader_id: str) -> Reader:
        """Return a registered reader; UnknownReaderError otherwise."""
        return registry.find(self.store, reader_id)

    def add_reader(self, reader: Reader, by: str = "") -> None:
        """Register a reader; AlreadyExistsError where the id is taken in any spelling."""
        registry.add(self.store, reader, by or reader.id)

    def update_reader(self, reader: Reader, by: str = "") -> None:
        """Change what is known of a registered reader (name, role, passphrase)."""
        registry.update(self.store, reader, by or reader.id)

    # screening records

    def record_ids(self) -> tuple[str, ...]:
        """Return the ids of all screening records, sorted."""
        self._ids = revisions.record_ids(self.store)
        return tuple(sorted(self._ids.values()))

    def linked_ids(self) -> tuple[str, ...]:
        """Return the ids of all records with links, sorted; looks at no screening record."""
        return linking.linked_ids(self.store)

    def resolve(self, record_id: str) -> str:
        """Return a record id as it is stored, found without regard to case.

        Raises
        ------
        UnknownRecordError
            There is no screening record of that id.
        """
        wanted = record_id.casefold()
        if wanted not in self._ids:
            self._ids |= linking.imaged_record(self.store, record_id)
        if wanted not in self._ids:
            self.record_ids()
        if wanted not in self._ids:
            raise UnknownRecordError(
                f"There is no record {record_id!r} in this workspace; "
                "import its screening record first"
            )
        return self._ids[wanted]

    def revisions(self, record_id: str) -> tuple[int, ...]:
        """Return the revision numbers of a screening record, ascending."""
        return revisions.numbers(self.store, self.resolve(record_id))

    def screening(self, record_id: str, revision: int | None = None) -> tuple[ScreeningRecord, str]:
        """Return a revision (the latest for None) and the sha256 of its bytes."""
        return revisions.read(self.store, self.resolve(record_id), revision)

    def assignment(self, record_id: str) -> ScreeningLink:
        """Return what ties a reading to the present revision, without opening the record.

        The audit trail knows the revision and its hash, so that a blinded reading needs to read
        no screening file.
        """
        return revisions.assignment(self.store, self.trial_id, self.resolve(record_id))

    def add_screening(self, record: ScreeningRecord, by: str) -> str:
        """Write the next revision of a screening record and return the sha256 of its bytes.

        Raises
        ------
        RecordMismatchError
            It is of another trial, does not follow the present revision, or changes the subject
            of a record that has images or readings.
        AlreadyExistsError
            Its id differs from another record's by case alone.
        """
        return revisions.add(self.store, self.trial_id, record, by)

    # links, images, readings

    def links(self, record_id: str) -> tuple[Link, ...]:
        """Return the studies and signed readings of a record, oldest first."""
        return linking.read(self.store, self.resolve(record_id))

    def add_link(self, record_id: str, link: Link) -> None:
        """Add a link with its audit entry; nothing happens where it is there already."""
        linking.add(self.store, self.resolve(record_id), link)

    def images(self, record_id: str) -> ImageIndex:
        """Return what images a record has; UnknownRecordError where none are linked."""
        key = linking.index_key(self.resolve(record_id))
        if not self.store.exists(key):
            raise UnknownRecordError(f"Record {record_id} has no images; link its MRI study first")
        return parse_record(ImageIndex, self.store.get(key), key)

    def linked_images(self, record_id: str) -> ImageIndex:
        """Return what images a record has after comparing the index with the record's link.

        Raises
        ------
        RecordMismatchError
            The index is not the one that was linked.
        UnknownRecordError
            No study is linked, whether images lie there or not.
        """
        index = self.images(record_id)
        linking.check_linked(self.store, index.record_id)
        return index

    def image_folder(self, record_id: str) -> Path:
        """Return the folder of a record's images."""
        return self.store.path(f"images/{self.resolve(record_id)}")

    def reading_keys(self, record_id: str) -> tuple[str, ...]:
        """Return the keys of all sealed readings of a record."""
        keys = self.store.list(f"readings/{self.resolve(record_id)}")
        return tuple(k for k in keys if k.endswith(".json") and not k.endswith(SIGNATURE_SUFFIX))

    def reading(self, record_id: str, reading_id: str) -> tuple[Reading, str]:
        """Return a sealed reading and the sha256 of its bytes."""
        key = self._reading_key(record_id, reading_id)
        content = self.store.get(key)
        return parse_record(Reading, content, key), sha256_hex(content)

    def signature(self, record_id: str, reading_id: str) -> tuple[Signature, str]:
        """Return the signature of a reading and the sha256 of its bytes."""
        key = self._reading_key(record_id, reading_id).removesuffix(".json") + SIGNATURE_SUFFIX
        content = self.store.get(key)
        return parse_record(Signature, content, key), sha256_hex(content)

    def signature_of(self, link: ReadingLink) -> Signature:
        """Return the signature a link names, without a look at anybody else's readings."""
        key = link.path.removesuffix(".json") + SIGNATURE_SUFFIX
        return parse_record(Signature, self.store.get(key), key)

    def _reading_key(self, record_id: str, reading_id: str) -> str:
        wanted = f"/{reading_id}.json".casefold()
        for key in self.reading_keys(record_id):
            if key.casefold().endswith(wanted):
                return key
        raise UnknownRecordError(f"Record {record_id} has no signed reading {reading_id!r}")


def _read_config(store: Store) -> WorkspaceFile:
    if not store.exists(CONFIG_KEY):
        folder = store.path(CONFIG_KEY).parent
        raise UnknownRecordError(
            f"{folder} is not a workspace (it has no {CONFIG_KEY}); "
            "make one with: modic-annotate init DIR"
        )
    try:
        return WorkspaceFile.model_validate(tomllib.loads(store.get(CONFIG_KEY).decode()))
    except ValidationError as error:
        raise InvalidRecordError(CONFIG_KEY, problems_of(error)) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InvalidRecordError(
            CONFIG_KEY, [f"it is not TOML ({type(error).__name__})"]
        ) from error
