"""Draw the pictures of the definitions anew, beside this module."""

from __future__ import annotations

from pathlib import Path

from PIL import Image

from modic_annotate.evidence.render.frame import png_bytes
from modic_annotate_napari.pictures import SERIES, Kind, file_name
from modic_annotate_napari.pictures.drawing import draw


def main(folder: Path) -> None:
    """Write every picture into a folder."""
    for kind in Kind:
        for series in SERIES:
            picture = Image.fromarray(draw(kind, series))
            (folder / file_name(kind, series)).write_bytes(png_bytes(picture))


if __name__ == "__main__":
    main(Path(__file__).parent)
