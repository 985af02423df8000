"""Part the frames of a series into stacks: one plane, one technique, one block each."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable

import numpy as np

from modic_annotate.imaging.geometry.blocks import split_blocks
from modic_annotate.imaging.geometry.kinds import by_echo, kind_of
from modic_annotate.imaging.geometry.placing import is_placed, projections
from modic_annotate.imaging.geometry.planes import same_plane
from modic_annotate.imaging.geometry.tilt import with_tilted
from modic_annotate.imaging.geometry.tolerances import (
    PIXEL_SPACING_TOLERANCE_MM,
    POSITION_TOLERANCE_MM,
)
from modic_annotate.imaging.headers.header import Header

Frames = list[Header]

_TECHNIQUES: tuple[Callable[[Header], Hashable], ...] = (
    lambda h: h.acquisition.echo_time_ms,
    lambda h: h.image_type[2:],
    lambda h: h.temporal_position,
    lambda h: h.acquisition.repetition_time_ms,
    lambda h: h.acquisition.inversion_time_ms,
)
"""What tells images at one place apart, tried in turn; only where places are taken twice."""

_FIRST = -1


def split_stacks(headers: Iterable[Header]) -> list[Frames]:
    """Return the stacks of one series, in order of their first image number."""
    ordered = sorted(headers, key=lambda h: (_number(h), h.frame))
    stacks = [
        block
        for raster in _rasters(ordered)
        for plane in with_tilted(_planes(raster))
        for part in _by_stack_id(plane)
        for technique in _techniques(part)
        for block in split_blocks(technique)
    ]
    return sorted(stacks, key=_first_image)


def _by(frames: Iterable[Header], key: Callable[[Header], Hashable]) -> dict[Hashable, Frames]:
    groups: dict[Hashable, Frames] = {}
    for frame in frames:
        groups.setdefault(key(frame), []).append(frame)
    return groups


def _gathered(frames: Iterable[Header], alike: Callable[[Header, Header], bool]) -> list[Frames]:
    """Part frames by likeness with the first of each group."""
    groups: list[Frames] = []
    for frame in frames:
        home = next((g for g in groups if alike(g[0], frame)), None)
        if home is None:
            groups.append([frame])
        else:
            home.append(frame)
    return groups


def _rasters(frames: Iterable[Header]) -> list[Frames]:
    """Part frames by object, frame of reference, matrix, pixel spacing and kind of pixel."""
    return [
        group
        for same in _by(frames, _raster).values()
        for group in _gathered(same, _same_pixel_spacing)
    ]


def _raster(header: Header) -> Hashable:
    pixel = header.photometric, header.samples_per_pixel
    return header.frame_of_reference_uid, header.rows, header.columns, header.sop_class_uid, pixel


def _same_pixel_spacing(a: Header, b: Header) -> bool:
    one, other = a.pixel_spacing, b.pixel_spacing
    if one == other or one is None or other is None:
        return one == other
    return max(abs(x - y) for x, y in zip(one, other, strict=True)) <= PIXEL_SPACING_TOLERANCE_MM


def _planes(frames: Iterable[Header]) -> list[Frames]:
    """Part frames by orientation, within the tolerance; those without one stay together."""
    ordered = sorted(frames, key=lambda h: h.orientation or ())  # whatever the order of the files
    return _gathered(ordered, _parallel)


def _parallel(a: Header, b: Header) -> bool:
    if a.orientation is None or b.orientation is None:
        return a.orientation == b.orientation
    return same_plane(a.orientation, b.orientation)


def _by_stack_id(frames: Frames) -> list[Frames]:
    """Part frames by StackID (PS3.3 C.7.6.16.2.2.4); one of each id is no stack."""
    groups = list(_by(frames, lambda h: h.stack_id).values())
    return groups if min(map(len, groups)) > 1 else [frames]


def _techniques(frames: Frames) -> list[Frames]:
    """Part frames of different kinds, and any others as long as several lie at one place."""
    kinds = (part for kind in _by(frames, kind_of).values() for part in by_echo(kind))
    return [part for kind in kinds for part in _by_technique(kind)]


def _by_technique(frames: Frames) -> list[Frames]:
    if not _doubled(frames):
        return [frames]
    groups = [frames]
    for key in _TECHNIQUES:
        groups = [part for group in groups for part in _part_if_doubled(group, key)]
    return [part for group in groups for part in _by_repetition(group)]


def _part_if_doubled(frames: Frames, key: Callable[[Header], Hashable]) -> list[Frames]:
    return list(_by(frames, key).values()) if _doubled(frames) else [frames]


def _by_repetition(frames: Frames) -> list[Frames]:
    """Part what is repeated as a whole, by acquisition or by any dimension an object names.

    Whatever a dimension's pointer means, private ones too. A lone double is a fault.
    """
    if not _doubled(frames):
        return [frames]
    n_dimensions = min(len(header.dimensions) for header in frames)
    acquisition: Callable[[Header], Hashable] = lambda h: h.acquisition_number  # noqa: E731
    for key in (acquisition, *(_dimension(i) for i in range(n_dimensions))):
        groups = list(_by(frames, key).values())
        if len({len(group) for group in groups}) == 1 and not any(map(_doubled, groups)):
            return groups
    return [frames]


def _dimension(i: int) -> Callable[[Header], Hashable]:
    return lambda header: header.dimensions[i]


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
