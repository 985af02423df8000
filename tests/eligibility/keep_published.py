"""Write the kept cases of the present version: python -m tests.eligibility.keep_published."""

from __future__ import annotations

from pathlib import Path

from modic_annotate.domain.base import Record
from modic_annotate.eligibility import SEMANTICS, assess, load_criteria
from modic_annotate.eligibility.cases import Example, ExampleReading
from modic_annotate.eligibility.examples import case
from modic_annotate.store.canonical import canonical_bytes

FOLDER = Path(__file__).parent / "published" / str(SEMANTICS)

DRAWN = ExampleReading(
    findings={"L4-inferior": "1 > 2", "L5-superior": "2", "L1-superior": "2, possible"},
    discs={"L4/5": {"listhesis_mm": 1.0}},
    fields={"numbering.method": "assumed_from_sacrum", "numbering.confidence": "probable"},
)
CASES = {
    "indications-met": ("fda_510k_bvna", {}),
    "trial-in-every-way-open": (
        "trial_smart",
        {
            "record": {
                "subject.birth_year": 1955,
                "scores.pain_instrument": "NRS",
                "scores.odi_percent": "not asked",
                "exclusions.features.active_implant": True,
            },
            "readings": (DRAWN,),
        },
    ),
    "coverage-with-third-party-rows": (
        "lcd_a59468",
        {"record": {"plan.planned_bodies": ["L3", "L4", "L5", "S1"]}},
    ),
}


def main() -> None:
    """Write every case that is not there yet; what is there was published and stays."""
    for name, (criteria_id, given) in CASES.items():
        folder = FOLDER / name
        if folder.exists():
            continue
        folder.mkdir(parents=True)
        criteria = load_criteria(criteria_id)
        described = Example.model_validate({"name": name, "expect": {}} | given)
        record, readings, as_of = case(criteria, described)
        found: dict[str, Record] = {
            "criteria": criteria,
            "screening": record,
            "determination": assess(record, readings, criteria, as_of),
            **{f"reading-{r.reading_id}": r for r in readings},
        }
        for kind, one in found.items():
            (folder / f"{kind}.json").write_bytes(canonical_bytes(one))


if __name__ == "__main__":
    main()
