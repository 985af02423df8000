"""Reading protocols: the versioned rules under which an MRI is read, as data."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from importlib import resources
from typing import Annotated, Literal

from pydantic import Field

from modic_annotate.domain.base import Percent, PositiveMm, Record, RecordId
from modic_annotate.domain.modic import (
    Attribution,
    Confidence,
    Contour,
    Defect,
    ExtentCategory,
    FatSuppressedSignal,
    ModicType,
    Signal,
)
from modic_annotate.domain.reading import Blinding, ProtocolRef
from modic_annotate.domain.series import SeriesRole
from modic_annotate.domain.spine import Endplate, Vertebra, endplates_between
from modic_annotate.errors import UnknownRecordError
from modic_annotate.store.canonical import canonical_bytes, parse_record, sha256_hex

DEFAULT_PROTOCOL = "intracept-evidence"
FOLDER = "protocols"


class Provenance(StrEnum):
    """Whether a protocol's cut-offs were checked against their source."""

    VERIFIED = "verified"
    MEMORY = "memory"


class AskedField(Record):
    """A field of a finding the protocol asks for; an optional one may stay open."""

    field: str
    required: bool = True


class MinimumSize(Record):
    """Sizes below which a change is flagged, never dropped."""

    height_percent: Percent
    max_diameter_mm: PositiveMm


class TypeSignals(Record):
    """Signals a type implies; None is left to the reader."""

    t1_signal: Signal | None = None
    t2_signal: Signal | None = None
    fs_signal: FatSuppressedSignal | None = None


class UsualValues(Record):
    """What one key fills into the open fields of a change, kept as macro."""

    attribution: Attribution
    confidence: Confidence
    contour: Contour
    defect: Defect
    signals: dict[ModicType, TypeSignals]
    mixed_signals: TypeSignals

    def signals_for(self, types: frozenset[ModicType]) -> TypeSignals:
        """Return the signals of one type, of a mixture, or none for an undetermined type."""
        if not types:
            return TypeSignals()
        return self.mixed_signals if len(types) > 1 else self.signals[next(iter(types))]


class ReadingProtocol(Record):
    """The rules of a reading: what is read, what is asked, when it may be signed."""

    schema_id: Annotated[Literal["modic-annotate/reading-protocol/1"], Field(alias="schema")] = (
        "modic-annotate/reading-protocol/1"
    )
    id: RecordId
    version: Annotated[int, Field(ge=1)]
    title: str
    scope_first: Endplate
    scope_last: Endplate
    """First and last endplate read; what lies between follows the numbering."""

    asked: tuple[AskedField, ...]
    """Fields asked for an endplate with a change, in the order they are asked."""

    asked_of_discs: tuple[str, ...]
    extent_categories: tuple[ExtentCategory, ...]
    coverage_roles: tuple[SeriesRole, ...]
    coverage_percent: Percent
    blinding: Blinding = Blinding()
    copy_facing_allowed: bool = False
    usual: UsualValues
    minimum_size: MinimumSize | None = None
    provenance: Provenance
    sources: tuple[str, ...] = ()

    def scope(self, order: Sequence[Vertebra]) -> tuple[Endplate, ...]:
        """Return the endplates to read in a spine of these bodies, head to foot."""
        endplates = endplates_between(order)
        return endplates[endplates.index(self.scope_first) : endplates.index(self.scope_last) + 1]

    @property
    def required(self) -> tuple[str, ...]:
        """Fields without which a change is not wholly described."""
        return tuple(a.field for a in self.asked if a.required)

    @property
    def sha256(self) -> str:
        """Hash of the protocol's canonical bytes, the same under any line endings on disk."""
        return sha256_hex(canonical_bytes(self))

    @property
    def ref(self) -> ProtocolRef:
        """How records point at this protocol."""
        return ProtocolRef(id=self.id, version=self.version, sha256=self.sha256)


def protocol_names() -> tuple[str, ...]:
    """Return the shipped protocols as ``<id>-<version>``."""
    folder = resources.files("modic_annotate.session") / FOLDER
    return tuple(sorted(f.name[:-5] for f in folder.iterdir() if f.name.endswith(".json")))


def load_protocol(name: str = DEFAULT_PROTOCOL, version: int | None = None) -> ReadingProtocol:
    """Return a shipped protocol, its newest version unless one is named.

    Raises
    ------
    UnknownRecordError
        No protocol of that name and version is shipped; the message lists those that are.
    """
    known = protocol_names()
    versions = [int(k.rpartition("-")[2]) for k in known if k.rpartition("-")[0] == name]
    wanted = version if version is not None else max(versions, default=0)
    if wanted not in versions:
        raise UnknownRecordError(
            f"No reading protocol {name!r} version {wanted}; shipped are {', '.join(known)}"
        )
    path = resources.files("modic_annotate.session") / FOLDER / f"{name}-{wanted}.json"
    return parse_record(ReadingProtocol, path.read_bytes(), f"reading protocol {name}-{wanted}")
