"""``summary.html``: the package for people, self-contained and printable in black and white."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import groupby

from jinja2 import Environment, StrictUndefined, Template

from modic_annotate.domain.determination import (
    PROVENANCE_WORDS,
    ROLL_UP_WORDS,
    CriterionKind,
    CriterionOutcome,
)
from modic_annotate.domain.series import SeriesRole
from modic_annotate.evidence.contents import Contents, ShownImage
from modic_annotate.evidence.formats.summary_reading import reading_view
from modic_annotate.evidence.formats.summary_trace import anchor, trace_rows, traced_documents
from modic_annotate.evidence.formats.summary_verifier import verifier_script, verifier_source
from modic_annotate.evidence.signed import in_use
from modic_annotate.evidence.wording import (
    INTEGRITY_ONLY,
    NOT_A_DIAGNOSIS,
    PICTURES_EXPLAINED,
    RESULT_ONLY,
    plain,
)

STATE_WORDS = {
    "same": "as it was when the reading was made",
    "amended": "amended through the tool after the reading",
    "changed_outside": "CHANGED FROM OUTSIDE THE TOOL after the reading",
}


@dataclass(frozen=True, slots=True)
class Figure:
    """One picture with its words, ready to embed."""

    source: str
    """Data URI."""

    alt: str
    caption: str


@dataclass(frozen=True, slots=True)
class FigureGroup:
    """All pictures of one endplate, or of the whole spine."""

    anchor: str
    title: str
    reading_id: str
    figures: tuple[Figure, ...]


def summary_html(contents: Contents) -> bytes:
    """Return the summary of a package's other files, as UTF-8 HTML without outside resources."""
    determination = contents.determination
    rows = determination.outcomes
    current = in_use(contents.signed)
    exclusions = [row for row in rows if row.kind == CriterionKind.EXCLUSION]
    inclusions = [row for row in rows if row.kind != CriterionKind.EXCLUSION]
    text = _template().render(
        package=contents.document,
        screening=contents.screening,
        determination=determination,
        criteria=contents.criteria,
        roll_up=ROLL_UP_WORDS[determination.roll_up],
        groups=(("Inclusion criteria and limits", inclusions), ("Exclusion criteria", exclusions)),
        tally=_tally(inclusions, "criterion", "criteria")
        + _tally(exclusions, "exclusion", "exclusions"),
        readings=[reading_view(one) for one in current],
        superseded=[one.reading.reading_id for one in contents.signed if one not in current],
        spines=list(_figure_groups(contents, spine=True)),
        crops=list(_figure_groups(contents, spine=False)),
        trace=trace_rows(contents),
        unused=_unused_series(contents),
        states=[
            (s.reading_id, STATE_WORDS[s.state], s.changed_fields)
            for s in contents.document.record_states
        ],
        provenance_words=PROVENANCE_WORDS,
        not_a_diagnosis=NOT_A_DIAGNOSIS,
        integrity_only=INTEGRITY_ONLY,
        result_only=RESULT_ONLY,
        pictures_explained=PICTURES_EXPLAINED,
        documents=traced_documents(contents),
        verifier=verifier_script(),
        verifier_hash=verifier_source(),
    )
    return text.encode("utf-8")


def _tally(rows: list[CriterionOutcome], one: str, many: str) -> list[str]:
    """Return e.g. ``7 criteria met``, one entry per finding that occurs."""
    counts: dict[str, int] = {}
    for row in rows:
        counts[row.finding] = counts.get(row.finding, 0) + 1
    return [f"{n} {one if n == 1 else many} {finding}" for finding, n in counts.items()]


def _figure_groups(contents: Contents, *, spine: bool) -> Iterator[FigureGroup]:
    shown = [one for one in contents.key_images if (one.note.endplate is None) == spine]
    order = {
        (reading.reading.reading_id, finding.endplate): rank
        for reading in contents.signed
        for rank, finding in enumerate(reading.reading.findings)
    }

    def place(one: ShownImage) -> tuple[str, int]:
        note = one.note
        rank = order.get((note.reading_id, note.endplate), -1) if note.endplate else -1
        return note.reading_id, rank

    for (reading_id, _), images in groupby(sorted(shown, key=place), key=place):
        group = list(images)
        endplate = group[0].note.endplate
        yield FigureGroup(
            anchor=anchor(reading_id, endplate),
            title=endplate.words if endplate else "Whole spine, levels as numbered",
            reading_id=reading_id,
            figures=tuple(figure for one in group for figure in _figures(one)),
        )


def _figures(one: ShownImage) -> Iterator[Figure]:
    note = one.note
    image = f"image {note.instance_number}" if note.instance_number is not None else "image"
    place = f"{plain(note.role)} ({note.technique}), {image}, {note.slice_place}"
    what = note.endplate.words if note.endplate else "Lumbar spine with level labels"
    for path, content in one.pictures.items():
        marked = note.endplate is None or path.endswith("-marked.png")
        marks = "with the reader's marks" if marked else "without marks"
        yield Figure(
            source=f"data:image/png;base64,{base64.b64encode(content).decode('ascii')}",
            alt=f"{what}, {place}, {marks}",
            caption=f"{place}, {marks}",
        )


def _unused_series(contents: Contents) -> list[str]:
    """Return the stacks of the study that no current reading rests on, in words."""
    if not contents.has_series:
        return []
    used = {
        (series.series_uid, series.stack)
        for one in in_use(contents.signed)
        for series in one.reading.series
    }
    document = contents.series
    spare = [
        one.used.role
        for one in document.series
        if (one.used.series_uid, one.used.stack) not in used
    ]
    counted = {role: spare.count(role) for role in SeriesRole if role in spare}
    return [
        *(f"{n} {plain(role)} not used" for role, n in counted.items()),
        *(f"{plain(one.role)} blocked: {'; '.join(one.problems)}" for one in document.blocked),
    ]


@cache
def _template() -> Template:
    folder = files("modic_annotate.evidence.formats") / "templates"
    environment = Environment(
        autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=StrictUndefined
    )
    environment.filters["plain"] = plain
    environment.globals["style"] = (folder / "summary.css").read_text(encoding="utf-8")
    return environment.from_string((folder / "summary.html.j2").read_text(encoding="utf-8"))
