"""The disc panel: extrusion, listhesis, stenosis and the like, per disc; default not read."""

from __future__ import annotations

from dataclasses import dataclass, field

from modic_annotate.domain.finding import DiscFinding
from modic_annotate.domain.modic import TriState
from modic_annotate.domain.spine import DiscLevel, disc_of
from modic_annotate.session.acts import DiscsNone, SetDiscField
from modic_annotate_napari.desk.desk import Command, Desk
from modic_annotate_napari.desk.prompts import Prompt, TextPrompt

LENGTHS = {"x": "extrusion_mm", "p": "protrusion_mm", "l": "listhesis_mm"}
FEATURES = {
    "y": "spondylolysis",
    "s": "stenosis",
    "f": "facet_arthrosis",
    "u": "facet_effusion",
}
_STATES = (TriState.PRESENT, TriState.ABSENT, TriState.UNDETERMINED)


@dataclass
class DiscPrompt(Prompt):
    """A letter per feature steps through present, absent, undetermined; lengths are typed."""

    desk: Desk = field(kw_only=True)
    disc: DiscLevel = field(kw_only=True)

    @property
    def hint(self) -> str:
        """What letters and Enter do; the letters themselves stand in the panel."""
        return (
            "x p l millimetres   other letters: present, absent, undetermined   "
            "Enter: none of these on discs not read yet   Esc leaves"
        )

    @property
    def finding(self) -> DiscFinding:
        """What is recorded of the disc."""
        return self.desk.session.state.discs[self.disc]

    def key(self, key: str) -> str | None:
        """Answer one feature, or say none of these by Enter."""
        if key == "Enter":
            self.finished = True
            self.desk.act(DiscsNone())
        elif key in FEATURES:
            self._step(FEATURES[key])
        elif key in LENGTHS:
            self._ask_length(LENGTHS[key])
        else:
            return f"{key} names no feature of a disc" if len(key) == 1 and key.isalpha() else None
        return ""

    def _step(self, name: str) -> None:
        now = getattr(self.finding, name)
        place = _STATES.index(now) + 1 if now in _STATES else 0
        value = _STATES[place % len(_STATES)].value
        self.desk.act(SetDiscField(disc=self.disc, field=name, value=value))

    def _ask_length(self, name: str) -> None:
        def answer(text: str) -> None:
            try:
                millimetres = float(text.replace(",", "."))
            except ValueError:
                self.desk.say(f"{text!r} is not a length in mm", refused=True)
            else:
                self.desk.act(SetDiscField(disc=self.disc, field=name, value=millimetres))
            self.desk.ask(self)

        now = getattr(self.finding, name)
        text = "" if now is None else f"{now:g}"
        self.desk.ask(
            TextPrompt(f"{title_of(name)} of {self.disc}, mm", "disc", text=text, answer=answer)
        )


def title_of(name: str) -> str:
    """Return how a field of a disc is called on screen."""
    return (DiscFinding.model_fields[name].title or name).lower()


def open_panel(desk: Desk) -> None:
    """Open the panel of the disc that the active endplate bounds."""
    if desk.active is None:
        return
    disc = disc_of(desk.active, desk.session.state.numbering.order)
    if disc is not None:
        desk.ask(DiscPrompt(f"disc {disc}", "disc", desk=desk, disc=disc))


COMMANDS: dict[str, Command] = {"disc": open_panel}
