"""Every file of a package is of a known kind, listed, canonical, and fit for its class."""

from __future__ import annotations

import json
from collections.abc import Iterator

from modic_annotate.errors import ModicAnnotateError
from modic_annotate.evidence import document as doc
from modic_annotate.evidence.contents import Contents
from modic_annotate.store.canonical import canonical_line

PARTS = (
    "document",
    "determination",
    "screening",
    "revisions",
    "criteria",
    "signed",
    "links",
    "report",
    "deid",
)
IMAGE_PARTS = ("series", "key_images")


def schema_problems(contents: Contents) -> Iterator[str]:
    """Yield files that are unknown, unlisted, not canonical, or break their class."""
    yield from _listing(contents)
    for path, content in contents.files.items():
        if path.endswith((".json", ".jsonl")) and not path.startswith(doc.CRITERIA):
            yield from _canonical(path, content)
    for part in (*PARTS, *(IMAGE_PARTS if contents.has_series else ())):
        try:
            getattr(contents, part)
        except ModicAnnotateError as error:
            yield str(error)


def _listing(contents: Contents) -> Iterator[str]:
    """Compare the files with what ``package.json`` says they are."""
    try:
        listed = {one.path: one.role for one in contents.document.files}
    except ModicAnnotateError:
        return
    found = {path: doc.role_of(path) for path in contents.files if path != doc.PACKAGE}
    for path in sorted(listed.keys() | found.keys()):
        if path not in found:
            yield f"{path}: listed in {doc.PACKAGE}, missing from the package"
        elif path not in listed:
            yield f"{path}: not listed in {doc.PACKAGE}"
        elif listed[path] != found[path]:
            yield f"{path}: listed as {listed[path]}, yet it lies where that is not"


def _canonical(path: str, content: bytes) -> Iterator[str]:
    """Yield lines that are not spelt the one way; a ``.json`` file is one line."""
    lines = content.split(b"\n")
    if lines.pop() != b"":
        yield f"{path}: its last line is not finished"
    for line in lines if path.endswith(".jsonl") else [content[:-1]]:
        try:
            same = canonical_line(json.loads(line)) == line
        except (ValueError, RecursionError) as error:
            yield f"{path}: not JSON ({type(error).__name__})"
        else:
            if not same:
                yield f"{path}: not in canonical form"
