"""Python itself, the sample, and a folder to keep things in."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import platformdirs

from modic_annotate.conduct.doctor.check import Check
from modic_annotate.errors import NothingReadableError
from modic_annotate.samples import sample_folder

LEAST_PYTHON = (3, 11)
SAMPLE_FILES = ("truth.json", "screening-record.json", "lesions.acts.jsonl")


def basics() -> Iterator[Check]:
    """Look at Python, the sample and the user's cache folder."""
    yield python(sys.version_info[:3])
    yield sample()
    yield cache(platformdirs.user_cache_path("modic-annotate"))


def python(version: tuple[int, ...]) -> Check:
    """Look at the version of Python."""
    least = ".".join(map(str, LEAST_PYTHON))
    return Check.of(
        "Python",
        ".".join(map(str, version)),
        ok=version >= LEAST_PYTHON,
        advice=f"install Python {least} or newer",
    )


def sample() -> Check:
    """Look for the synthetic study that the demo reads."""
    name = "sample study"
    try:
        folder = sample_folder()
    except NothingReadableError as error:
        return Check(name, "missing", "not found", str(error))
    absent = [file for file in SAMPLE_FILES if not (folder / file).is_file()]
    n_images = len(list((folder / "study").glob("*.dcm")))
    found = f"{n_images} images in {folder}" + (f", without {', '.join(absent)}" if absent else "")
    advice = "install modic-annotate again, or write a study with: modic-annotate phantom OUT"
    return Check.of(name, found, ok=bool(n_images) and not absent, advice=advice)


def cache(folder: Path) -> Check:
    """Try to write a file into a folder, made where it is not there."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"x")
    except OSError as error:
        found = f"{folder} cannot be written ({error.strerror or type(error).__name__})"
        return Check("cache folder", "missing", found, "make it writable, or set XDG_CACHE_HOME")
    return Check("cache folder", "ok", str(folder))
