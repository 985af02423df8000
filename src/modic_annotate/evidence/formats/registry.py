"""The formats a package can also be written in: a name, what it is, and who plans its files.

To add one, add a row to `FORMATS`. Its planner takes the package's `Contents` and returns path ->
a function that makes the bytes, so that paths are known before anything is made. A planner asks
nothing of ``contents.document``, which lists those paths and so is not there yet; the functions
it returns may, but not for the list of files. All of it follows from the packaged files alone,
without clock or chance: `verify` makes every file again and compares the bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from importlib import import_module, metadata

from modic_annotate.errors import ExportError
from modic_annotate.evidence.contents import Contents
from modic_annotate.evidence.document import PackagedFormat, Profile

Plan = Mapping[str, Callable[[], bytes]]
"""Path in the package -> makes its bytes."""

DICOM_LIBRARIES = ("pydicom", "highdicom")
CODE_LIBRARIES = ("pydicom",)
"""Its tables of PS3.16 hold the codes and their meanings."""


PDF_LIBRARIES = ("reportlab", "pypdf", "fontpkg-noto-sans")


@dataclass(frozen=True, slots=True)
class Format:
    """One format: how ``--with`` names it, what it is, and where its planner is."""

    name: str
    words: str
    planner: str
    """``module:function``, imported when the format is asked for."""

    libraries: tuple[str, ...] = ()
    """Distributions whose version may change the bytes."""

    extra: str = ""
    """Extra of this package that brings the libraries; empty where they are always there. A
    format that needs one is in no profile: the same export has the same files everywhere."""

    def plan(self, contents: Contents) -> Plan:
        """Return the files of this format."""
        module, _, function = self.planner.partition(":")
        planned: Plan = getattr(import_module(module), function)(contents)
        return planned

    @property
    def packaged(self) -> PackagedFormat:
        """What the package says of this format as it is made here."""
        versions = {name: found for name in self.libraries if (found := _version(name))}
        return PackagedFormat(name=self.name, libraries=versions)

    @property
    def is_there(self) -> bool:
        """Whether everything it needs is installed."""
        return all(_version(name) for name in self.libraries)


def _version(library: str) -> str | None:
    try:
        return metadata.version(library)
    except metadata.PackageNotFoundError:
        return None


_HERE = "modic_annotate.evidence.formats"
_DICOM = f"{_HERE}.dicom"

FORMATS = (
    Format("sr", "DICOM structured report of each reading", f"{_DICOM}.sr:plan", DICOM_LIBRARIES),
    Format("seg", "DICOM segmentation of painted changes", f"{_DICOM}.seg:plan", DICOM_LIBRARIES),
    Format("kos", "DICOM selection of the key images", f"{_DICOM}.kos:plan", DICOM_LIBRARIES),
    Format("pr", "DICOM presentation of the key images", f"{_DICOM}.pr:plan", DICOM_LIBRARIES),
    Format("fhir", "FHIR R4 bundle of each reading", f"{_HERE}.fhir.bundle:plan", CODE_LIBRARIES),
    Format("tables", "tables for statisticians, as CSV", f"{_HERE}.tables.csv_files:plan"),
    Format(
        "parquet",
        "the same tables as Parquet",
        f"{_HERE}.tables.parquet_files:plan",
        ("pyarrow",),
        extra="tables",
    ),
    Format("sdtm", "criteria and exceptions, SDTM-like", f"{_HERE}.sdtm:plan"),
    Format("plain", "page in plain words for the person concerned", f"{_HERE}.plain:plan"),
    Format(
        "pdf",
        "clinical document of readings and criteria, to print",
        f"{_HERE}.clinical.document:plan",
        PDF_LIBRARIES,
    ),
)
"""Every format there is, in the order they are named."""

PROFILE_FORMATS: dict[Profile, tuple[str, ...]] = {
    Profile.INTERNAL: tuple(one.name for one in FORMATS if not one.extra),
    Profile.TRIAL: ("sr", "seg", "kos", "pr", "tables", "sdtm", "pdf"),
    Profile.PAYER: (),
}
"""What a profile holds without being asked; ``--with`` adds others."""


def chosen(profile: Profile, others: Iterable[str] = ()) -> tuple[Format, ...]:
    """Return the formats of a profile and those asked for besides, each once.

    Raises
    ------
    ExportError
        There is no format of a name, or what it needs is not installed.
    """
    asked = tuple(others)
    unknown = sorted({*asked} - {one.name for one in FORMATS})
    if unknown:
        known = ", ".join(one.name for one in FORMATS)
        raise ExportError(f"There is no format {', '.join(unknown)}; there are {known}")
    wanted = {*PROFILE_FORMATS[profile], *asked}
    found = tuple(one for one in FORMATS if one.name in wanted)
    for one in found:
        if not one.is_there:
            raise ExportError(
                f"Format {one.name} needs {', '.join(one.libraries)}, which is not installed; "
                f"install modic-annotate[{one.extra}] and export again"
            )
    return found


def plan_of(formats: Iterable[Format], contents: Contents) -> dict[str, Callable[[], bytes]]:
    """Return the files of several formats."""
    return {path: make for one in formats for path, make in one.plan(contents).items()}
