"""One measurement group of a report: what it is about, codes, numbers, texts, images.

TID 1501 (PS3.16), which is extensible: free text and the images a reader pointed at are added to
what the template names.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import numpy as np
from highdicom.sr import (
    CodedConcept,
    ContentItem,
    CoordinatesForMeasurement3D,
    FindingSite,
    GraphicTypeValues3D,
    ImageContentItem,
    Measurement,
    MeasurementProperties,
    MeasurementsAndQualitativeEvaluations,
    QualitativeEvaluation,
    RelationshipTypeValues,
    SourceImageForMeasurement,
    TextContentItem,
    TrackingIdentifier,
)
from pydicom.dataset import Dataset
from pydicom.sr.coding import Code

from modic_annotate.domain.base import PointLps, Record
from modic_annotate.evidence.formats.dicom.codes import PERCENT
from modic_annotate.evidence.formats.dicom.terms import CodedField, NumberField

Details = Mapping[str, Any]  # as many types as highdicom's `Measurement` has arguments
"""Further arguments of highdicom's `Measurement`."""

NONE: Details = {}


def concept(code: Code) -> CodedConcept:
    """Return a code as highdicom takes it."""
    return CodedConcept.from_code(code)


@dataclass
class Group:
    """A measurement group in the making."""

    name: str
    """Tracking identifier."""

    uid: str
    finding: Code
    sites: list[FindingSite] = field(default_factory=list)
    evaluations: list[QualitativeEvaluation] = field(default_factory=list)
    measurements: list[Measurement] = field(default_factory=list)
    others: list[ContentItem] = field(default_factory=list)

    def code(self, name: Code, value: Code) -> None:
        """Add a coded value."""
        self.evaluations.append(QualitativeEvaluation(concept(name), concept(value)))

    def codes(self, record: Record, fields: Iterable[CodedField]) -> None:
        """Add every coded field of a record that holds something."""
        for one in fields:
            for value in _values(getattr(record, one.field), one):
                self.code(one.name, one.values[value])

    def number(self, name: Code, value: float, unit: Code, details: Details = NONE) -> None:
        """Add a number."""
        self.measurements.append(
            Measurement(concept(name), value=value, unit=concept(unit), **details)
        )

    def numbers(
        self,
        record: Record,
        fields: Iterable[NumberField],
        details: Mapping[str, Details] = NONE,
    ) -> None:
        """Add every number of a record that was recorded; `details` by field."""
        for one in fields:
            value = getattr(record, one.field)
            if value is not None:
                self.number(one.name, value, one.unit, details.get(one.field, NONE))

    def text(self, name: Code, value: str) -> None:
        """Add words, where there are any."""
        if value:
            self.others.append(
                TextContentItem(concept(name), value, RelationshipTypeValues.CONTAINS)
            )

    def image(self, name: Code, image: Dataset) -> None:
        """Add an image the reader pointed at."""
        self.others.append(
            ImageContentItem(
                concept(name),
                referenced_sop_class_uid=image.SOPClassUID,
                referenced_sop_instance_uid=image.SOPInstanceUID,
                relationship_type=RelationshipTypeValues.CONTAINS,
            )
        )

    def built(self) -> MeasurementsAndQualitativeEvaluations:
        """Return the group as highdicom's template."""
        group = MeasurementsAndQualitativeEvaluations(
            tracking_identifier=TrackingIdentifier(uid=self.uid, identifier=self.name),
            finding_type=concept(self.finding),
            finding_sites=self.sites or None,
            measurements=self.measurements or None,
            qualitative_evaluations=self.evaluations or None,
        )
        group[0].ContentSequence.extend(self.others)
        return group


def points_at(
    points: Sequence[PointLps], frame_of_reference_uid: str | None, *, is_line: bool = False
) -> list[CoordinatesForMeasurement3D]:
    """Return places in the patient a number was taken from; none without a frame of reference."""
    if not points or frame_of_reference_uid is None:
        return []
    kind = GraphicTypeValues3D.MULTIPOINT
    if len(points) == 1:
        kind = GraphicTypeValues3D.POINT
    elif is_line:
        kind = GraphicTypeValues3D.POLYLINE
    return [CoordinatesForMeasurement3D(kind, np.array(points), frame_of_reference_uid)]


def details_of(
    points: Sequence[CoordinatesForMeasurement3D] = (),
    image: Dataset | None = None,
    method: Code | None = None,
    error_percent: float | None = None,
) -> dict[str, Any]:  # as in `Details`
    """Return what stands beside a number: points, image, method, error."""
    details: dict[str, Any] = {}  # as in `Details`
    if points:
        details["referenced_coordinates"] = list(points)
    if image is not None:
        details["referenced_images"] = [
            SourceImageForMeasurement(image.SOPClassUID, image.SOPInstanceUID)
        ]
    if method is not None:
        details["method"] = concept(method)
    if error_percent is not None:
        details["properties"] = _error(error_percent)
    return details


def _error(percent: float) -> MeasurementProperties:
    """Return an error to either side, in percent like the number it is of."""
    made = MeasurementProperties(
        upper_measurement_uncertainty=percent, lower_measurement_uncertainty=percent
    )
    for item in made:
        item.MeasuredValueSequence[0].MeasurementUnitsCodeSequence = [concept(PERCENT)]
    return made


def _values(value: object, one: CodedField) -> tuple[str, ...]:
    """Return the keys of a field's table that stand for its value; none where nothing is held."""
    if value is None or value is False:
        return ()
    if isinstance(value, tuple):
        return value
    return (value if isinstance(value, StrEnum) else str(value),)
