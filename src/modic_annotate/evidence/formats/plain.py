"""``plain.html``: for the person concerned, in plain words: what was looked at, what was found.

It gives no advice, predicts nothing, and names nobody. Other findings than Modic changes are left
out, and the page says so.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, partial
from importlib.resources import files
from itertools import groupby

from jinja2 import Environment, StrictUndefined, Template

from modic_annotate.domain.finding import UNREADABLE, Finding
from modic_annotate.domain.modic import Assessment, ExtentCategory, NotAssessableReason, Presence
from modic_annotate.domain.numbering import NumberingConfidence
from modic_annotate.domain.series import SeriesRole
from modic_annotate.domain.spine import Surface
from modic_annotate.evidence import document as doc
from modic_annotate.evidence.contents import Contents
from modic_annotate.evidence.formats.dicom.held import stated_findings
from modic_annotate.evidence.readings_csv import by_reader
from modic_annotate.evidence.signed import SignedReading

EDGES = {Surface.SUPERIOR: "Upper edge", Surface.INFERIOR: "Lower edge"}

WHY = {
    NotAssessableReason.MOTION: "the picture is blurred by movement",
    NotAssessableReason.HARDWARE: "metal in the body hides it",
    NotAssessableReason.FRACTURE: "the bone is broken there",
    NotAssessableReason.FUSED: "the bones have grown together there",
    NotAssessableReason.MISSING_T1: "a set of pictures is missing",
    NotAssessableReason.MISSING_T2: "a set of pictures is missing",
    NotAssessableReason.COVERAGE: "the pictures do not show all of it",
    NotAssessableReason.OTHER: "there was another reason",
}

HEIGHTS = {
    ExtentCategory.ENDPLATE_ONLY: "It is only at the very edge of the bone.",
    ExtentCategory.UNDER_25: "It is less than a quarter as high as the bone.",
    ExtentCategory.FROM_25_TO_50: "It is a quarter to a half as high as the bone.",
    ExtentCategory.FROM_50: "It is at least half as high as the bone.",
}

SETS = {
    SeriesRole.SAG_T1: "T1 pictures from the side. Fat looks bright on them.",
    SeriesRole.SAG_T2: "T2 pictures from the side. Water and fat look bright on them.",
    SeriesRole.SAG_FS: "Pictures from the side where fat is made dark and water stays bright.",
    SeriesRole.AX_T1: "T1 pictures across the body.",
    SeriesRole.AX_T2: "T2 pictures across the body.",
    SeriesRole.OTHER: "Other pictures.",
}

COUNTS = {
    NumberingConfidence.DEFINITE: "The reader was sure which bone is which.",
    NumberingConfidence.PROBABLE: "The reader was fairly sure which bone is which.",
    NumberingConfidence.UNCERTAIN: "The reader was not sure which bone is which.",
    None: "It was not noted how sure the reader was which bone is which.",
}


@dataclass(frozen=True, slots=True)
class Edge:
    """One endplate in plain words."""

    name: str
    words: str
    changed: bool


@dataclass(frozen=True, slots=True)
class Bone:
    """One vertebra and what was noted of its edges, upper first."""

    name: str
    edges: tuple[Edge, ...]


@dataclass(frozen=True, slots=True)
class PlainReading:
    """One reading in plain words."""

    sets: tuple[str, ...]
    count: str
    summary: str
    bones: tuple[Bone, ...]
    scripted: bool


def plan(contents: Contents) -> dict[str, Callable[[], bytes]]:
    """Return the page."""
    return {doc.PLAIN: partial(plain_html, contents)}


def plain_html(contents: Contents) -> bytes:
    """Return the page as UTF-8 HTML without outside resources."""
    text = _template().render(
        synthetic=contents.document.synthetic,
        readings=[_plain(one) for one in by_reader(contents.signed)],
        picture=_picture(contents),
    )
    return text.encode("utf-8")


def plain_words(finding: Finding) -> str:
    """Say in short sentences what was noted of one endplate."""
    if finding.assessment in UNREADABLE:
        why = WHY.get(finding.assessment_reason) if finding.assessment_reason else None
        outside = finding.assessment == Assessment.OUTSIDE_FOV
        why = "it is not on the pictures" if outside else why
        return f"It could not be judged{f': {why}' if why else ''}."
    if finding.modic == Presence.PRESENT:
        return f"A Modic change was seen, {_kind(finding)}.{_size(finding)}{_limits(finding)}"
    words = {
        Presence.ABSENT: "No Modic change was seen.",
        Presence.INDETERMINATE: "The reader could not tell if there is a Modic change.",
        Presence.NOT_READ: "Nobody has judged this place.",
    }
    return f"{words[finding.modic]}{_limits(finding)}"


def _kind(finding: Finding) -> str:
    if not finding.components:
        return "but its type could not be told"
    first, *rest = (one.modic_type.value for one in finding.components)
    if not rest:
        return f"type {first}"
    if finding.equal_shares:
        second, *others = rest
        less = f", and less of type {' and '.join(others)}" if others else ""
        return f"type {first} and type {second} in equal parts{less}"
    return f"mostly type {first}, with some type {' and '.join(rest)}"


def _size(finding: Finding) -> str:
    category = finding.height_category
    if category is None and finding.height_percent is not None:
        category = ExtentCategory.of_percent(finding.height_percent)
    return f" {HEIGHTS[category]}" if category else ""


def _limits(finding: Finding) -> str:
    limited = finding.assessment == Assessment.LIMITED
    return " It could be judged only in part." if limited else ""


def _plain(signed: SignedReading) -> PlainReading:
    findings = stated_findings(signed.reading)
    roles = dict.fromkeys(one.role for one in signed.reading.series)
    return PlainReading(
        sets=tuple(SETS[role] for role in SeriesRole if role in roles),
        count=COUNTS[signed.reading.numbering.confidence],
        summary=_summary(findings),
        bones=tuple(_bones(findings)),
        scripted=signed.is_scripted,
    )


def _summary(findings: tuple[Finding, ...]) -> str:
    n = sum(one.modic == Presence.PRESENT for one in findings)
    open_ones = sum(not one.is_read or one.assessment in UNREADABLE for one in findings)
    seen = f"A Modic change was noted at {n} of {len(findings)} edges."
    rest = f" {open_ones} of them {'has' if open_ones == 1 else 'have'} not been judged."
    return seen + (rest if open_ones else "")


def _bones(findings: tuple[Finding, ...]) -> Iterator[Bone]:
    for vertebra, group in groupby(findings, key=lambda one: one.endplate.vertebra):
        edges = (
            Edge(EDGES[f.endplate.surface], plain_words(f), f.modic == Presence.PRESENT)
            for f in group
        )
        yield Bone(vertebra, tuple(edges))


def _picture(contents: Contents) -> str:
    """Return the whole spine with its labels as a data URI; empty where there is none."""
    spines = (one for one in contents.key_images if one.note.endplate is None)
    pictures = (content for one in spines for content in one.pictures.values())
    content = next(pictures, None)
    if content is None:
        return ""
    return f"data:image/png;base64,{base64.b64encode(content).decode('ascii')}"


@cache
def _template() -> Template:
    folder = files("modic_annotate.evidence.formats") / "templates"
    environment = Environment(
        autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=StrictUndefined
    )
    environment.globals["style"] = (folder / "plain.css").read_text(encoding="utf-8")
    return environment.from_string((folder / "plain.html.j2").read_text(encoding="utf-8"))
