"""Write a study as a vendor's scanner exports it, and its truth."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pydicom.dataset import Dataset
from pydicom.uid import RawDataStorage

from modic_annotate.phantom.dicom import phantom_uid
from modic_annotate.phantom.vendors import common
from modic_annotate.phantom.vendors.classic import classic_dataset
from modic_annotate.phantom.vendors.dicomdir import Listed, write_dicomdir
from modic_annotate.phantom.vendors.enhanced import enhanced_dataset, frames_of
from modic_annotate.phantom.vendors.export import Export, Image
from modic_annotate.phantom.vendors.kinds import EXPECTED
from modic_annotate.phantom.vendors.private import add_block, payload
from modic_annotate.phantom.vendors.stored import Stack, images_of
from modic_annotate.phantom.vendors.syntax import Syntax, save
from modic_annotate.phantom.vendors.truth import TruthFrame, TruthStack, VendorTruth
from modic_annotate.phantom.vendors.vendor import Form
from modic_annotate.phantom.write import Layout, make_truth
from modic_annotate.store.canonical import canonical_bytes

SAMPLE_LAYOUT = Layout()
Place = tuple[str, int, Dataset]
"""File name, frame, header."""

Places = dict[Image, Place]


@dataclass(slots=True)
class _Medium:
    """The study's folder while it is filled."""

    folder: Path
    syntax: Syntax
    files: list[Listed] = field(default_factory=list)

    def add(self, dataset: Dataset, name: str) -> Listed:
        save(dataset, self.folder / name, self.syntax)
        listed = Listed(name, dataset)
        del dataset.PixelData
        self.files.append(listed)
        return listed


def write_vendor_study(out: Path, export: Export, layout: Layout = SAMPLE_LAYOUT) -> VendorTruth:
    """Write a study and its truth.

    Parameters
    ----------
    out
        Folder, made if need be; holds the study's folder and ``truth.json`` afterwards. The
        same export gives the same bytes (see `syntax.save` for what encoders may change).
    export
        Vendor, form, encoding, patient position, series, size, recipe and seed.
    layout
        Names of the study's folder and of the truth's file.

    Returns
    -------
    VendorTruth
        As written.
    """
    folder = out / layout.study
    folder.mkdir(parents=True, exist_ok=True)
    medium = _Medium(folder, export.syntax)
    stacks: list[TruthStack] = []
    drawn = [images_of(export, protocol) for protocol in export.protocols]
    for series in drawn:
        places = _write_series(medium, export, [images for _, images in series])
        stacks += [_true_stack(stack, images, places) for stack, images in series]
    truth = VendorTruth(
        vendor=export.vendor.key,
        form=str(export.form),
        syntax=str(export.syntax),
        transfer_syntax_uid=export.syntax.uid,
        patient_position=str(export.position),
        study_uid=phantom_uid(export.study),
        frame_of_reference_uid=phantom_uid(export.study, "frame"),
        stacks=tuple(stacks),
        no_images=tuple(_write_others(medium, export, drawn[0][0][1][0])),
        spine=make_truth(export.recipe, export.seed, sequences=()),
    )
    (out / layout.truth).write_bytes(canonical_bytes(truth))
    return truth


def _write_series(medium: _Medium, export: Export, stacks: Sequence[Sequence[Image]]) -> Places:
    """Write a series and return where each image went."""
    habits = export.vendor.enhanced if export.form is Form.ENHANCED else None
    if habits is None:
        images = sorted((i for stack in stacks for i in stack), key=lambda image: image.number)
        return {image: _write_classic(medium, image) for image in images}
    places: Places = {}
    objects = [[stack] for stack in stacks] if habits.object_per_stack else [list(stacks)]
    for number, content in enumerate(objects, 1):
        frames = frames_of(habits, content)
        name = export.vendor.place(frames[0], len(medium.files))
        listed = medium.add(enhanced_dataset(habits, frames, number), name)
        places |= {image: (name, i, listed.header) for i, image in enumerate(frames)}
    return places


def _write_classic(medium: _Medium, image: Image) -> Place:
    name = image.vendor.place(image, len(medium.files))
    return name, 0, medium.add(classic_dataset(image), name).header


def _true_stack(stack: Stack, images: Sequence[Image], places: Places) -> TruthStack:
    first = images[0]
    expected, rescale = EXPECTED[first.part.kind], first.rescale
    header = places[first][2]
    return TruthStack(
        series_uid=header.SeriesInstanceUID,
        series_number=first.series_number,
        description=header.SeriesDescription,
        kind=str(first.part.kind),
        role=expected.role,
        weighting=expected.weighting,
        fat=expected.fat,
        plane=first.sequence.plane,
        grid=stack.grid,
        rescale_slope=1.0 if rescale is None else rescale.slope,
        rescale_intercept=0.0 if rescale is None else rescale.intercept,
        frames=tuple(_true_frame(image, *places[image]) for image in images),
    )


def _true_frame(image: Image, name: str, frame: int, header: Dataset) -> TruthFrame:
    return TruthFrame(
        file=name,
        frame=frame,
        sop_instance_uid=header.SOPInstanceUID,
        instance_number=int(header.InstanceNumber),
        pixel_sha256=hashlib.sha256(image.pixels.tobytes()).hexdigest(),
    )


def _write_others(medium: _Medium, export: Export, example: Image) -> list[str]:
    """Write what lies beside the images on the vendor's media, and return its names."""
    written = []
    if export.vendor.raw_file:
        save(_raw_data(export, example), medium.folder / export.vendor.raw_file, Syntax.EXPLICIT)
        written.append(export.vendor.raw_file)
    if export.vendor.dicomdir:
        write_dicomdir(medium.folder / export.vendor.dicomdir, medium.files, export.study)
        written.append(export.vendor.dicomdir)
    return written


def _raw_data(export: Export, example: Image) -> Dataset:
    """Return an object of the study that is MR and no image (PS3.3 A.37)."""
    raw = common.start(example, RawDataStorage, phantom_uid(export.study, "raw"))
    raw.SeriesInstanceUID = phantom_uid(export.study, "raw series")
    raw.InstanceNumber = 1
    raw.CreatorVersionUID = phantom_uid("implementation", export.vendor.key)
    raw.AcquisitionContextSequence = []
    content = payload(export.vendor.raw_file, 4096)
    add_block(raw, 0x2005, "Philips MR Imaging DD 001", {0xE1: ("OB", content)})
    return raw
