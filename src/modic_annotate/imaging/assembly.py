"""From the frames of one DICOM series to its stacks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from modic_annotate.imaging.checks import header_problems, series_problems
from modic_annotate.imaging.geometry.placing import Placement, place
from modic_annotate.imaging.geometry.planes import plane_of
from modic_annotate.imaging.geometry.stacks import split_stacks
from modic_annotate.imaging.headers.header import Header
from modic_annotate.imaging.model import PatientIdentity, Problem, Series
from modic_annotate.imaging.roles.judging import role_of


@dataclass(frozen=True, slots=True)
class Unit:
    """One DICOM series, whose stacks depend on its own files and nothing else."""

    order: tuple[str, int, str]
    """Study, number and series, by which a catalogue is ordered."""

    files: tuple[int, ...]
    """Which of the files that were found it was read from."""

    stacks: tuple[Series, ...]

    def anonymous(self) -> Unit:
        """Return the same series without whose it is."""
        nobody = PatientIdentity()
        return replace(self, stacks=tuple(replace(s, patient=nobody) for s in self.stacks))


def series_groups(headers: Iterable[Header]) -> list[list[Header]]:
    """Return the frames of each DICOM series, in the order in which they were found."""
    groups: dict[tuple[str, str], list[Header]] = {}
    for header in headers:
        groups.setdefault((header.study_uid, header.series_uid), []).append(header)
    return list(groups.values())


def order_of(headers: Sequence[Header]) -> tuple[str, int, str]:
    """Return where a series stands in a catalogue."""
    first = headers[0]
    return first.study_uid, first.series_number or 0, first.series_uid


def stacks_of(headers: list[Header], conflicts: Mapping[str, Problem]) -> tuple[Series, ...]:
    """Return the stacks of one series.

    Parameters
    ----------
    headers
        All its frames.
    conflicts
        What speaks against single instances, by SOP instance UID.
    """
    of_series = series_problems(headers)
    if any(header.is_mosaic for header in headers):
        return (_series(headers, 0, (*of_series, *_doubts(headers, conflicts))),)
    return tuple(
        _series(stack, i, (*of_series, *_doubts(stack, conflicts)))
        for i, stack in enumerate(split_stacks(headers))
    )


def _doubts(headers: Sequence[Header], conflicts: Mapping[str, Problem]) -> tuple[Problem, ...]:
    instances = dict.fromkeys(header.sop_instance_uid for header in headers)
    return tuple(conflicts[uid] for uid in instances if uid in conflicts)


def _series(headers: Sequence[Header], stack: int, of_series: Sequence[Problem]) -> Series:
    problems = header_problems(headers)
    mosaic = any(problem.code == "mosaic" for problem in problems)
    placed = Placement(tuple(headers), None, ()) if mosaic else place(headers)
    middle = placed.headers[len(placed.headers) // 2]
    technique = role_of(middle)
    return Series(
        study_uid=middle.study_uid,
        series_uid=middle.series_uid,
        stack=stack,
        description=middle.description or middle.protocol_name,
        role=technique.role,
        role_evidence=technique.evidence,
        role_confidence=technique.confidence,
        weighting=technique.weighting,
        fat=technique.fat,
        plane=plane_of(middle.orientation),
        grid=placed.grid,
        shape=(len(placed.headers), middle.rows, middle.columns),
        transfer_syntax=middle.transfer_syntax,
        n_files=len({header.path for header in placed.headers}),
        problems=(*problems, *placed.problems, *of_series, *technique.problems),
        acquisition=middle.acquisition,
        slices=tuple(header.slice_ref() for header in placed.headers),
        frame_of_reference_uid=middle.frame_of_reference_uid,
        series_number=middle.series_number,
        pixel_spacing_mm=middle.pixel_spacing,
        images_in_acquisition=middle.images_in_acquisition,
        remedy=placed.remedy,
        patient=middle.patient,
    )
