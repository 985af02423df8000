"""Key images of a reading: crops of each finding and one labelled picture of the whole spine.

Drawn from the stored pixels and the reader's marks alone. Every picture has a sidecar that says
which pixels of which instance it shows, and maps each of its points to the patient.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from modic_annotate.domain.reading import Reading
from modic_annotate.domain.series import Instance, SeriesUsed
from modic_annotate.errors import ExportError
from modic_annotate.evidence.key_image_note import KeyImageNote
from modic_annotate.evidence.key_slices import KeySlice, key_slices
from modic_annotate.evidence.marks import draw_crop_marks, draw_spine_marks
from modic_annotate.evidence.render.frame import Caption, framed, png_bytes
from modic_annotate.evidence.render.overlay import Overlay
from modic_annotate.evidence.render.view import SliceView, Window, window_of
from modic_annotate.evidence.wording import number, numbering_words, plain, technique, timing
from modic_annotate.imaging.geometry.patient import Display, display_orientation, side_label
from modic_annotate.store.canonical import canonical_bytes

CROP_MM = (100.0, 76.0)
CROP_PX_PER_MM = 6.0
SPINE_WIDTH_MM = 170.0
SPINE_PX_PER_MM = 3.2
SPINE_ABOVE_MM = 40.0
SPINE_BELOW_MM = 65.0
"""Room above the highest and below the lowest numbered body, to count from either end."""

SPINE_FRONT_MM = 12.0
"""How far the middle of the spine picture lies in front of the bodies, to make room for labels."""

DECIMALS = 6
"""Digits kept of the picture's affine: far below a pixel, the same on every machine."""


class Pixels(Protocol):
    """What is asked of a loaded series (``imaging.Volume``)."""

    @property
    def array(self) -> NDArray[np.generic]:
        """Stored values with rescale applied, (slice, row, column)."""
        ...

    @property
    def window(self) -> Window | None:
        """VOI window of the file, or None."""
        ...

    @property
    def inverted(self) -> bool:
        """Whether low values are to be shown bright."""
        ...

    @property
    def rescale(self) -> tuple[tuple[float, float], ...]:
        """Slope and intercept, one per slice acquired."""
        ...

    @property
    def instances(self) -> tuple[Instance, ...]:
        """One per slice acquired, in slice order."""
        ...


@dataclass(frozen=True, slots=True)
class KeyImageFiles:
    """One key image as files: picture name -> PNG bytes, and the note beside them."""

    note: KeyImageNote
    pictures: Mapping[str, bytes]

    @property
    def files(self) -> dict[str, bytes]:
        """Every file by name."""
        stem = next(iter(self.pictures)).removesuffix(".png")
        return {**self.pictures, f"{stem}.json": canonical_bytes(self.note)}


class Loader(Protocol):
    """Gives the pixels of a series."""

    def __call__(self, series: SeriesUsed) -> Pixels:
        """Return the loaded series; raises an ImagingError where it cannot be had."""
        ...


def key_images(reading: Reading, load: Loader, footer: str) -> Iterator[KeyImageFiles]:
    """Yield every key image of a reading.

    Parameters
    ----------
    reading
        A signed reading.
    load
        Gives the pixels of a series of that reading.
    footer
        Words under every picture, e.g. which record it is of, and that it is synthetic.

    Raises
    ------
    ExportError
        The pixels found are not those that were read.
    """
    for key in key_slices(reading):
        pixels = load(key.series)
        _check_pixels(key, pixels)
        yield _drawn(reading, key, pixels, footer)


def _check_pixels(key: KeySlice, pixels: Pixels) -> None:
    read, place = key.instance, key.series.acquired.index(key.index)
    if len(pixels.instances) != len(key.series.instances) or (
        pixels.instances[place].pixel_sha256 != read.pixel_sha256
    ):
        raise ExportError(
            f"The pixels of instance {read.sop_instance_uid} are not those that were read; "
            "restore the workspace's images and export again"
        )


def _drawn(reading: Reading, key: KeySlice, pixels: Pixels, footer: str) -> KeyImageFiles:
    grid = key.series.grid
    display = display_orientation(grid)
    plane = np.asarray(pixels.array[key.index])
    view = _view(reading, key, display)
    window = pixels.window or window_of(plane)
    grey = view.picture(plane, window)
    bare = Image.fromarray(255 - grey if pixels.inverted else grey)
    caption = Caption(
        title=_title(key),
        details=_details(reading, key, window, stated=pixels.window is not None),
        letters=display.letters,
        footer=footer,
    )
    frames = {
        name: framed(picture, caption, view.px_per_mm)
        for name, picture in _pictures(bare, view, reading, key).items()
    }
    corner = next(corner for _, corner in frames.values())
    return KeyImageFiles(
        _note(reading, key, view, corner, tuple(frames)).replace(
            window=window,
            window_source="file" if pixels.window else "automatic",
            rescale=pixels.rescale[key.series.acquired.index(key.index)],
            inverted=pixels.inverted,
        ),
        {name: png_bytes(image) for name, (image, _) in frames.items()},
    )


def _pictures(
    bare: Image.Image, view: SliceView, reading: Reading, key: KeySlice
) -> dict[str, Image.Image]:
    """Return file name -> picture: the spine with marks, a crop without and with them."""
    overlay = Overlay(view.size)
    if key.endplate is None:
        draw_spine_marks(overlay, view, reading)
        return {f"{key.stem}.png": overlay.over(bare)}
    draw_crop_marks(overlay, view, reading, key.endplate)
    return {
        f"{key.stem}.png": bare,
        f"{key.stem}-marked.png": overlay.over(bare),
    }


def _view(reading: Reading, key: KeySlice, display: Display) -> SliceView:
    grid, index = key.series.grid, key.index
    if key.endplate is not None:
        return SliceView.around(grid, index, display, key.centre_lps_mm, CROP_MM, CROP_PX_PER_MM)
    whole = SliceView.whole(grid, index, display, 1.0)
    bodies = whole.to_pixel([body.centroid_lps_mm for body in reading.numbering.bodies])
    width, height = whole.size
    top = max(float(bodies[:, 1].min()) - SPINE_ABOVE_MM, 0)
    bottom = min(float(bodies[:, 1].max()) + SPINE_BELOW_MM, height - 1)
    x, y, z = whole.to_lps((np.median(bodies[:, 0]) - SPINE_FRONT_MM, (top + bottom) / 2))
    size_mm = (min(SPINE_WIDTH_MM, width), bottom - top)
    return SliceView.around(grid, index, display, (x, y, z), size_mm, SPINE_PX_PER_MM)


def _title(key: KeySlice) -> str:
    return key.endplate.words if key.endplate else "Lumbar spine, levels as numbered"


def _details(reading: Reading, key: KeySlice, window: Window, *, stated: bool) -> tuple[str, ...]:
    series, instance = key.series, key.instance
    image = f"Im {instance.instance_number}" if instance.instance_number is not None else "Im ?"
    automatic = "" if stated else " automatic"
    return (
        f"{plain(series.role)}: {technique(series)}",
        timing(series.acquisition),
        image,
        _place(series, key.index),
        f"W {number(window[1])} L {number(window[0])}{automatic}",
        *(() if key.endplate else (numbering_words(reading.numbering),)),
    )


def _place(series: SeriesUsed, index: int) -> str:
    """Return where a slice lies in its stack, e.g. ``R 9 mm`` from the middle."""
    label = side_label(series.grid, index)
    return "middle of the stack" if label == "mid" else label


def _note(
    reading: Reading,
    key: KeySlice,
    view: SliceView,
    corner: tuple[int, int],
    pictures: tuple[str, ...],
) -> KeyImageNote:
    series, instance = key.series, key.instance
    to_view = np.array([[1, 0, -corner[0]], [0, 1, -corner[1]], [0, 0, 1]], dtype=np.float64)
    affine = np.round(view.pixel_to_lps @ to_view, DECIMALS) + 0.0
    return KeyImageNote(
        reading_id=reading.reading_id,
        endplate=key.endplate,
        pictures=pictures,
        role=series.role,
        technique=technique(series),
        series_uid=series.series_uid,
        stack=series.stack,
        sop_instance_uid=instance.sop_instance_uid,
        frame=instance.frame,
        instance_number=instance.instance_number,
        pixel_sha256=instance.pixel_sha256,
        slice_index=key.index,
        slice_place=_place(series, key.index),
        centre_lps_mm=key.centre_lps_mm,
        px_per_mm=view.px_per_mm,
        pixel_to_lps_mm=affine.tolist(),
    )
