"""What a structured report holds of a reading: everything the reader said, little of how.

Left behind are what only the record keeps: blinding, coverage, times of each act, origins of
values and which follow from a mask, every calliper but the largest, pixel hashes, the screening
record's hash, the journal. Painted areas stand in the segmentations.
"""

from __future__ import annotations

from modic_annotate.domain.base import Record, RecordId, Uid, Utc
from modic_annotate.domain.finding import DiscFinding, Finding, Measurement
from modic_annotate.domain.numbering import Numbering
from modic_annotate.domain.reading import EndplateLine, Purpose, Reading, RedFlagKind, Signature
from modic_annotate.domain.series import SeriesRole
from modic_annotate.evidence.formats.dicom.terms_size import EXTENTS

NOT_HELD_OF_FINDING = frozenset(
    {
        "origins",
        "ai_visible_before_commit",
        "first_view_at",
        "committed_at",
        "active_seconds",
        "coverage_percent",
        "callipers",
        "derived",
        "left_right_measurement",
        "area_measurement",
        "volume_measurement",
    }
)
NOT_HELD_OF_DISC = frozenset({"origins"})


class HeldSeries(Record):
    """A series that was read."""

    series_uid: Uid
    role: SeriesRole
    frame_of_reference_uid: Uid | None
    sop_instance_uids: tuple[Uid, ...]


class HeldReading(Record):
    """A reading as far as a structured report holds it; the values mean what they mean there."""

    reading_id: RecordId
    record_id: RecordId
    reader_id: RecordId
    study_uid: Uid
    signed_at: Utc
    software_version: str
    purpose: Purpose
    protocol: str
    """Id and version."""

    scripted: bool
    supersedes: RecordId | None
    red_flags: tuple[RedFlagKind, ...]
    note: str
    series: tuple[HeldSeries, ...]
    numbering: Numbering
    endplates: tuple[EndplateLine, ...]
    findings: tuple[Finding, ...]
    discs: tuple[DiscFinding, ...]


def stated_findings(reading: Reading) -> tuple[Finding, ...]:
    """Return a finding for every endplate in scope: where nobody said anything, "not read"."""
    read = {finding.endplate: finding for finding in reading.findings}
    every = dict.fromkeys((*reading.numbering.scope, *read))
    return tuple(read.get(endplate) or Finding(endplate=endplate) for endplate in every)


def held(reading: Reading, signature: Signature) -> HeldReading:
    """Return what a report holds of a reading."""
    return HeldReading(
        reading_id=reading.reading_id,
        record_id=reading.screening.record_id,
        reader_id=reading.reader.id,
        study_uid=reading.series[0].study_uid,
        signed_at=signature.signed_at,
        software_version=reading.software.version,
        purpose=reading.purpose,
        protocol=f"{reading.protocol.id} {reading.protocol.version}",
        scripted=reading.scripted,
        supersedes=reading.supersedes,
        red_flags=tuple(flag.kind for flag in reading.red_flags),
        note=reading.note,
        series=tuple(
            HeldSeries(
                series_uid=used.series_uid,
                role=used.role,
                frame_of_reference_uid=used.frame_of_reference_uid,
                sop_instance_uids=tuple(dict.fromkeys(i.sop_instance_uid for i in used.instances)),
            )
            for used in reading.series
        ),
        numbering=_numbering(reading.numbering),
        endplates=tuple(one for one in reading.endplates if one.frame_of_reference_uid),
        findings=tuple(_finding(one) for one in stated_findings(reading)),
        discs=tuple(_disc(one) for one in reading.discs),
    )


def _numbering(numbering: Numbering) -> Numbering:
    placed = numbering.frame_of_reference_uid is not None
    return numbering.replace(
        bodies=tuple(
            body.replace(series_uid=None, sop_instance_uid=None)
            for body in numbering.bodies
            if placed
        ),
        signed_at=None,
    )


def _finding(finding: Finding) -> Finding:
    kept = {n: getattr(finding, n) for n in Finding.model_fields if n not in NOT_HELD_OF_FINDING}
    for extent in EXTENTS:
        measured: Measurement | None = kept[extent.measurement]
        numbers = (kept[extent.in_mm], kept[extent.in_percent])
        if measured is not None:
            kept[extent.measurement] = _measurement(
                measured, has_number=any(number is not None for number in numbers)
            )
    return Finding(**kept)


def _measurement(measured: Measurement, *, has_number: bool) -> Measurement:
    """Return where an extent was measured: points and image stand beside its number alone."""
    if not has_number:
        return Measurement(method=measured.method, reference_source=measured.reference_source)
    return measured if measured.sop_instance_uid else measured.replace(series_uid=None)


def _disc(finding: DiscFinding) -> DiscFinding:
    kept = {n: getattr(finding, n) for n in DiscFinding.model_fields if n not in NOT_HELD_OF_DISC}
    return DiscFinding(**kept)
