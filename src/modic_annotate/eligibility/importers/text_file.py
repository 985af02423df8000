"""Bytes to text: UTF-8 with or without a mark, UTF-16 with one, others only where stated."""

from __future__ import annotations

import codecs

from modic_annotate.eligibility.importers.problems import refuse

MAX_BYTES = 64 * 1024 * 1024
"""No screening log comes near; a larger file is another file given by mistake."""

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"),
          (codecs.BOM_UTF16_BE, "utf-16"))  # fmt: skip
ENCODINGS = ("utf-8", "utf-16", "cp1252", "latin-1", "iso-8859-15", "mac-roman")


def text_of(content: bytes, what: str, encoding: str | None = None) -> tuple[str, str]:
    """Return a file's text and the name of its encoding.

    Raises
    ------
    InvalidRecordError
        It is empty, too large, binary, or in another encoding than it or the map says.
    """
    if not content.strip():
        raise refuse(what, "the file is empty")
    if len(content) > MAX_BYTES:
        raise refuse(what, f"the file has {len(content)} bytes, at most {MAX_BYTES} are read")
    marked = next((name for mark, name in _MARKS if content.startswith(mark)), None)
    name = marked or encoding or "utf-8"
    try:
        text = content.decode(name)
    except UnicodeError:
        raise refuse(
            what,
            f"the file is not {name}; save it as UTF-8, or state its encoding in the map "
            f"(file.encoding = one of {', '.join(ENCODINGS)})",
        ) from None
    if "\0" in text:
        raise refuse(what, "the file is binary, or UTF-16 without a mark; save it as UTF-8")
    return text, name
