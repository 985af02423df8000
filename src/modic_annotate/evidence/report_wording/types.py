"""Modic types in a report's words: what was read, predominant component first."""

from __future__ import annotations

from collections.abc import Iterable

from modic_annotate.domain.finding import Finding
from modic_annotate.domain.modic import ModicType

UNDETERMINED = "Modic change, type undetermined"


def type_words(finding: Finding) -> str:
    """Return the type of a change that is present, e.g. ``Modic type 1/2 change (mixed, ..)``."""
    types = [component.modic_type.value for component in finding.components]
    if not types:
        return UNDETERMINED
    named = f"Modic type {'/'.join(types)} change"
    if len(types) == 1:
        return named
    if finding.equal_shares:
        first, second, *less = types
        shares = f"types {first} and {second} in equal parts"
        return f"{named} (mixed, {shares}{f', less of type {less[0]}' if less else ''})"
    return f"{named} (mixed, type {types[0]} predominant)"


def level_types(findings: Iterable[Finding]) -> str:
    """Return the types of the changes at a level together, e.g. ``Modic type 1 and type 2``."""
    present = list(findings)
    seen = {kind for finding in present for kind in finding.types}
    types = [f"type {kind.value}" for kind in ModicType if kind in seen]
    if any(not finding.types for finding in present):
        types.append("change of undetermined type")
    *most, last = types
    return f"Modic {', '.join(most)} and {last}" if most else f"Modic {last}"
