"""``phantom``: write a synthetic lumbar MRI with known truth.

The choices are spelt out here, so that showing the help loads no imaging code; a test compares
them with those of ``phantom.vendors``.
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from modic_annotate.errors import AlreadyExistsError

if TYPE_CHECKING:
    from modic_annotate.phantom import Recipe


class RecipeName(StrEnum):
    """The spines that can be written."""

    SAMPLE = "sample"
    NORMAL = "normal"


class VendorName(StrEnum):
    """The vendors whose way of writing can be imitated."""

    SIEMENS = "siemens"
    GE = "ge"
    PHILIPS = "philips"
    CANON = "canon"
    HITACHI = "hitachi"
    UIH = "uih"


class FormName(StrEnum):
    """One image per file, or many."""

    CLASSIC = "classic"
    ENHANCED = "enhanced"


class SyntaxName(StrEnum):
    """How files are encoded."""

    IMPLICIT = "implicit"
    EXPLICIT = "explicit"
    BIG_ENDIAN = "big-endian"
    DEFLATED = "deflated"
    RLE = "rle"
    JPEG_LOSSLESS = "jpeg-lossless"
    JPEG_LOSSLESS_SV1 = "jpeg-lossless-sv1"
    JPEG_LS = "jpeg-ls"
    J2K = "j2k"


class PositionName(StrEnum):
    """Head or feet first; supine, prone, or on the right or left side."""

    HFS = "HFS"
    HFP = "HFP"
    HFDR = "HFDR"
    HFDL = "HFDL"
    FFS = "FFS"
    FFP = "FFP"
    FFDR = "FFDR"
    FFDL = "FFDL"


def phantom(
    out: Annotated[Path, typer.Argument(metavar="OUT", help="A new folder.")],
    recipe: Annotated[RecipeName, typer.Option("--recipe")] = RecipeName.SAMPLE,
    vendor: Annotated[
        VendorName | None, typer.Option(help="Write it as this vendor's scanner does.")
    ] = None,
    form: Annotated[
        FormName | None, typer.Option(help="With --vendor: one image per file, or many.")
    ] = None,
    syntax: Annotated[
        SyntaxName | None, typer.Option(help="With --vendor: how the files are encoded.")
    ] = None,
    position: Annotated[
        PositionName | None,
        typer.Option(help="With --vendor: how the patient lay.", case_sensitive=False),
    ] = None,
    rows: Annotated[
        int | None, typer.Option(min=32, max=512, help="With --vendor: a small study, quickly.")
    ] = None,
) -> None:
    """Write T1, T2 and STIR of a synthetic spine as DICOM, and the truth beside them."""
    from modic_annotate import phantom as phantoms

    if out.exists() and any(out.iterdir()):
        raise AlreadyExistsError(f"{out} already holds something; give a new folder")
    recipes = {RecipeName.SAMPLE: phantoms.SAMPLE, RecipeName.NORMAL: phantoms.NORMAL}
    if vendor is not None:
        choices = (
            form or FormName.CLASSIC,
            syntax or SyntaxName.EXPLICIT,
            position or PositionName.HFS,
        )
        _write_as(vendor, out, recipes[recipe], choices, rows)
    elif form or syntax or position or rows:
        raise typer.BadParameter("--form, --syntax, --position and --rows need --vendor; name one")
    else:
        phantoms.write_phantom(out, recipes[recipe])
    print(f"Synthetic study and truth.json written to {out}")


def _write_as(
    vendor: VendorName,
    out: Path,
    recipe: Recipe,
    choices: tuple[FormName, SyntaxName, PositionName],
    rows: int | None,
) -> None:
    from modic_annotate.phantom import vendors

    form, syntax, position = choices
    try:
        export = vendors.Export(
            vendor=vendors.VENDORS[vendor],
            form=vendors.Form(form),
            syntax=vendors.Syntax(syntax),
            position=vendors.PatientPosition(position),
            recipe=recipe,
            size=vendors.Size(rows),
        )
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None
    vendors.write_vendor_study(out, export)
