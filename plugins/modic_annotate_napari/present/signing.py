"""What the sign step says before and after the signature."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from modic_annotate.domain.finding import Finding
from modic_annotate.domain.modic import Presence
from modic_annotate.domain.reading import SignatureClass
from modic_annotate.session.draft import SeriesKey
from modic_annotate.session.values import value_words
from modic_annotate_napari import theme
from modic_annotate_napari.case import Case
from modic_annotate_napari.desk.desk import Desk
from modic_annotate_napari.desk.letters import NUMBERING, words_of
from modic_annotate_napari.present.review import finding_words
from modic_annotate_napari.present.technique import technique
from modic_annotate_napari.steps.series import listed
from modic_annotate_napari.widgets.sign_sheet import AGAINST, MISSING, Line

CLASS_WORDS = {
    SignatureClass.ATTESTATION: "attestation",
    SignatureClass.ELECTRONIC: "electronic, by passphrase",
    SignatureClass.SCRIPTED_DEMO: "scripted demonstration: made through an acts file",
}


def local_time() -> str:
    """Return the wall clock with its offset, as it is shown when signing."""
    return datetime.now().astimezone().isoformat(sep=" ", timespec="minutes")


def page(desk: Desk, case: Case) -> tuple[Line, ...]:
    """Return what is about to be signed, in words; what is missing stands out."""
    session = desk.session
    plain: list[tuple[str, str]] = [
        ("Case", case.record_id),
        ("Reader", _reader(case)),
        ("Protocol", f"{session.protocol.id} {session.protocol.version}"),
        ("Numbering", _numbering(desk)),
        *_findings(desk),
        ("Images seen", _coverage(desk)),
        *_quality(desk),
    ]
    missing = [(MISSING, text, theme.WARNING) for text in session.missing()]
    against = [(AGAINST, text, theme.WARNING) for text in session.contradictions()]
    closing = [
        ("Meaning", desk.meaning, theme.TEXT),
        ("Time", local_time(), theme.TEXT),
        ("", "", theme.TEXT),
        ("", "Enter signs; the reading is final from there.", theme.STRONG),
    ]
    return (
        *((title, words, theme.TEXT) for title, words in plain),
        *missing,
        *against,
        *closing,
    )


def _reader(case: Case) -> str:
    reader = case.reader
    return ", ".join(filter(None, (reader.display_name or reader.id, reader.title, reader.role)))


def _numbering(desk: Desk) -> str:
    numbering = desk.session.state.numbering
    parts = [
        f"{words_of(NUMBERING[field], value)}"
        for field in ("method", "confidence")
        if (value := getattr(numbering, field)) is not None
    ]
    lumbar = sum(v.startswith("L") for v in desk.session.state.order)
    castellvi = numbering.lstv_castellvi
    anatomy = "no transitional features" if castellvi == "none" else f"Castellvi {castellvi}"
    return ", ".join([*parts, f"{lumbar} lumbar bodies", anatomy])


def _findings(desk: Desk) -> Iterator[tuple[str, str]]:
    found = list(desk.session.state.findings.values())
    for finding in found:
        if finding.modic == Presence.PRESENT:
            words = ", ".join((finding.words, *finding_words(finding)))
            yield finding.endplate.words, words
    for title, names in (
        ("None seen", [f for f in found if f.modic == Presence.ABSENT]),
        ("Cannot be read", [f for f in found if f.is_read and f.modic == Presence.INDETERMINATE]),
        ("Not read", [f for f in found if not f.is_read]),
    ):
        if names:
            yield title, _short(names)


def _short(found: list[Finding]) -> str:
    return ", ".join(f.endplate.short for f in found)


def _quality(desk: Desk) -> Iterator[tuple[str, str]]:
    """Tell how good the rated series are, with the reasons where one is less than diagnostic."""
    parts = []
    for used in listed(desk.session):
        rated = desk.session.state.quality.get(SeriesKey(used.series_uid, used.stack))
        if rated is not None and rated.rating is not None:
            why = f" ({', '.join(rated.reasons)})" if rated.reasons else ""
            parts.append(f"{technique(used)} {value_words('quality', rated.rating)}{why}")
    if parts:
        yield "Image quality", "; ".join(parts)


def _coverage(desk: Desk) -> str:
    session = desk.session
    return ", ".join(
        f"{role.value.replace('_', ' ')} {session.coverage_percent(role):.0f} %"
        for role in session.protocol.coverage_roles
        if session.series_in(role) is not None
    )


def after(desk: Desk, case: Case) -> tuple[Line, ...]:
    """Return where the signed reading lies, its digest and what its signature is."""
    sealed = case.sealed(desk.session.journal.header.reading_id)
    if sealed is None:
        return (
            (
                "",
                "The reading is signed; its files are written when it is opened again.",
                theme.WARNING,
            ),
        )
    link, signature = sealed
    key = next(iter(desk.keymap.keys_of("wording")), "")
    words = (
        ("Case", case.record_id),
        ("Reading", link.reading_id),
        ("Signed by", _reader(case)),
        ("Meaning", signature.meaning),
        ("Local time", signature.local_time.replace("T", " ")),
        ("Signature", CLASS_WORDS[signature.signature_class]),
        ("Lies at", link.path),
        ("SHA-256", link.sha256),
        *([("For a report", f"{key} copies this reading in words")] if key else []),
    )
    return tuple((title, text, theme.TEXT) for title, text in words)


def shown(desk: Desk, case: Case) -> tuple[str, tuple[Line, ...]]:
    """Return the heading and the lines of the page, before or after the signature."""
    if desk.session.state.signed:
        return "Signed", after(desk, case)
    return "Sign this reading", page(desk, case)
