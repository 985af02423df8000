"""DICOM to Volume: scan, roles, geometry, pixels.

The names below load their module on first use, so that importing this package costs nothing.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from modic_annotate.imaging.accepting import accept as accept
    from modic_annotate.imaging.accepting import acceptable_faults as acceptable_faults
    from modic_annotate.imaging.accepting import accepted_form as accepted_form
    from modic_annotate.imaging.cache.scan_cache import ScanCache as ScanCache
    from modic_annotate.imaging.catalogue import Catalogue as Catalogue
    from modic_annotate.imaging.geometry.patient import Display as Display
    from modic_annotate.imaging.geometry.patient import display_orientation as display_orientation
    from modic_annotate.imaging.geometry.patient import side_label as side_label
    from modic_annotate.imaging.geometry.patient import slice_offset_mm as slice_offset_mm
    from modic_annotate.imaging.model import PatientIdentity as PatientIdentity
    from modic_annotate.imaging.model import Problem as Problem
    from modic_annotate.imaging.model import Refused as Refused
    from modic_annotate.imaging.model import Series as Series
    from modic_annotate.imaging.model import SliceRef as SliceRef
    from modic_annotate.imaging.pixels.decode import pixel_sha256 as pixel_sha256
    from modic_annotate.imaging.roles.slots import Choice as Choice
    from modic_annotate.imaging.roles.slots import choose_slots as choose_slots
    from modic_annotate.imaging.roles.slots import explain_slots as explain_slots
    from modic_annotate.imaging.roles.slots import name_of as name_of
    from modic_annotate.imaging.roles.slots import slot_stacks as slot_stacks
    from modic_annotate.imaging.scanning import scan as scan
    from modic_annotate.imaging.sources.archives import ArchiveMember as ArchiveMember
    from modic_annotate.imaging.volume import Volume as Volume
    from modic_annotate.imaging.volume import load_series as load_series

_HOME = {
    "ArchiveMember": "sources.archives",
    "Catalogue": "catalogue",
    "Choice": "roles.slots",
    "Display": "geometry.patient",
    "PatientIdentity": "model",
    "Problem": "model",
    "Refused": "model",
    "ScanCache": "cache.scan_cache",
    "Series": "model",
    "SliceRef": "model",
    "Volume": "volume",
    "accept": "accepting",
    "acceptable_faults": "accepting",
    "accepted_form": "accepting",
    "choose_slots": "roles.slots",
    "display_orientation": "geometry.patient",
    "explain_slots": "roles.slots",
    "load_series": "volume",
    "name_of": "roles.slots",
    "pixel_sha256": "pixels.decode",
    "scan": "scanning",
    "side_label": "geometry.patient",
    "slice_offset_mm": "geometry.patient",
    "slot_stacks": "roles.slots",
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
