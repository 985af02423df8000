"""The script in ``summary.html`` that compares a package with its manifests, offline.

It stands in the page it checks, so the page's policy names it by its hash and runs nothing else.
"""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib.resources import files

PARTS = ("sha256.js", "zip.js", "sources.js", "check.js", "page.js")
"""In the order they build on each other."""


@cache
def verifier_script() -> str:
    """Return the whole script, in a block of its own so that the page gets no globals."""
    folder = files("modic_annotate.evidence.formats") / "templates" / "verify"
    parts = "\n".join((folder / name).read_text(encoding="utf-8") for name in PARTS)
    return f'"use strict";\n{{\n{parts}}}\n'


@cache
def verifier_source() -> str:
    """Return the script as Content-Security-Policy names it: ``sha256-`` and its hash, base64."""
    digest = hashlib.sha256(verifier_script().encode("utf-8")).digest()
    return f"sha256-{base64.b64encode(digest).decode('ascii')}"
