"""The base of all records, and the scalar types they share.

Frozen, unknown keys refused, finite numbers only. ``None`` means one thing: not recorded.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Annotated, Any, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    PlainSerializer,
    StringConstraints,
)

WINDOWS_RESERVED = re.compile(r"^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?$", re.IGNORECASE)
"""Device names no Windows file may have, whatever its extension."""

MM_DECIMALS = 4
"""Millimetres are kept to 1e-4 mm: finer than any MR grid, and the same on every machine."""


class Record(BaseModel):
    """A frozen, validated value that knows nothing of files."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        allow_inf_nan=False,
        validate_default=True,
        defer_build=True,
        serialize_by_alias=True,
    )

    def replace(self, **changes: Any) -> Self:  # noqa: ANN401 - any field's value
        """Return a copy with some fields changed, validated like a new record."""
        fields = {
            info.alias or name: getattr(self, name)
            for name, info in type(self).model_fields.items()
        }
        return type(self).model_validate(fields | changes)


def _identifier(value: str) -> str:
    if WINDOWS_RESERVED.match(value) or value.endswith("."):
        raise ValueError(f"{value!r} cannot be a file name on every system; choose another id")
    return value


def _rounded(value: float) -> float:
    return round(value, MM_DECIMALS) + 0.0  # + 0.0 turns -0.0 into 0.0: one value, one spelling


def _whole_second_utc(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise ValueError("a time needs its zone; write UTC as 2026-01-31T12:00:00Z")
    in_utc = value.astimezone(UTC)
    return in_utc.replace(microsecond=0) if in_utc.microsecond else in_utc


RecordId = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$"),
    AfterValidator(_identifier),
]
"""An id that is also a folder name on every system; compared without case."""

Uid = Annotated[str, StringConstraints(pattern=r"^[0-9]+(\.[0-9]+)*$", max_length=64)]
"""A DICOM UID (PS3.5 section 9)."""

Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Utc = Annotated[
    datetime,
    AfterValidator(_whole_second_utc),
    PlainSerializer(lambda t: t.strftime("%Y-%m-%dT%H:%M:%SZ"), return_type=str, when_used="json"),
]
Mm = Annotated[float, AfterValidator(_rounded)]
PositiveMm = Annotated[float, Field(ge=0), AfterValidator(_rounded)]
Percent = Annotated[float, Field(ge=0, le=100), AfterValidator(_rounded)]
PointLps = tuple[Mm, Mm, Mm]
"""A point in DICOM patient coordinates (x to Left, y to Posterior, z to Head), in mm."""


def is_empty(value: object) -> bool:
    """Whether a field holds nothing; such fields are left out of files that need not name them."""
    return not value


def utc_now() -> datetime:
    """Return the present time in UTC, in whole seconds, as records hold it."""
    return datetime.now(UTC).replace(microsecond=0)
