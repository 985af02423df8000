"""Read a series with highdicom and SimpleITK, and compare what comes out with ours."""

from __future__ import annotations

import itertools
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import highdicom as hd
import numpy as np
import pydicom
import pytest
from numpy.typing import NDArray

from modic_annotate.domain.grid import Grid

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # SWIG's own deprecations on newer Pythons
    sitk = pytest.importorskip("SimpleITK")

AGREEMENT_MM = 0.01


@dataclass(frozen=True)
class Peer:
    """A volume as another program reads it: array (slice, row, column), affine to LPS mm."""

    array: NDArray[np.generic]
    affine: NDArray[np.float64]

    @property
    def spacing_mm(self) -> float:
        """Distance of neighbouring slices."""
        return float(np.linalg.norm(self.affine[:3, 0]))


def by_highdicom(paths: Sequence[Path]) -> Peer | str:
    """Read a classic series or one enhanced object; the words of its refusal where it refuses."""
    datasets = [pydicom.dcmread(path) for path in paths]
    options = {"dtype": np.float64, "apply_voi_transform": False}
    try:
        if int(datasets[0].get("NumberOfFrames") or 1) > 1:
            volume = hd.imread(paths[0]).get_volume(**options)
        else:
            volume = hd.get_volume_from_series(datasets, **options)
    except (ValueError, RuntimeError, AttributeError) as error:
        return str(error)
    return Peer(volume.array, np.asarray(volume.affine))


def by_simpleitk(paths: Sequence[Path]) -> Peer | str:
    """Read as its users do: the folder's files in the order that SimpleITK gives them."""
    sitk.ProcessObject.SetGlobalWarningDisplay(False)  # what it says there it loads all the same
    try:
        if len(paths) == 1:
            image = sitk.ReadImage(str(paths[0]))
        else:
            reader = sitk.ImageSeriesReader()
            reader.SetFileNames(_in_their_order(paths))
            image = reader.Execute()
    except RuntimeError as error:
        return str(error)
    affine = np.eye(4)
    if image.GetDimension() != 3:
        return f"an image of {image.GetDimension()} dimensions"
    steps = np.reshape(image.GetDirection(), (3, 3)) * image.GetSpacing()
    affine[:3, :3] = steps[:, ::-1]
    affine[:3, 3] = image.GetOrigin()
    return Peer(sitk.GetArrayFromImage(image), affine)


def _in_their_order(paths: Sequence[Path]) -> list[str]:
    """Return the files sorted as GDCM does, of this series alone."""
    uid = pydicom.dcmread(paths[0], stop_before_pixels=True).SeriesInstanceUID
    names = sitk.ImageSeriesReader.GetGDCMSeriesFileNames(str(paths[0].parent), uid)
    ours = {str(path) for path in paths}
    return [name for name in names if name in ours]


def farthest_corner_mm(grid: Grid, peer: Peer) -> float:
    """Return how far, at worst, one of our eight corners lies from the peer's voxel there."""
    return max(distance for distance, _ in _matches(grid, peer))


def same_pixels(array: NDArray[np.generic], grid: Grid, peer: Peer) -> bool:
    """Whether every voxel has the peer's value, wherever its slices begin."""
    if array.shape != peer.array.shape:
        return False
    first, *_ = (index for _, index in _matches(grid, peer))
    flips = tuple(slice(None, None, -1 if start else 1) for start in first)
    return bool(np.array_equal(array, peer.array[flips]))


def _matches(grid: Grid, peer: Peer) -> list[tuple[float, tuple[int, ...]]]:
    """Return, for each corner of ours, the nearest voxel of the peer and how far it is."""
    inverse, last = np.linalg.inv(peer.affine), np.array(peer.array.shape) - 1
    matches = []
    for corner in itertools.product(*((0, n - 1) for n in grid.shape)):
        place = grid.to_lps(corner)
        index = np.clip(np.rint(inverse[:3, :3] @ place + inverse[:3, 3]), 0, last)
        theirs = peer.affine[:3, :3] @ index + peer.affine[:3, 3]
        matches.append((float(np.linalg.norm(theirs - place)), tuple(index.astype(int).tolist())))
    return matches
