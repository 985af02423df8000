"""Read a segmentation of this tool back into painted areas."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pydicom
from numpy.typing import NDArray
from pydicom.dataset import Dataset
from pydicom.errors import InvalidDicomError

from modic_annotate.domain.reading import LesionMask, MaskRun
from modic_annotate.domain.spine import Endplate
from modic_annotate.errors import InvalidRecordError


def masks_from_seg(path: Path) -> tuple[LesionMask, ...]:
    """Return what a segmentation holds as masks, by segment and slice.

    Raises
    ------
    InvalidRecordError
        It is no such segmentation, or damaged.
    """
    try:
        return tuple(_masks(pydicom.dcmread(path)))
    except InvalidDicomError:
        problem = "not a DICOM file"
    except (AttributeError, LookupError, TypeError, ValueError) as error:
        problem = f"not a segmentation of modic-annotate ({type(error).__name__})"
    raise InvalidRecordError(path.name, [problem])


def runs_of(mask: NDArray[np.bool_]) -> tuple[MaskRun, ...]:
    """Return the painted pixels of an array (row, column) as runs, row by row."""
    flat = np.concatenate([[False], mask.ravel(), [False]])
    edges = np.flatnonzero(flat[1:] != flat[:-1])
    return tuple(
        MaskRun(start=int(a), length=int(b - a))
        for a, b in zip(edges[::2], edges[1::2], strict=True)
    )


def _masks(ds: Dataset) -> Iterator[LesionMask]:
    endplates = {
        int(segment.SegmentNumber): Endplate.parse(str(segment.SegmentLabel))
        for segment in ds.SegmentSequence
    }
    series_uid = str(ds.ReferencedSeriesSequence[0].SeriesInstanceUID)
    shared = ds.SharedFunctionalGroupsSequence[0]
    frames = ds.pixel_array.reshape(-1, ds.Rows, ds.Columns).astype(bool)
    for frame, group in zip(frames, ds.PerFrameFunctionalGroupsSequence, strict=True):
        number = _macro(group, shared, "SegmentIdentificationSequence").ReferencedSegmentNumber
        derived = _macro(group, shared, "DerivationImageSequence")
        source = derived.SourceImageSequence[0]
        yield LesionMask(
            endplate=endplates[int(number)],
            series_uid=series_uid,
            sop_instance_uid=str(source.ReferencedSOPInstanceUID),
            frame=int(source.get("ReferencedFrameNumber", 1)) - 1,
            rows=int(ds.Rows),
            columns=int(ds.Columns),
            runs=runs_of(frame),
        )


def _macro(group: Dataset, shared: Dataset, keyword: str) -> Dataset:
    """Return a functional group of a frame; what all frames share stands elsewhere."""
    item: Dataset = (group if keyword in group else shared)[keyword].value[0]
    return item
