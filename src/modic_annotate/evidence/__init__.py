"""Evidence packages: write, verify; reports, segmentations and FHIR bundles read back.

The names below load their module on first use, so that importing this package costs nothing.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from modic_annotate.evidence.formats.dicom.held import HeldReading as HeldReading
    from modic_annotate.evidence.formats.dicom.read_seg import masks_from_seg as masks_from_seg
    from modic_annotate.evidence.formats.dicom.read_sr import reading_from_sr as reading_from_sr
    from modic_annotate.evidence.formats.fhir.read import reading_from_fhir as reading_from_fhir
    from modic_annotate.evidence.package import PackageResult as PackageResult
    from modic_annotate.evidence.package import write_evidence as write_evidence
    from modic_annotate.evidence.verify import Verification as Verification
    from modic_annotate.evidence.verify import verify_evidence as verify_evidence

_HOME = {
    "HeldReading": "formats.dicom.held",
    "masks_from_seg": "formats.dicom.read_seg",
    "reading_from_fhir": "formats.fhir.read",
    "reading_from_sr": "formats.dicom.read_sr",
    "PackageResult": "package",
    "Verification": "verify",
    "verify_evidence": "verify",
    "write_evidence": "package",
}


def __getattr__(name: str) -> object:
    home = _HOME.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(importlib.import_module(f"{__name__}.{home}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(_HOME)
