"""What headers alone say against reading a stack, besides its geometry."""

from __future__ import annotations

from collections.abc import Sequence

from modic_annotate.imaging.headers.header import MR_IMAGE_CLASSES, Header
from modic_annotate.imaging.model import Problem
from modic_annotate.imaging.pixels.lossy import lossy_compression

_GREY = ("MONOCHROME1", "MONOCHROME2")
_BITS = (8, 16)
_LATEST_START = 3
"""Images numbered from 2 or 3 on lack their first; a higher start is a scanner's own count."""


def header_problems(headers: Sequence[Header]) -> tuple[Problem, ...]:
    """Return why these frames must not be read as an MR volume."""
    return tuple(
        problem
        for problem in (
            _mosaic(headers),
            _not_an_mr_image(headers),
            _colour(headers),
            _bits(headers),
            _rescale(headers),
            _truncated(headers),
            _lone_multiframe(headers),
            _mixed_patients(headers),
            _mixed_syntaxes(headers),
            lossy_compression(headers),
        )
        if problem is not None
    )


def series_problems(headers: Sequence[Header]) -> tuple[Problem, ...]:
    """Return signs, from all frames of a series, that some of it was not received."""
    hints = (_partial_concatenation(headers), _skipped_numbers(headers), _fewer_images(headers))
    return tuple(hint for hint in hints if hint is not None)


def _mosaic(headers: Sequence[Header]) -> Problem | None:
    if not any(h.is_mosaic for h in headers):
        return None
    return Problem(
        "mosaic",
        "each image is a Siemens MOSAIC of many slices side by side; export it as single slices",
        blocking=True,
    )


def _not_an_mr_image(headers: Sequence[Header]) -> Problem | None:
    if all(h.sop_class_uid in MR_IMAGE_CLASSES for h in headers):
        return None
    return Problem(
        "not_an_mr_image",
        f"{headers[0].file_label} is no MR image object but, for example, a screen capture"
        f" (SOP class {headers[0].sop_class_uid})",
        blocking=True,
    )


def _colour(headers: Sequence[Header]) -> Problem | None:
    odd = next((h for h in headers if h.photometric not in _GREY or h.samples_per_pixel != 1), None)
    if odd is None:
        return None
    return Problem(
        "colour",
        f"{odd.file_label} is a colour image"
        f" ({odd.photometric or 'no photometric interpretation'}), not grey values",
        blocking=True,
    )


def _bits(headers: Sequence[Header]) -> Problem | None:
    odd = next((h for h in headers if h.bits_allocated not in _BITS), None)
    if odd is None:
        return None
    return Problem(
        "unsupported_bits",
        f"{odd.file_label} has {odd.bits_allocated} bits per value; 8 and 16 can be read",
        blocking=True,
    )


def _rescale(headers: Sequence[Header]) -> Problem | None:
    odd = next((h for h in headers if h.rescale_slope == 0), None)
    if odd is None:
        return None
    return Problem(
        "bad_rescale",
        f"{odd.file_label} states a rescale slope of 0, which makes all its grey values the same;"
        " ask the sender for the original",
        blocking=True,
    )


def _truncated(headers: Sequence[Header]) -> Problem | None:
    cut = sorted({h.file_label for h in headers if h.truncated})
    if not cut:
        return None
    return Problem(
        "truncated",
        f"{', '.join(cut)} ends before its pixel data does; get it again",
        blocking=True,
    )


def _lone_multiframe(headers: Sequence[Header]) -> Problem | None:
    odd = next((h for h in headers if h.lone_multiframe), None)
    if odd is None:
        return None
    return Problem(
        "multiframe_without_geometry",
        f"{odd.file_label} holds several frames but one position only",
        blocking=True,
    )


def _mixed_patients(headers: Sequence[Header]) -> Problem | None:
    if len({h.patient.key for h in headers}) == 1:
        return None
    return Problem(
        "mixed_patients",
        "the images of this series name different patients; ask the sender which ones belong",
        blocking=True,
    )


def _mixed_syntaxes(headers: Sequence[Header]) -> Problem | None:
    syntaxes = sorted({h.transfer_syntax for h in headers})
    if len(syntaxes) == 1:
        return None
    return Problem(
        "mixed_transfer_syntaxes", f"the files are encoded in different ways: {', '.join(syntaxes)}"
    )


def _skipped_numbers(headers: Sequence[Header]) -> Problem | None:
    numbers = {h.instance_number for h in headers if h.instance_number is not None}
    if not numbers or max(numbers) - min(numbers) >= 2 * len(numbers):
        return None  # some number by echo or in steps: then gaps say nothing
    first = 1 if min(numbers) <= _LATEST_START else min(numbers)
    skipped = sorted(set(range(first, max(numbers))) - numbers)
    if not skipped or len(numbers) == 1:
        return None
    names = ", ".join(str(number) for number in skipped)
    return Problem(
        "image_number_gap",
        f"image numbers {names} of this series are not there; slices may be missing, at an end too",
    )


def _fewer_images(headers: Sequence[Header]) -> Problem | None:
    stated = {h.images_in_acquisition for h in headers}
    if len(stated) != 1 or headers[0].is_enhanced:
        return None
    expected = stated.pop()
    found = len({h.sop_instance_uid for h in headers})
    if not expected or found >= expected:
        return None
    return Problem(
        "fewer_images_than_acquired",
        f"{found} images are there, the header speaks of {expected} in the acquisition"
        " (ImagesInAcquisition); slices may be missing, at an end too",
    )


def _partial_concatenation(headers: Sequence[Header]) -> Problem | None:
    """One enhanced object may come in several files (PS3.3 C.7.6.16.2.2.4); all are needed."""
    parts: dict[str, set[int]] = {}
    totals: dict[str, int] = {}
    for header in headers:
        if header.concatenation_uid and header.concatenation_number is not None:
            parts.setdefault(header.concatenation_uid, set()).add(header.concatenation_number)
            totals[header.concatenation_uid] = header.concatenation_total or 0
    for uid, there in parts.items():
        expected = max(totals[uid], *there)
        lost = sorted(set(range(1, expected + 1)) - there)
        if lost:
            names = ", ".join(str(number) for number in lost)
            return Problem(
                "partial_concatenation",
                f"part {names} of {expected} of an image that came in several files is not there;"
                " slices are missing, at an end perhaps; get the whole series",
            )
    return None
