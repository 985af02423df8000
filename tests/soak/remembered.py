"""Verify thousands of packages that differ in one file: what follows from the same is made once.

``verify`` makes every file of a format and every rendering again and compares the bytes. They
follow from the packaged records alone, so while a search damages other files, what was made of the
same records is taken from memory. `NOT_READ` says which files those are; a test shows that
nothing is read of them. Everything else of ``verify`` runs as it is.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache, partial
from unittest.mock import patch

from modic_annotate.evidence import document as doc
from modic_annotate.evidence.checks import formats as format_checks
from modic_annotate.evidence.checks import records as record_checks
from modic_annotate.evidence.contents import Contents
from modic_annotate.evidence.document import FORMAT_ROLES, FileRole
from modic_annotate.evidence.formats.registry import Format, plan_of
from modic_annotate.evidence.lint import texts
from modic_annotate.evidence.renderings import renderings

MADE = frozenset({*FORMAT_ROLES, *(doc.role_of(path) for path in doc.RENDERINGS)})
BESIDE = frozenset(
    {
        FileRole.AUDIT_CHAIN,
        FileRole.AUDIT_HEAD,
        FileRole.DETERMINATION_SIGNATURE,
        FileRole.RESOLUTION,
        FileRole.REVISION,
    }
)
PICTURES = frozenset({FileRole.KEY_IMAGE})
NOT_READ = {
    "with pictures": MADE | BESIDE - {FileRole.DETERMINATION_SIGNATURE},
    "other formats": MADE | BESIDE | PICTURES,
    "renderings": MADE | BESIDE,
}
"""What is made -> roles of the files it does not follow from."""

SHOWING = (FileRole.FHIR_BUNDLE, FileRole.PLAIN_PAGE, FileRole.CLINICAL_DOCUMENT)
"""Formats that hold the key images, one of them the signature as well; so does the summary."""

TEXTS_KEPT = 512
"""Files whose texts are kept; a trial's package is searched for identity file by file."""


def kind_of(path: str) -> str:
    """Return which of `NOT_READ` a file of a format is."""
    return "with pictures" if doc.role_of(path) in SHOWING else "other formats"


def basis_of(contents: Contents, without: Collection[FileRole | None]) -> str:
    """Return a digest of ``package.json`` and all files of known roles but some."""
    told = hashlib.sha256()
    for path, content in sorted(contents.files.items()):
        role = doc.role_of(path)
        if path == doc.PACKAGE or (role is not None and role not in without):
            told.update(f"{path} {hashlib.sha256(content).hexdigest()}\n".encode())
    return told.hexdigest()


@contextmanager
def remembering() -> Iterator[None]:
    """Let ``verify`` make each file once per content that it follows from."""
    made: dict[tuple[str, str], bytes] = {}
    read_texts = texts._read
    read = lru_cache(maxsize=TEXTS_KEPT)(lambda kind, content: tuple(read_texts(kind, content)))
    rendered: dict[str, dict[str, bytes]] = {}

    def remembered(key: tuple[str, str], make: Callable[[], bytes]) -> bytes:
        if key not in made:
            made[key] = make()
        return made[key]

    def plan(formats: Iterable[Format], contents: Contents) -> dict[str, Callable[[], bytes]]:
        basis = {what: basis_of(contents, unread) for what, unread in NOT_READ.items()}
        planned = plan_of(formats, contents)
        return {
            path: partial(remembered, (path, basis[kind_of(path)]), make)
            for path, make in planned.items()
        }

    def render(contents: Contents) -> dict[str, bytes]:
        basis = basis_of(contents, NOT_READ["renderings"])
        if basis not in rendered:
            rendered[basis] = renderings(contents)
        return rendered[basis]

    with (
        patch.object(format_checks, "plan_of", plan),
        patch.object(record_checks, "renderings", render),
        patch.object(texts, "_read", read),
    ):
        yield
