"""Volumes as the common libraries load them, from files in slice order."""

from __future__ import annotations

from pathlib import Path

import highdicom
import numpy as np
import pydicom
import SimpleITK


def with_highdicom(files: list[Path]) -> tuple[int, ...]:
    """Read a volume of stored values with its affine; return its shape."""
    volume = highdicom.get_volume_from_series(
        [pydicom.dcmread(path) for path in files],
        dtype=np.uint16,
        apply_real_world_transform=False,
        apply_modality_transform=False,
    )
    return tuple(volume.spatial_shape)


def with_simpleitk(files: list[Path]) -> tuple[int, ...]:
    """Read a volume with its geometry; return its shape."""
    reader = SimpleITK.ImageSeriesReader()
    reader.SetFileNames([str(path) for path in files])
    return tuple(SimpleITK.GetArrayViewFromImage(reader.Execute()).shape)
