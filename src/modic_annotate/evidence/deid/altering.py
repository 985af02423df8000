"""Alter a record for a trial: every date by the same days, every withheld text by its word."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, TypeVar

from modic_annotate.domain.base import Record
from modic_annotate.domain.screening import MriReference, Recorded
from modic_annotate.eligibility.criteria import SiteVerification
from modic_annotate.evidence.deid.fields import DIGESTS, WITHHELD, Group, group_of
from modic_annotate.evidence.deid.secret import keyed_digest

R = TypeVar("R", bound=Record)


@dataclass(frozen=True)
class Altering:
    """How the records of one subject are altered, and what was withheld on the way."""

    days: int
    """Whole days every date is moved into the past."""

    included: frozenset[Group]
    """Groups of free text that a person ticked."""

    own_uids: frozenset[str]
    """UIDs of the workspace; a study UID that is none of them is the hospital's."""

    key: bytes | None = field(default=None, repr=False)
    """What digests of originals are keyed with; None leaves them as they are."""

    withheld: list[tuple[Group, str, str]] = field(default_factory=list)
    """Group, file and JSON pointer of each text that was withheld."""

    def record(self, given: R, path: str, pointer: str = "") -> R:
        """Return a record as the package of `path` holds it; the record stands at `pointer`."""
        changes: dict[str, Any] = {}  # a field's value, of the field's own type
        for name, info in type(given).model_fields.items():
            alias, value = info.alias or name, getattr(given, name)
            new = self._field(given, name, path, f"{pointer}/{alias}")
            if new is not value:
                changes[alias] = new
        changes |= self._of_kind(given, changes, path, pointer)
        return given.replace(**changes) if changes else given

    def _field(self, given: Record, name: str, path: str, pointer: str) -> object:
        value, group = getattr(given, name), group_of(type(given), name)
        if name in DIGESTS.get(type(given), ()):
            return keyed_digest(self.key, value) if self.key and value else value
        moved = self._value(value, path, pointer)
        if group is None or group in self.included or not _says_something(value):
            return moved
        left = _withheld(moved, given, name)
        if left != moved:
            self.withheld.append((group, path, pointer))
        return left

    def _value(self, value: object, path: str, pointer: str) -> object:
        if isinstance(value, date):  # a datetime is a date
            return value - timedelta(days=self.days)
        if isinstance(value, Record):
            return self.record(value, path, pointer)
        if isinstance(value, tuple):
            new = tuple(self._value(one, path, f"{pointer}/{i}") for i, one in enumerate(value))
            return _if_other(new, value, zip(new, value, strict=True))
        if isinstance(value, dict):
            held = {k: self._value(one, path, f"{pointer}/{k}") for k, one in value.items()}
            return _if_other(held, value, ((held[k], value[k]) for k in value))
        return value

    def _of_kind(
        self, given: Record, changes: dict[str, Any], path: str, pointer: str
    ) -> dict[str, Any]:
        """Return what a kind of record needs beside: wall clocks, UIDs, days of the set."""
        if "local_time" in type(given).model_fields:
            return {"local_time": changes["signed_at"].isoformat()}
        if isinstance(given, SiteVerification):  # no day of the subject: it must not be moved
            return {"on": given.on}
        if isinstance(given, MriReference) and given.study_uid not in (None, *self.own_uids):
            self.withheld.append((Group.NEVER, path, f"{pointer}/study_uid"))
            return {"study_uid": None}
        return {}


def _if_other(new: object, old: object, pairs: Iterable[tuple[object, object]]) -> object:
    return old if all(a is b for a, b in pairs) else new


def _says_something(value: object) -> bool:
    if isinstance(value, Recorded):
        return value.value is not None
    return bool(value)


def _withheld(value: object, given: Record, name: str) -> object:
    if isinstance(given, SiteVerification):
        return id_alone(given.by)
    if name == "os_account_sha256":
        return None
    if isinstance(value, Recorded):
        return value.replace(value=WITHHELD)
    return (WITHHELD,) if isinstance(value, tuple) else WITHHELD


def id_alone(person: str) -> str:
    """Return the id of ``Name (id)``, as a determination names who verified a row."""
    return person.rpartition("(")[2].removesuffix(")")
