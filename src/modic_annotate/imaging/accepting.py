"""Which faults of a stack a reader may accept, and what the stack is then.

Accepting changes no pixel and moves no slice. It is for faults that leave every slice shown at its
true place, so that a reader who knows of the fault is not misled by it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from modic_annotate.errors import BlockedSeriesError
from modic_annotate.imaging.headers import values as v
from modic_annotate.imaging.headers.enhanced import Groups
from modic_annotate.imaging.model import Problem, Remedy, Series, SliceRef
from modic_annotate.imaging.pixels.decode import pixel_sha256, read_dataset

MAY_BE_ACCEPTED = {
    "missing_slice": "the slices that are there lie on one regular grid, at their true places; the"
    " missing one is shown as not acquired, never interpolated, and asks for no coverage",
    "duplicate_slice": "one of two images with the same pixels at the same place is left out, and"
    " nothing is lost; with other pixels it is not known which one belongs",
}
"""Faults a reader may accept, and why that is sound."""

NEVER_ACCEPTED = {
    "shifted_slice": "where the slice lies is in doubt, and with it every level and millimetre",
    "tilted_slice": "its pixels do not lie where those of a stack would be shown",
    "sheared_stack": "no right-angled volume holds the slices: places and sizes would be wrong",
    "irregular_spacing": "no grid meets the slices: places between them would be wrong",
    "no_geometry": "nobody knows where the images lie",
    "no_pixel_spacing": "nobody knows how large anything is",
    "bad_orientation": "the images' directions contradict themselves",
    "mosaic": "neighbouring parts of the picture are different slices",
    "multiframe_without_geometry": "all frames claim one place",
    "not_an_mr_image": "grey values of a screen capture are no signal",
    "colour": "colours are no signal",
    "unsupported_bits": "the values cannot be read",
    "bad_rescale": "the grey values are lost",
    "truncated": "part of the image is not there",
    "conflicting_copies": "one image has two contents, and which is right cannot be told from here",
    "mixed_patients": "it may be somebody else's spine",
}
"""Faults nobody may accept, and why."""


def acceptable_faults(series: Series) -> tuple[Problem, ...]:
    """Return the faults that keep a stack from being read, if every one may be accepted."""
    faults = tuple(problem for problem in series.problems if problem.blocking)
    codes = {fault.code for fault in faults}
    return faults if series.remedy and codes <= MAY_BE_ACCEPTED.keys() else ()


def accept(series: Series, reason: str) -> Series:
    """Return a blocked stack as the volume it makes with its faults accepted.

    Parameters
    ----------
    series
        A blocked stack.
    reason
        Why a person reads it all the same, in words.

    Returns
    -------
    Series
        On the full grid. Slices that were not acquired stand in ``not_acquired``, the faults in
        ``accepted``; they stay among the problems and block no longer.

    Raises
    ------
    BlockedSeriesError
        A fault may not be accepted, two images at one place differ, or no reason is given.
    DecodeError, NotAnImageError
        One of two images at one place cannot be compared.
    """
    form = accepted_form(series)
    if not reason.strip():
        messages = [fault.message for fault in form.accepted]
        raise BlockedSeriesError(series.series_uid, [*messages, "accepting this needs a reason"])
    return replace(form, accepted_reason=reason.strip())


def accepted_form(series: Series) -> Series:
    """Return the volume a blocked stack makes should its faults be accepted; raises as `accept`."""
    faults = acceptable_faults(series)
    if not faults or series.remedy is None:
        raise BlockedSeriesError(series.series_uid, _why_not(series))
    _check_left_out(series, series.remedy)
    unblocked = tuple(replace(problem, blocking=False) for problem in series.problems)
    return replace(
        series,
        grid=series.remedy.grid,
        shape=series.remedy.grid.shape,
        slices=tuple(series.slices[i] for i in series.remedy.kept),
        problems=unblocked,
        accepted=tuple(replace(fault, blocking=False) for fault in faults),
        not_acquired=series.remedy.not_acquired,
        remedy=None,
    )


def _why_not(series: Series) -> Sequence[str]:
    blocking = [problem for problem in series.problems if problem.blocking]
    if not blocking:
        return ["it is not blocked, so there is nothing to accept"]
    return [
        f"{problem.message} (cannot be accepted: {_reason_against(problem)})"
        for problem in blocking
        if problem.code not in MAY_BE_ACCEPTED or series.remedy is None
    ]


def _reason_against(problem: Problem) -> str:
    return NEVER_ACCEPTED.get(problem.code, "what is there does not lie on one sure grid")


def _check_left_out(series: Series, remedy: Remedy) -> None:
    """Refuse where an image to be left out is not the same as the one that is kept."""
    for i in sorted(set(range(len(series.slices))) - set(remedy.kept)):
        twin = max(k for k in remedy.kept if k < i)
        if not _same_image(series.slices[i], series.slices[twin]):
            names = " and ".join(_name(series.slices[k]) for k in (twin, i))
            raise BlockedSeriesError(
                series.series_uid,
                [f"{names} lie at the same place and differ: remove the one that does not belong"],
            )


def _same_image(one: SliceRef, other: SliceRef) -> bool:
    hashes = {pixel_sha256(ref.path, ref.frame) for ref in (one, other)}
    return len(hashes) == 1 and _rescale(one) == _rescale(other)


def _rescale(ref: SliceRef) -> tuple[float | None, ...]:
    ds = read_dataset(ref.path)
    own = v.items(ds, "PerFrameFunctionalGroupsSequence")[ref.frame : ref.frame + 1]
    shared = v.items(ds, "SharedFunctionalGroupsSequence")[:1]
    groups = Groups(next(iter(own), None), next(iter(shared), None))
    stated = groups["PixelValueTransformationSequence"] if own or shared else ds
    return v.number(stated, "RescaleSlope"), v.number(stated, "RescaleIntercept")


def _name(ref: SliceRef) -> str:
    return f"image {ref.instance_number}" if ref.instance_number is not None else ref.path.name
