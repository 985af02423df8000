"""Reducers of disc findings."""

from __future__ import annotations

from pydantic import ValidationError

from modic_annotate.domain.finding import DiscFinding, Origin
from modic_annotate.domain.modic import Assessment, TriState
from modic_annotate.domain.spine import DiscLevel
from modic_annotate.errors import ActRefusedError
from modic_annotate.session.acts import DiscsNone, SetDiscField
from modic_annotate.session.coverage import check_coverage
from modic_annotate.session.draft import Draft
from modic_annotate.session.reduce.findings import refusal
from modic_annotate.session.reduce.step import Step

LENGTHS = ("extrusion_mm", "protrusion_mm", "listhesis_mm")
FEATURES = ("spondylolysis", "stenosis", "facet_arthrosis", "facet_effusion")
SETTABLE = (*LENGTHS, *FEATURES, "assessment", "note")


def set_disc_field(draft: Draft, act: SetDiscField, step: Step) -> Draft:
    """Set one field of a disc; it counts as read from then on. Null takes the field back."""
    finding = _in_spine(draft, act.disc)
    if act.field not in SETTABLE:
        raise ActRefusedError(
            f"{act.field!r} is not a field of a disc to set; settable are "
            f"{', '.join(sorted(SETTABLE))}"
        )
    if act.value is None and act.field in ("assessment", "note"):
        raise ActRefusedError(f"{act.field} of a disc is never null; give a value")
    said = {act.field: act.value}
    if act.field not in ("assessment", "note") and finding.assessment == Assessment.NOT_READ:
        said["assessment"] = Assessment.ASSESSED.value
    return _with_disc(draft, _changed(finding, step.origin, **said))


def discs_none(draft: Draft, _act: DiscsNone, step: Step) -> Draft:
    """Say of every disc not read yet that no asked feature is seen, kept as bulk."""
    _need_numbering(draft)
    unread = [d for d in draft.discs.values() if d.assessment == Assessment.NOT_READ]
    if not unread:
        raise ActRefusedError("Every disc is read already")
    check_coverage(draft, step, "'None of these' can be said of all discs")
    absent: dict[str, object] = {"assessment": Assessment.ASSESSED}
    for name in step.protocol.asked_of_discs:
        absent[name] = 0.0 if name in LENGTHS else TriState.ABSENT
    for finding in unread:
        draft = _with_disc(draft, _changed(finding, Origin.BULK, **absent))
    return draft


def _need_numbering(draft: Draft) -> None:
    if draft.numbering.signed_at is None:
        raise ActRefusedError("The numbering is not signed; sign it before reading discs")


def _in_spine(draft: Draft, disc: DiscLevel) -> DiscFinding:
    _need_numbering(draft)
    finding = draft.discs.get(disc)
    if finding is None:
        names = ", ".join(str(d) for d in draft.discs)
        raise ActRefusedError(f"{disc} is no disc of this spine; its discs are {names}")
    return finding


def _changed(finding: DiscFinding, origin: Origin, **fields: object) -> DiscFinding:
    origins = {**finding.origins, **dict.fromkeys(fields, origin)}
    try:
        return finding.replace(**fields, origins=origins)
    except ValidationError as error:
        raise refusal(f"Disc {finding.disc}", error) from error


def _with_disc(draft: Draft, finding: DiscFinding) -> Draft:
    return draft.replace(discs={**draft.discs, finding.disc: finding})
