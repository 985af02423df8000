"""Reducers of the numbering step: which body is which."""

from __future__ import annotations

from modic_annotate.domain.numbering import BodyCentre, Numbering
from modic_annotate.domain.spine import Vertebra
from modic_annotate.errors import ActRefusedError
from modic_annotate.session import counting, places, presuming, relabel
from modic_annotate.session.acts import (
    ConfirmBodies,
    PlaceBody,
    PresumeBodies,
    RemoveBody,
    ReopenNumbering,
    ShiftLabels,
    SignNumbering,
    StateNumbering,
)
from modic_annotate.session.draft import Draft, rescoped
from modic_annotate.session.numbering_checks import numbering_missing
from modic_annotate.session.reduce.step import Step

STATED = ("method", "confidence", "lumbar_count", "lstv_castellvi", "lstv_variant", "report_offset")


def place_body(draft: Draft, act: PlaceBody, step: Step) -> Draft:
    """Place or move a body centre."""
    _need_open(draft)
    if act.vertebra == Vertebra.T13:
        raise ActRefusedError(
            "T13 cannot be placed: this protocol numbers T12, L1 to S1; "
            "say so in the note and state the transitional anatomy"
        )
    used = step.need_at(draft, act.role, act.centroid_lps_mm)
    frame = draft.numbering.frame_of_reference_uid or used.frame_of_reference_uid
    if used.frame_of_reference_uid not in (None, frame):
        raise ActRefusedError(
            f"{act.role} has another frame of reference than the bodies placed so far; "
            "place all bodies on series of one frame"
        )
    body = BodyCentre(
        vertebra=act.vertebra,
        centroid_lps_mm=act.centroid_lps_mm,
        series_uid=used.series_uid,
        sop_instance_uid=places.sop_at(used, act.centroid_lps_mm),
        origin=step.origin,
    )
    others = (b for b in draft.numbering.bodies if b.vertebra != act.vertebra)
    numbering = draft.numbering.replace(frame_of_reference_uid=frame)
    return _with_bodies(draft, numbering, (*others, body), step)


def presume_bodies(draft: Draft, act: PresumeBodies, step: Step) -> Draft:
    """Place three clicked centres, and presume those between under the stated count."""
    _need_open(draft)
    if draft.numbering.bodies:
        raise ActRefusedError("Bodies are placed already; take them away before clicking three")
    centres = presuming.presumed_centres(act.clicked_lps_mm, act.lumbar_count)
    used = step.need_at(draft, act.role, act.clicked_lps_mm[0])
    for centre in centres.values():
        places.check_inside(used, centre)
    bodies = tuple(
        BodyCentre(
            vertebra=vertebra,
            centroid_lps_mm=centre,
            series_uid=used.series_uid,
            sop_instance_uid=places.sop_at(used, centre),
            origin=step.origin,
            method="placed" if centre in act.clicked_lps_mm else "presumed",
        )
        for vertebra, centre in centres.items()
    )
    numbering = draft.numbering.replace(
        frame_of_reference_uid=used.frame_of_reference_uid, lumbar_count=act.lumbar_count
    )
    return _with_bodies(draft, numbering, bodies, step)


def confirm_bodies(draft: Draft, _act: ConfirmBodies, step: Step) -> Draft:
    """Confirm every presumed centre where it lies."""
    _need_open(draft)
    if not draft.numbering.presumed:
        raise ActRefusedError("No centre is presumed; there is nothing to confirm")
    bodies = tuple(
        body.replace(method="confirmed") if body.method == "presumed" else body
        for body in draft.numbering.bodies
    )
    return _with_bodies(draft, draft.numbering, bodies, step)


def remove_body(draft: Draft, act: RemoveBody, step: Step) -> Draft:
    """Take a body centre away."""
    _need_open(draft)
    if draft.numbering.centre(act.vertebra) is None:
        raise ActRefusedError(f"{act.vertebra} is not placed; there is nothing to remove")
    kept = tuple(b for b in draft.numbering.bodies if b.vertebra != act.vertebra)
    return _with_bodies(draft, draft.numbering, kept, step)


def shift_labels(draft: Draft, act: ShiftLabels, step: Step) -> Draft:
    """Slide all labels by one body; lines and findings stay with their bodies."""
    _need_open(draft)
    if not draft.numbering.bodies:
        raise ActRefusedError("No body is placed; there are no labels to slide")
    names = relabel.shifted(counting.whole_order(counting.count_of(draft.numbering)), act.by)
    implied = counting.implied_count(draft.numbering)
    moved = relabel.relabelled(draft, names)
    numbering = moved.numbering
    if implied not in (None, counting.USUAL_COUNT):  # the slid labels may imply it no more
        numbering = numbering.replace(lumbar_count=numbering.lumbar_count or implied)
    return rescoped(moved, numbering, step.protocol)


def state_numbering(draft: Draft, act: StateNumbering, step: Step) -> Draft:
    """State how the levels were counted; another count renames the bodies from S1 upward."""
    _need_open(draft)
    given = {name: value for name in STATED if (value := getattr(act, name)) is not None}
    if not given:
        raise ActRefusedError("Nothing is stated; name a method, confidence, count or anatomy")
    if act.lumbar_count is not None:
        draft = _recounted(draft, act.lumbar_count)
    return rescoped(draft, draft.numbering.replace(**given), step.protocol)


def sign_numbering(draft: Draft, _act: SignNumbering, step: Step) -> Draft:
    """Sign the numbering off; the scope is fixed and grading begins."""
    if draft.numbering.signed_at is not None:
        raise ActRefusedError("The numbering is signed already")
    missing = numbering_missing(draft, step.series)
    if missing:
        raise ActRefusedError(f"The numbering cannot be signed yet: {'; '.join(missing)}")
    signed = draft.numbering.replace(
        lumbar_count=counting.complete_count(draft.numbering), signed_at=step.at
    )
    return rescoped(draft, signed, step.protocol)


def reopen_numbering(draft: Draft, _act: ReopenNumbering, _step: Step) -> Draft:
    """Reopen a signed numbering; findings keep their bodies."""
    if draft.numbering.signed_at is None:
        raise ActRefusedError("The numbering is open already")
    return draft.replace(numbering=draft.numbering.replace(signed_at=None))


def _need_open(draft: Draft) -> None:
    if draft.numbering.signed_at is not None:
        raise ActRefusedError("The numbering is signed; reopen it with a reason to change it")


def _with_bodies(
    draft: Draft, numbering: Numbering, bodies: tuple[BodyCentre, ...], step: Step
) -> Draft:
    head_to_foot = list(Vertebra)
    ordered = tuple(sorted(bodies, key=lambda b: head_to_foot.index(b.vertebra)))
    return rescoped(draft, numbering.replace(bodies=ordered), step.protocol)


def _recounted(draft: Draft, count: int) -> Draft:
    numbering = draft.numbering
    before = numbering.lumbar_count or counting.implied_count(numbering)
    if before in (None, count):
        return draft
    names = relabel.recounted(counting.whole_order(before), counting.whole_order(count))
    return relabel.relabelled(draft, names)
