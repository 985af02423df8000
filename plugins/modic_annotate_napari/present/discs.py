"""The disc panel: one row per feature, with the letter that answers it."""

from __future__ import annotations

from modic_annotate_napari.steps.discs import FEATURES, LENGTHS, DiscPrompt, title_of
from modic_annotate_napari.widgets.finding_panel import FindingView
from modic_annotate_napari.widgets.rows import FieldRow


def view(prompt: DiscPrompt) -> FindingView:
    """Return the panel of the disc in question."""
    return FindingView(
        title=f"Disc {prompt.disc}",
        disc="",
        words=prompt.finding.assessment.value.replace("_", " ").capitalize(),
        finding=None,
        rows=tuple(
            FieldRow(key, title_of(field).capitalize(), _value(prompt, field))
            for key, field in {**LENGTHS, **FEATURES}.items()
        ),
    )


def _value(prompt: DiscPrompt, field: str) -> str:
    value = getattr(prompt.finding, field)
    if value is None:
        return ""
    return f"{value:g} mm" if field.endswith("_mm") else str(value)
