"""Reducers that draw: corners of bodies, brush strokes, grown regions."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from modic_annotate.domain.reading import BodyOutline, EndplateLine, LesionMask, MaskSeed
from modic_annotate.domain.series import SAGITTAL_SLOTS, SeriesRole, SeriesUsed
from modic_annotate.domain.spine import Endplate
from modic_annotate.errors import ActRefusedError
from modic_annotate.session import places
from modic_annotate.session.draft import Draft
from modic_annotate.session.mask_acts import BrushStroke, ClearMask, GrowRegion, PlaceCorners
from modic_annotate.session.mask_runs import Pixels, brushed, mask_pixels, mask_runs, pixels_of
from modic_annotate.session.outlines import CURVE_POINTS, EDGES
from modic_annotate.session.reduce.findings import in_scope, named
from modic_annotate.session.reduce.step import Step

SAME_SLICE = 0.5
"""An outline nearer than this to a new one, in slice steps, is replaced by it."""


def place_corners(draft: Draft, act: PlaceCorners, step: Step) -> Draft:
    """Place a body's corners on one slice; they give its outline and both its endplates.

    An endplate drawn with more points than two keeps its curve.
    """
    if act.vertebra not in draft.order:
        raise ActRefusedError(
            f"{act.vertebra} does not exist in this spine ({draft.order[0]} to {draft.order[-1]})"
        )
    used = _sagittal(draft, act.role, step)
    places.check_inside(used, act.corners_lps_mm)
    position = places.common_slice(used, act.corners_lps_mm)
    _check_order(act)
    sop = places.image_of(used, position).sop_instance_uid
    outline = BodyOutline(
        vertebra=act.vertebra,
        polyline_lps_mm=act.corners_lps_mm,
        frame_of_reference_uid=used.frame_of_reference_uid,
        series_uid=used.series_uid,
        sop_instance_uid=sop,
        origin=step.origin,
    )
    others = tuple(o for o in draft.outlines if not _is_replaced(o, outline, used))
    return draft.replace(outlines=(*others, outline), lines=_lines(draft, outline, step))


def _check_order(act: PlaceCorners) -> None:
    above_front, above_back, below_back, below_front = act.corners_lps_mm
    is_round = (
        above_front[1] < above_back[1]
        and below_front[1] < below_back[1]
        and above_front[2] > below_front[2]
        and above_back[2] > below_back[2]
    )
    if not is_round:
        raise ActRefusedError(
            f"The corners of {act.vertebra} are out of order; give superior-anterior, "
            "superior-posterior, inferior-posterior, inferior-anterior"
        )


def _is_replaced(old: BodyOutline, new: BodyOutline, used: SeriesUsed) -> bool:
    if old.vertebra != new.vertebra:
        return False
    between = np.mean(old.polyline_lps_mm, axis=0) - np.mean(new.polyline_lps_mm, axis=0)
    beside_mm = abs(float(between @ used.grid.slice_normal_lps))
    return beside_mm < SAME_SLICE * used.grid.spacing_mm[0]


def _lines(draft: Draft, outline: BodyOutline, step: Step) -> tuple[EndplateLine, ...]:
    """Return the placed lines with the two a body's corners give."""
    new = []
    for surface, (front, back) in EDGES.items():
        endplate = Endplate(outline.vertebra, surface)
        old = draft.line(endplate)
        if old is not None and len(old.polyline_lps_mm) >= CURVE_POINTS:
            continue
        new.append(
            EndplateLine(
                endplate=endplate,
                polyline_lps_mm=(outline.polyline_lps_mm[front], outline.polyline_lps_mm[back]),
                frame_of_reference_uid=outline.frame_of_reference_uid,
                series_uid=outline.series_uid,
                sop_instance_uid=outline.sop_instance_uid,
                origin=step.origin,
            )
        )
    given = {line.endplate for line in new}
    return (*(line for line in draft.lines if line.endplate not in given), *new)


def brush_stroke(draft: Draft, act: BrushStroke, step: Step) -> Draft:
    """Paint or erase along one stroke of a brush, in the pixels of the slice it lies on."""
    in_scope(draft, act.endplate)
    used = _sagittal(draft, act.role, step)
    places.check_inside(used, act.polyline_lps_mm)
    position = places.common_slice(used, act.polyline_lps_mm)
    stroke = brushed(used.grid, position, act.polyline_lps_mm, act.radius_mm)
    if not stroke.any():
        raise ActRefusedError(
            f"The brush of {act.radius_mm:g} mm meets the centre of no pixel there; take a larger"
        )
    if act.erase:
        return _with_mask(draft, act, step, position, lambda old: old & ~stroke)
    return _with_mask(draft, act, step, position, lambda old: old | stroke)


def grow_region(draft: Draft, act: GrowRegion, step: Step) -> Draft:
    """Add a grown region as its runs say; the image is not looked at again."""
    in_scope(draft, act.endplate)
    used = _sagittal(draft, act.role, step)
    places.check_inside(used, act.seed_lps_mm)
    position = used.grid.nearest_slice(act.seed_lps_mm)
    _, rows, columns = used.grid.shape
    after = 0
    for start, length in act.runs:
        if start < after:
            raise ActRefusedError("The runs of a grown region ascend and do not overlap")
        after = start + length
    if after > rows * columns:
        raise ActRefusedError(f"The runs reach beyond the {rows} x {columns} pixels of the slice")
    region = pixels_of(act.runs, (rows, columns))
    row, column = np.round(used.grid.to_index(act.seed_lps_mm)[1:]).astype(int)
    if not region[np.clip(row, 0, rows - 1), np.clip(column, 0, columns - 1)]:
        raise ActRefusedError("The grown region does not hold its seed; grow it anew")
    return _with_mask(draft, act, step, position, lambda old: old | region)


def clear_mask(draft: Draft, act: ClearMask, _step: Step) -> Draft:
    """Take away what was painted on an endplate."""
    in_scope(draft, act.endplate)
    if not any(mask.endplate == act.endplate for mask in draft.masks):
        raise ActRefusedError(f"{named(act.endplate)} has no mask to clear")
    return without_mask(draft, act.endplate)


def without_mask(draft: Draft, endplate: Endplate) -> Draft:
    """Return the draft without the masks of an endplate."""
    kept = tuple(mask for mask in draft.masks if mask.endplate != endplate)
    return draft.replace(masks=kept) if len(kept) < len(draft.masks) else draft


def _sagittal(draft: Draft, role: SeriesRole, step: Step) -> SeriesUsed:
    if role not in SAGITTAL_SLOTS:
        raise ActRefusedError(f"Bodies and lesions are drawn on a sagittal series, not on {role}")
    return step.need(draft, role)


def _with_mask(
    draft: Draft,
    act: BrushStroke | GrowRegion,
    step: Step,
    position: int,
    change: Callable[[Pixels], Pixels],
) -> Draft:
    used = step.need(draft, act.role)
    image = places.image_of(used, position)
    key = (act.endplate, used.series_uid, image.sop_instance_uid, image.frame)
    old = next((m for m in draft.masks if _key(m) == key), None)
    shape = used.grid.shape[1:]
    pixels = change(np.zeros(shape, dtype=bool) if old is None else mask_pixels(old))
    if old is not None and np.array_equal(pixels, mask_pixels(old)):
        raise ActRefusedError(_nothing(act))
    if old is None and not pixels.any():
        raise ActRefusedError(_nothing(act))
    others = tuple(mask for mask in draft.masks if mask is not old)
    if not pixels.any():
        return draft.replace(masks=others)
    seeds = () if old is None else old.seeds
    if isinstance(act, GrowRegion):
        seeds = (*seeds, MaskSeed(at_lps_mm=act.seed_lps_mm, tolerance=act.tolerance))
    mask = LesionMask(
        endplate=act.endplate,
        series_uid=used.series_uid,
        sop_instance_uid=image.sop_instance_uid,
        frame=image.frame,
        rows=shape[0],
        columns=shape[1],
        runs=mask_runs(pixels),
        origin=step.origin,
        seeds=seeds,
    )
    return draft.replace(masks=(*others, mask))


def _key(mask: LesionMask) -> tuple[Endplate, str, str, int]:
    return mask.endplate, mask.series_uid, mask.sop_instance_uid, mask.frame


def _nothing(act: BrushStroke | GrowRegion) -> str:
    erases = isinstance(act, BrushStroke) and act.erase
    where = f"of {named(act.endplate)} on this slice"
    return f"There is no mask {where} to erase" if erases else f"The mask {where} holds all that"
