"""Where every value of a determination stands: document, hash, JSON pointer and key images."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from modic_annotate.domain.determination import Determination, Operand
from modic_annotate.domain.finding import Finding, KeyImage
from modic_annotate.domain.reading import Reading

FINDINGS = "/findings/"


@dataclass(frozen=True, slots=True)
class TracedImage:
    """A slice the reader marked, and how it is found in the hospital's viewer."""

    marked: KeyImage
    instance_number: int | None = None
    slice_number: int | None = None
    """Counted from 1 in the order of the stack; None where the instance holds several slices."""

    n_slices: int | None = None

    @property
    def words(self) -> str:
        """Role, image and slice, SOP instance: ``SAG_T1 image 8 (slice 8 of 15) 1.2.3``."""
        image = "" if self.instance_number is None else f" image {self.instance_number}"
        place = f" (slice {self.slice_number} of {self.n_slices})" if self.slice_number else ""
        return f"{self.marked.role}{image}{place} {self.marked.sop_instance_uid}"


@dataclass(frozen=True, slots=True)
class TraceLine:
    """One value that one row rests on."""

    criterion: str
    operand: Operand
    sha256: str | None
    """Of the document the pointer leads into; None for inputs the determination itself holds."""

    key_images: tuple[TracedImage, ...] = ()
    """Slices the reader marked as showing the finding the value belongs to."""


def trace(
    determination: Determination, digests: Mapping[str, str], readings: Sequence[Reading]
) -> tuple[TraceLine, ...]:
    """Return every value of every row, in the determination's order.

    Parameters
    ----------
    determination
        What was judged.
    digests
        Name of a document, as operands have it (``screening``, ``reading:<id>``) -> sha256 of its
        bytes.
    readings
        The readings it rests on, for their key images.
    """
    known = {f"reading:{reading.reading_id}": reading for reading in readings}
    return tuple(
        TraceLine(
            criterion=row.criterion,
            operand=operand,
            sha256=digests.get(operand.document),
            key_images=_key_images(known.get(operand.document), operand.pointer),
        )
        for row in determination.outcomes
        for operand in row.operands
    )


def finding_at(reading: Reading | None, pointer: str) -> Finding | None:
    """Return the finding that a pointer such as ``/findings/3/modic`` leads into.

    None where it leads nowhere: a package that is verified may hold any pointer.
    """
    if reading is None or not pointer.startswith(FINDINGS):
        return None
    step = pointer.removeprefix(FINDINGS).split("/")[0]
    known = {str(index): finding for index, finding in enumerate(reading.findings)}
    return known.get(step)


def _key_images(reading: Reading | None, pointer: str) -> tuple[TracedImage, ...]:
    finding = finding_at(reading, pointer)
    if reading is None or finding is None:
        return ()
    return tuple(_traced(reading, image) for image in finding.key_images)


def _traced(reading: Reading, image: KeyImage) -> TracedImage:
    """Return a marked slice with its place; frames of one instance share its UID and have none."""
    found = [
        TracedImage(image, instance.instance_number, index + 1, series.grid.shape[0])
        for series in reading.series
        for index, instance in zip(series.acquired, series.instances, strict=False)
        if instance.sop_instance_uid == image.sop_instance_uid
    ]
    return found[0] if len(found) == 1 else TracedImage(image)
