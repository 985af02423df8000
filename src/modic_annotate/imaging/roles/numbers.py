"""What the numbers of a series say of its technique: timing, sequence, options, image type.

The bounds are broad on purpose: between them nothing is said and the words decide. They hold
from 0.2 to 3 T, as TR of T1 images grows with the field and TI of STIR from 80 to 250 ms.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from modic_annotate.domain.series import FatTechnique, Weighting
from modic_annotate.imaging.headers.header import WATER_SUPPRESSED, Header
from modic_annotate.imaging.roles.image_types import FAT, NOT_AS_ACQUIRED, OF_VALUE, OTHER_CONTRAST
from modic_annotate.imaging.roles.timing import (
    Inversion,
    inversion_of,
    is_gradient_echo,
    values,
    weighting_by_times,
)

_FAT_SATURATED = frozenset({"FS", "WE", "FATSAT"})
"""FS is fat saturation (PS3.3 C.8.3.1.1.1); WE is water excitation, as Siemens writes it.
FSA_GEMS, FSS_GEMS and the like are no fat saturation but directions of the readout."""

_PARTS_UNSAID = frozenset({"FLEX_GEMS", "IDEAL_GEMS", "DIXON"})
"""Options of a Dixon acquisition that leave open which part an image is."""


_STIR = "STIR"
_STATED: Mapping[str, Weighting] = {
    "T1": Weighting.T1,
    "T2": Weighting.T2,
    "PROTON_DENSITY": Weighting.PD,
    _STIR: Weighting.T2,
    **dict.fromkeys(OTHER_CONTRAST, Weighting.OTHER),
}
"""AcquisitionContrast of an enhanced image (PS3.3 C.8.13.3.1.2), as far as it counts here."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """All that the numbers say; None where they are silent."""

    weighting: Weighting | None
    inversion: Inversion
    fat: FatTechnique | None
    """UNKNOWN where they say that fat and water were parted, but not which part this is."""

    evidence: tuple[str, ...]
    is_gradient_echo: bool = False
    stated: Weighting | None = None
    """What an enhanced object states of its contrast, beside the times."""


def numbers_of(header: Header) -> Numbers:
    """Return what the numbers of an image say of its technique."""
    acquired = header.acquisition
    inversion = inversion_of(acquired)
    stated = _STATED.get(header.acquisition_contrast)
    by_times = weighting_by_times(acquired, inversion, header.sequence_name)
    fat, fat_evidence = _fat(header, inversion, by_times)
    weighting = by_times or stated
    evidence = [*_times(header, inversion), *fat_evidence]
    if stated is not None:
        evidence.append(f"acquisition contrast {header.acquisition_contrast}")
    if _is_other_contrast(header):
        weighting = Weighting.OTHER
    return Numbers(
        weighting=weighting,
        inversion=inversion,
        fat=fat,
        evidence=tuple(evidence),
        is_gradient_echo=is_gradient_echo(acquired, header.sequence_name),
        stated=stated,
    )


def _is_other_contrast(header: Header) -> bool:
    """Whether the image is a map, a projection, a difference, or of quite another contrast."""
    kinds = header.image_type[2:]
    made = any(OF_VALUE.get(kind) in NOT_AS_ACQUIRED for kind in kinds)
    sequence = values(header.acquisition.scanning_sequence)
    diffusion = (header.b_value or 0.0) > 0.0 and not sequence
    return made or diffusion or bool(OTHER_CONTRAST & set(kinds))


def _fat(
    header: Header, inversion: Inversion, by_times: Weighting | None
) -> tuple[FatTechnique | None, list[str]]:
    """Return the fat technique and the evidence beyond the times; a Dixon part comes first."""
    options, kinds = values(header.acquisition.scan_options), header.image_type[2:]
    part = next((kind for kind in kinds if kind in FAT), None)
    if part is not None:
        return FAT[part], [f"image type {part}"]
    if WATER_SUPPRESSED in options:
        return FatTechnique.FAT, ["water suppressed"]
    saturated = sorted(options & _FAT_SATURATED)
    if saturated:
        return FatTechnique.FS, [f"scan options {option}" for option in saturated]
    stated_stir = header.acquisition_contrast == _STIR and by_times is not Weighting.T1
    if inversion is Inversion.FAT or stated_stir:
        return FatTechnique.STIR, []
    unsaid = sorted((options | set(kinds)) & _PARTS_UNSAID)
    return (FatTechnique.UNKNOWN, [f"{unsaid[0]}, part not stated"]) if unsaid else (None, [])


def _times(header: Header, inversion: Inversion) -> list[str]:
    acquired = header.acquisition
    ti = acquired.inversion_time_ms if inversion is not Inversion.NONE else None
    times = (
        ("TR", acquired.repetition_time_ms),
        ("TE", acquired.echo_time_ms),
        ("TI", ti),
    )
    evidence = [f"{name} {value:g} ms" for name, value in times if value]
    if acquired.scanning_sequence:
        evidence.append(f"sequence {acquired.scanning_sequence}")
    if acquired.echo_train_length and acquired.echo_train_length > 1:
        evidence.append(f"echo train {acquired.echo_train_length}")
    return evidence
