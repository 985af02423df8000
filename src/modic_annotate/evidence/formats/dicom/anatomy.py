"""Coded anatomy: vertebrae, discs, and which endplate of a vertebra."""

from __future__ import annotations

from pydicom.sr.coding import Code

from modic_annotate.domain.spine import DiscLevel, Surface, Vertebra
from modic_annotate.evidence.formats.dicom import codes as c

VERTEBRAE = {
    Vertebra.T9: Code("82687006", "SCT", "T9 vertebra"),  # CID 7603
    Vertebra.T10: Code("7610001", "SCT", "T10 vertebra"),
    Vertebra.T11: Code("12989004", "SCT", "T11 vertebra"),
    Vertebra.T12: Code("23215003", "SCT", "T12 vertebra"),
    Vertebra.T13: c.private("VB-T13", "T13 vertebra"),  # no code found
    Vertebra.L1: Code("66794005", "SCT", "L1 vertebra"),
    Vertebra.L2: Code("14293000", "SCT", "L2 vertebra"),
    Vertebra.L3: Code("36470004", "SCT", "L3 vertebra"),
    Vertebra.L4: Code("11994002", "SCT", "L4 vertebra"),
    Vertebra.L5: Code("49668003", "SCT", "L5 vertebra"),
    Vertebra.L6: c.private("VB-L6", "L6 vertebra"),  # no code found
    Vertebra.S1: Code("65985001", "SCT", "S1 vertebra"),  # in two public value sets, no CID
    Vertebra.S2: c.private("VB-S2", "S2 vertebra"),  # none verified
}

DISCS = {
    "T12/L1": Code("76206002", "SCT", "T12/L1 disc"),  # CID 7604
    "L1/2": Code("80064006", "SCT", "L1/L2 disc"),
    "L2/3": Code("67459009", "SCT", "L2/L3 disc"),
    "L3/4": Code("62551000", "SCT", "L3/L4 disc"),
    "L4/5": Code("84020006", "SCT", "L4/L5 disc"),
    "L5/S1": Code("715056000", "SCT", "L5/S1 disc"),
}

TOPOGRAPHY = {Surface.SUPERIOR: c.SUPERIOR, Surface.INFERIOR: c.INFERIOR}
SURFACES = {Surface.SUPERIOR: c.ENDPLATE_SUPERIOR, Surface.INFERIOR: c.ENDPLATE_INFERIOR}
"""The endplate once more: some readers drop a site's modifier."""


def disc_code(disc: DiscLevel) -> Code:
    """Return the code of a disc; of one that only some spines have, a private one."""
    name = str(disc)
    return DISCS.get(name) or c.private(f"D-{name.replace('/', '-')}", f"Disc {name}")
