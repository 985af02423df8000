"""The files of an import, named by hash and kept verbatim at the site, under ``sources/`` alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from modic_annotate.domain.provenance import ImportSource, SourceShape
from modic_annotate.eligibility.importers.mapping import ImportMap, SubjectRule, load_map
from modic_annotate.eligibility.importers.reading import GivenFile
from modic_annotate.eligibility.importers.sniffing import starter
from modic_annotate.eligibility.importers.template import SUBJECT, is_template
from modic_annotate.eligibility.importers.text_file import ENCODINGS, MAX_BYTES, text_of
from modic_annotate.errors import InvalidRecordError, RecordError, UnknownRecordError
from modic_annotate.store.audit import append_event
from modic_annotate.store.canonical import sha256_hex
from modic_annotate.store.workspace import Workspace

FOLDER = "sources"
EVENT = "screening.source"
_FOREIGN_JSON = re.compile(rb"\s*(\[|\{.{0,2000}\"resourceType\")", re.DOTALL)
"""How JSON begins that is a list of rows or a FHIR resource, and so no record of our own."""

SUFFIXES = frozenset({".csv", ".json", ".xml", ".txt", ".tsv"})


@dataclass(frozen=True)
class GivenImport:
    """A file to import with the map a person stated."""

    file: GivenFile
    stated: ImportMap
    map_content: bytes | None
    suffix: str

    @property
    def source(self) -> ImportSource:
        """What a record says of where it comes from."""
        dictionary = self.file.dictionary
        return ImportSource(
            shape=self.stated.shape,
            sha256=sha256_hex(self.file.content),
            map_sha256=sha256_hex(self.map_content) if self.map_content else None,
            dictionary_sha256=sha256_hex(dictionary) if dictionary else None,
        )


def read_bytes(path: Path, what: str) -> bytes:
    """Return a file's bytes; UnknownRecordError where there is no plain file to read."""
    try:
        if path.exists() and not path.is_file():
            raise UnknownRecordError(f"{path} is no file; give {what}")
        if path.stat().st_size > MAX_BYTES:
            raise InvalidRecordError(path.name, [f"it has more than {MAX_BYTES} bytes"])
        return path.read_bytes()
    except OSError as error:
        raise UnknownRecordError(
            f"{path} cannot be read ({error.strerror}); give {what}"
        ) from error


def given_import(
    path: Path, map_path: Path | None, dictionary: Path | None = None
) -> GivenImport | None:
    """Read a file, its map and its dictionary; None where the file is a record of our own.

    Raises
    ------
    UnknownRecordError, InvalidRecordError
        A file cannot be read, the map is not sound, or a file that needs a map has none.
    """
    if map_path is None:
        return _without_map(path)
    map_content = read_bytes(map_path, "the map, as 'screening map' writes one")
    text, _ = text_of(map_content, map_path.name)
    fields = None if dictionary is None else read_bytes(dictionary, "the data dictionary")
    file = GivenFile(
        content=read_bytes(path, "the file to import"),
        name=path.name,
        dictionary=fields,
        dictionary_name=dictionary.name if dictionary else "",
    )
    return GivenImport(file, load_map(text, map_path.name), map_content, _suffix(path))


def _without_map(path: Path) -> GivenImport | None:
    """Return the filled-in template as an import; None where the file may be a record."""
    content = read_bytes(path, "a screening record as JSON, or a file with its map")
    if is_template(content):
        subject = SubjectRule.model_validate({"from": SUBJECT})
        stated = ImportMap(shape=SourceShape.TEMPLATE, subject=subject)
        return GivenImport(GivenFile(content, path.name), stated, None, ".csv")
    is_json = content.lstrip().startswith(b"{") or path.suffix.lower() == ".json"
    if not is_json or _FOREIGN_JSON.match(content):
        raise InvalidRecordError(
            path.name,
            [
                "it needs a map: write one with 'modic-annotate screening map FILE > map.toml', "
                "correct it, and give it with --map"
            ],
        )
    return None


def keep_sources(ws: Workspace, given: GivenImport, by: str) -> None:
    """Keep what was imported, once; its name is its hash, so it tells by itself if it changed."""
    for key, content in _kept(given):
        if ws.store.exists(key):
            continue
        ws.store.put_new(key, content)
        append_event(ws.store, None, EVENT, by, sha256=sha256_hex(content))


def _kept(given: GivenImport) -> Iterator[tuple[str, bytes]]:
    files = (
        (given.file.content, given.suffix),
        (given.map_content, ".toml"),
        (given.file.dictionary, ".csv"),
    )
    for content, suffix in files:
        if content:
            yield f"{FOLDER}/{sha256_hex(content)}{suffix}", content


def _suffix(path: Path) -> str:
    """Return how a kept file's name ends; only endings that say nothing of a person."""
    suffix = path.suffix.lower()
    return suffix if suffix in SUFFIXES else ".txt"


def starter_for(path: Path, dictionary: Path | None, encoding: str | None = None) -> str:
    """Return a starting map for a file, as TOML; only its columns are looked at."""
    if encoding is not None and encoding not in ENCODINGS:
        raise RecordError(f"{encoding!r} is no encoding read here; use {', '.join(ENCODINGS)}")
    fields = None if dictionary is None else read_bytes(dictionary, "the data dictionary")
    content = read_bytes(path, "the file to import")
    name = dictionary.name if dictionary else ""
    return starter(GivenFile(content, path.name, fields, name, encoding))
