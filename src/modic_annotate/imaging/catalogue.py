"""What a scan found, with the questions a caller asks of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from modic_annotate.imaging.model import PatientIdentity, Refused, Series


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All series stacks and all refused files of a scan; every file is in one of the two."""

    series: tuple[Series, ...]
    refused: tuple[Refused, ...]

    def studies(self) -> dict[str, tuple[Series, ...]]:
        """Return the stacks by StudyInstanceUID, in order of appearance."""
        return _grouped(self.series)

    def patients(self) -> tuple[PatientIdentity, ...]:
        """Return the distinct patients on the medium, told apart by id and name."""
        found: dict[tuple[str, str], PatientIdentity] = {}
        for series in self.series:
            found.setdefault(series.patient.key, series.patient)
        return tuple(found.values())

    def of_series(self, series_uid: str) -> tuple[Series, ...]:
        """Return the stacks of one DICOM series."""
        return tuple(series for series in self.series if series.series_uid == series_uid)


def _grouped(series: Sequence[Series]) -> dict[str, tuple[Series, ...]]:
    groups: dict[str, list[Series]] = {}
    for entry in series:
        groups.setdefault(entry.study_uid, []).append(entry)
    return {uid: tuple(entries) for uid, entries in groups.items()}
