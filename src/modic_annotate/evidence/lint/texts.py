"""Every text of a package's files with its place: JSON, tables, pages, pictures, DICOM, PDF."""

from __future__ import annotations

import csv
import io
import json
import warnings
import zlib
from collections.abc import Callable, Iterable, Iterator
from html.parser import HTMLParser
from typing import NamedTuple

import pydicom
from pydicom.dataset import Dataset
from pypdf import PdfReader
from pypdf.errors import PyPdfError

from modic_annotate.evidence.bag import Files
from modic_annotate.evidence.deid.fields import FREE_TEXT_KEYS
from modic_annotate.evidence.formats.summary_verifier import verifier_script

PNG_START, PNG_TEXTS = 8, (b"tEXt", b"zTXt", b"iTXt", b"eXIf")
DATES_AND_TIMES = frozenset({"DA", "TM", "DT"})
TYPED_VRS = frozenset({"LO", "ST", "LT", "UT", "UC"})
"""Representations that hold sentences; SH holds codes, PN an id."""


class Text(NamedTuple):
    """A text, where it stands, and whether a person may have typed it."""

    path: str
    place: str
    text: str
    typed: bool = False


def texts_of(files: Files) -> Iterator[Text]:
    """Yield every text of a package, the files' names too; names are placed by number alone."""
    for number, (path, content) in enumerate(sorted(files.items()), start=1):
        folder = path.rpartition("/")[0] or "the package"
        yield Text(f"file {number}, in {folder}", "its name", path)
        kind = path.rpartition(".")[2]
        for place, text, typed in _read(kind, content):
            yield Text(path, place, text, typed)


Found = tuple[str, str, bool]


def _read(kind: str, content: bytes) -> Iterator[Found]:
    """Read a file as its name says it is; what cannot be read so is searched line by line."""
    try:
        yield from _READERS.get(kind, _lines)(content)
    except Exception:  # noqa: BLE001 - parsers of damaged files raise whatever they like
        yield from _lines(content)


def _json(content: bytes) -> Iterator[Found]:
    yield from _values(json.loads(content), "", "")


def _json_lines(content: bytes) -> Iterator[Found]:
    for n, line in enumerate(content.splitlines()):
        yield from _values(json.loads(line), f"/{n}", "")


def _values(value: object, pointer: str, key: str) -> Iterator[Found]:
    if isinstance(value, dict):
        for name, held in value.items():
            yield pointer, name, False
            yield from _values(held, f"{pointer}/{name}", name)
    elif isinstance(value, list):
        for n, held in enumerate(value):
            yield from _values(held, f"{pointer}/{n}", key)
    elif isinstance(value, str):
        yield pointer, value, key in FREE_TEXT_KEYS


def _table(content: bytes) -> Iterator[Found]:
    for row, cells in enumerate(csv.reader(io.StringIO(content.decode())), start=1):
        for column, cell in enumerate(cells, start=1):
            yield f"row {row} column {column}", cell, False


def _lines(content: bytes) -> Iterator[Found]:
    for n, line in enumerate(content.decode("utf-8", "replace").splitlines(), start=1):
        yield f"line {n}", line, False


class _Page(HTMLParser):
    """Collects texts and attributes; pictures inside a page stand as files of their own too.

    The summary's script is left out where it is this program's to the letter: its words, ``max``
    among them, say nothing of anybody.
    """

    def __init__(self) -> None:
        super().__init__()
        self.found: list[Found] = []

    def handle_starttag(self, _tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for _, value in attrs:
            if value and not value.startswith("data:"):
                self._add(value)

    def handle_data(self, data: str) -> None:
        if data.strip() and data != verifier_script():
            self._add(data)

    def handle_comment(self, data: str) -> None:
        self._add(data)

    def _add(self, text: str) -> None:
        self.found.append((f"line {self.getpos()[0]}", text, False))


def _page(content: bytes) -> Iterator[Found]:
    page = _Page()
    page.feed(content.decode("utf-8", "replace"))
    yield from page.found


def _picture(content: bytes) -> Iterator[Found]:
    """Yield the text chunks of a PNG (PNG specification 11.3.3)."""
    at = PNG_START
    while at + 8 <= len(content):
        length, kind = int.from_bytes(content[at : at + 4]), content[at + 4 : at + 8]
        if kind in PNG_TEXTS:
            yield f"chunk {kind.decode()}", _chunk_text(kind, content[at + 8 :][:length]), True
        at += length + 12


def _chunk_text(kind: bytes, body: bytes) -> str:
    if kind == b"zTXt":
        keyword, _, rest = body.partition(b"\0")
        body = keyword + b" " + _inflated(rest[1:])
    elif kind == b"iTXt":
        keyword, _, rest = body.partition(b"\0")
        is_packed, texts = rest[:1] == b"\1", rest[2:].split(b"\0", 2)
        last = _inflated(texts[-1]) if is_packed else texts[-1]
        return b" ".join((keyword, *texts[:-1], last)).decode("utf-8", "replace")
    return body.decode("latin-1")


def _inflated(body: bytes) -> bytes:
    try:
        return zlib.decompress(body)
    except zlib.error:
        return body


def _object(content: bytes) -> Iterator[Found]:
    with warnings.catch_warnings(action="ignore"):  # what is wrong in it, other checks say
        ds = pydicom.dcmread(io.BytesIO(content))
        found = [*_elements(ds.file_meta, ""), *_elements(ds, "")]
    yield from found


def _elements(ds: Dataset, within: str) -> Iterator[Found]:
    for element in ds:
        place = f"{within}{element.tag}"
        if element.VR == "SQ":
            for n, item in enumerate(element.value):
                yield from _elements(item, f"{place}[{n}]")
        elif element.VR == "UN" or element.tag.is_private:
            raw = element.value
            yield place, raw.decode("latin-1") if isinstance(raw, bytes) else str(raw), True
        elif not isinstance(element.value, bytes) and element.VR not in DATES_AND_TIMES:
            yield place, str(element.value), element.VR in TYPED_VRS


_BROKEN = (
    PyPdfError, ValueError, LookupError, TypeError, AttributeError, AssertionError, RecursionError,
)  # fmt: skip
"""What the library raises for files that are no sound PDF."""


def _document(content: bytes) -> Iterator[Found]:
    """Yield the lines of each page of a PDF, its outline and what it says of itself."""
    try:
        reader = PdfReader(io.BytesIO(content))
        pages = [page.extract_text() for page in reader.pages]
        about = [*map(str, (reader.metadata or {}).values()), *_titles(reader.outline)]
    except _BROKEN:
        yield from _lines(content)
        return
    for number, text in enumerate(pages, start=1):
        yield from ((f"page {number}", line, False) for line in text.splitlines())
    yield from (("document", text, False) for text in about)


def _titles(outline: Iterable[object]) -> Iterator[str]:
    for item in outline:
        if isinstance(item, list):
            yield from _titles(item)
        else:
            yield str(getattr(item, "title", ""))


_READERS: dict[str, Callable[[bytes], Iterator[Found]]] = {
    "json": _json,
    "jsonl": _json_lines,
    "csv": _table,
    "html": _page,
    "png": _picture,
    "dcm": _object,
    "pdf": _document,
}
