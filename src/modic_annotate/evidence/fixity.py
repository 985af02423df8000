"""Is every byte of a bag still the one that was written? Each fault by the name of its file."""

from __future__ import annotations

from collections.abc import Iterator

from modic_annotate.evidence.bag import (
    BAG_INFO,
    BAGIT,
    DECLARATION,
    HASHED_TAG_FILES,
    MANIFEST,
    PAYLOAD,
    TAG_FILES,
    TAG_MANIFEST,
    BagInfo,
    Files,
    oxum,
    parse_manifest,
)
from modic_annotate.evidence.bag_read import FoundBag
from modic_annotate.evidence.paths import path_problems
from modic_annotate.store.canonical import sha256_hex


def fixity_problems(found: FoundBag) -> tuple[str, ...]:
    """Return every fault: hashes, oxum, files too many or missing, names, spelling of tag files.

    Tag files are compared with the one spelling this tool writes, so that a changed byte is
    found even where a lenient reader would take both for the same.
    """
    files = found.files
    tags = {path: content for path, content in files.items() if not path.startswith(PAYLOAD)}
    payload = {path: content for path, content in files.items() if path.startswith(PAYLOAD)}
    return (
        *found.problems,
        *path_problems(files),
        *(f"{path}: no file of a package" for path in tags if path not in TAG_FILES),
        *_spelling(tags, payload),
        *_against(TAG_MANIFEST, tags, {p: c for p, c in tags.items() if p in HASHED_TAG_FILES}),
        *_against(MANIFEST, tags, payload),
    )


def _spelling(tags: Files, payload: Files) -> Iterator[str]:
    if BAGIT in tags and tags[BAGIT] != DECLARATION:
        yield f"{BAGIT}: not the declaration of a BagIt 1.0 bag"
    if BAG_INFO not in tags:
        return
    info = BagInfo.parse(tags[BAG_INFO])
    if info is None:
        yield f"{BAG_INFO}: not as this tool writes it"
    elif info.payload_oxum != oxum(payload):
        yield f"{BAG_INFO}: says payload {info.payload_oxum} (bytes.files), found {oxum(payload)}"


def _against(manifest: str, tags: Files, files: Files) -> Iterator[str]:
    """Compare files with a manifest, both ways."""
    if manifest not in tags:
        yield f"{manifest}: missing"
        return
    hashes = parse_manifest(tags[manifest])
    if hashes is None:
        yield f"{manifest}: not as this tool writes it"
        return
    for path in sorted(hashes.keys() | files.keys()):
        if path not in files:
            yield f"{path}: listed in {manifest}, missing from the package"
        elif path not in hashes:
            yield f"{path}: not listed in {manifest}"
        elif hashes[path] != sha256_hex(files[path]):
            yield f"{path}: not the bytes that {manifest} lists"
