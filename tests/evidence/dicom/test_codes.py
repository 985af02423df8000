"""Codes: every value has one, none is invented, none says two things."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from enum import StrEnum
from typing import get_args

import pytest
from pydicom.sr._concepts_dict import concepts
from pydicom.sr.coding import Code

from modic_annotate.domain.base import Record
from modic_annotate.domain.finding import DiscFinding, Finding
from modic_annotate.domain.numbering import Numbering
from modic_annotate.domain.reading import Reading
from modic_annotate.domain.spine import Vertebra, disc_levels, spine_order
from modic_annotate.evidence.formats.dicom import anatomy, codes, terms, terms_size, terms_spine
from modic_annotate.evidence.formats.dicom.terms import CodedField, NumberField
from modic_annotate.evidence.formats.fhir import codes as fhir_codes

FROM_PUBLIC_LISTS = {
    ("LN", "24968-0"): "LOINC, in public lists of radiology procedures",
    ("SCT", "65985001"): "S1 vertebra, in two public value sets",
}
"""Standard codes that are not in PS3.16 as pydicom has it, and where they were found."""

STANDARD = {code for scheme in concepts.values() for known in scheme.values() for code in known}


def inside(value: object) -> Iterator[Code]:
    """Yield every code in tables of tables."""
    if isinstance(value, Code):
        yield value
        return
    for one in parts_of(value):
        yield from inside(one)


def parts_of(value: object) -> tuple[object, ...]:
    """Return what a table, or a row of one, is made of."""
    if isinstance(value, dict):
        return tuple(value.values())
    if isinstance(value, CodedField):
        return (value.name, dict(value.values))
    if isinstance(value, NumberField):
        return (value.name, value.unit)
    if isinstance(value, terms_size.Extent):
        return (value.method, value.whole)
    return value if isinstance(value, tuple) else ()


def all_codes() -> list[Code]:
    modules = (anatomy, codes, fhir_codes, terms, terms_size, terms_spine)
    public = [value for m in modules for name, value in vars(m).items() if name.isupper()]
    discs = [anatomy.disc_code(d) for n in (4, 5, 6) for d in disc_levels(spine_order(n))]
    return [*inside(tuple(public)), *discs]


def test_codes_fit_their_value_representations() -> None:
    """A longer value would silently become a long code, a longer meaning is refused."""
    for code in all_codes():
        assert 1 <= len(code.value) <= 16, code
        assert 1 <= len(code.meaning) <= 64, code


def test_a_private_code_means_one_thing() -> None:
    """No value of the private scheme stands for two meanings."""
    meanings = defaultdict(set)
    for code in all_codes():
        if code.scheme_designator == codes.SCHEME:
            meanings[code.value].add(code.meaning)
    assert {value: said for value, said in meanings.items() if len(said) > 1} == {}
    assert len(meanings) > 100


def test_no_standard_code_is_invented() -> None:
    """Every code of another scheme is in pydicom's tables of PS3.16, or named with its source."""
    others = {(c.scheme_designator, c.value) for c in all_codes()} - {(codes.SCHEME, "")}
    foreign = {one for one in others if one[0] != codes.SCHEME}
    unknown = {one for one in foreign if one[1] not in STANDARD and one not in FROM_PUBLIC_LISTS}
    assert unknown == set()


def test_every_vertebra_has_a_code() -> None:
    """No level that can be numbered goes without."""
    assert set(anatomy.VERTEBRAE) == set(Vertebra)


def enumerations(annotation: object) -> Iterator[type[StrEnum]]:
    if isinstance(annotation, type) and issubclass(annotation, StrEnum):
        yield annotation
    for inner in get_args(annotation):
        yield from enumerations(inner)


@pytest.mark.parametrize(
    ("model", "fields"),
    [
        (Finding, terms.CODED),
        (DiscFinding, terms_spine.DISC_CODED),
        (Numbering, terms_spine.NUMBERING_CODED),
        (Reading, terms_spine.READING_CODED),
    ],
)
def test_every_value_of_a_coded_field_has_a_code(
    model: type[Record], fields: tuple[CodedField, ...]
) -> None:
    """A value added to an enumeration without a code fails here, not in an export."""
    for one in fields:
        kinds = list(enumerations(model.model_fields[one.field].annotation))
        for kind in kinds:
            assert set(one.values) == set(kind), one.field
        codes_used = [c.value for c in one.values.values()]
        assert len(set(codes_used)) == len(codes_used), one.field


@pytest.mark.parametrize(
    ("model", "elsewhere"),
    [
        (Finding, {"endplate", "components", "height_measurement", "ap_measurement", "note"}),
        (DiscFinding, {"disc", "note"}),
        (Numbering, {"bodies", "frame_of_reference_uid", "signed_at"}),
    ],
)
def test_every_field_is_written_or_said_to_be_left_out(
    model: type[Record], elsewhere: set[str]
) -> None:
    """A field added to a record is either in a table, handled by name, or listed as not held."""
    from modic_annotate.evidence.formats.dicom import held

    tables = {
        Finding: (*terms.CODED, *terms.NUMBERS),
        DiscFinding: (*terms_spine.DISC_CODED, *terms_spine.DISC_NUMBERS),
        Numbering: (*terms_spine.NUMBERING_CODED, *terms_spine.NUMBERING_NUMBERS),
    }
    left_out = held.NOT_HELD_OF_FINDING if model is Finding else held.NOT_HELD_OF_DISC
    images = {
        "key_images", "sop_instance_uids", "first_sop_instance_uid", "last_sop_instance_uid",
        "copied_from",
    }  # fmt: skip
    known = {one.field for one in tables[model]} | elsewhere | left_out | images
    assert set(model.model_fields) - known == set()
