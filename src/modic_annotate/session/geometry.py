"""Where a lesion was painted, as slices to measure: which series, along which directions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from modic_annotate.domain.finding import Calliper
from modic_annotate.domain.series import SAGITTAL_SLOTS, SeriesUsed
from modic_annotate.domain.spine import Endplate, Surface, Vertebra
from modic_annotate.session import slots
from modic_annotate.session.draft import Draft
from modic_annotate.session.lesion_sizes import Lesion
from modic_annotate.session.lesion_slices import Cells, Frame, LesionOnSlice, on_slice
from modic_annotate.session.mask_runs import mask_cells
from modic_annotate.session.measuring import LEAST_SLANT
from modic_annotate.session.outlines import edge_at, moved_to, shape_of
from modic_annotate.session.spine_geometry import LEFT_LPS, SpineCurve, Vector, unit

OTHER = {Surface.SUPERIOR: Surface.INFERIOR, Surface.INFERIOR: Surface.SUPERIOR}
POSTERIOR_LPS = np.array([0.0, 1.0, 0.0])
FOOT_LPS = np.array([0.0, 0.0, -1.0])


@dataclass(frozen=True)
class Painted:
    """The masks of one endplate in the series they are measured on."""

    used: SeriesUsed
    cells: Mapping[int, Cells]
    """By slice index, ascending; pixels as (row, column), each slice holds one."""


def painted(draft: Draft, series: Sequence[SeriesUsed], endplate: Endplate) -> Painted | None:
    """Return the masks an endplate is measured by: on T1, else T2, else fat-suppressed."""
    masks = [m for m in draft.masks if m.endplate == endplate]
    if not masks:
        return None
    uids = {m.series_uid for m in masks}
    there = [s for s in slots.readable(draft, series) if s.series_uid in uids]
    order = {role: n for n, role in enumerate(SAGITTAL_SLOTS)}
    ranked = sorted(there, key=lambda s: order.get(slots.role_in(draft, s), len(order)))
    for used in ranked:
        index = slice_indices(used)
        found = {
            index[mask.sop_instance_uid, mask.frame]: mask_cells(mask)
            for mask in masks
            if (mask.sop_instance_uid, mask.frame) in index
        }
        if found:
            return Painted(used, dict(sorted(found.items())))
    return None


def slice_indices(used: SeriesUsed) -> dict[tuple[str, int], int]:
    """Return the slice index of each image of a stack, by SOP instance and frame."""
    return {
        (image.sop_instance_uid, image.frame): index
        for index, image in zip(used.acquired, used.instances, strict=True)
    }


def position_of(used: SeriesUsed, slice_index: int) -> float:
    """Return the place of a slice along the slice normal, in mm."""
    _, rows, columns = used.grid.shape
    middle = used.grid.to_lps((slice_index, (rows - 1) / 2, (columns - 1) / 2))
    return float(middle @ used.grid.slice_normal_lps)


def frame_on(draft: Draft, used: SeriesUsed, endplate: Endplate, slice_index: int) -> Frame:
    """Return the directions a lesion of an endplate is measured along on a slice."""
    normal, position = used.grid.slice_normal_lps, position_of(used, slice_index)
    edge = edge_at(draft, used, endplate, position)
    opposite = edge_at(draft, used, Endplate(endplate.vertebra, OTHER[endplate.surface]), position)
    curve = SpineCurve.of(draft.numbering, used)
    estimate = curve.edge(endplate) if edge is None else None
    guide = edge[[0, -1]] if edge is not None else None
    if estimate is not None:
        guide = moved_to(np.array(estimate), normal, position)
    caudal = _caudal(curve, endplate.vertebra, (edge, opposite), normal)
    back = np.cross(normal, caudal) if guide is None else guide[1] - guide[0]
    back = unit(back if back @ POSTERIOR_LPS > 0 else -back)
    into = 1.0 if endplate.surface == Surface.SUPERIOR else -1.0
    return Frame(_believed(caudal, back, normal), back, into, edge, opposite, guide)


def _caudal(
    curve: SpineCurve,
    vertebra: Vertebra,
    edges: tuple[Vector | None, Vector | None],
    normal: Vector,
) -> Vector:
    """Return the body's axis in a slice: between its endplates, else the spine's."""
    own, opposite = edges
    if own is not None and opposite is not None:
        along = (own[0] + own[-1] - opposite[0] - opposite[-1]) / 2
    else:
        found = curve.axis(vertebra)
        along = FOOT_LPS if found is None else found
    flat = along - (along @ normal) * normal
    return unit(flat if flat @ FOOT_LPS > 0 else -flat)


def _believed(caudal: Vector, back: Vector, normal: Vector) -> Vector:
    """Return the axis, or what is square to the endplate where the axis nearly runs along it."""
    square = np.cross(normal, back)
    square = square if square @ FOOT_LPS > 0 else -square
    return caudal if abs(float(caudal @ square)) > LEAST_SLANT else unit(square)


def slices_of(draft: Draft, masks: Painted, endplate: Endplate) -> tuple[LesionOnSlice, ...]:
    """Measure the masks of an endplate, slice by slice."""
    used = masks.used
    return tuple(
        on_slice(used.grid, index, cells, frame_on(draft, used, endplate, index))
        for index, cells in masks.cells.items()
    )


def measured_slices(
    draft: Draft, used: SeriesUsed, endplate: Endplate, callipers: Sequence[Calliper]
) -> tuple[LesionOnSlice, ...]:
    """Return what callipers on a series' slices measured, in the form masks give."""
    index = {uid: k for (uid, _), k in slice_indices(used).items()}
    found = []
    for one in callipers:
        uid = one.measurement.sop_instance_uid
        if uid is None or uid not in index:
            continue
        frame = frame_on(draft, used, endplate, index[uid])
        front, back, deepest = one.measurement.points_lps_mm[:3]
        start = front if frame.guide is None else frame.guide[0]
        ends = sorted(float(np.subtract(p, start) @ frame.back) for p in (front, back))
        guide_mm = None if frame.guide is None else float(np.ptp(frame.guide @ frame.back))
        found.append(
            LesionOnSlice(
                slice_index=index[uid],
                height_mm=one.height_mm,
                body_height_mm=one.body_height_mm,
                ap_mm=one.ap_mm,
                endplate_length_mm=one.endplate_length_mm,
                max_diameter_mm=one.max_diameter_mm,
                area_mm2=0.0,
                n_rows=0,
                points_lps_mm=(front, back, deepest),
                covered=((ends[0], ends[1]),),
                guide_length_mm=guide_mm,
            )
        )
    return tuple(sorted(found, key=lambda s: s.slice_index))


def lesion_of(
    draft: Draft, used: SeriesUsed, endplate: Endplate, slices: Sequence[LesionOnSlice]
) -> Lesion:
    """Return a lesion's slices with the body they lie in."""
    normal = used.grid.slice_normal_lps
    centre = draft.numbering.centre(endplate.vertebra)
    return Lesion(
        slices=slices,
        positions=np.array([position_of(used, one.slice_index) for one in slices]),
        slice_mm=used.grid.spacing_mm[0],
        shape=shape_of(draft, used, endplate.vertebra),
        is_leftward=float(normal @ LEFT_LPS) > 0,
        centre_mm=None if centre is None else float(np.array(centre) @ normal),
    )
