"""What was judged once is judged the same for good, by the version of the rules it names."""

from __future__ import annotations

from pathlib import Path

import pytest

from modic_annotate.domain.reading import Reading
from modic_annotate.domain.screening import ScreeningRecord
from modic_annotate.eligibility import PUBLISHED, SEMANTICS, CriteriaSet
from modic_annotate.store.canonical import canonical_bytes, parse_record

FOLDER = Path(__file__).parent / "published"
"""Per version and case: the inputs as files, and ``determination.json`` as it was written.

A file of a published version is never written anew: where this test fails, the rules changed, and
the old ones must stay under their number. ``keep_published`` makes the files of a new version.
"""

KEPT = sorted(path.parent for path in FOLDER.glob("*/*/determination.json"))


def judged(case: Path) -> bytes:
    """The determination of a kept case, by the evaluator of its version, as bytes."""
    criteria = parse_record(CriteriaSet, (case / "criteria.json").read_bytes(), "criteria")
    record = parse_record(ScreeningRecord, (case / "screening.json").read_bytes(), "record")
    readings = [
        parse_record(Reading, path.read_bytes(), path.name)
        for path in sorted(case.glob("reading-*.json"))
    ]
    evaluate = PUBLISHED[int(case.parent.name)]
    return canonical_bytes(evaluate(record, readings, criteria, criteria.baseline.as_of))


@pytest.mark.parametrize("case", KEPT, ids=lambda case: f"{case.parent.name}-{case.name}")
def test_a_published_determination_is_judged_again_byte_for_byte(case: Path) -> None:
    """The evaluator of each published version still gives the bytes it gave."""
    assert judged(case) == (case / "determination.json").read_bytes()


def test_every_published_version_is_kept_and_the_newest_is_in_use() -> None:
    """The registry has all versions from the first on, each with kept cases."""
    assert list(PUBLISHED) == list(range(1, SEMANTICS + 1))
    assert {int(case.parent.name) for case in KEPT} == set(PUBLISHED)


def test_the_registry_cannot_be_changed() -> None:
    """No version is taken away or replaced while the program runs."""
    with pytest.raises(TypeError):
        PUBLISHED[1] = PUBLISHED[1]  # type: ignore[index]
