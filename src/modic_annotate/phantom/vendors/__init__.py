"""The synthetic spine as each vendor's scanner writes it, with known truth.

Every vendor's module says where its habits are known from, and which are chosen by us because
they are plausible.
"""

from collections.abc import Mapping

from modic_annotate.phantom.vendors.canon import CANON
from modic_annotate.phantom.vendors.export import Export
from modic_annotate.phantom.vendors.ge import GE
from modic_annotate.phantom.vendors.hitachi import HITACHI
from modic_annotate.phantom.vendors.kinds import DIXON, EXPECTED, Kind
from modic_annotate.phantom.vendors.philips import PHILIPS
from modic_annotate.phantom.vendors.position import PatientPosition
from modic_annotate.phantom.vendors.protocols import Size
from modic_annotate.phantom.vendors.siemens import SIEMENS
from modic_annotate.phantom.vendors.study import write_vendor_study
from modic_annotate.phantom.vendors.syntax import Syntax
from modic_annotate.phantom.vendors.truth import VendorTruth
from modic_annotate.phantom.vendors.uih import UIH
from modic_annotate.phantom.vendors.vendor import Form, Vendor

VENDORS: Mapping[str, Vendor] = {
    vendor.key: vendor for vendor in (SIEMENS, GE, PHILIPS, CANON, HITACHI, UIH)
}

__all__ = [
    "DIXON",
    "EXPECTED",
    "VENDORS",
    "Export",
    "Form",
    "Kind",
    "PatientPosition",
    "Size",
    "Syntax",
    "Vendor",
    "VendorTruth",
    "write_vendor_study",
]
