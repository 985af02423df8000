"""The bodies planned for treatment against findings, report, earlier treatment and each other."""

from __future__ import annotations

from collections.abc import Iterator

from modic_annotate.domain.attachment import ReportedChange
from modic_annotate.domain.modic import ModicType
from modic_annotate.domain.spine import Vertebra
from modic_annotate.eligibility.preflight.filing import Check, Filing

TREATED_TYPES = frozenset({ModicType.TYPE_1, ModicType.TYPE_2})
"""Types of the indication (FDA 510(k) K190504)."""


def plan_checks(filing: Filing) -> Iterator[Check]:
    """Yield what does not support a planned body; nothing where no plan is recorded."""
    planned = filing.screening.plan.planned_bodies.value or ()
    treated = filing.screening.plan.prior_ablation_bodies.value or ()
    for body in planned:
        if not any(
            f.endplate.vertebra == body and f.types & TREATED_TYPES for f in filing.positive
        ):
            yield Check(
                "plan",
                "stop",
                f"{body} is planned; no signed reading has a type 1 or 2 change at it; correct the "
                "plan, or have the reader look again.",
            )
        elif filing.transcription is not None and not _in_report(filing, body):
            yield Check(
                "plan",
                "stop",
                f"{body} is planned; the report has no change at it; correct the plan, or ask for "
                "an addendum.",
            )
        if body in treated:
            yield Check(
                "plan", "stop", f"{body} is planned and was treated before; correct the plan."
            )
    yield from _apart(planned)


def _in_report(filing: Filing, body: Vertebra) -> bool:
    made = filing.transcription
    for said in () if made is None else made.statements:
        ends = said.disc.endplates if said.disc is not None else (said.endplate,)
        here = any(e is not None and e.vertebra == body for e in ends)
        if here and said.change != ReportedChange.ABSENT:
            return True
    return False


def _apart(planned: tuple[Vertebra, ...]) -> Iterator[Check]:
    order = list(Vertebra)
    places = sorted(order.index(body) for body in set(planned))
    if not places:
        return
    between = [
        body
        for body in order[places[0] : places[-1]]
        if body not in planned and body not in (Vertebra.T13, Vertebra.L6)
    ]
    if between:
        named = ", ".join(between)
        yield Check("plan", "note", f"The planned bodies are not adjacent: {named} lies between.")
