"""SimpleITK listing series and their files, folder by folder (it does not look into subfolders)."""

from __future__ import annotations

from pathlib import Path

import SimpleITK


def scan(files: list[Path]) -> int:
    """Return how many files lie in series."""
    reader = SimpleITK.ImageSeriesReader
    return sum(
        len(reader.GetGDCMSeriesFileNames(str(folder), uid))
        for folder in sorted({path.parent for path in files})
        for uid in reader.GetGDCMSeriesIDs(str(folder))
    )
