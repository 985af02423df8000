"""Which keys and clicks make which act: the key table read backwards."""

from __future__ import annotations

from modic_annotate.session import acts
from modic_annotate_napari.replay import (
    of_drawing,
    of_endplates,
    of_numbering,
    of_reading,
    of_series,
)
from modic_annotate_napari.replay.moves import Gesture

GESTURES: dict[type, Gesture] = {
    acts.Show: of_series.show,
    acts.Attend: of_series.attend,
    acts.RateQuality: of_series.rate_quality,
    acts.AssignRole: of_series.assign_role,
    acts.AcceptSeries: of_series.accept_series,
    acts.ReturnToSite: of_series.return_to_site,
    acts.PlaceBody: of_numbering.place_body,
    acts.PresumeBodies: of_numbering.presume_bodies,
    acts.ConfirmBodies: of_numbering.confirm_bodies,
    acts.RemoveBody: of_numbering.remove_body,
    acts.ShiftLabels: of_numbering.shift_labels,
    acts.StateNumbering: of_numbering.state_numbering,
    acts.SignNumbering: of_numbering.sign_numbering,
    acts.ReopenNumbering: of_numbering.reopen_numbering,
    acts.PlaceEndplate: of_endplates.place_endplate,
    acts.PlaceCorners: of_drawing.place_corners,
    acts.BrushStroke: of_drawing.brush_stroke,
    acts.GrowRegion: of_drawing.grow_region,
    acts.ClearMask: of_drawing.clear_mask,
    acts.Grade: of_endplates.grade,
    acts.AddComponent: of_endplates.add_component,
    acts.EqualShares: of_endplates.on_endplate("mixed.equal"),
    acts.TypeUndetermined: of_endplates.on_endplate("grade.undetermined"),
    acts.CannotRead: of_endplates.cannot_read,
    acts.ClearFinding: of_endplates.on_endplate("grade.clear"),
    acts.SetField: of_endplates.set_field,
    acts.Measure: of_endplates.measure,
    acts.ApplyUsual: of_endplates.on_endplate("usual"),
    acts.CopyFacing: of_endplates.on_endplate("copy"),
    acts.AllRemainingNone: of_reading.all_remaining_none,
    acts.SetDiscField: of_reading.set_disc_field,
    acts.DiscsNone: of_reading.discs_none,
    acts.MarkKeyImage: of_endplates.mark_key_image,
    acts.Note: of_reading.note,
    acts.RaiseRedFlag: of_reading.raise_red_flag,
    acts.Undo: of_reading.just("undo"),
    acts.Redo: of_reading.just("redo"),
    acts.Sign: of_reading.sign,
}
"""One gesture for every kind of act."""
