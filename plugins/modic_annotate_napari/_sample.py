"""napari sample data: the synthetic study that comes with the package."""

from __future__ import annotations

from modic_annotate_napari._reader import LayerData, read


def sample() -> list[LayerData]:
    """Return the sample study's series as image layers."""
    from modic_annotate.samples import sample_folder

    return read(str(sample_folder() / "study"))
