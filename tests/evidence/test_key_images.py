"""Key images: the right slices, marks where the reader put them, the same bytes each time."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pytest
from PIL import Image

from modic_annotate.domain.finding import KeyImage
from modic_annotate.domain.reading import Reading
from modic_annotate.domain.series import Instance, SeriesRole, SeriesUsed
from modic_annotate.domain.spine import Endplate
from modic_annotate.errors import ExportError
from modic_annotate.evidence.key_image_note import KeyImageNote
from modic_annotate.evidence.key_images import KeyImageFiles, key_images
from modic_annotate.evidence.key_slices import key_slices
from modic_annotate.store.canonical import parse_record

MakeReading = Callable[..., Reading]
L4_INFERIOR = Endplate.parse("L4-inferior")
CROP_NAMES = ("L4-inferior-SAG_T1", "L4-inferior-SAG_T2")


@dataclass(frozen=True)
class Pixels:
    """Pixels with one bright spot at the deepest point of the lesion, (0, 2, -26) in LPS mm."""

    array: np.ndarray
    instances: tuple[Instance, ...]
    window: tuple[float, float] | None = (500.5, 1001.0)
    inverted: bool = False
    rescale: tuple[tuple[float, float], ...] = ((1.0, 0.0),) * 5


def load(series: SeriesUsed) -> Pixels:
    array = np.zeros(series.grid.shape, dtype=np.int16)
    s, r, c = np.round(series.grid.to_index((0.0, 2.0, -26.0))).astype(int)
    array[s, r, c] = 1000
    return Pixels(array, series.instances)


def made(reading: Reading) -> dict[str, KeyImageFiles]:
    return {
        next(iter(one.pictures)).removesuffix(".png"): one
        for one in key_images(reading, load, "sample-001")
    }


def opened(content: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(content)).convert("RGB")).astype(int)


def test_a_finding_is_shown_on_t1_and_t2_and_the_spine_once(make_reading: MakeReading) -> None:
    """One labelled spine, then each positive endplate on both series, with and without marks."""
    files = made(make_reading())
    assert tuple(files) == ("spine", *CROP_NAMES)
    assert set(files["spine"].files) == {"spine.png", "spine.json"}
    for name in CROP_NAMES:
        assert set(files[name].files) == {f"{name}.png", f"{name}-marked.png", f"{name}.json"}


def test_a_picture_point_leads_back_to_the_patient(make_reading: MakeReading) -> None:
    """The bright spot of the pixels lies in the PNG where its sidecar says that place is."""
    for name in CROP_NAMES:
        one = made(make_reading())[name]
        picture = opened(one.files[f"{name}.png"]).sum(axis=2)
        inside = picture[100:-60, 30:-30]
        y, x = np.unravel_index(np.argmax(inside), inside.shape)
        lps = np.array(one.note.pixel_to_lps_mm) @ (x + 30, y + 100, 1)
        assert np.allclose(lps, (0.0, 2.0, -26.0), atol=0.5)


def test_marks_lie_on_the_reader_s_line(make_reading: MakeReading) -> None:
    """Pixels that differ between the two crops include the endplate's line, in its colours."""
    reading = make_reading()
    one = made(reading)["L4-inferior-SAG_T1"]
    bare, marked = (opened(content) for content in one.pictures.values())
    to_pixel = np.linalg.inv(_square(one.note))
    origin = np.array(one.note.pixel_to_lps_mm)[:, 2]
    line = next(e for e in reading.endplates if e.endplate == L4_INFERIOR).polyline_lps_mm
    for share, colour in ((0.25, (0xD5, 0x5E, 0x00)), (0.72, (0xF0, 0xE4, 0x42))):
        place = np.array(line[0]) * (1 - share) + np.array(line[1]) * share
        x, y = np.round(to_pixel @ (place - origin)).astype(int)[:2]
        assert np.abs(marked[y, x] - colour).max() < 40
        assert np.abs(bare[y, x] - colour).max() > 60


def _square(note: KeyImageNote) -> np.ndarray:
    """The picture's affine made invertible: a third column along the slice normal."""
    affine = np.array(note.pixel_to_lps_mm)
    affine[:, 2] = np.cross(affine[:, 0], affine[:, 1])
    return affine


def test_the_same_reading_gives_the_same_bytes(make_reading: MakeReading) -> None:
    """Two runs give identical files, none with a time in it."""
    first, second = (
        {name: one.files for name, one in made(make_reading()).items()} for _ in range(2)
    )
    assert first == second
    for files in first.values():
        for name, content in files.items():
            if name.endswith(".png"):
                assert not Image.open(io.BytesIO(content)).info


def test_the_reader_s_own_key_image_is_the_one_shown(make_reading: MakeReading) -> None:
    """A marked slice wins over the measured and the nearest one; so does a marked series."""
    reading = make_reading()
    finding = reading.finding(L4_INFERIOR)
    stir = reading.series[0].replace(
        role=SeriesRole.SAG_FS,
        series_uid="1.2.3",
        instances=tuple(
            i.replace(sop_instance_uid=f"1.2.3.{n + 1}")
            for n, i in enumerate(reading.series[0].instances)
        ),
    )
    marked = finding.replace(
        key_images=(
            KeyImage(
                role=SeriesRole.SAG_T2,
                series_uid=reading.series[1].series_uid,
                sop_instance_uid=reading.series[1].instances[4].sop_instance_uid,
            ),
            KeyImage(role=SeriesRole.SAG_FS, series_uid="1.2.3", sop_instance_uid="1.2.3.2"),
        )
    )
    others = tuple(f if f.endplate != L4_INFERIOR else marked for f in reading.findings)
    shown = key_slices(reading.replace(findings=others, series=(*reading.series, stir)))
    assert [(key.series.role, key.index) for key in shown[1:]] == [
        (SeriesRole.SAG_T1, 2),
        (SeriesRole.SAG_T2, 4),
        (SeriesRole.SAG_FS, 1),
    ]


def test_frames_of_one_instance_are_told_apart_by_place(make_reading: MakeReading) -> None:
    """In an enhanced series one UID names all frames, so the measured place decides."""
    reading = make_reading()
    enhanced = tuple(
        one.replace(
            instances=tuple(
                i.replace(sop_instance_uid=one.instances[2].sop_instance_uid, frame=n)
                for n, i in enumerate(one.instances)
            )
        )
        for one in reading.series
    )
    assert {key.index for key in key_slices(reading.replace(series=enhanced))} == {2}


def test_a_normal_spine_still_has_its_labelled_picture(make_reading: MakeReading) -> None:
    """Without any finding the numbering is still shown."""
    reading = make_reading()
    none = tuple(f for f in reading.findings if f.endplate != L4_INFERIOR)
    assert tuple(made(reading.replace(findings=none))) == ("spine",)


def test_without_any_placed_body_there_is_no_spine_picture(make_reading: MakeReading) -> None:
    """Nothing is labelled that nobody numbered."""
    reading = make_reading()
    unplaced = reading.replace(numbering=reading.numbering.replace(bodies=()), endplates=())
    assert key_slices(unplaced) == ()


def test_other_pixels_than_were_read_are_refused(make_reading: MakeReading) -> None:
    """A changed image cannot become evidence for a reading of another."""

    def changed(series: SeriesUsed) -> Pixels:
        found = load(series)
        others = tuple(i.replace(pixel_sha256="0" * 64) for i in found.instances)
        return replace(found, instances=others)

    with pytest.raises(ExportError, match="not those that were read"):
        list(key_images(make_reading(), changed, ""))


@pytest.mark.parametrize(("window", "source"), [((400.0, 800.0), "file"), (None, "automatic")])
def test_the_note_says_where_the_grey_scale_comes_from(
    make_reading: MakeReading, window: tuple[float, float] | None, source: str
) -> None:
    """A window the file states is used and named; without one it says automatic."""
    one = next(key_images(make_reading(), lambda s: replace(load(s), window=window), ""))
    assert one.note.window_source == source
    assert window in (None, one.note.window)
    note = parse_record(KeyImageNote, one.files["spine.json"], "spine.json")
    assert note == one.note


def test_inverted_pixels_are_shown_bright(make_reading: MakeReading) -> None:
    """MONOCHROME1 pictures are turned round, so that fat is bright on T1."""
    straight = next(key_images(make_reading(), load, ""))
    turned = next(key_images(make_reading(), lambda s: replace(load(s), inverted=True), ""))
    a, b = opened(straight.pictures["spine.png"]), opened(turned.pictures["spine.png"])
    middle = (slice(150, 160), slice(300, 310))
    assert np.all(a[middle] + b[middle] == 255)


def marked(reading: Reading, name: str) -> bytes:
    return made(reading)[name].pictures[f"{name}-marked.png" if name != "spine" else "spine.png"]


def test_bodies_without_lines_are_still_named(make_reading: MakeReading) -> None:
    """Where only centres are known, labels stand before them; where nothing is, none stands."""
    reading = make_reading(endplates=())
    named = opened(marked(reading, "spine"))
    without = reading.replace(
        numbering=reading.numbering.replace(bodies=reading.numbering.bodies[:1])
    )
    fewer = opened(marked(without, "spine"))
    assert (named > 200).sum() > (fewer > 200).sum()


def test_a_finding_without_a_line_is_shown_at_its_body(make_reading: MakeReading) -> None:
    """The crop centres on the body; with neither line nor body there is none."""
    reading = make_reading(endplates=())
    centre = reading.numbering.centre(L4_INFERIOR.vertebra)
    assert made(reading)["L4-inferior-SAG_T1"].note.centre_lps_mm == centre
    bodies = tuple(b for b in reading.numbering.bodies if b.vertebra != L4_INFERIOR.vertebra)
    lost = reading.replace(numbering=reading.numbering.replace(bodies=bodies))
    assert tuple(made(lost)) == ("spine",)


def test_a_missing_series_leaves_its_picture_out(make_reading: MakeReading) -> None:
    """Without a T2 only T1 is shown, and the spine is labelled on T1."""
    reading = make_reading()
    files = made(reading.replace(series=reading.series[:1]))
    assert tuple(files) == ("spine", "L4-inferior-SAG_T1")
    assert files["spine"].note.role == SeriesRole.SAG_T1


def test_points_measured_on_another_slice_are_not_drawn(make_reading: MakeReading) -> None:
    """A ring says that the point lies here, so it is drawn on its own slice alone."""
    reading = make_reading()
    finding = reading.finding(L4_INFERIOR)
    far = finding.height_measurement.replace(points_lps_mm=((8.0, 2.0, -26.0),))
    moved = tuple(
        f.replace(height_measurement=far) if f.endplate == L4_INFERIOR else f
        for f in reading.findings
    )
    none = tuple(
        f.replace(height_measurement=far.replace(points_lps_mm=()))
        if f.endplate == L4_INFERIOR
        else f
        for f in reading.findings
    )
    name = "L4-inferior-SAG_T1"
    assert marked(reading.replace(findings=moved), name) == marked(
        reading.replace(findings=none), name
    )
    assert marked(reading, name) != marked(reading.replace(findings=none), name)
