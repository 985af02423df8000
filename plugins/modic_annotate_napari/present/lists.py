"""Rows of the series and numbering steps."""

from __future__ import annotations

from collections.abc import Mapping

from modic_annotate.domain.numbering import Numbering
from modic_annotate.domain.series import (
    SAGITTAL_SLOTS,
    Plane,
    Quality,
    SeriesRole,
    SeriesUsed,
)
from modic_annotate.domain.technique import technique_words
from modic_annotate.session.draft import SeriesKey
from modic_annotate.session.numbering_checks import leans_unsaid
from modic_annotate.session.values import value_words
from modic_annotate_napari.desk.desk import Desk
from modic_annotate_napari.desk.letters import NUMBERING, words_of
from modic_annotate_napari.present.technique import technique
from modic_annotate_napari.steps.numbering import next_body
from modic_annotate_napari.steps.series import is_blocked, listed
from modic_annotate_napari.widgets.rows import FieldRow, RowState
from modic_annotate_napari.widgets.series_list import SeriesCard

NUMBERING_ROWS = (
    ("numbering.method", "Counted", "method"),
    ("numbering.confidence", "Confidence", "confidence"),
    ("numbering.bodies", "Lumbar bodies", "lumbar_count"),
    ("numbering.castellvi", "Transitional", "lstv_castellvi"),
    ("numbering.variant", "Variant", "lstv_variant"),
    ("numbering.report", "Report's labels", "report_offset"),
)
ASKED = ("method", "confidence", "lstv_castellvi")


WAYS = "From S1 upward; labels count themselves. Or e: three clicks and the count."


def title_of(series: SeriesUsed) -> str:
    """Return what stands above a canvas: the true technique, never the slot's name."""
    true = technique(series) or series.role.value.replace("_", " ")
    return true if series.plane == Plane.SAGITTAL else f"{true}, stack {series.stack + 1}"


def numbering_rows(desk: Desk) -> tuple[FieldRow, ...]:
    """Return the questions of the numbering with their answers."""
    numbering = desk.session.state.numbering
    following = _following(desk, numbering)
    return tuple(
        FieldRow(
            key=next(iter(desk.keymap.keys_of(action)), ""),
            title=title,
            value=_stated(desk, numbering, field),
            state=_state(numbering, field, following),
        )
        for action, title, field in NUMBERING_ROWS
    )


def _following(desk: Desk, numbering: Numbering) -> str | None:
    if desk.prompt is not None:
        return desk.prompt.row
    if next_body(desk.session.state) is not None:
        return None
    return next(iter(_asked(numbering)), None)


def _asked(numbering: Numbering) -> tuple[str, ...]:
    """Return the questions that stand between the numbering and its signature, in order."""
    leans = ("lstv_variant",) if leans_unsaid(numbering) else ()
    return (*(field for field in ASKED if getattr(numbering, field) is None), *leans)


def _state(numbering: Numbering, field: str, following: str | None) -> RowState:
    if field == following:
        return RowState.NEXT
    return RowState.OPEN if field in _asked(numbering) else RowState.QUIET


def _stated(desk: Desk, numbering: Numbering, field: str) -> str:
    value = getattr(numbering, field)
    if value is not None:
        return words_of(NUMBERING[field], value)
    if field == "lumbar_count" and next_body(desk.session.state) is None:
        count = sum(v.startswith("L") for v in desk.session.state.order)
        return f"{words_of(NUMBERING[field], count)}, as placed"
    return ""


def body_words(desk: Desk) -> str:
    """Return what the next click does, in words."""
    draft = desk.session.state
    if draft.numbering.signed_at is not None:
        return "Signed. u reopens it, with a reason."
    if draft.numbering.presumed:
        return "Look at each hollow centre: y confirms them, drag corrects one"
    body = next_body(draft)
    if body is None:
        return "Every body is placed"
    return f"Click the centre of {body}"


def series_cards(desk: Desk) -> tuple[SeriesCard, ...]:
    """Return the series of the case, the sagittal ones in full, the others by name."""
    qualities = desk.session.state.quality
    return tuple(
        SeriesCard(
            title=title_of(used),
            quality=_quality(qualities, used),
            lines=(
                *_reasons(qualities, used),
                *_lines(used, in_full=used.role in SAGITTAL_SLOTS or place == desk.row),
            ),
            selected=place == desk.row,
        )
        for place, used in enumerate(listed(desk.session))
    )


def _quality(qualities: Mapping[SeriesKey, Quality], used: SeriesUsed) -> str:
    if is_blocked(used):
        return "blocked"
    rating = qualities.get(SeriesKey(used.series_uid, used.stack), Quality()).rating
    return "" if rating is None else value_words("quality", rating)


def _reasons(qualities: Mapping[SeriesKey, Quality], used: SeriesUsed) -> tuple[str, ...]:
    """Return why a series is rated less than diagnostic, as one line where it is."""
    rated = qualities.get(SeriesKey(used.series_uid, used.stack), Quality())
    return (f"because of {', '.join(rated.reasons)}",) if rated.reasons else ()


def _lines(used: SeriesUsed, *, in_full: bool) -> tuple[str, ...]:
    """Return what a card says: faults always, the rest where there is room."""
    faults = "; ".join(fault.message for fault in used.faults)
    if is_blocked(used):
        return f"{faults}. y accepts it as it is, with the reason.", *(
            _facts(used) if in_full else ()
        )
    accepted = f"{faults}. Accepted by {used.accepted_by}: {used.accepted_reason}" if faults else ""
    return (*(_facts(used) if in_full else ()), *filter(None, (accepted,)))


def _facts(used: SeriesUsed) -> tuple[str, ...]:
    slices, rows, columns = used.grid.shape
    between, down, across = used.grid.spacing_mm
    pixels = f"{rows} x {columns} of {down:.2f} x {across:.2f} mm"
    size = f"{slices} slices every {between:.1f} mm, {pixels}"
    evidence = ", ".join(used.role_evidence)
    by_reader = f"set by {used.role_set_by}: {used.role_reason}" if used.role_set_by else ""
    facts = (_slot_words(used), evidence, size, by_reader, *used.doubts)
    return tuple(text for text in facts if text)


def _slot_words(used: SeriesUsed) -> str:
    """Return the slot a series fills and its true technique in full."""
    words = technique_words(used)
    if used.role == SeriesRole.OTHER:
        return f"no slot: {words}; a puts it into one"
    return f"slot {used.role.replace('_', ' ')}: {words}"


def numbering_words(desk: Desk) -> tuple[str, str]:
    """Return which bodies are placed, and what the signature still needs."""
    numbering = desk.session.state.numbering
    placed = ", ".join(b.vertebra for b in numbering.bodies if b.method != "presumed")
    if numbering.signed_at is not None:
        return f"Placed: {placed}", ""
    following = next_body(desk.session.state)
    open_questions = _asked(numbering)
    left = [] if following is None else ["body centres"]
    if numbering.presumed:
        left.append(f"centres not confirmed ({', '.join(numbering.presumed)})")
    left += [title.lower() for _, title, field in NUMBERING_ROWS if field in open_questions]
    missing = f"Before signing: {', '.join(left)}" if left else "Enter signs the numbering."
    return (f"Placed: {placed}" if placed else WAYS), missing
