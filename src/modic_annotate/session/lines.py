"""Endplate lines and body outlines of a reading: as placed, else as estimated."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from modic_annotate.domain.finding import Origin
from modic_annotate.domain.reading import BodyOutline, EndplateLine
from modic_annotate.domain.series import SeriesUsed
from modic_annotate.domain.spine import Endplate, Surface, Vertebra
from modic_annotate.session import places
from modic_annotate.session.draft import Draft
from modic_annotate.session.spine_geometry import SpineCurve, reference_series


def estimated_lines(draft: Draft, series: Sequence[SeriesUsed]) -> tuple[EndplateLine, ...]:
    """Return an estimated line for every endplate in scope that has none placed."""
    reference = reference_series(draft, series)
    curve = SpineCurve.of(draft.numbering, reference)
    found = (
        _estimated(draft, curve, reference, endplate)
        for endplate in draft.scope
        if draft.line(endplate) is None
    )
    return tuple(line for line in found if line)


def all_lines(draft: Draft, series: Sequence[SeriesUsed]) -> tuple[EndplateLine, ...]:
    """Return every endplate's line, placed where there is one, head to foot."""
    lines = (*draft.lines, *estimated_lines(draft, series))
    return tuple(sorted(lines, key=lambda line: _head_to_foot(line.endplate)))


def body_outlines(draft: Draft, series: Sequence[SeriesUsed]) -> tuple[BodyOutline, ...]:
    """Return the outline of every body: each one placed, else that between its two lines."""
    reference = reference_series(draft, series)
    curve = SpineCurve.of(draft.numbering, reference)
    found: list[BodyOutline] = []
    for vertebra in draft.order:
        placed = [outline for outline in draft.outlines if outline.vertebra == vertebra]
        estimate = None if placed else _outline(draft, curve, reference, vertebra)
        found += placed or ([estimate] if estimate else [])
    return tuple(found)


def _outline(
    draft: Draft, curve: SpineCurve, reference: SeriesUsed | None, vertebra: Vertebra
) -> BodyOutline | None:
    edges = [Endplate(vertebra, surface) for surface in (Surface.SUPERIOR, Surface.INFERIOR)]
    upper, lower = (draft.line(e) or _estimated(draft, curve, reference, e) for e in edges)
    if upper is None or lower is None:
        return None
    is_placed = upper.method == lower.method == "placed"
    return BodyOutline(
        vertebra=vertebra,
        polyline_lps_mm=(*upper.polyline_lps_mm, *reversed(lower.polyline_lps_mm)),
        frame_of_reference_uid=upper.frame_of_reference_uid,
        sop_instance_uid=upper.sop_instance_uid,
        method="placed" if is_placed else "estimated",
    )


def _estimated(
    draft: Draft, curve: SpineCurve, reference: SeriesUsed | None, endplate: Endplate
) -> EndplateLine | None:
    edge = curve.edge(endplate)
    if edge is None:
        return None
    return EndplateLine(
        endplate=endplate,
        polyline_lps_mm=edge,
        frame_of_reference_uid=draft.numbering.frame_of_reference_uid,
        series_uid=reference.series_uid if reference else None,
        sop_instance_uid=places.sop_at(reference, np.mean(edge, axis=0)) if reference else None,
        method="estimated",
        origin=_origin(draft, endplate.vertebra),
    )


def _origin(draft: Draft, vertebra: Vertebra) -> Origin:
    """Origin of the centre an estimate hangs on: its own body's, else any."""
    bodies = draft.numbering.bodies
    own = next((b.origin for b in bodies if b.vertebra == vertebra), None)
    return own or bodies[0].origin


def _head_to_foot(endplate: Endplate) -> tuple[int, bool]:
    return list(Vertebra).index(endplate.vertebra), endplate.surface == Surface.INFERIOR
