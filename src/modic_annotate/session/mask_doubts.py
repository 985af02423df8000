"""What speaks against a painted lesion, and where it disagrees with what was measured."""

from __future__ import annotations

from collections.abc import Iterator

from modic_annotate.domain.finding import Finding, Measurement, MeasurementMethod
from modic_annotate.domain.modic import ExtentCategory, Presence
from modic_annotate.session.draft import Draft
from modic_annotate.session.reduce.findings import named


def painted_on_none(draft: Draft) -> Iterator[str]:
    """Yield a sentence for each endplate that is painted and yet holds no change."""
    painted = {mask.endplate for mask in draft.masks}
    for endplate, finding in draft.findings.items():
        if endplate in painted and finding.is_read and finding.modic != Presence.PRESENT:
            said = "none" if finding.modic == Presence.ABSENT else finding.words
            yield f"{named(endplate)}: a lesion is painted, yet it is graded {said}"


def disagreeing(finding: Finding) -> Iterator[str]:
    """Yield where mask and calliper put an extent into different categories."""
    for name, field in (("height", "height"), ("AP extent", "ap")):
        measurement: Measurement | None = getattr(finding, f"{field}_measurement")
        measured = [
            share
            for c in finding.callipers
            if (share := getattr(c, f"{field}_percent")) is not None
        ]
        percent = getattr(finding, f"{field}_percent")
        is_mask = measurement is not None and measurement.method == MeasurementMethod.MASK
        if not is_mask or not measured or percent is None:
            continue
        other = max(measured)
        if ExtentCategory.of_percent(other) != ExtentCategory.of_percent(percent):
            yield (
                f"{name} {percent:.0f} % by mask, {other:.0f} % by calliper: "
                "they fall into different categories"
            )


def beyond_the_body(finding: Finding) -> Iterator[str]:
    """Yield where a mask reaches beyond what it is a share of."""
    pairs = (
        ("higher than the body", finding.height_mm, finding.body_height_mm, "height"),
        ("longer than the endplate", finding.ap_mm, finding.endplate_length_mm, "ap"),
    )
    for words, part, whole, field in pairs:
        measurement: Measurement | None = getattr(finding, f"{field}_measurement")
        error = (measurement and measurement.error_percent) or 0.0
        if part is not None and whole and 100 * part / whole > 100 + error:
            yield f"the mask is {words} ({part:.1f} of {whole:.1f} mm); its share is kept as 100 %"
