"""Shows the session and the desk on the room's widgets; nothing is read back from them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from modic_annotate_napari.canvases import first_series
from modic_annotate_napari.desk.prompts import PointsPrompt
from modic_annotate_napari.desk.where import Step, next_open
from modic_annotate_napari.present import cases, discs, finding, lists, review, signing, spine
from modic_annotate_napari.present.technique import technique
from modic_annotate_napari.steps.discs import DiscPrompt

if TYPE_CHECKING:
    from modic_annotate_napari.room import Room

HINTS = {
    Step.SERIES: "d diagnostic   l limited   u not usable   a slot   Enter goes on",
    Step.NUMBERING: (
        "click from S1 upward   or e: three clicks   drag to correct   g usual   Enter signs"
    ),
    Step.ENDPLATES: "0 none   1 2 3 type   Enter asks what is open   g usual values",
    Step.REVIEW: "Up Down choose   Enter turns to it and back   none chosen: Enter goes on",
    Step.SIGN: "Enter signs   g goes to what is missing   m changes the meaning",
}
BACK = {
    Step.REVIEW: "Enter asks what is open   then returns to the review",
    Step.SIGN: "Enter asks what is open   then returns to the signature",
}


class Redraw:
    """Knows which widget shows what; every widget is free where nothing changed."""

    def __init__(self, room: Room) -> None:
        self._room = room

    def everything(self) -> None:
        """Show all of it."""
        room, desk = self._room, self._room.desk
        room.canvases.show_series(first_series(room.session.series))
        room.canvases.show_marks(spine.marks(desk))
        prompt = desk.prompt
        if isinstance(prompt, PointsPrompt):
            room.canvases.show_points(prompt.role, prompt.points, prompt.lines)
        else:
            room.canvases.show_points(None, (), ())
        room.painting.show()
        self._steps()
        self._centre()
        self._side()
        room.footer.show_message(desk.message)
        room.footer.show_saved(desk.saved)
        self._next()
        self.seen()

    def seen(self) -> None:
        """Show how many slices of each series were seen."""
        room = self._room
        parts = []
        for used, panel in room.canvases.panels:
            if used is not room.canvases.extra:
                name = technique(used).removeprefix("SAG ")
                parts.append(f"{name} {len(room.coverage.seen(used.role))}/{panel.n_slices}")
        room.footer.show_seen("seen " + "  ".join(parts))

    def _steps(self) -> None:
        room = self._room
        draft = room.session.state
        still_open = len(draft.open_endplates)
        total = len(draft.scope)
        rated = all(k in draft.quality for k in _keys(room))
        done = {
            Step.SERIES: rated,
            Step.NUMBERING: draft.numbering.signed_at is not None,
            Step.ENDPLATES: not still_open,
            Step.REVIEW: not room.session.missing() and not draft.open_endplates,
            Step.SIGN: draft.signed,
        }
        room.header.show_steps(room.desk.step, done, f"{total - still_open}/{total}")

    def _centre(self) -> None:
        room, desk = self._room, self._room.desk
        if desk.step == Step.REVIEW:
            room.review.show_rows(review.sheet(desk, room.canvases), desk.row)
            room.centre.setCurrentWidget(room.review)
        elif desk.step == Step.SIGN:
            heading, lines = signing.shown(desk, room.case)
            room.page.show_page(heading, lines)
            room.centre.setCurrentWidget(room.page)
        else:
            room.centre.setCurrentWidget(room.canvases)

    def _side(self) -> None:
        side, desk = self._room.side, self._room.desk
        side.show_step(desk.step)
        if desk.step == Step.SERIES:
            side.series.show_cards(lists.series_cards(desk))
        elif desk.step == Step.NUMBERING:
            side.numbering.rows.show_rows(lists.numbering_rows(desk))
            side.numbering.show_words(lists.body_words(desk), *lists.numbering_words(desk))
        elif desk.step == Step.ENDPLATES:
            asked = desk.prompt
            shown = discs.view(asked) if isinstance(asked, DiscPrompt) else finding.view(desk)
            side.finding.show_view(shown)
        else:
            side.summary.show_rows(review.summary(desk))
        if desk.step not in (Step.SERIES, Step.NUMBERING):
            side.table.show_rows(spine.table(desk))
        hint = HINTS[desk.step] if desk.back is None else BACK[desk.back]
        side.prompt.show_prompt(desk.prompt, cases.closing(self._room) or hint)

    def _next(self) -> None:
        desk = self._room.desk
        following = next_open(desk.session, desk.active) if desk.step == Step.ENDPLATES else None
        text = "" if following in (None, desk.active) else f"next  {following.short}"
        self._room.footer.show_next(text)


def _keys(room: Room) -> list[tuple[str, int]]:
    return [(used.series_uid, used.stack) for used, _ in room.canvases.panels]
