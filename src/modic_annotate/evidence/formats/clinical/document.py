"""The clinical document as a whole: head, readings, key images, criteria, digests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable

from modic_annotate.domain.determination import ROLL_UP_WORDS
from modic_annotate.evidence import document as doc
from modic_annotate.evidence.contents import Contents
from modic_annotate.evidence.document import Profile
from modic_annotate.evidence.formats.clinical import look
from modic_annotate.evidence.formats.clinical.criteria import criteria_section
from modic_annotate.evidence.formats.clinical.images import images_section, pictures_of
from modic_annotate.evidence.formats.clinical.reading import reading_section
from modic_annotate.evidence.pdf import sheet
from modic_annotate.evidence.pdf.png import Png
from modic_annotate.evidence.pdf.writing import Layout, pdf_bytes
from modic_annotate.evidence.signed import in_use
from modic_annotate.evidence.wording import DASH, INTEGRITY_ONLY, NOT_A_DIAGNOSIS

TITLE = "Modic changes as read, and criteria as recorded"
NO_REPORT = f"{NOT_A_DIAGNOSIS} What a reader recorded, endplate by endplate; no radiology report."
FOOT_PT = 6.5


def plan(contents: Contents) -> dict[str, Callable[[], bytes]]:
    """Return the document."""
    return {doc.CLINICAL: partial(clinical_pdf, contents)}


def clinical_pdf(contents: Contents) -> bytes:
    """Return the document; the same package gives the same bytes.

    Raises
    ------
    InvalidRecordError
        A record or a picture of the package is unsound.
    ExportError
        A text is too long for a page.
    """
    pictures = pictures_of(contents)
    return pdf_bytes(
        lambda: _parts(contents, pictures),
        Layout(TITLE, look.MARGIN, partial(_foot, *_foot_lines(contents))),
        tuple(pictures.values()),
    )


def _parts(contents: Contents, pictures: dict[str, Png]) -> Iterator[Flowable]:
    yield from _head(contents)
    readings = in_use(contents.signed)
    for one in readings:
        yield from reading_section(one)
    if not readings:
        yield look.line("No signed reading is linked to this record.")
    for one in readings:
        yield from images_section(contents, one.reading.reading_id, pictures)
    yield from criteria_section(contents)
    yield from _digests(contents)


def _head(contents: Contents) -> Iterator[Flowable]:
    package, record = contents.document, contents.screening
    yield sheet.words(TITLE, 16)
    yield look.line(NO_REPORT)
    if package.synthetic:
        yield look.banner("SYNTHETIC RECORD, made up for demonstration; it describes no patient.")
    scanned = [mri.study_date.isoformat() for mri in record.mri if mri.study_date]
    yield look.facts(
        [
            ("Case", f"{package.record_id}, revision {package.revision}"),
            ("Trial, subject", f"{package.trial_id}, {record.subject.subject_id}"),
            ("MRI of", ", ".join(scanned) or DASH),
            ("As of", f"{package.as_of.isoformat()}{_shifted(contents)}"),
            ("Criteria set", f"{package.criteria_id}, version {package.criteria_version}"),
            ("Result", ROLL_UP_WORDS[contents.determination.roll_up]),
        ]
    )


def _shifted(contents: Contents) -> str:
    return " (no true dates here)" if contents.document.profile == Profile.TRIAL else ""


def _digests(contents: Contents) -> Iterator[Flowable]:
    package = contents.document
    yield from look.small_heading("Files of the package this rests on, by sha256")
    superseded = sorted(
        {one.reading.reading_id for one in contents.signed}
        - {one.reading.reading_id for one in in_use(contents.signed)}
    )
    if superseded:
        yield look.line(f"Superseded, in the package and not used: {', '.join(superseded)}")
    for one in package.inputs:
        yield look.small(f"{one.document}: {one.sha256}")
    yield look.small(
        f"Made by {package.tool.name} {package.tool.version}, evaluator semantics "
        f"{package.semantics}. {INTEGRITY_ONLY}"
    )


def _foot_lines(contents: Contents) -> tuple[str, str]:
    """Return what stands at the foot of every page: the case, and what the readings are."""
    package = contents.document
    kind = "keyed digest" if package.profile == Profile.TRIAL else "sha256"
    signed = [
        f"{one.reading.reading_id} {kind} {one.signature.reading_sha256}"
        for one in in_use(contents.signed)
    ]
    case = f"Case {package.record_id}, {package.criteria_id}, as of {package.as_of.isoformat()}"
    return (
        f"{case}. {NOT_A_DIAGNOSIS}",
        f"{package.tool.name} {package.tool.version}. "
        + (signed[0] if len(signed) == 1 else f"{len(signed)} readings, digests on the last page"),
    )


def _foot(upper: str, lower: str, canvas: Canvas, page: int, total: int) -> None:
    canvas.setFont(sheet.font(), FOOT_PT)
    width = sheet.PAGE[0]
    canvas.drawString(look.MARGIN, look.MARGIN * 0.62, sheet.drawable(upper))
    canvas.drawString(look.MARGIN, look.MARGIN * 0.62 - FOOT_PT * 1.35, sheet.drawable(lower))
    canvas.drawRightString(width - look.MARGIN, look.MARGIN * 0.62, f"Page {page} of {total}")
