"""Key images as documents show them: by endplate, with the reader's marks and their words."""

from __future__ import annotations

from collections.abc import Iterable

from modic_annotate.domain.spine import Endplate
from modic_annotate.evidence.contents import ShownImage
from modic_annotate.evidence.wording import plain


def by_endplate(shown: Iterable[ShownImage]) -> dict[Endplate | None, list[ShownImage]]:
    """Return key images by endplate, in their order; the whole spine's under None."""
    groups: dict[Endplate | None, list[ShownImage]] = {}
    for one in shown:
        groups.setdefault(one.note.endplate, []).append(one)
    return groups


def marked(one: ShownImage) -> str:
    """Return the path of a key image's picture with the reader's marks."""
    return next((p for p in one.pictures if p.endswith("-marked.png")), next(iter(one.pictures)))


def said_of(one: ShownImage) -> str:
    """Return series, technique and image number of a key image in words."""
    note = one.note
    image = f", image {note.instance_number}" if note.instance_number is not None else ""
    what = "Levels as numbered; " if note.endplate is None else ""
    return f"{what}{plain(note.role)} ({note.technique}){image}"
