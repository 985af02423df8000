"""Take what identifies a person out of text that is kept."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from pydicom.datadict import dictionary_has_tag, dictionary_VR
from pydicom.dataset import Dataset
from pydicom.tag import BaseTag

from modic_annotate.conduct.kept_attributes import WITH_IDENTIFIERS
from modic_annotate.imaging import PatientIdentity

_WORD = re.compile(r"[^\W_]+")
_DATE = re.compile(r"\d{1,4}[-./]\d{1,2}[-./]\d{1,4}")
_LONG_NUMBER = re.compile(r"\d{6,}")
"""Dates and ids written as one number; no acquisition is described by six digits."""

TAKEN_OUT = "\0"
_GAP = re.compile(f"[-_^]*{TAKEN_OUT}[-_^{TAKEN_OUT}]*")
"""Where a word was taken out, with the characters that joined it to its neighbours."""

SHORTEST_WORD = 2
SHORTEST_PART = 5
"""A word of an identity this long is found inside longer words too."""

SHORTEST_IN_CODE = 4
"""Coded terms are short; a shorter word that equals one is the term, not the person."""


@dataclass(frozen=True)
class Cleaner:
    """Knows the words of one person's identity and takes them out of text."""

    words: frozenset[str]

    def text(self, text: str) -> str:
        """Return a text without identifying words, dates and long numbers."""
        return self._cleaned(text, SHORTEST_WORD)

    def code(self, code: str) -> str:
        """Return a coded term, emptied where it is no term but somebody's name."""
        return self._cleaned(code, SHORTEST_IN_CODE)

    def _cleaned(self, text: str, shortest: int) -> str:
        without_dates = _DATE.sub(TAKEN_OUT, text)
        cleaned = _WORD.sub(lambda m: self._word(m[0], shortest), without_dates)
        if cleaned == text:
            return text
        return " ".join(_GAP.sub(" ", cleaned).split())

    def _word(self, word: str, shortest: int) -> str:
        plain = _plain(word)
        is_hit = _LONG_NUMBER.search(word) or any(
            _occurs(known, plain) for known in self.words if len(known) >= shortest
        )
        return TAKEN_OUT if is_hit else word


def cleaner_of(identities: Iterable[PatientIdentity], datasets: Iterable[Dataset] = ()) -> Cleaner:
    """Return a cleaner for everything that identifies somebody in headers."""
    texts = [text for one in identities for text in (one.name, one.patient_id) if text]
    for ds in datasets:
        texts += identifying_texts(ds)
    words = (_plain(word) for text in texts for word in _WORD.findall(text))
    return Cleaner(frozenset(word for word in words if len(word) >= SHORTEST_WORD))


def identifying_texts(ds: Dataset) -> list[str]:
    """Return the texts of a header that say whose images these are, and who made them."""
    named = (tag for tag in ds.keys() if _is_person_name(tag))  # noqa: SIM118 - see _is_person_name
    given = (keyword for keyword in WITH_IDENTIFIERS if keyword in ds)
    texts = [str(ds[tag].value) for tag in named]
    return texts + [str(ds[keyword].value) for keyword in given]


def _is_person_name(tag: BaseTag) -> bool:
    """Tell from the tag alone; looking at the elements themselves would convert every one."""
    return dictionary_has_tag(tag) and dictionary_VR(tag) == "PN"


def _occurs(known: str, word: str) -> bool:
    inside = len(known) >= SHORTEST_PART or not known.isascii()
    return known in word if inside else known == word


def _plain(word: str) -> str:
    """Fold case and accents away, so that one spelling finds the other."""
    decomposed = unicodedata.normalize("NFKD", word.casefold())
    return "".join(c for c in decomposed if not unicodedata.combining(c))
