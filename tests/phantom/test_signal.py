"""Signal equations and the table of relaxation times."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modic_annotate.phantom.protocol import SEQUENCES, T2_FAT_SATURATED
from modic_annotate.phantom.relaxation import CHOSEN, FAT, FIELDS_TESLA, TABLE, UNVERIFIED
from modic_annotate.phantom.signal import (
    Timing,
    fat_t2,
    level,
    magnetisation,
    null_inversion_ms,
    shift_pixels,
    water_and_fat,
)
from modic_annotate.phantom.tissues import Tissue

T2, T1, STIR = (sequence.timing for sequence in SEQUENCES)
T2_FS = T2_FAT_SATURATED.timing
LOW_FIELD = {
    # the real exam's own times at 0.3 T
    "T1": Timing(462, 25, 1, 25, tesla=0.3),
    "T2": Timing(3203, 110, 11, 18, tesla=0.3),
    "STIR": Timing(3320, 80, 8, 20, inversion_ms=110, tesla=0.3),
}


def test_every_tissue_has_a_row_with_its_source() -> None:
    """No tissue is without relaxation times at all field strengths, nor without provenance."""
    assert set(TABLE) == set(Tissue)
    for row in TABLE.values():
        assert len(row.t1) == len(FIELDS_TESLA)
        assert row.source
        assert 0 <= row.fat_share <= 1
    assert FAT.source


@pytest.mark.parametrize("tissue", [t for t in Tissue if "doi" not in TABLE[t].source])
def test_a_row_without_a_publication_says_so(tissue: Tissue) -> None:
    """A row that cites no publication is marked as unverified, chosen or empty."""
    source = TABLE[tissue].source
    assert any(word in source for word in (UNVERIFIED, CHOSEN, "no protons", "Radiology, March"))


@pytest.mark.parametrize("tissue", Tissue)
def test_t1_never_falls_with_the_field(tissue: Tissue) -> None:
    """T1 is as long or longer at the higher field."""
    assert list(TABLE[tissue].t1) == sorted(TABLE[tissue].t1)


@pytest.mark.parametrize(
    ("timing", "order"),
    [
        (T1, ["cortex", "CSF", "muscle", "cord", "nucleus", "marrow", "fat"]),
        (T2, ["cortex", "muscle", "cord", "marrow", "fat", "nucleus", "CSF"]),
        (STIR, ["cortex", "fat", "muscle", "marrow", "cord", "nucleus", "CSF"]),
        (LOW_FIELD["T1"], ["cortex", "CSF", "muscle", "cord", "nucleus", "marrow", "fat"]),
        (LOW_FIELD["T2"], ["cortex", "muscle", "cord", "marrow", "fat", "nucleus", "CSF"]),
        (LOW_FIELD["STIR"], ["cortex", "fat", "muscle", "marrow", "cord", "nucleus", "CSF"]),
        (T1, ["Modic 3", "Modic 1", "marrow", "Modic 2", "fat"]),
        (T2, ["Modic 3", "marrow", "Modic 2", "Modic 1", "CSF"]),
        (STIR, ["Modic 3", "Modic 2", "marrow", "Modic 1", "CSF"]),
        (T2_FS, ["Modic 3", "Modic 2", "Modic 2, not suppressed", "Modic 1", "CSF"]),
        (T1, ["infected marrow", "Modic 1", "marrow", "haemangioma"]),
        (T2, ["marrow", "haemangioma", "CSF"]),
    ],
)
def test_tissues_stand_in_order(timing: Timing, order: list[str]) -> None:
    """Each kind of image shows tissues and changes in the order of a lumbar exam."""
    values = [level(Tissue(name), timing) for name in order]
    assert values == sorted(values)
    assert len(set(values)) == len(values)


@pytest.mark.parametrize("timing", [STIR, LOW_FIELD["STIR"]])
def test_the_inversion_time_nulls_fat(timing: Timing) -> None:
    """Fat keeps less than 3 % of its protons' signal, and its null lies within 10 ms."""
    fat = magnetisation(timing, FAT.t1[FIELDS_TESLA.index(timing.tesla)], fat_t2(8))
    assert abs(fat) < 0.03
    assert timing.inversion_ms is not None
    null = null_inversion_ms(timing, FAT.t1[FIELDS_TESLA.index(timing.tesla)])
    assert timing.inversion_ms == pytest.approx(null, abs=10)


@given(t1=st.floats(100, 5000), rest=st.floats(500, 8000))
def test_nothing_is_left_at_the_null(t1: float, rest: float) -> None:
    """At the null inversion time a tissue gives no signal, whatever its T1."""
    timing = Timing(rest, 20.0, 0, 0.0)
    null = null_inversion_ms(timing, t1)
    assert magnetisation(replace(timing, inversion_ms=null), t1, 60.0) == pytest.approx(0, abs=1e-6)


def test_a_spin_echo_is_the_textbook_product() -> None:
    """A single echo is (1 - exp(-TR'/T1)) exp(-TE/T2), TR' from echo to next excitation."""
    seen = magnetisation(Timing(600, 15, 1, 15), 800.0, 50.0)
    assert seen == pytest.approx((1 - math.exp(-585 / 800)) * math.exp(-0.3), abs=1e-9)


def test_fat_brightens_in_long_trains() -> None:
    """Fat's T2 is the short one in a single echo and nears the CPMG one in a long train."""
    assert fat_t2(1) == FAT.t2_single_echo
    assert FAT.t2_single_echo < fat_t2(8) < fat_t2(32) < FAT.t2_long_train


def test_spectral_saturation_leaves_water_alone() -> None:
    """Fat saturation takes fat from a mixture and none of its water."""
    plain = water_and_fat(Tissue.MARROW, replace(T2_FS, fat_kept=1.0))
    saturated = water_and_fat(Tissue.MARROW, T2_FS)
    assert saturated[0] == plain[0]
    assert saturated[1] == pytest.approx(0.06 * plain[1], abs=1e-6)


def test_type_2_need_not_be_suppressed() -> None:
    """The unsuppressed type 2 is bright on T1 and about as bright as marrow on STIR."""
    kept = Tissue.MODIC_2_KEPT
    assert level(kept, T1) > 1.15 * level(Tissue.MARROW, T1)
    assert level(kept, STIR) == pytest.approx(level(Tissue.MARROW, STIR), rel=0.25)
    assert level(Tissue.MODIC_2, STIR) < 0.4 * level(Tissue.MARROW, STIR)


def test_fat_is_misplaced_by_its_chemical_shift() -> None:
    """3.4 ppm at 1.5 T are 217 Hz; the shift in pixels falls with the bandwidth."""
    assert shift_pixels(1.5, 217.1376) == pytest.approx(1.0, abs=1e-6)
    assert shift_pixels(0.3, 217.1376) == pytest.approx(0.2, abs=1e-6)
