"""What wrote a record."""

from __future__ import annotations

from functools import cache
from importlib import metadata

from modic_annotate.domain.reading import Software

NOT_INSTALLED = "0+not-installed"


@cache
def software() -> Software:
    """Return this program and its installed version."""
    try:
        version = metadata.version("modic-annotate")
    except metadata.PackageNotFoundError:  # run from a bare source tree
        version = NOT_INSTALLED
    return Software(version=version)
