"""Reducer of drawn endplates."""

from __future__ import annotations

import numpy as np

from modic_annotate.domain.reading import EndplateLine
from modic_annotate.errors import ActRefusedError
from modic_annotate.session import places
from modic_annotate.session.acts import PlaceEndplate
from modic_annotate.session.draft import Draft
from modic_annotate.session.reduce.findings import named
from modic_annotate.session.reduce.step import Step


def place_endplate(draft: Draft, act: PlaceEndplate, step: Step) -> Draft:
    """Draw or redraw an endplate; those of T12 and S1 outside the scope give body heights."""
    if act.endplate.vertebra not in draft.order:
        raise ActRefusedError(
            f"{named(act.endplate)} does not exist in this spine "
            f"({draft.order[0]} to {draft.order[-1]})"
        )
    used = step.need(draft, act.role)
    places.check_inside(used, act.polyline_lps_mm)
    if act.polyline_lps_mm[0][1] >= act.polyline_lps_mm[-1][1]:
        raise ActRefusedError(
            f"{named(act.endplate)} runs from posterior to anterior; draw it from the front"
        )
    line = EndplateLine(
        endplate=act.endplate,
        polyline_lps_mm=act.polyline_lps_mm,
        frame_of_reference_uid=used.frame_of_reference_uid,
        series_uid=used.series_uid,
        sop_instance_uid=places.sop_at(used, np.mean(act.polyline_lps_mm, axis=0)),
        origin=step.origin,
    )
    others = tuple(ln for ln in draft.lines if ln.endplate != act.endplate)
    return draft.replace(lines=(*others, line))
