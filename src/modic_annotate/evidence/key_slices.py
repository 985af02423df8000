"""Which slices show a reading: for each finding the one the reader pointed at, or the nearest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from modic_annotate.domain.base import PointLps
from modic_annotate.domain.finding import Finding
from modic_annotate.domain.modic import Presence
from modic_annotate.domain.reading import EndplateLine, Reading
from modic_annotate.domain.series import Instance, SeriesRole, SeriesUsed
from modic_annotate.domain.spine import Endplate

SHOWN_ROLES = (SeriesRole.SAG_T1, SeriesRole.SAG_T2)
"""A type is told by T1 and T2 together, so both are shown of every finding."""

SPINE_ROLES = (SeriesRole.SAG_T2, SeriesRole.SAG_T1, SeriesRole.SAG_FS)


@dataclass(frozen=True, slots=True)
class KeySlice:
    """One slice that shows an endplate, or the whole spine where `endplate` is None."""

    endplate: Endplate | None
    series: SeriesUsed
    index: int
    """Slice index in the series' grid; always one that was acquired."""

    centre_lps_mm: PointLps

    @property
    def instance(self) -> Instance:
        """The image of the slice."""
        return self.series.instances[self.series.acquired.index(self.index)]

    @property
    def stem(self) -> str:
        """Name of its files, without folder and ending."""
        return f"{self.endplate}-{self.series.role}" if self.endplate else "spine"


def key_slices(reading: Reading) -> tuple[KeySlice, ...]:
    """Return the whole-spine slice, then those of each finding, head to foot."""
    spine = _spine_slice(reading)
    shown = (key for finding in reading.findings for key in _of_finding(reading, finding))
    return (*((spine,) if spine else ()), *shown)


def line_of(reading: Reading, endplate: Endplate) -> EndplateLine | None:
    """Return where the reader saw an endplate, or None where nobody placed it."""
    return next((line for line in reading.endplates if line.endplate == endplate), None)


def _of_finding(reading: Reading, finding: Finding) -> Iterator[KeySlice]:
    if finding.modic != Presence.PRESENT and not finding.key_images:
        return
    centre = _middle(reading, finding.endplate)
    if centre is None:
        return
    roles = dict.fromkeys((*SHOWN_ROLES, *(key.role for key in finding.key_images)))
    for role in roles:
        series = reading.series_in(role)
        if series is not None:
            yield KeySlice(finding.endplate, series, _slice_of(finding, series, centre), centre)


def _middle(reading: Reading, endplate: Endplate) -> PointLps | None:
    """Return the middle of an endplate's line, or the centre of its body."""
    line = line_of(reading, endplate)
    if line is None:
        return reading.numbering.centre(endplate.vertebra)
    x, y, z = np.mean(line.polyline_lps_mm, axis=0)
    return float(x), float(y), float(z)


def _slice_of(finding: Finding, series: SeriesUsed, centre: PointLps) -> int:
    """Return the slice the reader marked, measured on or named; else the one through the place."""
    measured = [m for m in (finding.height_measurement, finding.ap_measurement) if m]
    pointed_at = (
        *(key.sop_instance_uid for key in finding.key_images),
        *(m.sop_instance_uid for m in measured),
        *finding.sop_instance_uids[len(finding.sop_instance_uids) // 2 :],
    )
    uids = Counter(one.sop_instance_uid for one in series.instances)
    index_of = {  # frames of one enhanced instance share its UID, which then names no slice
        one.sop_instance_uid: i
        for i, one in zip(series.acquired, series.instances, strict=False)
        if uids[one.sop_instance_uid] == 1
    }
    named = next((index_of[uid] for uid in pointed_at if uid in index_of), None)
    if named is not None:
        return named
    points = [point for m in measured for point in m.points_lps_mm]
    return _acquired_near(series, np.mean(points, axis=0) if points else centre)


def _acquired_near(series: SeriesUsed, point: ArrayLike) -> int:
    """Return the acquired slice nearest to a point."""
    position = float(series.grid.to_index(point)[0])
    return min(series.acquired, key=lambda i: abs(i - position))


def _spine_slice(reading: Reading) -> KeySlice | None:
    centres = [body.centroid_lps_mm for body in reading.numbering.bodies]
    series = next((s for role in SPINE_ROLES if (s := reading.series_in(role))), None)
    if not centres or series is None:
        return None
    x, y, z = np.median(centres, axis=0)
    middle = (float(x), float(y), float(z))
    return KeySlice(None, series, _acquired_near(series, middle), middle)
