"""A criteria set as the very bytes it was evaluated from."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from modic_annotate.eligibility import CriteriaSet, list_criteria, load_criteria, parse_criteria
from modic_annotate.eligibility.site import check_own, for_site
from modic_annotate.evidence.document import CRITERIA
from modic_annotate.store import row_verifications
from modic_annotate.store.canonical import canonical_bytes
from modic_annotate.store.workspace import Workspace


@dataclass(frozen=True, slots=True)
class CriteriaFile:
    """A set, its bytes, and the ending that says how they are to be read."""

    criteria: CriteriaSet
    content: bytes
    ending: str

    @property
    def path(self) -> str:
        """Where it lies in a package."""
        return f"{CRITERIA}{self.criteria.id}{self.ending}"


def criteria_file(given: str | Path | CriteriaSet) -> CriteriaFile:
    """Return the bytes of a shipped set, a set's file, or a set made in memory.

    Raises
    ------
    UnknownCriteriaSetError, InvalidCriteriaSetError
        There is no such set, or it breaks its model or its own examples.
    """
    if isinstance(given, CriteriaSet):
        return CriteriaFile(given, canonical_bytes(given), ".json")
    criteria = load_criteria(given)
    if str(given) in list_criteria():
        shipped = files("modic_annotate.eligibility") / "sets" / f"{given}.toml"
        return CriteriaFile(criteria, shipped.read_bytes(), ".toml")
    check_own(criteria)
    path = Path(given)
    return CriteriaFile(criteria, path.read_bytes(), ".json" if path.suffix == ".json" else ".toml")


def site_criteria(ws: Workspace, given: str | Path | CriteriaSet) -> CriteriaFile:
    """Return a set as `criteria_file` does, with the rows that this workspace's site verified."""
    found = criteria_file(given)
    applied = for_site(found.criteria, row_verifications.present(ws.store, found.criteria.id))
    if applied == found.criteria:
        return found
    return CriteriaFile(applied, canonical_bytes(applied), ".json")


def read_criteria(path: str, content: bytes) -> CriteriaSet:
    """Read a set from a package; InvalidCriteriaSetError where it breaks its model."""
    return parse_criteria(content, path, is_json=path.endswith(".json"))
