"""Read Modic changes on lumbar MRI and export verifiable evidence (headless core).

Everything here is loaded at first use, so importing the package costs nothing:

scan, load_series, pixel_sha256
    DICOM files to series and volumes; arrays are (slice, row, column), places LPS mm.
start_reading, load_reading, load_screening
    A reading in progress on a workspace's case; signed readings and screening records from files.
load_criteria, assess
    A criteria set, and what it says of a record and its readings.
write_evidence, verify_evidence
    Evidence packages: written from a workspace, verified anywhere.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from modic_annotate.conduct.screening_import import read_screening as load_screening
    from modic_annotate.eligibility import assess, load_criteria
    from modic_annotate.evidence import verify_evidence, write_evidence
    from modic_annotate.imaging import load_series, pixel_sha256, scan
    from modic_annotate.session import load_reading, start_reading

_HOME = {
    "scan": ("imaging", "scan"),
    "load_series": ("imaging", "load_series"),
    "pixel_sha256": ("imaging", "pixel_sha256"),
    "start_reading": ("session", "start_reading"),
    "load_reading": ("session", "load_reading"),
    "load_screening": ("conduct.screening_import", "read_screening"),
    "load_criteria": ("eligibility", "load_criteria"),
    "assess": ("eligibility", "assess"),
    "write_evidence": ("evidence", "write_evidence"),
    "verify_evidence": ("evidence", "verify_evidence"),
}

__all__ = [
    "assess",
    "load_criteria",
    "load_reading",
    "load_screening",
    "load_series",
    "pixel_sha256",
    "scan",
    "start_reading",
    "verify_evidence",
    "write_evidence",
]


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module, attribute = _HOME[name]
    value = getattr(import_module(f"{__name__}.{module}"), attribute)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
