"""What is said to people, word for word."""

from __future__ import annotations

import pytest

from modic_annotate.domain.numbering import Numbering
from modic_annotate.domain.series import Acquisition, SeriesUsed
from modic_annotate.evidence.wording import numbering_sentence, plain, technique, timing


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        (
            {},
            "Levels counted in a way not stated, confidence not stated, an unstated number of "
            "lumbar-type bodies, transitional anatomy was not stated.",
        ),
        (
            {
                "method": "whole_spine_count_C2",
                "confidence": "definite",
                "lumbar_count": 6,
                "lstv_castellvi": "IIIa",
                "lstv_variant": "lumbarised_S1",
            },
            "Levels counted down from C2, confidence definite, 6 lumbar-type bodies, "
            "a lumbarised S1 (Castellvi IIIa).",
        ),
        (
            {
                "method": "external_report",
                "confidence": "uncertain",
                "lumbar_count": 5,
                "lstv_castellvi": "not_assessable",
            },
            "Levels taken from a report, confidence uncertain, 5 lumbar-type bodies, "
            "transitional anatomy could not be assessed.",
        ),
        (
            {"lumbar_count": 4, "lstv_castellvi": "present_ungraded", "lstv_variant": "none"},
            "Levels counted in a way not stated, confidence not stated, 4 lumbar-type bodies, "
            "transitional features (Castellvi present ungraded).",
        ),
        (
            {"lumbar_count": 5, "lstv_castellvi": "none", "lstv_variant": "none"},
            "Levels counted in a way not stated, confidence not stated, 5 lumbar-type bodies, "
            "no transitional features.",
        ),
    ],
)
def test_numbering_is_one_sentence(fields: dict[str, object], sentence: str) -> None:
    """Method, confidence, count and transitional anatomy; what was not stated says so."""
    assert numbering_sentence(Numbering(**fields)) == sentence


@pytest.mark.parametrize(
    ("weighting", "fat", "words"),
    [
        ("T1", "none", "T1, no fat suppression"),
        ("T1", "water", "T1, Dixon water"),
        ("T2", "STIR", "STIR"),
        ("unknown", "unknown", "weighting not stated, fat suppression not stated"),
        ("other", "FS", "other weighting, fat-suppressed"),
    ],
)
def test_the_true_technique_is_named(
    any_series: SeriesUsed, weighting: str, fat: str, words: str
) -> None:
    """A slot never stands for a technique."""
    assert technique(any_series.replace(weighting=weighting, fat=fat)) == words


def test_an_agent_that_was_given_is_named(any_series: SeriesUsed) -> None:
    """A series after a contrast agent says so wherever its technique stands."""
    acquired = any_series.acquisition.replace(contrast_agent=True)
    given = any_series.replace(weighting="T2", fat="none", acquisition=acquired)
    assert technique(given) == "T2, no fat suppression, after contrast agent"


def test_times_that_are_not_stated_say_so() -> None:
    """Zero inversion time on a spin echo is not stated as one."""
    assert timing(Acquisition()) == "times not stated"
    acquisition = Acquisition(repetition_time_ms=462.0, echo_time_ms=25.04, inversion_time_ms=0.0)
    assert timing(acquisition) == "TR 462 TE 25 ms"


def test_nothing_is_a_dash() -> None:
    """Not recorded is shown, never left blank."""
    assert plain(None) == "\N{EN DASH}"
    assert plain("irregular_intact") == "irregular intact"
