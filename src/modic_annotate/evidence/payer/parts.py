"""The sections of the payer's document that are written from the record and the readings."""

from __future__ import annotations

import io
from collections.abc import Iterator

from PIL import Image as Picture
from reportlab.lib.units import inch
from reportlab.platypus import Flowable, Image, PageBreak

from modic_annotate.domain.determination import CriterionKind, Outcome
from modic_annotate.domain.finding import Finding
from modic_annotate.domain.modic import Presence
from modic_annotate.domain.screening import CareEpisode, Recorded
from modic_annotate.evidence.contents import Contents, ShownImage
from modic_annotate.evidence.formats.summary_endplates import CATEGORY_WORDS
from modic_annotate.evidence.payer.identity import Identity
from modic_annotate.evidence.pdf import sheet
from modic_annotate.evidence.pdf.images import by_endplate, marked, said_of
from modic_annotate.evidence.signed import SignedReading, in_use
from modic_annotate.evidence.wording import DASH, numbering_sentence, plain, technique

READ_NOTE = (
    "This is a structured annotation by a reader, made for documentation. It is not a diagnostic "
    "report; the radiologist's report follows it, complete and unchanged."
)
PICTURE_WIDTH = 3.3 * inch
SPINE_WIDTH = 4.1 * inch


def cover(contents: Contents, who: Identity, follows: tuple[str, ...]) -> Iterator[Flowable]:
    """Yield whom it is about, what is planned, what is recorded as met, and what follows."""
    record, package = contents.screening, contents.document
    planned, rules = record.plan.planned_bodies.value, contents.criteria
    scanned = [m.study_date.isoformat() for m in record.mri if m.study_date]
    facts = [
        ("Person", who.line),
        *([("Member id", who.member_id)] if who.member_id and who.birth_date else []),
        *([("To", who.payer)] if who.payer else []),
        *([("From", who.site)] if who.site else []),
        ("Case", record.record_id),
        ("As of", package.as_of.isoformat()),
        ("Planned bodies", ", ".join(planned) if planned else DASH),
        ("MRI of", ", ".join(scanned) or DASH),
        ("Rules", f"{rules.title} ({rules.id} {rules.version})"),
    ]
    yield sheet.words("Documentation for basivertebral nerve ablation", 18)
    if package.synthetic:
        yield sheet.words("SYNTHETIC RECORD AND IMAGES, for demonstration", 12)
    yield sheet.gap()
    yield sheet.table(("", ""), facts, (0.22, 0.78))
    yield from _met(contents)
    yield sheet.heading("In this document")
    for line in follows:
        yield sheet.words(line)
    yield sheet.gap()
    yield sheet.words(
        "Statements say what is recorded; they are no medical advice and no decision on coverage."
    )


def _met(contents: Contents) -> Iterator[Flowable]:
    rows = contents.determination.outcomes
    shown = [row for row in rows if row.outcome == Outcome.MET]
    if shown:
        yield sheet.heading("Recorded as met")
        yield sheet.table(
            ("Criterion", "As recorded", "Rests on"),
            [
                (
                    row.title,
                    "absent" if row.kind == CriterionKind.EXCLUSION else "met",
                    row.comparison,
                )
                for row in shown
            ],
            (0.42, 0.14, 0.44),
        )
        yield sheet.words(f"{len(shown)} of {len(rows)} rows of the rules are shown.")


def reading(contents: Contents, who: Identity) -> Iterator[Flowable]:
    """Yield each reading in use: who read, how levels were counted, every endplate."""
    for number, one in enumerate(in_use(contents.signed)):
        if number:
            yield PageBreak()
        yield sheet.words("Reading of the MRI", 16)
        yield sheet.words(READ_NOTE)
        yield sheet.gap()
        yield sheet.words(_signed_by(one, who))
        yield sheet.words(numbering_sentence(one.reading.numbering))
        used = "; ".join(f"{plain(s.role)}: {technique(s)}" for s in one.reading.series)
        yield sheet.words(f"Sequences reviewed: {used}")
        yield sheet.gap()
        yield sheet.table(
            ("Endplate", "Modic change", "T1", "T2", "Extent", "Cause"),
            [_endplate(finding) for finding in one.reading.findings],
            (0.17, 0.17, 0.1, 0.1, 0.3, 0.16),
        )


def _signed_by(one: SignedReading, who: Identity) -> str:
    named = who.readers.get(one.signature.reader_id)
    name = named.name if named else one.signature.reader_id
    title = f", {named.title}" if named and named.title else ""
    return f"Read and signed by {name}{title} on {one.signature.signed_at.date().isoformat()}"


def _extent(finding: Finding) -> str:
    """Return height and front-to-back extent in short, as measured or by category."""
    said = []
    for name, percent, category in (
        ("height", finding.height_percent, finding.height_category),
        ("front to back", finding.ap_percent, finding.ap_category),
    ):
        if percent is not None:
            said.append(f"{name} {percent:.0f}\N{NO-BREAK SPACE}%")
        elif category is not None:
            said.append(f"{name} {CATEGORY_WORDS[category]}")
    return "; ".join(said) or DASH


def _endplate(finding: Finding) -> tuple[str, ...]:
    change = finding.modic == Presence.PRESENT
    return (
        finding.endplate.words.removesuffix(" endplate"),
        finding.words,
        plain(finding.t1_signal) if change else DASH,
        plain(finding.t2_signal) if change else DASH,
        _extent(finding) if change else DASH,
        plain(finding.attribution) if change else DASH,
    )


def pictures(contents: Contents) -> Iterator[Flowable]:
    """Yield the labelled key images, the whole spine first, those of an endplate side by side."""
    groups = by_endplate(contents.key_images)
    whole = [_labelled(one, SPINE_WIDTH) for one in groups.pop(None, [])]
    head = sheet.words("Key images", 16)
    yield sheet.together(head, *whole[0]) if whole else head
    for more in whole[1:]:
        yield sheet.together(*more)
    for endplate, images in groups.items():
        if endplate is not None:
            cells = [_labelled(one, PICTURE_WIDTH) for one in images]
            rows = [cells[i : i + 2] for i in range(0, len(cells), 2)]
            yield sheet.together(sheet.heading(endplate.words), *map(sheet.side_by_side, rows))


def _labelled(one: ShownImage, width: float) -> list[Flowable]:
    """Return a picture with the reader's marks and its words."""
    return [_picture(one.pictures[marked(one)], width), sheet.words(said_of(one))]


def _picture(png: bytes, width: float) -> Image:
    with Picture.open(io.BytesIO(png)) as image:
        height = width * image.height / image.width
    return Image(io.BytesIO(png), width=width, height=height, hAlign="LEFT")


def care(contents: Contents) -> Iterator[Flowable]:
    """Yield the dated timeline of conservative care, and the dated scores."""
    record = contents.screening
    yield sheet.words("Conservative care and scores", 16)
    episodes = sorted(record.care.episodes, key=lambda e: (e.started_on is None, e.started_on))
    if episodes:
        yield sheet.heading("Care, by its beginning")
        yield sheet.table(
            ("From", "To", "Care", "Sessions", "Outcome", "Document"),
            [_episode(one) for one in episodes],
            (0.16, 0.16, 0.22, 0.1, 0.16, 0.2),
        )
    yield sheet.heading("Scores")
    yield sheet.table(
        ("Score", "Value", "Taken on", "Document"), list(_scores(contents)), (0.3, 0.3, 0.2, 0.2)
    )


def _episode(one: CareEpisode) -> tuple[str, ...]:
    return (
        one.started_on.isoformat() if one.started_on else DASH,
        one.ended_on.isoformat() if one.ended_on else DASH,
        plain(one.kind),
        str(one.sessions) if one.sessions is not None else DASH,
        plain(one.outcome),
        one.source_document or DASH,
    )


def _scores(contents: Contents) -> Iterator[tuple[str, ...]]:
    scores, pain = contents.screening.scores, contents.screening.pain
    instrument = plain(scores.pain_instrument) if scores.pain_instrument else "scale not stated"
    rows: tuple[tuple[str, Recorded[float] | Recorded[int], str], ...] = (
        ("Oswestry Disability Index", scores.odi_percent, "%"),
        ("Pain score", scores.pain_score, instrument),
        ("Months of low back pain", pain.low_back_pain_months, "months"),
    )
    for name, recorded, unit in rows:
        if recorded.value is not None:
            day = recorded.observed_on.isoformat() if recorded.observed_on else DASH
            yield name, f"{recorded.value:g} {unit}", day, recorded.source_document or DASH
