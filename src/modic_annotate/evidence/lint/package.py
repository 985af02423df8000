"""Search a package for identity; what is found is named by place, its value is never repeated."""

from __future__ import annotations

import re
from collections.abc import Iterator

from modic_annotate.errors import ProfileRefusedError
from modic_annotate.evidence.bag import Files
from modic_annotate.evidence.lint.known import KnownIdentity
from modic_annotate.evidence.lint.patterns import pattern_finds
from modic_annotate.evidence.lint.texts import Text, texts_of

_UID = re.compile(r"(?<![\w.])\d+(?:\.\d+){3,}(?![\w.])")
_ONLY_UID_OR_HASH = re.compile(r"[0-9.]{20,64}|[0-9a-f]{64}")
MOST_TOLD = 20
"""Places named in a refusal; the rest is counted."""


def identity_finds(files: Files, known: KnownIdentity) -> Iterator[str]:
    """Yield what in a package may identify somebody: file, place, and what it looks like."""
    seen: dict[tuple[str, bool], tuple[str, ...]] = {}
    for one in texts_of(files):
        key = (one.text, one.typed)
        if key not in seen:
            seen[key] = tuple(_finds(one, known))
        yield from (f"{one.path}: {one.place}: {words}" for words in seen[key])


def refuse_identity(files: Files, known: KnownIdentity) -> None:
    """Refuse a package that may identify somebody.

    Raises
    ------
    ProfileRefusedError
        It names every place, never a value.
    """
    finds = list(dict.fromkeys(identity_finds(files, known)))
    if not finds:
        return
    told = "; ".join(finds[:MOST_TOLD])
    more = f"; and {len(finds) - MOST_TOLD} more" if len(finds) > MOST_TOLD else ""
    raise ProfileRefusedError(
        f"The package would hold what may identify a person, so nothing was written ({told}{more});"
        " correct the record, or leave that text out"
    )


def _finds(one: Text, known: KnownIdentity) -> Iterator[str]:
    if any(uid in known.uids for uid in _UID.findall(one.text)):
        yield "a UID of the hospital"
    if _ONLY_UID_OR_HASH.fullmatch(one.text):
        return
    yield from pattern_finds(one.text, typed=one.typed)
    if known.holds(one.text):
        yield "a word of somebody's identity"
