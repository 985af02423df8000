"""Evidence packages as BagIt 1.0 bags (RFC 8493), the same bytes for the same content.

A bag is held as a mapping of relative path to bytes until it is written. The root digest, the
sha256 of ``tagmanifest-sha256.txt``, stands for every byte of the bag.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from modic_annotate.errors import ExportError
from modic_annotate.evidence.paths import path_problems
from modic_annotate.store.canonical import sha256_hex

Files = Mapping[str, bytes]
"""Relative POSIX path -> content."""

BAGIT = "bagit.txt"
BAG_INFO = "bag-info.txt"
MANIFEST = "manifest-sha256.txt"
TAG_MANIFEST = "tagmanifest-sha256.txt"
HASHED_TAG_FILES = (BAG_INFO, BAGIT, MANIFEST)
TAG_FILES = (*HASHED_TAG_FILES, TAG_MANIFEST)
PAYLOAD = "data/"

DECLARATION = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
"""The whole of ``bagit.txt`` (RFC 8493 2.1.1)."""

MANIFEST_LINE = re.compile(r"([0-9a-f]{64})  (\S+)")
"""Two spaces, as ``sha256sum`` writes it (RFC 8493 2.1.3 allows any white space)."""


@dataclass(frozen=True, slots=True)
class BagInfo:
    """What ``bag-info.txt`` says (RFC 8493 2.2.2); the oxum is ``octets.files`` of the payload."""

    agent: str
    bagging_date: date
    identifier: str
    payload_oxum: str

    def to_bytes(self) -> bytes:
        """Return the file, its labels in a fixed order."""
        return "".join(f"{label}: {value}\n" for label, value in self._pairs()).encode()

    def _pairs(self) -> tuple[tuple[str, str], ...]:
        return (
            ("Bag-Software-Agent", self.agent),
            ("Bagging-Date", self.bagging_date.isoformat()),
            ("External-Identifier", self.identifier),
            ("Payload-Oxum", self.payload_oxum),
        )

    @classmethod
    def parse(cls, content: bytes) -> BagInfo | None:
        """Read the file; None where it is not spelt as ``to_bytes`` spells it."""
        pairs = [line.partition(": ") for line in content.decode("utf-8", "replace").splitlines()]
        values = {label: value for label, _, value in pairs}
        try:
            info = cls(
                agent=values["Bag-Software-Agent"],
                bagging_date=date.fromisoformat(values["Bagging-Date"]),
                identifier=values["External-Identifier"],
                payload_oxum=values["Payload-Oxum"],
            )
        except (KeyError, ValueError):
            return None
        return info if info.to_bytes() == content else None


def oxum(payload: Files) -> str:
    """Return ``octets.files`` of a payload."""
    return f"{sum(map(len, payload.values()))}.{len(payload)}"


def manifest_bytes(hashes: Mapping[str, str]) -> bytes:
    """Return a manifest, one ``sha256  path`` line per file in path order."""
    return "".join(f"{hashes[path]}  {path}\n" for path in sorted(hashes)).encode()


def parse_manifest(content: bytes) -> dict[str, str] | None:
    """Read path -> sha256; None where it is not spelt as ``manifest_bytes`` spells it."""
    matches = [
        MANIFEST_LINE.fullmatch(line) for line in content.decode("utf-8", "replace").split("\n")
    ]
    hashes = {match[2]: match[1] for match in matches if match}
    return hashes if manifest_bytes(hashes) == content else None


def make_bag(payload: Files, agent: str, bagging_date: date, identifier: str) -> dict[str, bytes]:
    """Return every file of a bag.

    Parameters
    ----------
    payload
        Files below ``data/``, with that prefix.
    agent, bagging_date, identifier
        For ``bag-info.txt``; one line each.

    Raises
    ------
    ExportError
        A path that is not safe everywhere, lies outside ``data/`` or collides with another.
    """
    problems = (
        *path_problems(payload),
        *(f"{path}: not below {PAYLOAD}" for path in payload if not path.startswith(PAYLOAD)),
    )
    if problems:
        raise ExportError(f"The package cannot hold these files: {'; '.join(problems)}")
    info = BagInfo(agent, bagging_date, identifier, oxum(payload))
    tags = {
        BAGIT: DECLARATION,
        BAG_INFO: info.to_bytes(),
        MANIFEST: manifest_bytes(hashes_of(payload)),
    }
    bag = {**payload, **tags, TAG_MANIFEST: manifest_bytes(hashes_of(tags))}
    return dict(sorted(bag.items()))


def hashes_of(files: Files) -> dict[str, str]:
    """Return path -> sha256 of each file."""
    return {path: sha256_hex(content) for path, content in files.items()}


def root_digest(bag: Files) -> str:
    """Return the digest that stands for the whole bag: sha256 of its tag manifest."""
    return sha256_hex(bag.get(TAG_MANIFEST, b""))
