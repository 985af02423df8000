"""XML as text to elements, with no document type: so no entity is ever expanded or fetched."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError, fromstring

from modic_annotate.eligibility.importers.problems import refuse
from modic_annotate.eligibility.importers.text_file import ENCODINGS

NAMESPACE = "http://www.cdisc.org/ns/odm/v1.3"
_DECLARED = re.compile(rb"^\s*<\?xml[^>]*encoding=[\"']([A-Za-z0-9._-]{1,20})[\"']")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_FORBIDDEN = ("<!DOCTYPE", "<!ENTITY")


def declared_encoding(content: bytes) -> str | None:
    """Return the encoding an XML file declares, where it is one that is read."""
    match = _DECLARED.match(content[:200])
    name = match[1].decode("ascii").lower() if match else ""
    name = {"iso-8859-1": "latin-1", "windows-1252": "cp1252"}.get(name, name)
    return name if name in ENCODINGS else None


def parse(text: str, what: str) -> Element:
    """Return the root of an ODM 1.3 file.

    Raises
    ------
    InvalidRecordError
        It is no XML, has a document type, or is no ODM 1.3.
    """
    if any(mark in text for mark in _FORBIDDEN):
        raise refuse(what, "it has a document type or entities, which ODM needs none of")
    try:
        root = fromstring(_DECLARATION.sub("", text, count=1))  # noqa: S314 - no entities, above
    except ParseError as error:
        raise refuse(what, f"it is no XML from line {error.position[0]} on") from None
    if root.tag != f"{{{NAMESPACE}}}ODM":
        raise refuse(what, f"it is no CDISC ODM 1.3: the root is not ODM of {NAMESPACE}")
    return root


def children(parent: Element, *names: str) -> Iterator[Element]:
    """Yield the children of some names, in the order of the file."""
    for child in parent:
        if name_of(child) in names:
            yield child


def child(parent: Element, name: str) -> Element | None:
    """Return the first child of a name."""
    return next(children(parent, name), None)


def name_of(element: Element) -> str:
    """Return an element's name in ODM's namespace; empty for an extension of a vendor."""
    namespace, _, name = str(element.tag).rpartition("}")
    return name if namespace == f"{{{NAMESPACE}" else ""


def words(element: Element | None) -> str:
    """Return an element's own text on one line."""
    return " ".join((element.text or "").split()) if element is not None else ""


def translated(parent: Element | None) -> str:
    """Return the first translated text below an element such as Question or Decode."""
    return words(child(parent, "TranslatedText")) if parent is not None else ""
