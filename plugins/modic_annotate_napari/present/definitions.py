"""What F1 says: the types with their signals, beside pictures, the one in question marked."""

from __future__ import annotations

from modic_annotate.domain.modic import ModicType
from modic_annotate_napari.desk.desk import Desk
from modic_annotate_napari.pictures import COMPONENTS, SERIES, Kind, png
from modic_annotate_napari.widgets.definitions import Definition

TITLES = {
    Kind.NORMAL: "0   no change",
    Kind.TYPE_1: "Type 1",
    Kind.TYPE_2: "Type 2",
    Kind.TYPE_3: "Type 3",
    Kind.MIXED: "Mixed, here 1 > 2",
}
SERIES_NAMES = {"t1": "T1", "t2": "T2", "stir": "STIR"}

SIGNALS: dict[Kind, tuple[str, str, str]] = {
    Kind.NORMAL: ("same", "same", "same"),
    Kind.TYPE_1: ("low", "high", "high"),
    Kind.TYPE_2: ("high", "same to high", "low"),
    Kind.TYPE_3: ("low", "low", "low"),
    Kind.MIXED: ("both", "both", "both"),
}
"""Signal on T1, on T2 without fat suppression and on STIR, against normal marrow (Jensen 2009,
10.1186/1471-2474-10-81; STIR: Gao, ISMRM 2021, 4058)."""

MEANINGS: dict[Kind, tuple[str, ...]] = {
    Kind.NORMAL: ("The signal beside the endplate is that of the rest of the body.",),
    Kind.TYPE_1: ("Oedema and fibrovascular granulation tissue.",),
    Kind.TYPE_2: (
        "Fatty marrow. Often not dark where fat is suppressed: 113 of 150 were not in one study.",
    ),
    Kind.TYPE_3: ("Sclerosis.",),
    Kind.MIXED: (
        "Two or three types in one change. The larger share is predominant and comes first; "
        "= says that the shares are equal.",
    ),
}

RULES = (
    "Compare with normal marrow of the same or the next body, away from the endplates. T1 tells "
    "type 1 from type 2: on T2 both may be bright.",
    "Size: [0,25) [25,50) [50,100] % of the body's height; a boundary belongs to the upper class.",
    "Sources: Modic 1988 (types 1 and 2); Jensen 2009, doi 10.1186/1471-2474-10-81 (type 3 came "
    "later); suppression of type 2: Spine 2016, doi 10.1097/BRS.0000000000001526.",
)


def definitions(desk: Desk) -> tuple[Definition, ...]:
    """Return a column for each kind, in their order; those of the active endplate marked."""
    finding = desk.finding
    mine = finding.types if finding is not None else frozenset[ModicType]()
    return tuple(
        Definition(
            title=TITLES[kind],
            pictures=tuple(
                (f"{SERIES_NAMES[series]}  {signal}", png(kind, series))
                for series, signal in zip(SERIES, SIGNALS[kind], strict=True)
            ),
            words=MEANINGS[kind],
            in_question=_is_in_question(kind, mine),
        )
        for kind in Kind
    )


def _is_in_question(kind: Kind, types: frozenset[ModicType]) -> bool:
    """Whether a finding is of this kind, or holds it as a component."""
    if kind == Kind.MIXED:
        return len(types) > 1
    return bool(types & frozenset(COMPONENTS[kind]))
