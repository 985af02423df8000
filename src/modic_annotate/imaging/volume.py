"""A stack as an array in the patient."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset, FileDataset

from modic_annotate.domain.grid import Grid
from modic_annotate.domain.series import Fault, Instance, SeriesUsed, instance_at
from modic_annotate.errors import BlockedSeriesError, DecodeError
from modic_annotate.imaging.headers import values as v
from modic_annotate.imaging.headers.quiet import quiet
from modic_annotate.imaging.model import Problem, Series, SliceRef
from modic_annotate.imaging.pixels.decode import read_dataset, stored_values, values_sha256
from modic_annotate.imaging.pixels.plausible import (
    beyond_stated_problem,
    check_growth,
    is_beyond_stated,
)
from modic_annotate.imaging.pixels.rescale import Numbers, Stored, rescaled
from modic_annotate.imaging.pixels.voi import Voi, voi_of, voi_problems
from modic_annotate.imaging.sources.archives import ImageFile


@dataclass(frozen=True, slots=True, eq=False)
class Volume:
    """Pixels of a stack with their place in the patient."""

    array: Numbers
    """Shape (slice, row, column), rescale applied: integer where slope and intercept are whole,
    else float32. Grey values as stored, also for MONOCHROME1; see `inverted`. A slice that was not
    acquired (`series.not_acquired`) is all 0."""

    grid: Grid
    series: Series
    instances: tuple[Instance, ...]
    """One per slice acquired, in slice order; see `instance_at`."""

    window: tuple[float, float] | None
    """Centre and width that the middle slice's header asks for (VOI, after rescale)."""

    inverted: bool
    """Whether low values are to be shown bright (MONOCHROME1)."""

    problems: tuple[Problem, ...] = ()
    """What only the pixels tell, beside the problems of `series`; none of them blocks."""

    rescale: tuple[tuple[float, float], ...] = ()
    """Slope and intercept of each slice acquired, as applied to its stored values."""

    @property
    def affine_lps(self) -> NDArray[np.float64]:
        """4x4, maps (slice, row, column, 1) of voxel centres to LPS mm."""
        return self.grid.matrix

    def instance_at(self, index: int) -> Instance | None:
        """Return the image of a slice of the grid; None where none was acquired."""
        return instance_at(self.instances, self.series.not_acquired, index)

    def series_used(self) -> SeriesUsed:
        """Return what a record keeps of this stack."""
        series = self.series
        return SeriesUsed(
            study_uid=series.study_uid,
            series_uid=series.series_uid,
            stack=series.stack,
            frame_of_reference_uid=series.frame_of_reference_uid,
            role=series.role,
            role_evidence=series.role_evidence,
            weighting=series.weighting,
            fat=series.fat,
            plane=series.plane,
            acquisition=series.acquisition,
            grid=self.grid,
            instances=self.instances,
            faults=tuple(Fault(code=p.code, message=p.message) for p in series.accepted),
            not_acquired=series.not_acquired,
        )


@dataclass(frozen=True, slots=True)
class _Slice:
    stored: Stored
    voi: Voi
    inverted: bool
    beyond_stated: bool
    sha256: str


def load_series(series: Series) -> Volume:
    """Read the pixels of one stack.

    Raises
    ------
    BlockedSeriesError
        When the scan found that the stack must not be read as a volume.
    DecodeError, NotAnImageError
        When a file cannot be decoded to the image its header promises.
    """
    if series.blocked or series.grid is None:
        reasons = [problem.message for problem in series.problems if problem.blocking]
        raise BlockedSeriesError(series.series_uid, reasons)
    check_growth(series)
    slices = _slices(series)
    middle = slices[len(slices) // 2]
    return Volume(
        array=_on_grid(rescaled([read.stored for read in slices]), series),
        grid=series.grid,
        series=series,
        instances=tuple(
            Instance(
                sop_instance_uid=ref.sop_instance_uid,
                frame=ref.frame,
                instance_number=ref.instance_number,
                pixel_sha256=read.sha256,
            )
            for ref, read in zip(series.slices, slices, strict=True)
        ),
        window=middle.voi.window,
        inverted=middle.inverted,
        problems=_problems(series, slices),
        rescale=tuple((read.stored.slope, read.stored.intercept) for read in slices),
    )


def _on_grid(acquired: Numbers, series: Series) -> Numbers:
    """Leave the places of an accepted stack empty where no image was acquired."""
    if not series.not_acquired:
        return acquired
    full = np.zeros((series.shape[0], *acquired.shape[1:]), dtype=acquired.dtype)
    full[list(series.acquired)] = acquired
    return full


def _problems(series: Series, slices: Sequence[_Slice]) -> tuple[Problem, ...]:
    pairs = zip(series.slices, slices, strict=True)
    beyond = [_label(ref) for ref, read in pairs if read.beyond_stated]
    problems = voi_problems([read.voi for read in slices])
    return (*problems, beyond_stated_problem(beyond)) if beyond else problems


def _label(ref: SliceRef) -> str:
    number = ref.instance_number
    return f"{ref.path.name} frame {ref.frame + 1}" if number is None else f"image {number}"


def _slices(series: Series) -> list[_Slice]:
    """Decode each slice, opening each file once, in whatever order the stack has them."""
    slices: list[_Slice] = []
    path: ImageFile | None = None
    for ref in series.slices:
        if ref.path != path:
            path, ds = ref.path, read_dataset(ref.path)
        with quiet():
            slices.append(_slice(ds, ref, series))
    return slices


def _slice(ds: FileDataset, ref: SliceRef, series: Series) -> _Slice:
    name = ref.path.name
    values = stored_values(ds, ref.frame, name)
    if values.shape != series.shape[1:]:
        raise DecodeError(f"{name} has changed since the scan; scan the folder again")
    transformed = _frame_group(ds, ref.frame, "PixelValueTransformationSequence")
    slope = v.number(transformed, "RescaleSlope")
    if slope == 0:
        raise DecodeError(f"{name} states a rescale slope of 0; ask the sender for the original")
    low, high = int(values.min()), int(values.max())
    return _Slice(
        stored=Stored(
            values=values,
            low=low,
            high=high,
            slope=1.0 if slope is None else slope,
            intercept=v.number(transformed, "RescaleIntercept") or 0.0,
            name=name,
        ),
        voi=voi_of(_frame_group(ds, ref.frame, "FrameVOILUTSequence")),
        inverted=v.text(ds, "PhotometricInterpretation") == "MONOCHROME1",
        beyond_stated=is_beyond_stated(ds, values, low, high),
        sha256=values_sha256(values),
    )


def _frame_group(ds: Dataset, frame: int, keyword: str) -> Dataset:
    """Return a functional group of one frame, or the data set itself in a classic object."""
    own = v.items(ds, "PerFrameFunctionalGroupsSequence")
    shared = v.items(ds, "SharedFunctionalGroupsSequence")
    if not own and not shared:
        return ds
    groups = [*own[frame : frame + 1], *shared[:1]]
    return next((found[0] for group in groups if (found := v.items(group, keyword))), Dataset())
