"""Pictures of the types for the definitions: drawn from the phantom, never from a person.

``python -m modic_annotate_napari.pictures`` draws them anew; a test compares.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from importlib import resources
from types import MappingProxyType

from modic_annotate.domain.modic import ModicType


class Kind(StrEnum):
    """What a row of pictures shows."""

    NORMAL = "normal"
    TYPE_1 = "type-1"
    TYPE_2 = "type-2"
    TYPE_3 = "type-3"
    MIXED = "mixed"


COMPONENTS: Mapping[Kind, tuple[ModicType, ...]] = MappingProxyType(
    {
        Kind.NORMAL: (),
        Kind.TYPE_1: (ModicType.TYPE_1,),
        Kind.TYPE_2: (ModicType.TYPE_2,),
        Kind.TYPE_3: (ModicType.TYPE_3,),
        Kind.MIXED: (ModicType.TYPE_1, ModicType.TYPE_2),
    }
)
"""Components of the change each kind shows, the predominant one first."""

SERIES = ("t1", "t2", "stir")
"""Series of each kind, as the phantom calls its sequences."""

SIZE_PX = (124, 84)
"""Width and height of a picture, at half a millimetre per pixel."""


def file_name(kind: Kind, series: str) -> str:
    """Return what a picture is called."""
    return f"{kind}-{series}.png"


def png(kind: Kind, series: str) -> bytes:
    """Return a shipped picture as PNG."""
    return (resources.files(__package__) / file_name(kind, series)).read_bytes()
