"""The sample study, read with independent tools."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import SimpleITK
from numpy.typing import ArrayLike, NDArray

from modic_annotate.domain.base import PointLps
from modic_annotate.domain.series import SeriesRole
from modic_annotate.phantom import Truth
from modic_annotate.phantom.vendors import Export, VendorTruth, write_vendor_study
from modic_annotate.samples import sample_folder
from modic_annotate.store.canonical import parse_record


@dataclass(frozen=True)
class ReadSeries:
    """A series as SimpleITK reads it."""

    image: SimpleITK.Image
    array: NDArray[np.float64]

    def mean(self, point: PointLps, radius: int = 1) -> float:
        """Mean of the pixels about a point, in the slice nearest to it."""
        column, row, plane = self.image.TransformPhysicalPointToIndex(point)
        rows = slice(row - radius, row + radius + 1)
        columns = slice(column - radius, column + radius + 1)
        return float(self.array[plane, rows, columns].mean())

    def along(self, points: ArrayLike) -> NDArray[np.float64]:
        """Values at points (n, 3), interpolated within the nearest slice."""
        values = []
        for point in np.asarray(points, dtype=np.float64):
            column, row, plane = self.image.TransformPhysicalPointToContinuousIndex(point.tolist())
            frame = self.array[int(np.clip(round(plane), 0, len(self.array) - 1))]
            i, j = int(row), int(column)
            a, b = row - i, column - j
            upper = frame[i, j] * (1 - b) + frame[i, j + 1] * b
            lower = frame[i + 1, j] * (1 - b) + frame[i + 1, j + 1] * b
            values.append(upper * (1 - a) + lower * a)
        return np.array(values)


@pytest.fixture(scope="session")
def sample() -> Path:
    """The folder of the sample."""
    return sample_folder()


@pytest.fixture(scope="session")
def truth(sample: Path) -> Truth:
    """The committed truth of the sample."""
    return parse_record(Truth, (sample / "truth.json").read_bytes(), "truth.json")


@pytest.fixture(scope="session")
def series(sample: Path, truth: Truth) -> dict[SeriesRole, ReadSeries]:
    """The three series of the sample, by role."""
    read = {}
    for one in truth.series:
        reader = SimpleITK.ImageSeriesReader()
        reader.SetFileNames([str(sample / name) for name in one.files])
        image = reader.Execute()
        array = SimpleITK.GetArrayFromImage(image).astype(np.float64)
        read[one.role] = ReadSeries(image, array)
    return read


@pytest.fixture(scope="session")
def vendor_study(tmp_path_factory) -> Callable[[Export], tuple[Path, VendorTruth]]:
    """Write each vendor study once: the folder of its files, and its truth."""
    written: dict[Export, tuple[Path, VendorTruth]] = {}

    def write(export: Export) -> tuple[Path, VendorTruth]:
        if export not in written:
            out = tmp_path_factory.mktemp(f"{export.vendor.key}-{export.form}")
            written[export] = (out / "study", write_vendor_study(out, export))
        return written[export]

    return write
