"""Sentences a radiologist may compare with the images, adopt and copy into a report.

They say what a signed reading holds, in our own words, and claim nothing that was not read. No
text that a person typed and no name, id or date stands in them.
"""

from modic_annotate.evidence.report_wording.block import report_wording

__all__ = ["report_wording"]
