"""Copies of DICOM images without identity: same pixels, same geometry, nobody's name."""

from __future__ import annotations

import hashlib
import hmac
import re
import uuid
import warnings
from collections.abc import Callable, Iterable
from typing import BinaryIO

import pydicom
from pydicom.dataelem import DataElement
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.multival import MultiValue
from pydicom.sequence import Sequence
from pydicom.uid import PYDICOM_IMPLEMENTATION_UID

from modic_annotate.conduct.cleaning import Cleaner, cleaner_of, identifying_texts
from modic_annotate.conduct.kept_attributes import EMPTIED, KEPT
from modic_annotate.evidence.lint.words import hashed_word, spellings
from modic_annotate.imaging import PatientIdentity
from modic_annotate.imaging.sources.archives import ImageFile, open_image

METHOD = "modic-annotate: allow-list of attributes, new UIDs, cleaned text"
STANDARD_UIDS = "1.2.840.10008."
"""Root of UIDs that DICOM itself assigns (PS3.6 Annex A); they name no person's data."""

NUMBER_VRS = frozenset({"DS", "IS"})
"""Numbers written as text; the reader hands out as text what is no number."""

_AGE = re.compile(r"\d{3}[DWMY]")
TEXT_VRS = frozenset({"LO", "SH", "ST", "LT", "UT", "UC"})
OLDEST_AGE_YEARS = 90
"""Ages above 89 identify (45 CFR 164.514(b)(2)(i)(C))."""


class UidMap:
    """New UIDs for old ones: the same for the same, impossible to reverse without the key."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self.source_of: dict[str, str] = {}

    def new(self, source: str) -> str:
        """Return the workspace's UID for a source's UID (``2.25.<n>``, PS3.5 B.2)."""
        if source.startswith(STANDARD_UIDS) or not source:
            return source
        digest = hmac.digest(self._key, source.encode(), hashlib.sha256)
        uid = f"2.25.{uuid.UUID(bytes=digest[:16], version=5).int}"
        self.source_of[uid] = source
        return uid


class Deidentifier:
    """Writes copies of one person's images under the name of a record."""

    def __init__(self, record_id: str, uids: UidMap, identity: PatientIdentity) -> None:
        self.record_id = record_id
        self.uids = uids
        self._identity = identity
        self.identity_words: set[str] = set()
        """Words that name somebody in the images copied so far, as a package is searched."""

    def copy(self, source: ImageFile, target: BinaryIO) -> None:
        """Write a copy of one image without identity; its pixel data stay as they are."""
        with open_image(source) as file, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # odd values are the source's, and told by the scan
            self.deidentified(pydicom.dcmread(file)).save_as(target, enforce_file_format=True)

    def deidentified(self, ds: FileDataset) -> Dataset:
        """Return a new data set with what may be kept of an image."""
        self.identity_words |= spellings(
            " ".join((*identifying_texts(ds), str(ds.get("PatientBirthDate", ""))))
        )
        copy = self._kept(ds, cleaner_of([self._identity], [ds]))
        for keyword in EMPTIED:
            setattr(copy, keyword, "")
        copy.PatientName = self.record_id
        copy.PatientID = self.record_id
        copy.PatientIdentityRemoved = "YES"
        copy.DeidentificationMethod = METHOD
        copy.SpecificCharacterSet = "ISO_IR 192"
        copy.file_meta = FileMetaDataset()
        copy.file_meta.MediaStorageSOPClassUID = copy.SOPClassUID
        copy.file_meta.MediaStorageSOPInstanceUID = copy.SOPInstanceUID
        copy.file_meta.TransferSyntaxUID = ds.file_meta.TransferSyntaxUID
        copy.file_meta.ImplementationClassUID = PYDICOM_IMPLEMENTATION_UID
        return copy

    def _kept(self, ds: Dataset, cleaner: Cleaner) -> Dataset:
        copy = Dataset()
        for tag in KEPT.intersection(ds.keys()):
            element = _readable(ds, tag)
            if element is not None:
                copy.add(self._element(element, cleaner))
        return copy

    def _element(self, element: DataElement, cleaner: Cleaner) -> DataElement:
        if element.VR == "SQ":
            items = Sequence([self._kept(item, cleaner) for item in element.value])
            return DataElement(element.tag, "SQ", items)
        change = self._change(element, cleaner)
        if change is None or element.value is None:
            return element
        several = not isinstance(element.value, str)
        value = [change(str(v)) for v in element.value] if several else change(str(element.value))
        return DataElement(element.tag, element.VR, value, validation_mode=pydicom.config.IGNORE)

    def _change(self, element: DataElement, cleaner: Cleaner) -> Callable[[str], str] | None:
        """Return what is done to each value of an attribute; None keeps it as it is."""
        if element.keyword == "PatientAge":
            return _pooled_age
        if element.VR in TEXT_VRS:
            return cleaner.text
        return {"UI": self.uids.new, "CS": cleaner.code}.get(element.VR)


def _readable(ds: Dataset, tag: int) -> DataElement | None:
    """Return an element, or None where its value is none of its type, e.g. a word for a number."""
    try:
        element = ds[tag]
    except (ValueError, TypeError, OverflowError, NotImplementedError):
        return None
    values = element.value if isinstance(element.value, MultiValue) else [element.value]
    if element.VR in NUMBER_VRS and any(isinstance(v, str) and v for v in values):
        return None
    is_age = element.VR != "AS" or all(not v or _AGE.fullmatch(str(v)) for v in values)
    return element if is_age else None


def has_burned_in_text(source: ImageFile) -> bool:
    """Whether an image says that its pixels hold text, which no header pass can remove."""
    with open_image(source) as file, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        ds = pydicom.dcmread(file, stop_before_pixels=True, specific_tags=["BurnedInAnnotation"])
    return str(ds.get("BurnedInAnnotation", "")).strip().upper() == "YES"


def known_words(words: Iterable[str], key: bytes) -> tuple[str, ...]:
    """Return keyed hashes of words that name somebody, for the site's own map of identity."""
    return tuple(sorted(hashed_word(key, word) for word in words))


def _pooled_age(age: str) -> str:
    years = age[:-1] if age.endswith("Y") else ""
    return f"{OLDEST_AGE_YEARS:03d}Y" if years.isdigit() and int(years) >= OLDEST_AGE_YEARS else age
