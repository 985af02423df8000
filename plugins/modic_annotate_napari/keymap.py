"""The key table as data: what each key does, where it holds, how a file changes it.

A key is named as it is read off the keyboard: a printed character (``0``, ``+``, ``(``), a letter
(``a``; ``A`` is Shift+a, whatever Caps Lock says), or a name (``Up``, ``Enter``, ``Ctrl+Z``). So
the keypad and layouts whose signs lie elsewhere work without a table of their own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property

from modic_annotate.errors import ReadingError


class Scope(StrEnum):
    """Where a binding holds."""

    ALWAYS = "always"
    SERIES = "series"
    NUMBERING = "numbering"
    ENDPLATES = "endplates"
    REVIEW = "review"
    SIGN = "sign"


@dataclass(frozen=True, slots=True)
class Binding:
    """One action, the keys that start it and what it does in words."""

    action: str
    keys: tuple[str, ...]
    does: str
    scope: Scope = Scope.ENDPLATES
    repeats: bool = False
    """Whether holding the key repeats it: only ever for what is seen, never an act."""


@dataclass(frozen=True, slots=True)
class Press:
    """One key press, by its name in the key table."""

    key: str
    repeated: bool = False
    """Whether the key was held, not pressed anew."""


class KeyMapError(ReadingError):
    """A key file that cannot be used."""


_A, _S, _N, _E, _R = Scope.ALWAYS, Scope.SERIES, Scope.NUMBERING, Scope.ENDPLATES, Scope.REVIEW

DEFAULTS: tuple[Binding, ...] = (
    Binding("grade.0", ("0",), "no Modic change; the next open endplate follows"),
    Binding("grade.1", ("1",), "type 1"),
    Binding("grade.2", ("2",), "type 2"),
    Binding("grade.3", ("3",), "type 3"),
    Binding("mixed.add", ("+",), "then 1, 2 or 3: a further, lesser component"),
    Binding("mixed.add_1", ("!",), "further component type 1 (Shift+1)"),
    Binding("mixed.add_2", ("@",), "further component type 2 (Shift+2)"),
    Binding("mixed.add_3", ("#",), "further component type 3 (Shift+3)"),
    Binding("mixed.equal", ("=",), "first two components hold equal shares"),
    Binding("grade.undetermined", ("8",), "changed, but the type cannot be told"),
    Binding("grade.cannot_read", ("9",), "cannot be read; asks why"),
    Binding("grade.clear", ("Delete",), "clear this endplate's finding (reopen it)"),
    Binding("endplate.previous", ("Up",), "endplate above"),
    Binding("endplate.next", ("Down",), "endplate below"),
    Binding("endplate.first", ("Home",), "first endplate"),
    Binding("endplate.last", ("End",), "last endplate"),
    Binding("measure", ("m",), "measure: front end, back end, deepest point (three clicks)"),
    Binding("measure.body", ("M",), "measure, and the body height anew (five clicks)"),
    Binding("line", ("l",), "draw the endplate, anterior to posterior (clicks, then Enter)"),
    Binding("brush", ("t",), "paint the lesion: drag; Ctrl+drag erases; [ ] size; Enter ends"),
    Binding("grow", ("T",), "region about a click; [ ] tolerance, Enter records"),
    Binding("corners", ("u",), "corners of the body (four clicks); drag to correct"),
    Binding("height.step", ("v",), "height category, estimated: each press the next one"),
    Binding("ap.step", ("b",), "AP category, estimated: each press the next one"),
    Binding("area.step", ("q",), "endplate-area category, estimated: each press the next one"),
    Binding("zones", ("z",), "zones: q w e / a s d / z x c, then Enter; f all nine"),
    Binding("lesion.first", ("(",), "first slice of the lesion"),
    Binding("lesion.last", (")",), "last slice of the lesion"),
    Binding("usual", ("g",), "the protocol's usual values for the open fields"),
    Binding("field.signals", ("s",), "signals, then a letter for each series"),
    Binding("field.contour", ("c",), "contour, then a letter"),
    Binding("field.defect", ("d",), "defect, then a letter"),
    Binding("field.attribution", ("a",), "cause, then a letter"),
    Binding("field.confidence", ("p",), "confidence (how probable), then a letter"),
    Binding("field.mimics", ("j",), "mimics considered: letters, then Enter"),
    Binding("copy", ("y",), "copy from the facing endplate (off in trial protocols)"),
    Binding("key_image", ("k",), "mark the slice shown as a key image"),
    Binding("disc", ("e",), "disc panel; e Enter = none of these, every disc"),
    Binding("bulk.none", ("A",), "all remaining none (after every slice was seen)"),
    Binding("definition", ("F1",), "the definition of the type in question"),
    Binding("series.previous", ("Up",), "series above", _S),
    Binding("series.next", ("Down",), "series below", _S),
    Binding("quality.diagnostic", ("d",), "diagnostic quality", _S),
    Binding("quality.limited", ("l",), "limited quality", _S),
    Binding("quality.non_diagnostic", ("u",), "not usable for diagnosis", _S),
    Binding("role.assign", ("a",), "put the series into another slot, with the reason", _S),
    Binding("series.accept", ("y",), "accept a blocked series as it is, with the reason", _S),
    Binding("site.return", ("t",), "return the case to the site, with the reason", _S),
    Binding("numbering.method", ("m",), "how the levels were counted, then a letter", _N),
    Binding("numbering.confidence", ("c",), "how surely, then a letter", _N),
    Binding("numbering.bodies", ("b",), "number of lumbar-type bodies, then a letter", _N),
    Binding("numbering.castellvi", ("t",), "transitional vertebra (Castellvi), then a letter", _N),
    Binding("numbering.variant", ("v",), "which way it leans, then a letter", _N),
    Binding("numbering.report", ("d",), "a report's labels differ: by how many bodies", _N),
    Binding(
        "numbering.usual",
        ("g",),
        "from the sacrum, probable, no transitional features, as many bodies as placed",
        _N,
    ),
    Binding("numbering.three", ("e",), "three clicks and the count; the rest is presumed", _N),
    Binding("numbering.confirm", ("y",), "confirm the presumed centres where they lie", _N),
    Binding("numbering.up", ("PgUp",), "slide all labels one body towards the head", _N),
    Binding("numbering.down", ("PgDown",), "slide all labels one body towards the foot", _N),
    Binding("numbering.remove", ("Delete",), "take the last placed centre away", _N),
    Binding("numbering.reopen", ("u",), "reopen a signed numbering, with the reason", _N),
    Binding("review.previous", ("Up",), "endplate above", _R),
    Binding("review.next", ("Down",), "endplate below", _R),
    Binding("sign.missing", ("g",), "go to the first thing missing; Enter comes back", Scope.SIGN),
    Binding("sign.meaning", ("m",), "change what the signature says", Scope.SIGN),
    Binding("wording", ("c",), "copy a signed reading's wording for a report", Scope.SIGN),
    Binding("amend", ("u",), "amend a signed reading, with the reason", Scope.SIGN),
    Binding("page.up", ("Up",), "scroll up what is signed", Scope.SIGN, repeats=True),
    Binding("page.down", ("Down",), "scroll down what is signed", Scope.SIGN, repeats=True),
    Binding("slice.previous", (",",), "previous slice (towards the right)", _A, repeats=True),
    Binding("slice.next", (".",), "next slice (towards the left)", _A, repeats=True),
    Binding("note", ("n",), "note on this endplate; elsewhere on the whole reading", _A),
    Binding("red_flag", ("f",), "notify the site now, then a letter", _A),
    Binding("marks.lines", ("Space",), "held: show the endplate lines", _A, repeats=True),
    Binding("marks.hide", ("h",), "hide or show all marks", _A),
    Binding("pixels", ("i",), "pixels or smooth display", _A),
    Binding("window.preset", ("w",), "next window preset", _A),
    Binding("window.type", ("W",), "type the window: centre and width", _A),
    Binding("window.reset", ("R",), "window as the images ask (DICOM)", _A),
    Binding("view.reset", ("r",), "reset zoom and pan", _A),
    Binding("others", ("o",), "localizer, coronal and other series; o again the next", _A),
    Binding("axial", ("x",), "axial series; x again the next", _A),
    Binding("beside.previous", ("<",), "previous slice of a series called up", _A, repeats=True),
    Binding("beside.next", (">",), "next slice of a series called up", _A, repeats=True),
    Binding("link.by_hand", ("L",), "link a series of another frame by hand, with arrows", _A),
    Binding("step.previous", ("[",), "step before", _A),
    Binding("step.next", ("]",), "step after", _A),
    Binding("next", ("Enter",), "next field or step; in the sign step: sign", _A),
    Binding("cancel", ("Escape",), "leave the question that is open", _A),
    Binding("undo", ("Backspace", "Ctrl+Z"), "undo", _A),
    Binding("redo", ("Ctrl+Shift+Z",), "redo", _A),
    Binding("cases", ("Ctrl+L",), "the list of your cases", _A),
    Binding("case.again", ("Ctrl+R",), "read only: show its latest state, or take it over", _A),
    Binding("help", ("?",), "show or hide this table", _A),
)
"""The key table; ``docs`` and the ``?`` overlay print it from here."""


@dataclass(frozen=True)
class KeyMap:
    """The bindings in force; no key means two things in one place."""

    bindings: tuple[Binding, ...] = DEFAULTS

    def __post_init__(self) -> None:
        problems = tuple(_conflicts(self.bindings))
        if problems:
            raise KeyMapError(f"The keys contradict each other: {'; '.join(problems)}")

    @cached_property
    def _by_place(self) -> dict[tuple[Scope, str], Binding]:
        return {(b.scope, key): b for b in self.bindings for key in b.keys}

    def find(self, key: str, scope: Scope) -> Binding | None:
        """Return what `key` starts in a step, or None."""
        return self._by_place.get((scope, key)) or self._by_place.get((Scope.ALWAYS, key))

    def keys_of(self, action: str) -> tuple[str, ...]:
        """Return the keys of an action, the main one first; none where it is not bound."""
        return next((b.keys for b in self.bindings if b.action == action), ())

    def in_scope(self, scope: Scope) -> tuple[Binding, ...]:
        """Return the bindings of one scope that have a key, in the order of the table."""
        return tuple(b for b in self.bindings if b.scope == scope and b.keys)

    def changed(self, keys: Mapping[str, Iterable[str]]) -> KeyMap:
        """Return a map in which the named actions have other keys.

        Raises
        ------
        KeyMapError
            An action is unknown, or two actions would share a key.
        """
        unknown = sorted(set(keys) - {b.action for b in self.bindings})
        if unknown:
            raise KeyMapError(f"The key file names unknown actions: {', '.join(unknown)}")
        return KeyMap(
            tuple(
                replace(b, keys=tuple(keys[b.action])) if b.action in keys else b
                for b in self.bindings
            )
        )


def _conflicts(bindings: Iterable[Binding]) -> Iterable[str]:
    seen: dict[tuple[Scope, str], str] = {}
    everywhere = {key: b.action for b in bindings if b.scope == Scope.ALWAYS for key in b.keys}
    for binding in bindings:
        for key in binding.keys:
            other = seen.setdefault((binding.scope, key), binding.action)
            if binding.scope != Scope.ALWAYS:
                other = everywhere.get(key, other)
            if other != binding.action:
                yield f"{key!r} is both {other} and {binding.action}"
