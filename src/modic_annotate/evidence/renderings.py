"""The files of a package that follow from its others: tables and the summary for people.

They are pure functions of the packaged records, so a verifier can make them again.
"""

from __future__ import annotations

from modic_annotate.evidence import document as doc
from modic_annotate.evidence.contents import Contents
from modic_annotate.evidence.formats.summary_html import summary_html
from modic_annotate.evidence.readings_csv import codebook_csv, readings_csv


def renderings(contents: Contents) -> dict[str, bytes]:
    """Return path -> bytes of every rendering."""
    return {
        doc.TABLE: readings_csv(contents.signed),
        doc.CODEBOOK: codebook_csv(),
        doc.SUMMARY: summary_html(contents),
    }
