"""Which keys and clicks make which act: the key table read backwards."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from modic_annotate.domain.modic import ExtentCategory
from modic_annotate.domain.series import QualityRating
from modic_annotate.domain.spine import DiscLevel, Endplate, Vertebra, spine_order
from modic_annotate.session import acts
from modic_annotate_napari.desk.desk import Step
from modic_annotate_napari.desk.letters import (
    CANNOT_READ,
    FIELDS,
    NUMBERING,
    RED_FLAGS,
    ROLES,
    Option,
    key_of,
)
from modic_annotate_napari.replay.hands import Hands, ReplayError
from modic_annotate_napari.steps.answers import CHOICES
from modic_annotate_napari.steps.common import STEPS
from modic_annotate_napari.steps.discs import FEATURES, LENGTHS
from modic_annotate_napari.steps.numbering import body_near, next_body
from modic_annotate_napari.steps.series import listed

Gesture = Callable[[Hands, Any], None]
"""Makes one kind of act (Any: each gesture knows its own kind)."""

_RATE = {
    QualityRating.DIAGNOSTIC: "quality.diagnostic",
    QualityRating.LIMITED: "quality.limited",
    QualityRating.NON_DIAGNOSTIC: "quality.non_diagnostic",
}
_ASK_FIELD = {
    "contour": "field.contour",
    "defect": "field.defect",
    "attribution": "field.attribution",
    "confidence": "field.confidence",
}
_ASK_NUMBERING = {
    "method": "numbering.method",
    "confidence": "numbering.confidence",
    "lumbar_count": "numbering.bodies",
    "lstv_castellvi": "numbering.castellvi",
    "lstv_variant": "numbering.variant",
    "report_offset": "numbering.report",
}
_SIGNALS = ("t1_signal", "t2_signal", "fs_signal")
_STEP_KEY = {"height_category": "height.step", "ap_category": "ap.step"}


def go(hands: Hands, step: Step) -> None:
    """Turn to a step by the keys for the step before and after."""
    desk = hands.room.desk
    for _ in STEPS:
        if desk.step == step:
            return
        forward = STEPS.index(desk.step) < STEPS.index(step)
        hands.action("step.next" if forward else "step.previous")
    if desk.step != step:
        raise ReplayError(f"The step {step} cannot be reached: {desk.message.text}")


def activate(hands: Hands, endplate: Endplate) -> None:
    """Turn to an endplate by Up and Down."""
    go(hands, Step.ENDPLATES)
    desk = hands.room.desk
    scope = desk.session.scope
    if endplate not in scope:
        raise ReplayError(f"{endplate.words} is not in the scope of this numbering")
    for _ in scope:
        if desk.active == endplate:
            return
        below = desk.active is None or scope.index(desk.active) < scope.index(endplate)
        hands.action("endplate.next" if below else "endplate.previous")
    if desk.active != endplate:
        raise ReplayError(f"{endplate.words} could not be reached by Up and Down")


def answer(hands: Hands, options: tuple[Option, ...], value: object) -> None:
    """Press the letter that stands for a value."""
    key = key_of(options, value)
    if key is None:
        raise ReplayError(f"No key stands for {value}")
    hands.press(key)


# series


def show(hands: Hands, act: acts.Show) -> None:
    """Turn the wheel through the slices not seen yet; in any step that shows the canvases."""
    if hands.room.desk.step in (Step.REVIEW, Step.SIGN):
        go(hands, Step.ENDPLATES)
    wanted = range(hands.panel(act.role).n_slices) if act.slices == "all" else act.slices
    unseen = set(wanted) - hands.room.coverage.seen(act.role)
    if unseen and act.slices == "all":
        hands.see_everything()
    hands.see(act.role, sorted(unseen - hands.room.coverage.seen(act.role)))


def _select_series(hands: Hands, series_uid: str, stack: int) -> None:
    go(hands, Step.SERIES)
    desk = hands.room.desk
    keys = [(used.series_uid, used.stack) for used in listed(desk.session)]
    if (series_uid, stack) not in keys:
        raise ReplayError(f"Series {series_uid} is not in this study")
    wanted = keys.index((series_uid, stack))
    while desk.row != wanted:
        hands.action("series.next" if desk.row < wanted else "series.previous")


def rate_quality(hands: Hands, act: acts.RateQuality) -> None:
    """Select the series of a slot and rate it."""
    used = hands.room.session.series_in(act.role)
    if used is None:
        raise ReplayError(f"No series fills {act.role}")
    _select_series(hands, used.series_uid, used.stack)
    hands.action(_RATE[act.rating])
    if act.rating != QualityRating.DIAGNOSTIC:
        hands.type("; ".join(act.reasons))


def assign_role(hands: Hands, act: acts.AssignRole) -> None:
    """Put a series into a slot, with the reason."""
    _select_series(hands, act.series_uid, act.stack)
    hands.action("role.assign")
    answer(hands, ROLES, act.role)
    hands.type(act.reason)


def return_to_site(hands: Hands, act: acts.ReturnToSite) -> None:
    """Close the case as not read."""
    go(hands, Step.SERIES)
    hands.action("site.return")
    hands.type(act.reason)


# numbering


def place_body(hands: Hands, act: acts.PlaceBody) -> None:
    """Click the centre of the next body, or drag the centre of one that is placed."""
    go(hands, Step.NUMBERING)
    draft = hands.room.session.state
    placed = draft.numbering.centre(act.vertebra)
    if placed is not None:
        hands.drag(act.role, placed, act.centroid_lps_mm)
        return
    if next_body(draft) != act.vertebra:
        _count_for(hands, act.vertebra)
    if body_near(draft.numbering, act.centroid_lps_mm) is not None:
        raise ReplayError(f"The centre of {act.vertebra} lies upon another body's")
    hands.click(act.role, act.centroid_lps_mm)


def _count_for(hands: Hands, vertebra: Vertebra) -> None:
    """State the lumbar count under which the next click names a body."""
    placed = {body.vertebra for body in hands.room.session.state.numbering.bodies}
    for count in (4, 5, 6):
        order = reversed(spine_order(count))
        if next((v for v in order if v not in placed), None) == vertebra:
            _state(hands, "lumbar_count", count)
            return
    raise ReplayError(
        f"The next click names {next_body(hands.room.session.state)}, not {vertebra}; "
        "bodies are clicked from S1 upward"
    )


def _state(hands: Hands, field: str, value: object) -> None:
    hands.action(_ASK_NUMBERING[field])
    answer(hands, NUMBERING[field], value)


def state_numbering(hands: Hands, act: acts.StateNumbering) -> None:
    """Answer every question the act answers, one letter each."""
    go(hands, Step.NUMBERING)
    for field in _ASK_NUMBERING:
        value = getattr(act, field)
        if value is not None:
            _state(hands, field, value)


def remove_body(hands: Hands, act: acts.RemoveBody) -> None:
    """Take away the highest centre."""
    go(hands, Step.NUMBERING)
    hands.action("numbering.remove")


def shift_labels(hands: Hands, act: acts.ShiftLabels) -> None:
    """Slide all labels by one body."""
    go(hands, Step.NUMBERING)
    hands.action("numbering.up" if act.by > 0 else "numbering.down")


def sign_numbering(hands: Hands, act: acts.SignNumbering) -> None:
    """Sign the numbering by Enter."""
    go(hands, Step.NUMBERING)
    hands.action("next")


def reopen_numbering(hands: Hands, act: acts.ReopenNumbering) -> None:
    """Reopen the numbering, with the reason."""
    go(hands, Step.NUMBERING)
    hands.action("numbering.reopen")
    hands.type(act.reason)


# endplates


def on_endplate(action: str) -> Gesture:
    """Return a gesture that activates the act's endplate and presses one key."""

    def gesture(hands: Hands, act: Any) -> None:  # noqa: ANN401 - see Gesture
        activate(hands, act.endplate)
        hands.action(action)

    return gesture


def grade(hands: Hands, act: acts.Grade) -> None:
    """Press the digit."""
    activate(hands, act.endplate)
    hands.action(f"grade.{act.component or 0}")


def add_component(hands: Hands, act: acts.AddComponent) -> None:
    """Press plus, then the digit."""
    activate(hands, act.endplate)
    hands.action("mixed.add")
    hands.press(act.component.value)


def cannot_read(hands: Hands, act: acts.CannotRead) -> None:
    """Press the key for it, then the letter of the reason."""
    activate(hands, act.endplate)
    hands.action("grade.cannot_read")
    answer(hands, CANNOT_READ, act.reason)


def set_field(hands: Hands, act: acts.SetField) -> None:
    """Answer one field as its kind is answered."""
    activate(hands, act.endplate)
    if act.field in _ASK_FIELD:
        hands.action(_ASK_FIELD[act.field])
        answer(hands, FIELDS[act.field], act.value)
    elif act.field in _SIGNALS:
        _signal(hands, act)
    elif act.field in CHOICES:
        _choices(hands, act)
    elif act.field in _STEP_KEY:
        _category(hands, act)
    elif act.field == "note":
        hands.action("note")
        hands.type(str(act.value or ""))
    else:
        raise ReplayError(f"The field {act.field} has no key")


def _signal(hands: Hands, act: acts.SetField) -> None:
    """Skip to the series by Enter, answer, leave the rest."""
    hands.action("field.signals")
    for _ in _SIGNALS:
        prompt = hands.room.desk.prompt
        if prompt is None or prompt.row == act.field:
            break
        hands.press("Enter")
    answer(hands, FIELDS[act.field], act.value)
    if hands.room.desk.prompt is not None:
        hands.action("cancel")


def _choices(hands: Hands, act: acts.SetField) -> None:
    finding = hands.room.session.state.findings[act.endplate]
    before = {str(value) for value in getattr(finding, act.field)}
    wanted = {str(value) for value in act.value} if isinstance(act.value, list) else set()
    hands.action("zones" if act.field == "zones" else "field.mimics")
    for option in CHOICES[act.field]:
        if (option.value in before) != (option.value in wanted):
            hands.press(option.key)
    hands.press("Enter")


def _category(hands: Hands, act: acts.SetField) -> None:
    for _ in ExtentCategory:
        hands.action(_STEP_KEY[act.field])
        finding = hands.room.session.state.findings[act.endplate]
        if str(getattr(finding, act.field)) == act.value:
            return
    raise ReplayError(f"The category {act.value} is none of this protocol's")


def measure(hands: Hands, act: acts.Measure) -> None:
    """Click the lesion's points, and the body height where the act holds one."""
    activate(hands, act.endplate)
    hands.action("measure.body" if act.body_height_lps_mm else "measure")
    for point in (*act.lesion_lps_mm, *(act.body_height_lps_mm or ())):
        hands.click(act.role, point)
    if hands.room.desk.prompt is not None:
        hands.action("cancel")
        raise ReplayError("The body height is not known yet; the act must hold its two points")


def place_endplate(hands: Hands, act: acts.PlaceEndplate) -> None:
    """Click the line from front to back, then Enter."""
    activate(hands, act.endplate)
    hands.action("line")
    for point in act.polyline_lps_mm:
        hands.click(act.role, point)
    hands.press("Enter")


def mark_key_image(hands: Hands, act: acts.MarkKeyImage) -> None:
    """Scroll to the slice, point at the canvas and press the key."""
    activate(hands, act.endplate)
    hands.point(act.role, act.at_lps_mm)
    hands.action("key_image")


# discs, notes, notices, undo, sign


def _at_disc(hands: Hands, disc: DiscLevel) -> None:
    upper, lower = disc.endplates
    activate(hands, upper if upper in hands.room.session.scope else lower)
    hands.action("disc")


def set_disc_field(hands: Hands, act: acts.SetDiscField) -> None:
    """Open the disc panel and answer one feature."""
    _at_disc(hands, act.disc)
    for key, field in LENGTHS.items():
        if field == act.field:
            hands.press(key)
            hands.type(f"{act.value:g}" if isinstance(act.value, int | float) else "")
    for key, field in FEATURES.items():
        for _ in range(3):
            now = getattr(hands.room.session.state.discs[act.disc], field)
            if field == act.field and now != act.value:
                hands.press(key)
    hands.action("cancel")


def discs_none(hands: Hands, act: acts.DiscsNone) -> None:
    """Open the disc panel and say none of these."""
    go(hands, Step.ENDPLATES)
    hands.action("disc")
    hands.press("Enter")


def note(hands: Hands, act: acts.Note) -> None:
    """Type the note of the whole reading."""
    go(hands, Step.REVIEW)
    hands.action("note")
    hands.type(act.text)


def raise_red_flag(hands: Hands, act: acts.RaiseRedFlag) -> None:
    """Notify the site."""
    hands.action("red_flag")
    answer(hands, RED_FLAGS, act.kind)


def all_remaining_none(hands: Hands, act: acts.AllRemainingNone) -> None:
    """Press the bulk key."""
    go(hands, Step.ENDPLATES)
    hands.action("bulk.none")


def sign(hands: Hands, act: acts.Sign) -> None:
    """Go through the review to the sign step, and sign by Enter."""
    go(hands, Step.SIGN)
    if act.meaning != hands.room.desk.meaning:
        hands.action("sign.meaning")
        hands.type(act.meaning)
    hands.action("next")
    if act.not_covered_reason is not None:
        hands.type(act.not_covered_reason)


def just(action: str) -> Gesture:
    """Return a gesture that presses one key, wherever the room stands."""
    return lambda hands, act: hands.action(action)


GESTURES: dict[type, Gesture] = {
    acts.Show: show,
    acts.RateQuality: rate_quality,
    acts.AssignRole: assign_role,
    acts.ReturnToSite: return_to_site,
    acts.PlaceBody: place_body,
    acts.RemoveBody: remove_body,
    acts.ShiftLabels: shift_labels,
    acts.StateNumbering: state_numbering,
    acts.SignNumbering: sign_numbering,
    acts.ReopenNumbering: reopen_numbering,
    acts.PlaceEndplate: place_endplate,
    acts.Grade: grade,
    acts.AddComponent: add_component,
    acts.EqualShares: on_endplate("mixed.equal"),
    acts.TypeUndetermined: on_endplate("grade.undetermined"),
    acts.CannotRead: cannot_read,
    acts.ClearFinding: on_endplate("grade.clear"),
    acts.SetField: set_field,
    acts.Measure: measure,
    acts.ApplyUsual: on_endplate("usual"),
    acts.CopyFacing: on_endplate("copy"),
    acts.AllRemainingNone: all_remaining_none,
    acts.SetDiscField: set_disc_field,
    acts.DiscsNone: discs_none,
    acts.MarkKeyImage: mark_key_image,
    acts.Note: note,
    acts.RaiseRedFlag: raise_red_flag,
    acts.Undo: just("undo"),
    acts.Redo: just("redo"),
    acts.Sign: sign,
}
"""One gesture for every kind of act."""
