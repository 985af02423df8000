"""How values are said to people; the values themselves stay what they are."""

from __future__ import annotations

from modic_annotate.domain.finding import Finding
from modic_annotate.domain.numbering import (
    Castellvi,
    Numbering,
    NumberingConfidence,
    NumberingMethod,
    TransitionalVariant,
)
from modic_annotate.domain.reading import SignatureClass
from modic_annotate.domain.series import Acquisition, SeriesUsed
from modic_annotate.domain.technique import contrast_words

NOT_A_DIAGNOSIS = "For research and evidence documentation, not diagnosis."

INTEGRITY_ONLY = (
    "Without a root digest from an independent source this shows integrity, not authenticity: "
    "that nothing changed since the package was made, not who made it."
)

RESULT_ONLY = (
    "The result says what the recorded data satisfy. It is no statement on treatment or on its "
    "outcome, and no radiology report."
)

PICTURES_EXPLAINED = (
    "Drawn from the stored pixels and the reader's marks; anterior is at the left, head up. Solid "
    "line: type 1; dashed: type 2; dotted: type 3; a mixed change has one part of the line for "
    "each type, predominant type in front. Rings: measured points."
)

DASH = "\N{EN DASH}"
"""Stands where nothing was recorded."""

METHOD_WORDS = {
    NumberingMethod.WHOLE_SPINE_COUNT_C2: "counted down from C2",
    NumberingMethod.THORACOLUMBAR_RIB: "counted from the last rib-bearing body",
    NumberingMethod.L5_NERVE_MORPHOLOGY: "by the course of the L5 nerve",
    NumberingMethod.ILIOLUMBAR_LIGAMENT: "by the iliolumbar ligament",
    NumberingMethod.ASSUMED_FROM_SACRUM: "counted up from the sacrum",
    NumberingMethod.EXTERNAL_REPORT: "taken from a report",
}

CONFIDENCE_WORDS = {
    NumberingConfidence.DEFINITE: "definite",
    NumberingConfidence.PROBABLE: "probable",
    NumberingConfidence.UNCERTAIN: "uncertain",
}

SIGNATURE_WORDS = {
    SignatureClass.ATTESTATION: "attestation: name and meaning, without a passphrase",
    SignatureClass.ELECTRONIC: "electronic: confirmed with the signer's passphrase",
    SignatureClass.SCRIPTED_DEMO: "scripted demonstration: made from a file, by no person",
}

VARIANT_WORDS = {
    TransitionalVariant.SACRALISED_L5: "a sacralised L5",
    TransitionalVariant.LUMBARISED_S1: "a lumbarised S1",
    TransitionalVariant.INDETERMINATE: "a transitional body of indeterminate kind",
}


def plain(value: str | None) -> str:
    """Return a stored value as words: underscores become blanks, nothing becomes a dash."""
    return value.replace("_", " ") if value else DASH


def number(value: float) -> str:
    """Return a number without needless zeros."""
    return f"{value:.1f}".removesuffix(".0")


def technique(series: SeriesUsed) -> str:
    """Return the true technique of a series, e.g. ``T1, no fat suppression``."""
    return contrast_words(series)


def timing(acquisition: Acquisition) -> str:
    """Return the sequence times that make the contrast, e.g. ``TR 462 TE 25 ms``."""
    times = (
        ("TR", acquisition.repetition_time_ms),
        ("TE", acquisition.echo_time_ms),
        ("TI", acquisition.inversion_time_ms),
    )
    stated = " ".join(f"{name} {number(value)}" for name, value in times if value)
    return f"{stated} ms" if stated else "times not stated"


def numbering_words(numbering: Numbering) -> str:
    """Say in short how the levels were counted and how surely."""
    method = METHOD_WORDS[numbering.method] if numbering.method else "counted in a way not stated"
    sure = CONFIDENCE_WORDS[numbering.confidence] if numbering.confidence else "not stated"
    return f"levels {method}, confidence {sure}"


def numbering_sentence(numbering: Numbering) -> str:
    """Say in one sentence how the levels were counted, how many and how surely."""
    count = numbering.lumbar_count or "an unstated number of"
    sentence = (
        f"{numbering_words(numbering)}, {count} lumbar-type bodies, {_transition(numbering)}."
    )
    return sentence[0].upper() + sentence[1:]


def _transition(numbering: Numbering) -> str:
    castellvi, variant = numbering.lstv_castellvi, numbering.lstv_variant
    grade = f" (Castellvi {plain(castellvi)})" if castellvi else ""
    if variant in VARIANT_WORDS:
        return f"{VARIANT_WORDS[variant]}{grade}"
    if castellvi == Castellvi.NOT_ASSESSABLE:
        return "transitional anatomy could not be assessed"
    if castellvi in (None, Castellvi.NONE):
        stated = castellvi is not None or variant is not None
        return "no transitional features" if stated else "transitional anatomy was not stated"
    return f"transitional features{grade}"


def grade_words(finding: Finding | None) -> str:
    """Return the grade of an endplate, ``not read`` where there is none."""
    return finding.words if finding else "not read"
