"""Keys and clicks in, acts of the session out; what is looked at in between."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol

from numpy.typing import NDArray
from psygnal import Signal

from modic_annotate.domain.base import PointLps
from modic_annotate.domain.finding import Finding, Origin
from modic_annotate.domain.series import SeriesRole
from modic_annotate.domain.spine import Endplate
from modic_annotate.errors import ModicAnnotateError, RecordError
from modic_annotate.session.acts import Act
from modic_annotate.session.session import ReadingSession
from modic_annotate_napari.desk import where
from modic_annotate_napari.desk.prompts import PointsPrompt, Prompt, TextPrompt
from modic_annotate_napari.desk.where import Step
from modic_annotate_napari.keymap import KeyMap, Press, Scope

USUAL_BRUSH_MM = 3.0

MEANING = "I have read these images and this is my reading"
"""What a signature says unless the reader changes it; shown before and stored with it."""


class Views(Protocol):
    """What the desk asks of the canvases."""

    def in_t1_view(self, endplate: Endplate) -> bool:
        """Whether an endplate lies inside the T1 canvas."""

    def hand(self) -> SeriesRole:
        """Return the slot whose canvas the pointer was on last."""

    def point_shown(self, role: SeriesRole, near: PointLps | None) -> PointLps | None:
        """Return a point on the slice a slot shows, near another."""

    def instance_shown(self, role: SeriesRole) -> str | None:
        """Return the SOP instance a slot shows."""

    def pixels(self, role: SeriesRole, slice_index: int) -> NDArray[Any]:
        """Return the grey values of a slice of a slot, axes (row, column)."""

    def grey_width(self, role: SeriesRole) -> float:
        """Return the width of the grey window a slot's images ask for."""

    def command(self, name: str) -> str:
        """Do something to the view alone (``slice.next``, ...); return what to say."""

    def amend(self, reason: str) -> None:
        """Begin an amendment of the signed reading that is shown."""


@dataclass(frozen=True, slots=True)
class Message:
    """One sentence for the footer."""

    text: str = ""
    refused: bool = False


Command = Callable[["Desk"], None]
Click = Callable[["Desk", SeriesRole, PointLps], None]


@dataclass(frozen=True)
class Skills:
    """What the steps can do: by action of the key table, and on a click."""

    commands: Mapping[str, Command]
    clicks: Mapping[Step, Click]
    looking: frozenset[str] = frozenset()
    """Actions that a reading which is only looked at takes."""


class Desk:
    """What one reader looks at, and the acts made there.

    Parameters
    ----------
    session
        The reading; the only truth.
    views
        The canvases.
    keymap
        The key table in force.
    skills
        What each action of the key table, and a click in each step, does.
    """

    changed = Signal()
    """The step, the active endplate, the question or the message changed."""

    def __init__(
        self,
        session: ReadingSession,
        views: Views,
        keymap: KeyMap,
        skills: Skills,
    ) -> None:
        self.session = session
        self.views = views
        self.keymap = keymap
        self._skills = skills
        self.step = where.step_of(session)
        self.active = where.endplate_of(session) if self.step == Step.ENDPLATES else None
        self.prompt: Prompt | None = None
        self.message = Message()
        self.saved: bool | None = None
        """Whether the last act came onto the disk; None before the first."""

        self.row = 0
        """Selected row of the lists in the series and review steps."""

        self.brush_mm = USUAL_BRUSH_MM
        """Radius of the brush that was used last."""

        self.back: Step | None = None
        """The sheet the reader came from to put something right; Enter returns there."""

        self.skipped: frozenset[str] = frozenset()
        """Optional fields of the active endplate that the reader passed over by Enter."""

        self.meaning = MEANING
        self.needs_passphrase = False
        """Whether the reader signs electronically and has not given the passphrase yet."""

        self.before_act: Callable[[Act], None] = lambda act: None
        """Called ahead of each act (the coverage seen so far goes into the journal first)."""

    @property
    def scope(self) -> Scope:
        """Which keys hold now."""
        return Scope(self.step.value)

    @property
    def finding(self) -> Finding | None:
        """What is recorded of the active endplate."""
        return None if self.active is None else self.session.state.findings.get(self.active)

    def press(self, press: Press) -> None:
        """Take one key press; a repeated one only where the table says so."""
        binding = self.keymap.find(press.key, self.scope)
        if press.repeated and not (binding and binding.repeats):
            return
        if self._answered(press.key, binding.action if binding else ""):
            return
        if binding is None:
            if len(press.key) == 1:
                self.say(f"{press.key} has no meaning here; ? shows the keys", refused=True)
            return
        self.run(binding.action)

    def run(self, action: str) -> None:
        """Do an action of the key table; what goes wrong is said in the footer."""
        if not self.session.is_held and action not in self._skills.looking:
            self.refuse_look()
            return
        with self.guarded():
            self._skills.commands[action](self)

    def refuse_look(self) -> None:
        """Say why a reading that is only looked at takes no act, and which key asks again."""
        key = next(iter(self.keymap.keys_of("case.again")), "")
        again = f"; {key} looks again" if key else ""
        self.say(f"{self.session.why_not}{again}", refused=True)

    @contextmanager
    def guarded(self) -> Iterator[None]:
        """Say what this package's errors say; the reader goes on."""
        try:
            yield
        except ModicAnnotateError as error:
            self.say(str(error), refused=True)

    def _answered(self, key: str, action: str) -> bool:
        """Offer a key to the open question; say whether it was taken."""
        prompt = self.prompt
        if prompt is None or (prompt.wants_points and action in VIEW_ACTIONS):
            return False
        with self.guarded():
            said = prompt.key(digit_of(action) or key)
            if said is None:
                return False
            self._after_answer(prompt, said)
        return True

    def click(self, role: SeriesRole, point: PointLps) -> None:
        """Take a click on an image: a point of the open question, else the step's own."""
        prompt = self.prompt
        if isinstance(prompt, PointsPrompt):
            self._after_answer(prompt, prompt.click(role, point))
        elif prompt is None and self.step in self._skills.clicks:
            self._skills.clicks[self.step](self, role, point)

    def submit(self, text: str) -> None:
        """Take what was typed; a question that needs an answer stays open without one."""
        prompt = self.prompt
        if not isinstance(prompt, TextPrompt):
            return
        if prompt.required and not text.strip():
            self.say(f"This needs an answer in words: {prompt.title}", refused=True)
            return
        self.prompt = None
        with self.guarded():
            prompt.submit(text.strip())
        self.changed.emit()

    def _after_answer(self, prompt: Prompt, said: str) -> None:
        if prompt.finished and self.prompt is prompt:
            self.prompt = None
        if said:
            self.say(said, refused=True)
        else:
            self.changed.emit()

    def ask(self, prompt: Prompt | None) -> None:
        """Open a question, or close the one that is open."""
        self.prompt = prompt
        self.changed.emit()

    def act(self, act: Act, origin: Origin = Origin.KEY) -> bool:
        """Make one act; say what was recorded, or why it was not, and return whether it was."""
        with self.guarded(), self.saving():
            self.before_act(act)
            self.session.act(act, origin)
            self.say(self.session.last_words)
            return True
        return False

    @contextmanager
    def saving(self) -> Iterator[None]:
        """Note whether what is done inside came onto the disk; a refused act says nothing of it."""
        entries = len(self.session.journal.entries)
        try:
            yield
        except RecordError:
            self.saved = False
            raise
        if len(self.session.journal.entries) > entries:
            self.saved = True

    def say(self, text: str, *, refused: bool = False) -> None:
        """Put a sentence into the footer."""
        self.message = Message(text, refused)
        self.changed.emit()

    def go(self, step: Step) -> None:
        """Turn to a step; an open question is left."""
        self.prompt = self.back = None
        self.row = 0
        self.step = step
        if self.active not in self.session.scope:
            self.active = next(iter(self.session.state.open_endplates or self.session.scope), None)
        self.changed.emit()

    def activate(self, endplate: Endplate) -> None:
        """Turn to an endplate; the view stays as it is."""
        self.prompt = None
        self.active, self.skipped = endplate, frozenset()
        self.changed.emit()


def digit_of(action: str) -> str:
    """Return the digit that a grading action stands for, whatever key it has; else nothing."""
    digit = action.removeprefix("grade.")
    return digit if digit.isdigit() else ""


VIEW_ACTIONS = frozenset(
    {
        "slice.previous",
        "slice.next",
        "marks.lines",
        "marks.hide",
        "pixels",
        "window.preset",
        "window.reset",
        "view.reset",
        "beside.previous",
        "beside.next",
        "help",
    }
)
"""Actions that change nothing but the view, so they go on while points are clicked."""
