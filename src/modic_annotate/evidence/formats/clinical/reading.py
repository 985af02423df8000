"""A signed reading as a section: who read what, how it was counted, every endplate and level."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from reportlab.platypus import Flowable

from modic_annotate.domain.reading import Purpose, Reading, Signature
from modic_annotate.evidence.deid.fields import WITHHELD
from modic_annotate.evidence.formats.clinical import look
from modic_annotate.evidence.formats.clinical.endplates import endplates, levels
from modic_annotate.evidence.formats.summary_reading import reading_view
from modic_annotate.evidence.signed import SignedReading
from modic_annotate.evidence.wording import SIGNATURE_WORDS

SERIES_HEAD = (
    "Slot", "Technique", "Times", "Field", "Slices", "Matrix, pixel", "Quality as rated", "Shown",
)  # fmt: skip
SERIES_WIDTHS = (0.12, 0.16, 0.16, 0.05, 0.16, 0.16, 0.13, 0.06)

PURPOSE_WORDS = {
    Purpose.ELIGIBILITY: "to judge criteria by",
    Purpose.EFFICACY: "efficacy",
    Purpose.SAFETY: "safety",
    Purpose.TRAINING: "practice",
    Purpose.ADJUDICATION: "adjudication",
}


def reading_section(signed: SignedReading) -> Iterator[Flowable]:
    """Yield a reading: its signature, its numbering, its endplates, levels and series."""
    view = reading_view(signed)
    reading = signed.reading
    yield from look.heading(f"Reading {reading.reading_id}")
    if signed.is_scripted:
        yield look.banner(
            "SCRIPTED DEMONSTRATION, no person's reading: it was made from a file of acts and "
            "must not be used as evidence about anyone."
        )
    yield look.facts(_facts(reading, signed.signature))
    yield look.line(view.numbering)
    yield from endplates(reading)
    yield from look.small_heading("By level")
    yield levels(reading)
    yield from look.small_heading("Series the reading rests on, by true technique")
    yield look.table(SERIES_HEAD, stacks_together(view.series), SERIES_WIDTHS)
    for remark in view.remarks:
        yield look.line(remark)


def stacks_together(rows: Iterable[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Return rows of series with equal ones as one, their number beside the slot."""
    counted = Counter(rows)
    return [(f"{row[0]}, {n} stacks" if n > 1 else row[0], *row[1:]) for row, n in counted.items()]


def _facts(reading: Reading, signature: Signature) -> list[tuple[str, str]]:
    return [
        ("Read by", _reader(reading, signature)),
        ("Signed", f"{signature.local_time} ({signature.signed_at:%Y-%m-%dT%H:%M:%SZ})"),
        ("Meaning", signature.meaning),
        ("Signature", SIGNATURE_WORDS[signature.signature_class]),
        ("Visit, purpose", f"{reading.visit}, {PURPOSE_WORDS[reading.purpose]}"),
        ("Protocol", f"{reading.protocol.id} {reading.protocol.version}"),
        ("Amends", reading.supersedes or "no earlier reading"),
        ("Read with", f"{reading.software.name} {reading.software.version}"),
    ]


def _reader(reading: Reading, signature: Signature) -> str:
    names = (signature.reader_display_name, signature.reader_title)
    named = ", ".join(name for name in names if name and name != WITHHELD)
    who = f"{signature.reader_id}, {reading.reader.role}"
    return f"{named} ({who})" if named else f"{who}; name withheld"
