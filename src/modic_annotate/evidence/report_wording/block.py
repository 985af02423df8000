"""The whole block of sentences."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from modic_annotate.domain.modic import Presence
from modic_annotate.domain.reading import Reading
from modic_annotate.errors import RecordError
from modic_annotate.evidence.formats.dicom.held import stated_findings
from modic_annotate.evidence.report_wording.endplates import endplate_line
from modic_annotate.evidence.report_wording.levels import (
    disc_lines,
    level_lines,
    other_endplates,
)
from modic_annotate.evidence.report_wording.technique import numbering_lines, technique_lines
from modic_annotate.evidence.wording import NOT_A_DIAGNOSIS, plain

OFFERED = (
    f"[Offered for copying, from a signed structured reading. {NOT_A_DIAGNOSIS} Compare it with "
    "the images; what the reporting radiologist adopts is theirs. Delete this line.]"
)
SCRIPTED = "[Scripted demonstration: no person read these images. Not for any report.]"
NOT_ASKED = (
    "Infection, tumour and fracture are not excluded by this wording; the report should speak of "
    "them."
)


def report_wording(reading: Reading) -> str:
    """Return a signed reading as sentences for a report.

    Every endplate in scope is named once, as changed, without change, undetermined, unreadable or
    not read; after it each level in short. Typed notes and reasons are left out.

    Raises
    ------
    RecordError
        The reading is not signed.
    """
    if reading.status != "signed":
        raise RecordError("The reading is not signed yet; sign it, then ask for its wording")
    return "\n".join(_lines(reading)) + "\n"


def _lines(reading: Reading) -> Iterator[str]:
    findings = stated_findings(reading)
    changed = [f for f in findings if f.modic == Presence.PRESENT]
    lines = (endplate_line(f, reading.numbering) for f in changed)
    yield OFFERED
    if reading.scripted:
        yield SCRIPTED
    yield from _section("Technique", technique_lines(reading))
    yield from _section("Numbering", numbering_lines(reading))
    yield from _section("Endplates", (*lines, *other_endplates(findings)))
    yield from _section("By level", level_lines(reading, findings))
    yield from _section("Discs", disc_lines(reading))
    yield from _section("Also", _also(reading))


def _section(title: str, lines: Iterable[str]) -> Iterator[str]:
    found = tuple(lines)
    if found:
        yield ""
        yield f"{title}:"
        yield from found


def _also(reading: Reading) -> Iterator[str]:
    raised = dict.fromkeys(plain(flag.kind) for flag in reading.red_flags)
    if raised:
        yield f"Notice given to the site at once: {', '.join(raised)}."
    if reading.returned_to_site:
        yield "The examination was returned to the site."
    yield NOT_ASKED
