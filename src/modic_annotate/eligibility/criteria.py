"""Criteria sets: published rule lists as versioned data, each row with its source.

A set is a TOML file in ``sets/`` (found by its name) or anywhere (given as a path). Its examples
stand in the same file and say what every row makes of small described cases.
"""

from __future__ import annotations

import json
import tomllib
from datetime import date
from enum import StrEnum
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, ValidationError, model_validator

from modic_annotate.domain.base import Record, RecordId, Sha256
from modic_annotate.domain.determination import CriterionKind, Provenance
from modic_annotate.eligibility.cases import Baseline, Example
from modic_annotate.eligibility.predicates.union import AnyPredicate
from modic_annotate.errors import InvalidCriteriaSetError, UnknownCriteriaSetError
from modic_annotate.store.canonical import problems_of


class SetPurpose(StrEnum):
    """What a set lists; indications and contraindications are sets of their own."""

    INDICATIONS = "indications"
    CONTRAINDICATIONS = "contraindications"
    TRIAL = "trial"
    COVERAGE = "coverage"


class SiteVerification(Record):
    """Who at the site read a row's source, when, and the hash of what was read."""

    by: Annotated[str, Field(min_length=1)]
    on: date
    source_sha256: Sha256


class Criterion(Record):
    """One row of a set, with its computable form."""

    id: RecordId
    kind: CriterionKind
    title: str
    predicate: AnyPredicate
    """What an inclusion or limit demands; what an exclusion excludes."""

    applies_when: AnyPredicate | None = None
    """Where this does not hold the row is not applicable; None always applies."""

    evidence: str
    """What a person would look at."""

    source: Annotated[str, Field(min_length=1)]
    provenance: Literal["verified", "third_party", "unverified"]
    verification: SiteVerification | None = None
    """A site's own verification of an unverified row: from then on the row decides."""

    @model_validator(mode="after")
    def _verifies_the_unverified(self) -> Self:
        if self.verification is not None and self.provenance != "unverified":
            raise ValueError("only an unverified row is verified by a site")
        return self

    @property
    def standing(self) -> Provenance:
        """How far the row's source is known, a site's verification included."""
        return Provenance(self.provenance) if self.verification is None else _SITE


_SITE = Provenance.SITE_VERIFIED


class Note(Record):
    """Something the source says that is no rule, e.g. wording it accepts."""

    id: RecordId
    title: str
    text: tuple[str, ...]
    source: str
    provenance: Literal["verified", "third_party", "unverified"]

    @property
    def standing(self) -> Provenance:
        """How far the note's source is known."""
        return Provenance(self.provenance)


class CriteriaSet(Record):
    """A published rule list, at one version."""

    schema_id: Annotated[Literal["modic-annotate/criteria/1"], Field(alias="schema")] = (
        "modic-annotate/criteria/1"
    )
    id: RecordId
    version: str
    title: str
    purpose: SetPurpose
    source: Annotated[str, Field(min_length=1)]
    retrieved_on: date | None = None
    """When the source was read; None where that is not known."""

    review_by: date
    """After this day the set is stale: still evaluated, and said to be stale."""

    in_force_from: date | None = None
    in_force_until: date | None = None
    status: Literal["current", "incomplete", "withdrawn"] = "current"
    """An incomplete set lacks rows of its source, so it never concludes that all are met."""

    caveats: tuple[str, ...] = ()
    criterion: tuple[Criterion, ...] = ()
    """The rows; none only where nothing of the source's list could be read."""

    note: tuple[Note, ...] = ()
    baseline: Baseline
    example: tuple[Example, ...] = ()

    @model_validator(mode="after")
    def _ids_known_and_once(self) -> Self:
        if not self.criterion and self.status != "incomplete":
            raise ValueError("a set without rows has status 'incomplete'")
        ids = [row.id for row in self.criterion]
        if len({i.casefold() for i in ids}) != len(ids):
            raise ValueError("each criterion id may stand once")
        strange = {name for e in self.example for name in e.expect} - set(ids)
        if strange:
            raise ValueError(f"examples expect of unknown criteria: {', '.join(sorted(strange))}")
        return self

    def in_force(self, on: date) -> bool:
        """Return whether the set was in force on a day."""
        begun = self.in_force_from is None or self.in_force_from <= on
        ended = self.in_force_until is not None and self.in_force_until < on
        return begun and not ended and self.status != "withdrawn"

    def stale(self, on: date) -> bool:
        """Return whether the review date had passed on a day."""
        return self.review_by < on

    def verified(self, criterion_id: str, verification: SiteVerification) -> CriteriaSet:
        """Return the set with one unverified row verified by the site.

        Raises
        ------
        InvalidCriteriaSetError
            The row is unknown, or not unverified.
        """
        rows = {row.id: row for row in self.criterion}
        if criterion_id not in rows or rows[criterion_id].provenance != "unverified":
            problem = f"{criterion_id} is not one of its unverified rows"
            raise InvalidCriteriaSetError(self.id, [problem])
        rows[criterion_id] = rows[criterion_id].replace(verification=verification)
        return self.replace(criterion=tuple(rows.values()))


def list_criteria() -> tuple[str, ...]:
    """Return the ids of the shipped sets."""
    folder = files("modic_annotate.eligibility") / "sets"
    names = (entry.name for entry in folder.iterdir())
    return tuple(sorted(n.removesuffix(".toml") for n in names if n.endswith(".toml")))


def load_criteria(name: str | Path) -> CriteriaSet:
    """Load a shipped set by its id, or a set from a ``.toml`` or ``.json`` file.

    Raises
    ------
    UnknownCriteriaSetError
        It is neither a shipped id nor a file.
    InvalidCriteriaSetError
        The file breaks the model; every problem is listed with its path.
    """
    if str(name) in list_criteria():
        shipped = files("modic_annotate.eligibility") / "sets" / f"{name}.toml"
        return parse_criteria(shipped.read_bytes(), str(name))
    path = Path(name)
    if not path.is_file():
        raise UnknownCriteriaSetError(str(name), list_criteria())
    return parse_criteria(path.read_bytes(), path.name, is_json=path.suffix == ".json")


def parse_criteria(content: bytes, what: str, *, is_json: bool = False) -> CriteriaSet:
    """Read a set from the bytes of a TOML (or JSON) file; `what` names it in messages.

    Raises
    ------
    InvalidCriteriaSetError
        It breaks the model; every problem is listed with its path.
    """
    try:
        text = content.decode("utf-8")
        as_json = text if is_json else json.dumps(tomllib.loads(text), default=str)
        return CriteriaSet.model_validate_json(as_json, strict=True)
    except ValidationError as error:
        raise InvalidCriteriaSetError(what, problems_of(error)) from error
    except (ValueError, RecursionError) as error:  # TOML syntax, not UTF-8, nested too deep
        raise InvalidCriteriaSetError(what, [f"{error} @ $"]) from error
