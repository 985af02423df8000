"""napari reader: MR series as image layers in millimetres, with their geometry kept.

napari's own reader takes ``*.dcm`` and folders too and drops the geometry; layers from it lack
``metadata["affine_lps"]`` and are of no use to a reading.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

LayerData = tuple[Any, dict[str, Any], str]
"""Pixels, layer arguments and layer type, as napari wants them (Any: napari's own contract)."""

PREAMBLE, MAGIC = 128, b"DICM"
LOOKED_AT = 16
"""Files of a folder that are looked at before it counts as not DICOM."""


def get_reader(path: str | Sequence[str]) -> Callable[[Any], list[LayerData]] | None:
    """Return a reader for DICOM files or a folder of them, None for anything else."""
    paths = [Path(path)] if isinstance(path, str) else [Path(p) for p in path]
    return read if any(_may_be_dicom(p) for p in paths) else None


def _may_be_dicom(path: Path) -> bool:
    if path.is_file():
        return _has_magic(path)
    files = (file for file in path.rglob("*") if file.is_file())
    return any(_has_magic(file) for _, file in zip(range(LOOKED_AT), files, strict=False))


def _has_magic(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            file.seek(PREAMBLE)
            return file.read(len(MAGIC)) == MAGIC
    except OSError:
        return False


def read(path: str | Sequence[str]) -> list[LayerData]:
    """Return one image layer per readable series, T1 first; blocked series are left out.

    Axes are (slice, row, column) and the scale is in mm; no rotation is given to napari, which
    would paint into hidden slices under one. The full affine stands in the metadata.
    """
    from modic_annotate.domain.series import SeriesRole
    from modic_annotate.imaging import load_series, scan

    paths = [path] if isinstance(path, str) else list(path)
    readable = [series for series in scan(paths).series if not series.blocked and series.grid]
    slots = list(SeriesRole)
    return [_layer(load_series(s)) for s in sorted(readable, key=lambda s: slots.index(s.role))]


def _layer(volume: Any) -> LayerData:  # noqa: ANN401 - a Volume; loading its class costs time
    series = volume.series
    return (
        volume.array,
        {
            "name": layer_name(series),
            "scale": volume.grid.spacing_mm,
            "units": ("mm", "mm", "mm"),
            "axis_labels": ("slice", "row", "column"),
            "colormap": "gray",
            **_limits(volume.window),
            "metadata": {"affine_lps": volume.affine_lps, "series": _facts(series)},
        },
        "image",
    )


def _facts(series: Any) -> dict[str, Any]:  # noqa: ANN401 - a Series, as above
    """Return what the scan says of a series, without words that a person typed at the scanner."""
    typed = ("description", "role_evidence")
    return {name: value for name, value in series.to_json().items() if name not in typed}


def _limits(window: tuple[float, float] | None) -> dict[str, tuple[float, float]]:
    if window is None:
        return {}
    centre, width = window
    return {"contrast_limits": (centre - width / 2, centre + width / 2)}


def layer_name(series: Any) -> str:  # noqa: ANN401 - a Series, as above
    """Return a layer's name: plane and technique, never anything from the patient module."""
    from modic_annotate_napari.present.technique import technique

    return technique(series) or "series"
