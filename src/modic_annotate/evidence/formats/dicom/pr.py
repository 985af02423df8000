"""The key images as a reader marked them: Grayscale Softcopy Presentation States.

One per series and rescale, as a state holds one Modality LUT for all its images (PS3.3 C.11.1):
the window of each image, the endplate lines and measured points on it, the level labels.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial

from highdicom.content import (
    ModalityLUTTransformation,
    PresentationLUTTransformation,
    ReferencedImageSequence,
)
from highdicom.pr import (
    GrayscaleSoftcopyPresentationState,
    SoftcopyVOILUTTransformation,
)
from pydicom.dataset import Dataset

from modic_annotate.domain.series import SeriesUsed
from modic_annotate.evidence.contents import Contents
from modic_annotate.evidence.formats.dicom.context import DicomContext
from modic_annotate.evidence.formats.dicom.pr_marks import LAYERS, marks_on
from modic_annotate.evidence.formats.dicom.sources import SourceSeries
from modic_annotate.evidence.key_image_note import PLAIN, KeyImageNote
from modic_annotate.imaging.geometry.patient import Display, display_orientation

Notes = Sequence[KeyImageNote]


def plan(contents: Contents) -> dict[str, Callable[[], bytes]]:
    """Return one state per reading, key image series and rescale."""
    return {
        f"{one.folder}pr-{name}.dcm": partial(presentation_state, one, used, notes, number)
        for one in DicomContext.each(contents)
        for number, (name, used, notes) in enumerate(_states(one), start=1)
    }


def presentation_state(context: DicomContext, used: SeriesUsed, notes: Notes, number: int) -> bytes:
    """Return the state of some key images of one series, the `number`-th, as a file."""
    source = context.sources.of(used)
    images = list({n.sop_instance_uid: source.by_uid[n.sop_instance_uid] for n in notes}.values())
    slope, intercept = notes[0].rescale
    shape = "INVERSE" if notes[0].inverted else "IDENTITY"
    ds = GrayscaleSoftcopyPresentationState(
        referenced_images=images,
        content_label="MODIC_KEY_IMAGES",
        content_description=f"Key images of Modic reading {context.reading.reading_id}"[:64],
        concept_name=None,
        graphic_layers=list(LAYERS),
        graphic_annotations=[made for note in notes for made in marks_on(context, source, note)],
        modality_lut_transformation=None
        if notes[0].rescale == PLAIN
        else ModalityLUTTransformation(
            rescale_slope=slope, rescale_intercept=intercept, rescale_type="US"
        ),
        voi_lut_transformations=[_window(source, note) for note in notes],
        presentation_lut_transformation=PresentationLUTTransformation(presentation_lut_shape=shape),
        series_description=f"Key images, reading {context.reading.reading_id}",
        **context.common("pr", number),
    )
    _turn(ds, display_orientation(used.grid))
    return context.finished(ds)


def _states(context: DicomContext) -> Iterable[tuple[str, SeriesUsed, Notes]]:
    """Yield name, series and notes of every state, one note per slice."""
    known = (shown.note for shown in context.contents.key_images)
    mine = [note for note in known if note.reading_id == context.reading.reading_id]
    for used in context.reading.series:
        notes = [n for n in mine if (n.series_uid, n.stack) == (used.series_uid, used.stack)]
        slices = {(n.sop_instance_uid, n.frame): n for n in notes}
        for number, rescale in enumerate(dict.fromkeys(n.rescale for n in slices.values())):
            same = [n for n in slices.values() if n.rescale == rescale]
            suffix = f"-{number + 1}" if number else ""
            yield f"{_name(context, used)}{suffix}", used, same


def _name(context: DicomContext, used: SeriesUsed) -> str:
    """Return a series' role, with its place among those of one role."""
    alike = [s for s in context.reading.series if s.role == used.role]
    place = alike.index(used)
    return f"{used.role}-s{place + 1}" if place else str(used.role)


def _window(source: SourceSeries, note: KeyImageNote) -> SoftcopyVOILUTTransformation:
    centre, width = note.window
    return SoftcopyVOILUTTransformation(
        window_center=centre,
        window_width=width,
        window_explanation="as the file states" if note.window_source == "file" else "automatic",
        referenced_images=ReferencedImageSequence(
            [source.by_uid[note.sop_instance_uid]],
            referenced_frame_number=note.frame + 1 if source.is_multiframe else None,
        ),
    )


def _turn(ds: Dataset, display: Display) -> None:
    """Hang the images head up, anterior left: rotate, then mirror (PS3.3 C.10.6)."""
    ds.ImageRotation, ds.ImageHorizontalFlip = TURNS[
        display.transpose, display.flip_rows, display.flip_columns
    ]


TURNS = {
    (False, False, False): (0, "N"),
    (False, False, True): (0, "Y"),
    (False, True, True): (180, "N"),
    (False, True, False): (180, "Y"),
    (True, False, True): (90, "N"),
    (True, False, False): (90, "Y"),
    (True, True, False): (270, "N"),
    (True, True, True): (270, "Y"),
}
"""Transpose, then flips of rows and columns as shown -> clockwise turn, then mirror."""
