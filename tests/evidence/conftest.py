"""A small reading, its signature and its record, as the evidence tests share them."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from modic_annotate.conduct.link import link_study
from modic_annotate.conduct.screening_import import import_record
from modic_annotate.domain.finding import Finding, KeyImage, Measurement, MeasurementMethod, Origin
from modic_annotate.domain.grid import Grid
from modic_annotate.domain.modic import (
    Assessment,
    Attribution,
    Component,
    Confidence,
    Contour,
    Defect,
    ExtentCategory,
    ModicType,
    NotAssessableReason,
    Presence,
    Signal,
)
from modic_annotate.domain.numbering import (
    BodyCentre,
    Castellvi,
    Numbering,
    NumberingConfidence,
    NumberingMethod,
    TransitionalVariant,
)
from modic_annotate.domain.readers import Reader
from modic_annotate.domain.reading import (
    EndplateLine,
    JournalRef,
    ProtocolRef,
    ReaderRef,
    Reading,
    ScreeningLink,
    Signature,
    SignatureClass,
    Software,
    Times,
)
from modic_annotate.domain.series import (
    Acquisition,
    FatTechnique,
    Instance,
    Plane,
    SeriesRole,
    SeriesUsed,
    Weighting,
)
from modic_annotate.domain.spine import Endplate, Vertebra, spine_order
from modic_annotate.evidence.criteria_file import criteria_file
from modic_annotate.evidence.document import Profile
from modic_annotate.evidence.formats.registry import chosen
from modic_annotate.evidence.gather import gather
from modic_annotate.evidence.package import assemble
from modic_annotate.evidence.signed import SignedReading
from modic_annotate.session.apply import apply_acts
from modic_annotate.store.canonical import canonical_bytes, sha256_hex
from modic_annotate.store.workspace import Workspace

AT = datetime(2026, 1, 31, 12, 0, tzinfo=UTC)
SHAPE = (5, 120, 120)
STEP_MM = (4.0, 2.0, 2.0)
ORIGIN_LPS = (-8.0, -100.0, 100.0)

SAGITTAL_GRID = Grid(
    shape=SHAPE,
    affine_lps=(
        (STEP_MM[0], 0.0, 0.0, ORIGIN_LPS[0]),
        (0.0, 0.0, STEP_MM[2], ORIGIN_LPS[1]),
        (0.0, -STEP_MM[1], 0.0, ORIGIN_LPS[2]),
        (0.0, 0.0, 0.0, 1.0),
    ),
)
"""Anterior left, head up, slices from right to left: x = slice, y = column, z = -row."""

BODY_STEP_MM = 26.0
BODY_HALF_MM = 10.0
BODY_FRONT_MM = -10.0
BODY_BACK_MM = 22.0
UID_ROOT = "1.2.826.0.1.3680043.10.1"


def centre_z(vertebra: Vertebra) -> float:
    return 80.0 - BODY_STEP_MM * spine_order(5).index(vertebra)


def series(role: SeriesRole, number: int, weighting: Weighting) -> SeriesUsed:
    uid = f"{UID_ROOT}.{number}"
    return SeriesUsed(
        study_uid=f"{UID_ROOT}.0",
        series_uid=uid,
        frame_of_reference_uid=f"{UID_ROOT}.9",
        role=role,
        role_evidence=(f"TR {500 * number} ms", "TE 12 ms"),
        weighting=weighting,
        fat=FatTechnique.NONE,
        plane=Plane.SAGITTAL,
        acquisition=Acquisition(
            magnetic_field_strength_t=1.5, repetition_time_ms=500.0 * number, echo_time_ms=12.0
        ),
        grid=SAGITTAL_GRID,
        instances=tuple(
            Instance(
                sop_instance_uid=f"{uid}.{i + 1}",
                instance_number=i + 1,
                pixel_sha256=sha256_hex(f"{uid}.{i}".encode()),
            )
            for i in range(SHAPE[0])
        ),
    )


T1 = series(SeriesRole.SAG_T1, 1, Weighting.T1)
T2 = series(SeriesRole.SAG_T2, 2, Weighting.T2)


def line(endplate: Endplate) -> EndplateLine:
    up = BODY_HALF_MM if endplate.surface == "superior" else -BODY_HALF_MM
    z = centre_z(endplate.vertebra) + up
    return EndplateLine(
        endplate=endplate,
        polyline_lps_mm=((0.0, BODY_FRONT_MM, z), (0.0, BODY_BACK_MM, z)),
        frame_of_reference_uid=T1.frame_of_reference_uid,
        series_uid=T1.series_uid,
        sop_instance_uid=T1.instances[2].sop_instance_uid,
        origin=Origin.MOUSE,
    )


def numbering() -> Numbering:
    return Numbering(
        method=NumberingMethod.ASSUMED_FROM_SACRUM,
        confidence=NumberingConfidence.PROBABLE,
        lumbar_count=5,
        lstv_castellvi=Castellvi.NONE,
        lstv_variant=TransitionalVariant.NONE,
        frame_of_reference_uid=T1.frame_of_reference_uid,
        bodies=tuple(
            BodyCentre(vertebra=v, centroid_lps_mm=(0.0, 6.0, centre_z(v)), origin=Origin.MOUSE)
            for v in spine_order(5)
        ),
        signed_at=AT,
    )


def absent(endplate: Endplate, origin: Origin = Origin.KEY) -> Finding:
    return Finding(
        endplate=endplate,
        assessment=Assessment.ASSESSED,
        modic=Presence.ABSENT,
        origins={"modic": origin},
    )


def lesion(endplate: Endplate) -> Finding:
    front, back, deepest = (
        (0.0, BODY_FRONT_MM + 2, -34.0),
        (0.0, 10.0, -34.0),
        (0.0, 2.0, -26.0),
    )
    return Finding(
        endplate=endplate,
        assessment=Assessment.ASSESSED,
        modic=Presence.PRESENT,
        components=(
            Component(modic_type=ModicType.TYPE_1, share=ExtentCategory.FROM_50),
            Component(modic_type=ModicType.TYPE_2),
        ),
        t1_signal=Signal.HYPO,
        t2_signal=Signal.HYPER,
        height_mm=8.0,
        body_height_mm=20.0,
        height_percent=40.0,
        height_category=ExtentCategory.FROM_25_TO_50,
        height_measurement=Measurement(
            method=MeasurementMethod.CALLIPER,
            series_uid=T1.series_uid,
            sop_instance_uid=T1.instances[2].sop_instance_uid,
            points_lps_mm=(front, back, deepest),
            reference_source="same body, same slice",
            error_percent=5.0,
        ),
        ap_mm=18.0,
        endplate_length_mm=32.0,
        ap_percent=56.25,
        ap_category=ExtentCategory.FROM_50,
        zones=("anterior-central", "middle-central"),
        contour=Contour.IRREGULAR_INTACT,
        defect=Defect.NONE,
        attribution=Attribution.DEGENERATIVE,
        confidence=Confidence.DEFINITE,
        key_images=(
            KeyImage(
                role=SeriesRole.SAG_T1,
                series_uid=T1.series_uid,
                sop_instance_uid=T1.instances[2].sop_instance_uid,
            ),
        ),
        note='Says "partly", over two\nlines',
        origins={
            "modic": Origin.KEY,
            "components": Origin.KEY,
            "contour": Origin.MACRO,
            "attribution": Origin.MACRO,
            "confidence": Origin.COPY,
        },
    )


LESION_AT = Endplate.parse("L4-inferior")
UNREADABLE = Endplate.parse("L1-superior")


def findings() -> tuple[Finding, ...]:
    made = []
    for endplate in numbering().scope:
        if endplate == LESION_AT:
            made.append(lesion(endplate))
        elif endplate == UNREADABLE:
            made.append(
                Finding(
                    endplate=endplate,
                    assessment=Assessment.NOT_ASSESSABLE,
                    assessment_reason=NotAssessableReason.MOTION,
                    origins={"assessment": Origin.KEY},
                )
            )
        else:
            made.append(absent(endplate, Origin.BULK))
    return tuple(made)


def reading(**changes: object) -> Reading:
    made = Reading(
        reading_id="reader-a-1",
        status="signed",
        screening=ScreeningLink(
            trial_id="trial", record_id="sample-001", revision=1, sha256="1" * 64
        ),
        reader=ReaderRef(id="reader-a", role="reader"),
        protocol=ProtocolRef(id="intracept-evidence", version=1, sha256="2" * 64),
        series=(T1, T2),
        numbering=numbering(),
        endplates=tuple(line(e) for e in numbering().scope),
        findings=findings(),
        times=Times(started_at=AT, last_act_at=AT, signed_at=AT),
        journal=JournalRef(lines=3, head_sha256="3" * 64),
        software=Software(version="0.1.0"),
    )
    return made.replace(**changes)


def sign(made: Reading, kind: SignatureClass = SignatureClass.ATTESTATION) -> SignedReading:
    signature = Signature(
        reading_id=made.reading_id,
        reading_sha256=sha256_hex(canonical_bytes(made)),
        protocol=made.protocol,
        reader_id=made.reader.id,
        reader_display_name="Reader A",
        reader_role=made.reader.role,
        meaning="I have read these images",
        signature_class=kind,
        signed_at=AT,
        local_time="2026-01-31T13:00:00+01:00",
        software=made.software,
    )
    return SignedReading(made, signature, canonical_bytes(made), canonical_bytes(signature))


@pytest.fixture(name="make_reading")
def _make_reading() -> Callable[..., Reading]:
    return reading


@pytest.fixture(name="signed")
def _signed() -> Callable[..., SignedReading]:
    return sign


SAMPLE = Path(__file__).parents[2] / "sample_dicom"
AS_OF = date(2026, 3, 20)
CRITERIA = "trial_intracept"


@pytest.fixture(scope="session", name="sample_root")
def _sample_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with the sample study linked, read by script and signed; never changed."""
    root = tmp_path_factory.mktemp("sample") / "ws"
    ws = Workspace.create(root, trial_id="demo-trial")
    ws.add_reader(Reader(id="R01", display_name="Demo Reader", title="demonstration"))
    import_record(ws, SAMPLE / "screening-record.json", by="coordinator")
    link_study(ws, "demo-001", [SAMPLE / "study"], by="coordinator")
    apply_acts(ws, "demo-001", "R01", SAMPLE / "lesions.acts.jsonl", lambda _line: None)
    return root


@pytest.fixture(name="sample_ws")
def _sample_ws(sample_root: Path, tmp_path: Path) -> Workspace:
    """A copy of the sample workspace that a test may change."""
    return Workspace.open(shutil.copytree(sample_root, tmp_path / "workspace"))


@pytest.fixture(scope="session", name="sample_bag")
def _sample_bag(sample_root: Path) -> dict[str, bytes]:
    """Every file of the sample's package, in no further format."""
    found = gather(Workspace.open(sample_root), "demo-001", criteria_file(CRITERIA), AS_OF)
    return assemble(found, Profile.INTERNAL)


@pytest.fixture(scope="session", name="full_bag")
def _full_bag(sample_root: Path) -> dict[str, bytes]:
    """Every file of the sample's package, in all formats there are."""
    found = gather(Workspace.open(sample_root), "demo-001", criteria_file(CRITERIA), AS_OF)
    return assemble(found, Profile.INTERNAL, chosen(Profile.INTERNAL))


@pytest.fixture(name="any_series")
def _any_series() -> SeriesUsed:
    return T1
