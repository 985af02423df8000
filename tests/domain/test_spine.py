"""Names of bodies, endplates and discs, and the scope that follows from a count."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from modic_annotate.domain.spine import (
    DiscLevel,
    Endplate,
    Surface,
    Vertebra,
    disc_levels,
    disc_of,
    endplates_between,
    facing,
    spine_order,
)

COUNTS = st.sampled_from([4, 5, 6])


@pytest.mark.parametrize(("count", "n_endplates"), [(4, 10), (5, 12), (6, 14)])
def test_the_scope_follows_the_count(count: int, n_endplates: int) -> None:
    """Four, five and six lumbar bodies have ten, twelve and fourteen endplates in scope."""
    order = spine_order(count)
    scope = endplates_between(order)

    assert len(scope) == n_endplates
    assert str(scope[0]) == "T12-inferior"
    assert str(scope[-1]) == "S1-superior"
    assert len(disc_levels(order)) == count + 1


@given(st.sampled_from(Vertebra), st.sampled_from(Surface))
def test_an_endplate_is_its_name(vertebra: Vertebra, surface: Surface) -> None:
    """Name and endplate stand for each other, in Python and in JSON."""
    endplate = Endplate(vertebra, surface)
    adapter = TypeAdapter(Endplate)

    assert Endplate.parse(str(endplate)) == endplate
    assert adapter.validate_json(adapter.dump_json(endplate)) == endplate
    assert adapter.validate_python(str(endplate)) == endplate


@given(COUNTS, st.data())
def test_a_disc_is_its_name(count: int, data: st.DataObject) -> None:
    """Name and disc stand for each other."""
    disc = data.draw(st.sampled_from(disc_levels(spine_order(count))))

    assert DiscLevel.parse(str(disc)) == disc


@pytest.mark.parametrize(
    ("count", "names"),
    [
        (4, "T12/L1 L1/2 L2/3 L3/4 L4/S1"),
        (5, "T12/L1 L1/2 L2/3 L3/4 L4/5 L5/S1"),
        (6, "T12/L1 L1/2 L2/3 L3/4 L4/5 L5/6 L6/S1"),
    ],
)
def test_discs_are_named_as_people_name_them(count: int, names: str) -> None:
    """The region is repeated only where it changes."""
    assert " ".join(map(str, disc_levels(spine_order(count)))) == names


@pytest.mark.parametrize(
    "name", ["L4", "L7-inferior", "L4-lower", "l4-inferior", "L4-inferior ", ""]
)
def test_what_is_no_endplate_is_refused(name: str) -> None:
    """Only a known body with its surface is an endplate."""
    with pytest.raises(ValidationError):
        TypeAdapter(Endplate).validate_python(name)


@given(COUNTS, st.data())
def test_facing_endplates_share_their_disc(count: int, data: st.DataObject) -> None:
    """Facing is mutual, and both endplates bound the same disc."""
    order = spine_order(count)
    endplate = data.draw(st.sampled_from(endplates_between(order)))
    other = facing(endplate, order)

    assert other is not None
    assert facing(other, order) == endplate
    assert disc_of(endplate, order) == disc_of(other, order)


def test_an_endplate_outside_the_spine_faces_nothing() -> None:
    """At the ends there is no facing endplate and no disc."""
    order = spine_order(5)
    outside = Endplate(Vertebra.T12, Surface.SUPERIOR)

    assert facing(outside, order) is None
    assert disc_of(outside, order) is None


def test_an_endplate_is_said_in_words() -> None:
    """Long and short forms name the body first."""
    endplate = Endplate(Vertebra.L4, Surface.INFERIOR)

    assert (endplate.words, endplate.short) == ("L4 inferior endplate", "L4 inf")
