"""Roles and techniques from numbers first, words second, and never without evidence."""

from __future__ import annotations

from dataclasses import replace

import pytest

from modic_annotate.domain.series import FatTechnique, SeriesRole
from modic_annotate.imaging.roles.judging import role_of
from modic_annotate.imaging.roles.words import words_of
from tests.imaging.role_headers import AXIAL, CORONAL, SILENT, header, judged


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        # plain spin echo, 0.3 to 3 T
        ({"tr": 462, "te": 25, "ti": 0}, ("SAG_T1", "T1", "none")),
        ({"tr": 750, "te": 9}, ("SAG_T1", "T1", "none")),
        ({"tr": 3500, "te": 100}, ("SAG_T2", "T2", "none")),
        ({"tr": 1500, "te": 130, "train": 60}, ("SAG_T2", "T2", "none")),
        ({"tr": 2500, "te": 20}, ("OTHER", "PD", "none")),
        ({"tr": 2500, "te": 52}, ("OTHER", "unknown", "none")),
        ({"tr": 1200, "te": 15}, ("OTHER", "unknown", "none")),
        ({"tr": 600, "te": 15, "orientation": AXIAL}, ("AX_T1", "T1", "none")),
        ({"tr": 4000, "te": 95, "orientation": AXIAL}, ("AX_T2", "T2", "none")),
        ({"tr": 4000, "te": 95, "orientation": CORONAL}, ("OTHER", "T2", "none")),
        # inversion
        ({"tr": 3320, "te": 80, "ti": 110, "sequence": "IR"}, ("SAG_FS", "T2", "STIR")),
        ({"tr": 4000, "te": 25, "ti": 220, "sequence": "SE\\IR"}, ("SAG_FS", "T2", "STIR")),
        ({"tr": 2000, "te": 9, "ti": 860, "sequence": "SE\\IR"}, ("SAG_T1", "T1", "none")),
        ({"tr": 9000, "te": 110, "ti": 2500, "sequence": "IR"}, ("OTHER", "other", "none")),
        ({"tr": 4000, "te": 60, "sequence": "IR"}, ("OTHER", "T2", "unknown")),
        ({"tr": 4000, "te": 60, "sequence": "IR", "words": "STIR"}, ("SAG_FS", "T2", "STIR")),
        ({"tr": 4000, "te": 60, "ti": 160}, ("OTHER", "T2", "unknown")),
        ({"tr": 4000, "te": 60, "ti": 160, "sequence": None}, ("SAG_FS", "T2", "STIR")),
        # fat saturation
        ({"tr": 600, "te": 12, "options": "FS"}, ("OTHER", "T1", "FS")),
        ({"tr": 600, "te": 12, "options": "SP\\FC"}, ("SAG_T1", "T1", "none")),
        ({"tr": 4000, "te": 80, "options": "FC\\FS"}, ("SAG_FS", "T2", "FS")),
        ({"tr": 2500, "te": 30, "options": "FS"}, ("SAG_FS", "PD", "FS")),
        ({"tr": 4000, "te": 80, "options": "FS", "orientation": AXIAL}, ("OTHER", "T2", "FS")),
        # Dixon parts by image type
        ({"tr": 600, "te": 12, "kinds": ("M", "W")}, ("OTHER", "T1", "water")),
        ({"tr": 600, "te": 12, "kinds": ("IP",)}, ("SAG_T1", "T1", "in_phase")),
        ({"tr": 600, "te": 12, "kinds": ("OP",)}, ("OTHER", "T1", "opposed")),
        ({"tr": 600, "te": 12, "kinds": ("F",)}, ("OTHER", "T1", "fat")),
        ({"tr": 3500, "te": 90, "kinds": ("WATER",)}, ("SAG_FS", "T2", "water")),
        ({"tr": 3500, "te": 90, "kinds": ("FAT",)}, ("OTHER", "T2", "fat")),
        ({"tr": 3500, "te": 90, "kinds": ("IN_PHASE",)}, ("SAG_T2", "T2", "in_phase")),
        # gradient echo and others
        ({"tr": 300, "te": 5, "flip": 70, "sequence": "GR"}, ("SAG_T1", "T1", "none")),
        ({"tr": 500, "te": 18, "flip": 30, "sequence": "GR"}, ("OTHER", "other", "none")),
        ({"tr": 8, "te": 4, "flip": 20, "sequence": "GR"}, ("OTHER", "unknown", "none")),
        ({"tr": 4000, "te": 80, "sequence": "EP"}, ("OTHER", "other", "none")),
        ({"tr": 3500, "te": 90, "kinds": ("T2 MAP",)}, ("OTHER", "other", "none")),
        # nothing known
        ({"sequence": None, "options": None}, ("OTHER", "unknown", "unknown")),
        ({"tr": 500, "te": 12, "sequence": None, "options": None}, ("OTHER", "T1", "unknown")),
    ],
)
def test_numbers_give_role_and_technique(facts, expected) -> None:
    """Timing, sequence, options and image type decide without a word."""
    assert judged(**facts) == expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("T1 SAG", ("SAG_T1", "T1", "none")),
        ("sag t1_tse", ("SAG_T1", "T1", "none")),
        ("t1_tse_sag_320", ("SAG_T1", "T1", "none")),
        ("sT1W_TSE", ("SAG_T1", "T1", "none")),
        ("SagT1", ("SAG_T1", "T1", "none")),
        ("SAG T1 FLAIR", ("SAG_T1", "T1", "none")),
        ("Sag T2 FRFSE-XL", ("SAG_T2", "T2", "none")),
        ("T2W_TSE", ("SAG_T2", "T2", "none")),
        ("SAG T2 T1-T6", ("SAG_T2", "T2", "none")),
        ("t2 sag C2 - T1", ("SAG_T2", "T2", "none")),
        ("SAG T2 non-fat sat", ("SAG_T2", "T2", "none")),
        ("SAG T2 WITHOUT FS", ("SAG_T2", "T2", "none")),
        ("STIR SAG", ("SAG_FS", "T2", "STIR")),
        ("STIR_longTE", ("SAG_FS", "T2", "STIR")),
        ("t2_tirm_sag", ("SAG_FS", "T2", "STIR")),
        ("SAG T2 FS", ("SAG_FS", "T2", "FS")),
        ("sag T2FS", ("SAG_FS", "T2", "FS")),
        ("t2_tse_fs_sag", ("SAG_FS", "T2", "FS")),
        ("T2W_SPAIR", ("SAG_FS", "T2", "FS")),
        ("SAG PD FATSAT", ("SAG_FS", "PD", "FS")),
        ("pd_tse_fs", ("SAG_FS", "PD", "FS")),
        ("SAG PD", ("OTHER", "PD", "none")),
        ("SAG T1 FS", ("OTHER", "T1", "FS")),
        ("T1 FAT-SAT SAG", ("OTHER", "T1", "FS")),
        ("T1 pre FS sag", ("OTHER", "T1", "FS")),
        ("t1_tse_dixon_sag_W", ("OTHER", "T1", "water")),
        ("t2_tse_dixon_sag_W", ("SAG_FS", "T2", "water")),
        ("t2_tse_dixon_sag_in", ("SAG_T2", "T2", "in_phase")),
        ("t2_tse_dixon_sag_opp", ("OTHER", "T2", "opposed")),
        ("t2_tse_dixon_sag_F", ("OTHER", "T2", "fat")),
        ("t2_mDIXON_sag", ("OTHER", "T2", "unknown")),
        ("WATER: Sag T2 IDEAL", ("SAG_FS", "T2", "water")),
        ("InPhase: Sag T1 Flex", ("SAG_T1", "T1", "in_phase")),
        ("FAT: Sag T2 IDEAL", ("OTHER", "T2", "fat")),
        ("SAG T1 POST GAD", ("OTHER", "T1", "none")),
        ("T1 W mDIXON in", ("SAG_T1", "T1", "in_phase")),
        ("T1W mDIXON-W", ("OTHER", "T1", "water")),
        ("SAG T1 FS +C", ("OTHER", "T1", "FS")),
        ("SAG T1 C+", ("OTHER", "T1", "none")),
        ("SAG T2 C+T SPINE", ("SAG_T2", "T2", "none")),
        ("T1 sag nach KM", ("OTHER", "T1", "none")),
        ("T1 sag o. KM", ("SAG_T1", "T1", "none")),
        ("SAG T1 PRE CONTRAST", ("SAG_T1", "T1", "none")),
        ("SAG T1 W/O CONTRAST", ("SAG_T1", "T1", "none")),
        ("SAG T1 post op", ("SAG_T1", "T1", "none")),
        ("T1 localizer", ("OTHER", "T1", "none")),
        ("Survey T2", ("OTHER", "T2", "none")),
        ("SAG T2* GRE", ("OTHER", "other", "none")),
        ("t2_me2d medic", ("OTHER", "other", "none")),
        ("T2 mapping sag", ("OTHER", "other", "none")),
        ("DWI b800", ("OTHER", "other", "none")),
        ("MRI LUMBAR SPINE T12 L1", ("OTHER", "unknown", "unknown")),
        ("lumbar", ("OTHER", "unknown", "unknown")),
    ],
)
def test_words_decide_where_numbers_are_silent(words, expected) -> None:
    """Descriptions as scanners of several makers write them."""
    assert judged(words=words, sequence=None, options=None) == expected


def test_evidence_says_what_was_read() -> None:
    """Numbers with their units, and the words with their place."""
    found = role_of(header("Sag T1", tr=462, te=25, ti=0, train=3))
    assert found.evidence == (
        "TR 462 ms", "TE 25 ms", "sequence SE", "echo train 3", "description 'T1'",
    )  # fmt: skip
    protocol = role_of(replace(header(sequence=None), protocol_name="STIR SAG"))
    assert protocol.evidence == ("protocol 'STIR'",)


@pytest.mark.parametrize(
    ("facts", "expected", "conflict"),
    [
        ({"words": "T2 SAG", "tr": 500, "te": 12}, ("SAG_T1", "T1", "none"), "says T2"),
        ({"words": "T1 SAG", "tr": 3500, "te": 100}, ("SAG_T2", "T2", "none"), "says T1"),
        ({"words": "STIR", "tr": 462, "te": 25}, ("SAG_T1", "T1", "none"), "says STIR"),
        (
            {"words": "T1", "tr": 3320, "te": 80, "ti": 110, "sequence": "IR"},
            ("SAG_FS", "T2", "STIR"),
            "says T1",
        ),
    ],
)
def test_numbers_outrank_words_and_say_so(facts, expected, conflict) -> None:
    """A misnamed series follows its numbers, with the conflict listed and low confidence."""
    found = role_of(header(**facts))
    assert (found.role, found.weighting, found.fat) == expected
    assert found.confidence == "low"
    assert {problem.code for problem in found.problems} == {"role_conflict"}
    assert conflict in " ".join(problem.message for problem in found.problems)
    assert not any(problem.blocking for problem in found.problems)


@pytest.mark.parametrize(
    "facts",
    [
        {"words": "STIR", "tr": 4000, "te": 40, "sequence": "SE"},
        {"words": "SAG T2 SPAIR", "tr": 4000, "te": 80, "options": "FS"},
        {"words": "T2 STIR", "tr": 4000, "te": 60, "ti": 160},
        {"words": "t2 dixon", "tr": 4000, "te": 80, "kinds": ("W",)},
    ],
)
def test_words_that_add_to_numbers_are_no_conflict(facts) -> None:
    """Words may name what the numbers leave open."""
    found = role_of(header(**facts))
    assert found.role is SeriesRole.SAG_FS
    assert not found.problems


def test_stated_fat_saturation_without_inversion_is_not_stir() -> None:
    """Spectral saturation on a plain spin echo is FS, though the words say STIR."""
    found = role_of(header("STIR", tr=4000, te=60, options="FS"))
    assert (found.role, found.fat) == (SeriesRole.SAG_FS, FatTechnique.FS)
    assert found.problems
    with_inversion = role_of(header("STIR", tr=4000, te=60, ti=160, options="FS"))
    assert with_inversion.fat is FatTechnique.STIR


def test_contrast_never_fills_a_slot() -> None:
    """With an agent stated, T1 with or without fat suppression is OTHER, and says why."""
    for options in ("", "FS"):
        found = role_of(header(tr=500, te=12, agent=True, options=options))
        assert found.role is SeriesRole.OTHER
        assert "contrast agent stated" in found.evidence
    assert role_of(header(tr=500, te=12, agent=False)).role is SeriesRole.SAG_T1


def test_confidence_tells_what_the_role_rests_on() -> None:
    """Numbers with words, numbers alone, words alone, nothing."""
    assert role_of(header("T1", tr=500, te=12)).confidence == "high"
    assert role_of(header(tr=500, te=12)).confidence == "moderate"
    assert role_of(header("T1", sequence=None)).confidence == "low"
    assert role_of(header(sequence=None)).confidence == "none"


def test_the_first_field_that_speaks_counts() -> None:
    """Description before protocol before sequence name."""
    found = words_of(replace(SILENT, description="x", protocol_name="T2", sequence_name="T1"))
    assert (found.weighting, found.weighting_evidence) == ("T2", "protocol 'T2'")
