"""Which reducer takes which act, and what holds for all of them."""

from __future__ import annotations

from datetime import datetime

from modic_annotate.domain.base import Record
from modic_annotate.domain.finding import Origin
from modic_annotate.errors import ActRefusedError, ReadingSignedError
from modic_annotate.session import acts
from modic_annotate.session.draft import Draft
from modic_annotate.session.reduce import (
    discs,
    fields,
    fills,
    grades,
    lines,
    masks,
    measure,
    notices,
    numbering,
    shown,
)
from modic_annotate.session.reduce.follow import follow_geometry
from modic_annotate.session.reduce.step import Context, Reducer, Step

REDUCERS: dict[type[Record], Reducer] = {
    acts.Show: shown.show,
    acts.Attend: shown.attend,
    acts.RateQuality: shown.rate_quality,
    acts.AssignRole: shown.assign_role,
    acts.AcceptSeries: shown.accept_series,
    acts.PlaceBody: numbering.place_body,
    acts.PresumeBodies: numbering.presume_bodies,
    acts.ConfirmBodies: numbering.confirm_bodies,
    acts.RemoveBody: numbering.remove_body,
    acts.ShiftLabels: numbering.shift_labels,
    acts.StateNumbering: numbering.state_numbering,
    acts.SignNumbering: numbering.sign_numbering,
    acts.ReopenNumbering: numbering.reopen_numbering,
    acts.PlaceEndplate: lines.place_endplate,
    acts.PlaceCorners: masks.place_corners,
    acts.BrushStroke: masks.brush_stroke,
    acts.GrowRegion: masks.grow_region,
    acts.ClearMask: masks.clear_mask,
    acts.Grade: grades.grade,
    acts.AddComponent: grades.add_component,
    acts.EqualShares: grades.equal_shares,
    acts.TypeUndetermined: grades.type_undetermined,
    acts.CannotRead: grades.cannot_read,
    acts.ClearFinding: grades.clear_finding,
    acts.AllRemainingNone: grades.all_remaining_none,
    acts.SetField: fields.set_field,
    acts.ApplyUsual: fills.apply_usual,
    acts.CopyFacing: fills.copy_facing,
    acts.MarkKeyImage: fields.mark_key_image,
    acts.Measure: measure.measure,
    acts.SetDiscField: discs.set_disc_field,
    acts.DiscsNone: discs.discs_none,
    acts.Note: notices.note,
    acts.RaiseRedFlag: notices.raise_red_flag,
    acts.ReturnToSite: notices.return_to_site,
    acts.Sign: notices.sign,
}
"""Every act but undo and redo, which choose among states instead of making one."""


def check_not_closed(draft: Draft) -> None:
    """Refuse any act on a reading that is signed or returned to the site."""
    if draft.signed:
        raise ReadingSignedError("This reading is signed and final; start an amendment instead")
    if draft.returned_to_site is not None:
        raise ActRefusedError("This case is returned to the site and closed as not read")


def apply_act(draft: Draft, act: acts.Act, origin: Origin, at: datetime, context: Context) -> Draft:
    """Return the draft after an act; pure.

    Parameters
    ----------
    draft
        The state before.
    act
        Any act but undo and redo.
    origin
        How the act came about.
    at
        When, UTC.
    context
        Protocol and series of the reading.

    Raises
    ------
    ActRefusedError
        The act has no meaning or is not allowed now; the message says what to do.
    ReadingSignedError
        The reading is signed.
    IncompleteReadingError
        The act is the signature and something is missing; all of it is listed.
    """
    check_not_closed(draft)
    step = Step(origin=origin, at=at, context=context)
    return follow_geometry(draft, REDUCERS[type(act)](draft, act, step), step)
