"""REDCap's branching logic, evaluated with an unknown: what it does not know it names.

The grammar is the part of REDCap's that compares fields: ``[field]``, ``[field(code)]``,
``[event][field]``, quoted strings, numbers, ``= <> != < > <= >=``, ``and``, ``or`` and
parentheses. Functions, arithmetic and smart variables are refused by name, never half understood.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

MAX_DEPTH = 40
MAX_LENGTH = 20_000

_TOKENS = re.compile(
    r"""\s*(?:
      (?P<field>(?:\[[^\[\]]*\])+)
    | (?P<text>'[^']*'|"[^"]*")
    | (?P<number>-?\d+(?:\.\d+)?)
    | (?P<compare><>|!=|<=|>=|=|<|>)
    | (?P<paren>[()])
    | (?P<word>[A-Za-z_][A-Za-z_0-9.]*)
    | (?P<other>\S)
    )""",
    re.VERBOSE,
)
_FIELD = re.compile(r"(?:\[([a-z0-9_]+)\])?\[([a-z][a-z0-9_]*)(?:\(([^()]+)\))?\]", re.IGNORECASE)


class LogicError(ValueError):
    """Logic of which the meaning is not known here; the message names the part."""


@dataclass(frozen=True)
class FieldRef:
    """A field that logic looks at: its event where named, and the option of a checkbox."""

    name: str
    option: str | None = None
    event: str | None = None


Lookup = Callable[[FieldRef], str | None]
"""Returns a field's value as text, and None where it is not known (blank, hidden, missing)."""


@dataclass(frozen=True)
class Comparison:
    """One comparison of two operands."""

    left: FieldRef | str
    sign: str
    right: FieldRef | str


@dataclass(frozen=True)
class Combined:
    """Parts joined by ``and`` or ``or``."""

    word: str
    parts: tuple[Logic, ...]


Logic = Comparison | Combined


@lru_cache(maxsize=4096)
def parse(text: str) -> Logic:
    """Return logic as a tree; LogicError names what is not known."""
    if len(text) > MAX_LENGTH:
        raise LogicError(f"it is longer than {MAX_LENGTH} characters")
    tokens = [(m.lastgroup or "", m[m.lastgroup or ""]) for m in _TOKENS.finditer(text)]
    parser = _Parser(tokens)
    found = parser.any_of(0)
    if parser.peek()[0]:
        raise LogicError(f"{parser.named()} is not understood there")
    return found


def evaluate(logic: Logic, lookup: Lookup) -> bool | None:
    """Return whether logic holds; None where an operand that would decide is not known."""
    if isinstance(logic, Comparison):
        return _compare(logic, lookup)
    answers = [evaluate(part, lookup) for part in logic.parts]
    decisive = logic.word == "or"
    if decisive in answers:
        return decisive
    return None if None in answers else not decisive


class _Parser:
    """Recursive descent over the tokens; ``or`` binds weaker than ``and``."""

    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self.tokens = tokens
        self.at = 0

    def peek(self) -> tuple[str, str]:
        return self.tokens[self.at] if self.at < len(self.tokens) else ("", "")

    def take(self) -> tuple[str, str]:
        token = self.peek()
        self.at += 1
        return token

    def named(self) -> str:
        """Name the present token without quoting a literal."""
        kind, text = self.peek()
        return {"": "the end", "text": "a text", "number": "a number"}.get(kind, repr(text[:40]))

    def any_of(self, depth: int) -> Logic:
        return self._joined("or", lambda d: self._joined("and", self.one, d), depth)

    def _joined(self, word: str, part: Callable[[int], Logic], depth: int) -> Logic:
        parts = [part(depth)]
        while self.peek()[0] == "word" and self.peek()[1].lower() == word:
            self.take()
            parts.append(part(depth))
        return parts[0] if len(parts) == 1 else Combined(word, tuple(parts))

    def one(self, depth: int) -> Logic:
        if depth > MAX_DEPTH:
            raise LogicError(f"it nests deeper than {MAX_DEPTH}")
        if self.peek() == ("paren", "("):
            self.take()
            found = self.any_of(depth + 1)
            if self.take() != ("paren", ")"):
                raise LogicError("a parenthesis is not closed")
            return found
        left = self.operand()
        if self.peek()[0] != "compare":
            raise LogicError(f"{self.named()} stands where a comparison is needed")
        sign = self.take()[1]
        return Comparison(left, "<>" if sign == "!=" else sign, self.operand())

    def operand(self) -> FieldRef | str:
        kind, text = self.peek()
        if kind == "field":
            found = _field_ref(text)
        elif kind == "text":
            found = text[1:-1]
        elif kind == "number":
            found = text
        else:
            raise LogicError(f"{self.named()} is not known here")
        self.take()
        return found


def _field_ref(text: str) -> FieldRef | str:
    match = _FIELD.fullmatch(text)
    if match is None:
        raise LogicError(f"{text[:40]!r} is a smart variable or no field")
    event, name, option = match.groups()
    return FieldRef(name.lower(), option, event.lower() if event else None)


def _compare(one: Comparison, lookup: Lookup) -> bool | None:
    left, right = (
        lookup(side) if isinstance(side, FieldRef) else side for side in (one.left, one.right)
    )
    if left is None or right is None:
        return None
    return _holds(left, one.sign, right)


_ORDER = {"<": operator.lt, ">": operator.gt, "<=": operator.le, ">=": operator.ge}
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_NUMBER = re.compile(r"-?\d+(\.\d+)?", re.ASCII)


def _holds(left: str, sign: str, right: str) -> bool | None:
    """Compare as numbers where both are, else as texts; order needs numbers or ISO days."""
    numeric = all(_NUMBER.fullmatch(side) for side in (left, right))
    if sign in ("=", "<>"):
        same = float(left) == float(right) if numeric else left == right
        return same == (sign == "=")
    if numeric:
        return bool(_ORDER[sign](float(left), float(right)))
    if all(_DAY.fullmatch(side) for side in (left, right)):
        return bool(_ORDER[sign](left, right))
    return None
