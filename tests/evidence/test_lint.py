"""The search for identity looks into every kind of file and names the place alone."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian, generate_uid

from modic_annotate.evidence.formats.summary_verifier import verifier_script
from modic_annotate.evidence.lint.known import KnownIdentity
from modic_annotate.evidence.lint.package import identity_finds
from modic_annotate.evidence.lint.patterns import pattern_finds
from modic_annotate.evidence.lint.words import hashed_word

KEY = b"k" * 32
BY_WORD = KnownIdentity(words=frozenset({"grunwald", "gruenwald"}))
BY_HASH = KnownIdentity(hashes=frozenset({hashed_word(KEY, "grunwald")}), key=KEY)
NAME = "Grünwald"


def png(kind: bytes, body: bytes) -> bytes:
    chunk = struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
    return b"\x89PNG\r\n\x1a\n" + chunk


def dicom(private: bool) -> bytes:
    ds, out = Dataset(), io.BytesIO()
    ds.file_meta = FileMetaDataset()
    ds.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    ds.SOPClassUID, ds.SOPInstanceUID = "1.2.840.10008.5.1.4.1.1.66", generate_uid()
    ds.SpecificCharacterSet = "ISO_IR 192"
    if private:
        ds.add_new((0x0029, 0x0010), "LO", "SOMEBODY")
        ds.add_new((0x0029, 0x1010), "UN", NAME.encode("latin-1"))
    else:
        item = Dataset()
        item.TextValue = f"told by {NAME}"
        ds.ContentSequence = [item]
    ds.save_as(out, enforce_file_format=True)
    return out.getvalue()


PLANTED = {
    "data/a.json": (f'{{"a":[{{"b":"x {NAME}"}}]}}'.encode(), "/a/0/b"),
    "data/keys.json": (f'{{"a":{{"{NAME}":1}}}}'.encode(), "/a"),
    "data/a.jsonl": (f'{{}}\n{{"a":"{NAME}"}}\n'.encode(), "/1/a"),
    "data/a.csv": (f"a,b\n1,{NAME}\n".encode(), "row 2 column 2"),
    "data/a.html": (f"<p>\n<b>{NAME}</b></p>".encode(), "line 2"),
    "data/alt.html": (f'<img alt="{NAME}">'.encode(), "line 1"),
    "data/said.html": (f"<!-- {NAME} -->".encode(), "line 1"),
    "data/a.txt": (f"x\n{NAME}\n".encode(), "line 2"),
    "data/text.png": (png(b"tEXt", b"Author\0Gr\xfcnwald"), "chunk tEXt"),
    "data/packed.png": (
        png(b"zTXt", b"Author\0\0" + zlib.compress(b"Gr\xfcnwald")),
        "chunk zTXt",
    ),
    "data/utf8.png": (png(b"iTXt", b"A\0\0\0\0\0" + NAME.encode()), "chunk iTXt"),
    "data/both.png": (
        png(b"iTXt", b"A\0\1\0\0\0" + zlib.compress(NAME.encode())),
        "chunk iTXt",
    ),
    "data/nested.dcm": (dicom(private=False), "(0040,A730)[0](0040,A160)"),
    "data/private.dcm": (dicom(private=True), "(0029,1010)"),
}
"""File -> its content, and where the name stands."""


@pytest.mark.parametrize("known", [BY_WORD, BY_HASH], ids=["word", "hash"])
@pytest.mark.parametrize("path", PLANTED)
def test_a_name_is_found_in_every_kind_of_file(path: str, known: KnownIdentity) -> None:
    """Text, keys, cells, attributes, comments, chunks, nested and private elements."""
    content, place = PLANTED[path]
    finds = list(identity_finds({path: content}, known))
    assert f"{path}: {place}: a word of somebody's identity" in finds
    assert "nwald" not in " ".join(finds)


@pytest.mark.parametrize("path", PLANTED)
def test_a_damaged_file_is_searched_all_the_same(path: str) -> None:
    """Cut off, with a stray byte, or with its beginning gone: no crash, and lines are searched."""
    content, _ = PLANTED[path]
    for n in range(0, len(content), 3):
        for damaged in (content[:n], content[n:], content[:n] + b"\xff" + content[n + 1 :]):
            list(identity_finds({path: damaged}, BY_WORD))
    if path.endswith(".json"):
        (find,) = identity_finds({path: f"{{{NAME}".encode()}, BY_WORD)
        assert find == f"{path}: line 1: a word of somebody's identity"


def test_a_files_name_is_told_by_number() -> None:
    """Naming the path would repeat the name."""
    (find,) = identity_finds({"data/gruenwald.txt": b"", "a.txt": b""}, BY_WORD)
    assert find == "file 2, in data: its name: a word of somebody's identity"


@pytest.mark.parametrize(
    "text",
    ["hypointense on T1", "L4-5, 40 % of 20 mm", "a synthetic record", "2.25.123456789", "ab" * 32],
)
def test_the_programs_own_words_are_nobodys(text: str) -> None:
    """What templates, schemas and codebook say is not taken for a name; UIDs are no numbers."""
    known = KnownIdentity(words=frozenset({"synthetic", "record", "modic"}))
    assert not known.holds(text)
    assert list(pattern_finds(text, typed=True)) == []


def test_the_summarys_own_script_is_nobodys() -> None:
    """Its words are not searched; any other script's are, and so are they anywhere else."""
    known = KnownIdentity(words=frozenset({"await"}))
    script = verifier_script()
    assert not list(identity_finds({"a.html": f"<script>{script}</script>".encode()}, known))
    assert list(identity_finds({"a.html": f"<script>{script} </script>".encode()}, known))
    assert list(identity_finds({"a.html": b"<p>Dr Await</p>"}, known))


def test_a_hospitals_uid_is_found_whole() -> None:
    """A UID is compared as a whole, wherever it stands."""
    known = KnownIdentity(uids=frozenset({"1.2.3.4.5"}))
    assert list(identity_finds({"a.txt": b"see 1.2.3.4.5 now"}, known))
    assert not list(identity_finds({"a.txt": b"see 1.2.3.4.50 and 9.1.2.3.4.5"}, known))


def test_pointers_are_no_paths_and_ratios_no_dates() -> None:
    """JSON pointers and measures pass; free text alone is searched for dates and telephones."""
    for text in ("/scores/odi_percent/value", "L4/5 and L5/S1", "3.5 x 4.25 mm", "TR 3200 TE 110"):
        assert list(pattern_finds(text, typed=True)) == []
    assert list(pattern_finds("2026-03-10", typed=False)) == []
    assert "a date" in pattern_finds("2026-03-10", typed=True)


def test_an_identity_prints_as_nothing() -> None:
    """Not even a traceback shows what is searched for."""
    assert "grunwald" not in repr(BY_WORD)
