"""Every act a reader can make, as data: one line of an acts file, one entry of a journal.

An acts file is JSON lines of these. Series are named by the slot they fill and places by LPS mm,
so that a file means the same on every copy of the images (see ``sample_dicom/*acts*.jsonl``).
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, JsonValue, TypeAdapter

from modic_annotate.domain.base import PointLps, Record
from modic_annotate.domain.modic import ModicType, NotAssessableReason
from modic_annotate.domain.reading import RedFlagKind
from modic_annotate.domain.series import SeriesRole
from modic_annotate.domain.spine import DiscLevel, Endplate
from modic_annotate.session.mask_acts import BrushStroke as BrushStroke
from modic_annotate.session.mask_acts import ClearMask as ClearMask
from modic_annotate.session.mask_acts import GrowRegion as GrowRegion
from modic_annotate.session.mask_acts import PlaceCorners as PlaceCorners
from modic_annotate.session.numbering_acts import ConfirmBodies as ConfirmBodies
from modic_annotate.session.numbering_acts import PlaceBody as PlaceBody
from modic_annotate.session.numbering_acts import PresumeBodies as PresumeBodies
from modic_annotate.session.numbering_acts import RemoveBody as RemoveBody
from modic_annotate.session.numbering_acts import ReopenNumbering as ReopenNumbering
from modic_annotate.session.numbering_acts import ShiftLabels as ShiftLabels
from modic_annotate.session.numbering_acts import SignNumbering as SignNumbering
from modic_annotate.session.numbering_acts import StateNumbering as StateNumbering
from modic_annotate.session.series_acts import AcceptSeries as AcceptSeries
from modic_annotate.session.series_acts import AssignRole as AssignRole
from modic_annotate.session.series_acts import Attend as Attend
from modic_annotate.session.series_acts import RateQuality as RateQuality
from modic_annotate.session.series_acts import Show as Show


class PlaceEndplate(Record):
    """Draw an endplate from anterior to posterior on one slice."""

    act: Literal["place_endplate"] = "place_endplate"
    endplate: Endplate
    polyline_lps_mm: Annotated[tuple[PointLps, ...], Field(min_length=2)]
    role: SeriesRole


class Grade(Record):
    """Grade an ungraded endplate: no change, or a change with its predominant type."""

    act: Literal["grade"] = "grade"
    endplate: Endplate
    modic: Literal["absent", "present"]
    component: ModicType | None = None


class AddComponent(Record):
    """Add a further, lesser component to a change."""

    act: Literal["add_component"] = "add_component"
    endplate: Endplate
    component: ModicType


class EqualShares(Record):
    """Say that the first two components hold equal shares."""

    act: Literal["equal_shares"] = "equal_shares"
    endplate: Endplate


class TypeUndetermined(Record):
    """Say that there is a change whose type cannot be told."""

    act: Literal["type_undetermined"] = "type_undetermined"
    endplate: Endplate


class CannotRead(Record):
    """Say that an endplate cannot be read, and why."""

    act: Literal["cannot_read"] = "cannot_read"
    endplate: Endplate
    reason: NotAssessableReason


class ClearFinding(Record):
    """Reopen an endplate: its finding is not read again."""

    act: Literal["clear_finding"] = "clear_finding"
    endplate: Endplate


class SetField(Record):
    """Set one field of a finding that is read (contour, attribution, zones, note, ...)."""

    act: Literal["set_field"] = "set_field"
    endplate: Endplate
    field: str
    value: JsonValue


class Measure(Record):
    """Measure a lesion: front end, back end, deepest point; then the body's height."""

    act: Literal["measure"] = "measure"
    endplate: Endplate
    role: SeriesRole
    lesion_lps_mm: tuple[PointLps, PointLps, PointLps]
    body_height_lps_mm: tuple[PointLps, PointLps] | None = None
    """Two ends of the body height at that place; None takes the placed endplates."""


class ApplyUsual(Record):
    """Fill the open fields with the protocol's usual values (one key, kept as macro)."""

    act: Literal["apply_usual"] = "apply_usual"
    endplate: Endplate


class CopyFacing(Record):
    """Copy the finding of the facing endplate (off in trial protocols)."""

    act: Literal["copy_facing"] = "copy_facing"
    endplate: Endplate


class AllRemainingNone(Record):
    """Grade every open endplate as none; only after full coverage."""

    act: Literal["all_remaining_none"] = "all_remaining_none"


class SetDiscField(Record):
    """Set one field of a disc."""

    act: Literal["set_disc_field"] = "set_disc_field"
    disc: DiscLevel
    field: str
    value: JsonValue


class DiscsNone(Record):
    """Say of every disc not read yet that none of the asked features is seen."""

    act: Literal["discs_none"] = "discs_none"


class MarkKeyImage(Record):
    """Mark the slice through a point as a key image of an endplate."""

    act: Literal["mark_key_image"] = "mark_key_image"
    endplate: Endplate
    role: SeriesRole
    at_lps_mm: PointLps


class Note(Record):
    """Set the free note of the whole reading."""

    act: Literal["note"] = "note"
    text: Annotated[str, Field(max_length=2000)]


class RaiseRedFlag(Record):
    """Notify the site now, before any signature, without unblinding."""

    act: Literal["raise_red_flag"] = "raise_red_flag"
    kind: RedFlagKind
    note: str = ""


class ReturnToSite(Record):
    """Close the case as not read and ask the site for other images."""

    act: Literal["return_to_site"] = "return_to_site"
    reason: Annotated[str, Field(min_length=1)]


class Undo(Record):
    """Take back the last act that can be taken back."""

    act: Literal["undo"] = "undo"


class Redo(Record):
    """Do again what was undone last."""

    act: Literal["redo"] = "redo"


class Sign(Record):
    """Sign the reading; it is final from here."""

    act: Literal["sign"] = "sign"
    meaning: Annotated[str, Field(min_length=1)]
    not_covered_reason: str | None = None
    """Why the reading is signed without every slice having been shown."""


Act = Annotated[
    Show
    | Attend
    | RateQuality
    | AssignRole
    | AcceptSeries
    | PlaceBody
    | PresumeBodies
    | ConfirmBodies
    | RemoveBody
    | ShiftLabels
    | StateNumbering
    | SignNumbering
    | ReopenNumbering
    | PlaceEndplate
    | PlaceCorners
    | BrushStroke
    | GrowRegion
    | ClearMask
    | Grade
    | AddComponent
    | EqualShares
    | TypeUndetermined
    | CannotRead
    | ClearFinding
    | SetField
    | Measure
    | ApplyUsual
    | CopyFacing
    | AllRemainingNone
    | SetDiscField
    | DiscsNone
    | MarkKeyImage
    | Note
    | RaiseRedFlag
    | ReturnToSite
    | Undo
    | Redo
    | Sign,
    Field(discriminator="act"),
]

ACT: TypeAdapter[Act] = TypeAdapter(Act)
"""Parses one act from JSON or a dict; unknown keys are errors."""
