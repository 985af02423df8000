"""Part the frames of a series into stacks: one plane, one technique, one block each."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence

import numpy as np

from modic_annotate.imaging.blocks import split_blocks
from modic_annotate.imaging.geometry import is_placed, projections
from modic_annotate.imaging.header import Header
from modic_annotate.imaging.tolerances import ORIENTATION_TOLERANCE, POSITION_TOLERANCE_MM

Frames = list[Header]

_TECHNIQUES: tuple[Callable[[Header], Hashable], ...] = (
    lambda h: h.acquisition.echo_time_ms,
    lambda h: h.image_type[2:],
    lambda h: h.b_value,
    lambda h: h.temporal_position,
    lambda h: h.acquisition.repetition_time_ms,
    lambda h: h.acquisition.inversion_time_ms,
)
"""What tells images at one place apart, tried in turn; only where places are taken twice."""

_FIRST = -1


def split_stacks(headers: Iterable[Header]) -> list[Frames]:
    """Return the stacks of one series, in order of their first image number."""
    stacks = [
        block
        for shape in _by(headers, _raster).values()
        for plane in _planes(shape)
        for technique in _techniques(plane)
        for block in split_blocks(technique)
    ]
    return sorted(stacks, key=_first_image)


def _by(frames: Iterable[Header], key: Callable[[Header], Hashable]) -> dict[Hashable, Frames]:
    groups: dict[Hashable, Frames] = {}
    for frame in frames:
        groups.setdefault(key(frame), []).append(frame)
    return groups


def _raster(header: Header) -> Hashable:
    return header.frame_of_reference_uid, header.rows, header.columns, header.pixel_spacing


def _planes(frames: Sequence[Header]) -> list[Frames]:
    """Part frames by orientation, within the tolerance; those without one stay together."""
    groups: list[Frames] = []
    for frame in frames:
        home = next((g for g in groups if _same_plane(g[0], frame)), None)
        if home is None:
            groups.append([frame])
        else:
            home.append(frame)
    return groups


def _same_plane(a: Header, b: Header) -> bool:
    if a.orientation == b.orientation or a.orientation is None or b.orientation is None:
        return a.orientation == b.orientation
    difference = np.abs(np.subtract(a.orientation, b.orientation)).max()
    return bool(difference <= ORIENTATION_TOLERANCE)


def _techniques(frames: Frames) -> list[Frames]:
    """Part frames by what was acquired, as long as several lie at one place."""
    if not _doubled(frames):
        return [frames]
    groups = [frames]
    for key in _TECHNIQUES:
        groups = [part for group in groups for part in _part_if_doubled(group, key)]
    return [part for group in groups for part in _by_acquisition(group)]


def _part_if_doubled(frames: Frames, key: Callable[[Header], Hashable]) -> list[Frames]:
    return list(_by(frames, key).values()) if _doubled(frames) else [frames]


def _by_acquisition(frames: Frames) -> list[Frames]:
    """Part repeated acquisitions, where each repeats all places: a lone double is a fault."""
    if not _doubled(frames):
        return [frames]
    groups = list(_by(frames, lambda h: h.acquisition_number).values())
    whole = len({len(group) for group in groups}) == 1 and not any(map(_doubled, groups))
    return groups if whole else [frames]


def _doubled(frames: Frames) -> bool:
    """Whether two different images lie at one place."""
    if len(frames) == 1 or not is_placed(frames):
        return False
    along, across = projections(frames)
    order = np.argsort(along)
    apart = np.diff(along[order]) > POSITION_TOLERANCE_MM
    aside = np.linalg.norm(np.diff(across[order], axis=0), axis=1) > POSITION_TOLERANCE_MM
    return bool(np.any(~apart & ~aside)) and not any(frame.is_mosaic for frame in frames)


def _first_image(frames: Frames) -> tuple[int, int, str]:
    first = min(
        frames,
        key=lambda h: (_number(h), h.frame, h.sop_instance_uid),
    )
    return _number(first), first.frame, first.sop_instance_uid


def _number(header: Header) -> int:
    return _FIRST if header.instance_number is None else header.instance_number
