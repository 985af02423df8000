"""What a package cannot do without: hashing its bytes, and encoding its pictures with Pillow."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable, Mapping

from PIL import Image

Files = Mapping[str, bytes]


def pictures(files: Files) -> list[Image.Image]:
    """Return the package's pictures, decoded."""
    found = [Image.open(io.BytesIO(files[path])) for path in files if path.endswith(".png")]
    for image in found:
        image.load()
    return found


def make(files: Files, images: Iterable[Image.Image]) -> None:
    """Hash every file and encode every picture, with the library's own settings."""
    for content in files.values():
        hashlib.sha256(content).hexdigest()
    for image in images:
        image.save(io.BytesIO(), "PNG")
