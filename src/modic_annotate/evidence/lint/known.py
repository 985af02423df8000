"""What is known of a subject's identity at the site, to be searched for in a package."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

from modic_annotate.evidence.deid.trial import identity_of
from modic_annotate.evidence.gather import Gathered
from modic_annotate.evidence.lint.words import hashed_word, spellings
from modic_annotate.evidence.readings_csv import codebook_csv
from modic_annotate.store import registry
from modic_annotate.store.images import KEY_OF_UIDS

SHORTEST_PART = 5
"""A known word this long is found inside longer words too."""

OWN_TEXTS = (
    ("modic_annotate.store", "schema"),
    ("modic_annotate.evidence.formats", "templates"),
    ("modic_annotate.eligibility", "sets"),
)
"""Texts of this program: a word that stands there says nothing of anybody."""


@dataclass(frozen=True)
class KnownIdentity:
    """Words and UIDs that must not stand in a package; it prints as nothing."""

    words: frozenset[str] = field(default=frozenset(), repr=False)
    hashes: frozenset[str] = field(default=frozenset(), repr=False)
    """Keyed hashes of words seen in the headers of the linked images."""

    key: bytes = field(default=b"", repr=False)
    uids: frozenset[str] = field(default=frozenset(), repr=False)
    """UIDs of the hospital."""

    def holds(self, text: str) -> bool:
        """Whether a text holds a known word, in any spelling."""
        if not (self.words or self.hashes):
            return False
        return any(self._is_known(word) for word in spellings(text) - own_words())

    def _is_known(self, word: str) -> bool:
        if word in self.words or any(p in word for p in self.words if len(p) >= SHORTEST_PART):
            return True
        return bool(self.hashes) and hashed_word(self.key, word) in self.hashes


def known_identity(found: Gathered, given: Iterable[str] = ()) -> KnownIdentity:
    """Return what the site knows: headers of the images, names of readers, and words given."""
    identity, store = identity_of(found), found.ws.store
    names = " ".join(reader.display_name for reader in registry.read(store).readers)
    ids = (found.record_id, found.screening.trial_id, found.screening.subject.subject_id)
    readers = (one.reading.reader.id for one in found.signed)
    of_readers = spellings(names) - spellings(" ".join((*ids, *readers)))
    key = store.get(KEY_OF_UIDS).decode().strip() if store.exists(KEY_OF_UIDS) else ""
    return KnownIdentity(
        words=of_readers | spellings(" ".join(given)),
        hashes=frozenset(identity.known_words if identity else ()),
        key=bytes.fromhex(key),
        uids=frozenset(identity.source_uids.values() if identity else ()),
    )


@cache
def own_words() -> frozenset[str]:
    """Return the words, not the numbers, of this program's own texts."""
    texts = [codebook_csv().decode()]
    for package, folder in OWN_TEXTS:
        held = (files(package) / folder).iterdir()
        texts += [one.read_text("utf-8") for one in held if one.is_file()]
    return frozenset(word for word in spellings(" ".join(texts)) if not word.isdigit())
