"""Answers of FHIR questionnaires: counted once the questionnaire is completed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from modic_annotate.domain.screening import ValueState
from modic_annotate.eligibility.importers.fhir import elements
from modic_annotate.eligibility.importers.fhir.elements import Json
from modic_annotate.eligibility.importers.source import Cell, Entry


def item_name(item: Mapping[str, Json]) -> str:
    """Return the column of an item's answer."""
    return f"QuestionnaireResponse:{elements.text(item, 'linkId')}"


def response_entries(resource: Mapping[str, Json], place: str, _: object = None) -> Iterator[Entry]:
    """Yield the answers of a response, one entry per group of items; the event is its form."""
    is_final = elements.text(resource, "status") in ("completed", "amended")
    questionnaire = elements.text(resource, "questionnaire").partition("|")[0]
    authored = elements.text(resource, "authored")
    about = Cell(
        place,
        observed_on=elements.day(authored),
        state=None if is_final else ValueState.NOT_AVAILABLE,
        why="" if is_final else "the questionnaire is not completed",
    )
    for group, instrument, cells in _items(list(elements.dicts(resource, "item")), about):
        yield elements.once(place, cells, event=questionnaire, group=group, instrument=instrument)


_Group = tuple[str, str, dict[str, Cell]]


def _items(
    items: list[Mapping[str, Json]], about: Cell, group: str = "", instrument: str = ""
) -> Iterator[_Group]:
    """Yield the answers of one level, then of each group in it; a repeated group is a list."""
    cells = {item_name(one): _answer(one, about) for one in items if "item" not in one}
    links = [elements.text(one, "linkId") for one in items]
    twice = {link for link in links if links.count(link) > 1}
    for one in items:
        if item_name(one) in cells and elements.text(one, "linkId") in twice:
            why = "the question stands several times in the response"
            cells[item_name(one)] = replace(about, state=ValueState.NOT_AVAILABLE, why=why)
    yield group, instrument, cells
    for one in items:
        link = elements.text(one, "linkId")
        inner = [*elements.dicts(one, "item"), *elements.dicts(one, "answer", "item")]
        if inner:
            yield from _items(inner, about, link, link if link in twice else instrument)


def _answer(item: Mapping[str, Json], about: Cell) -> Cell:
    answers = list(elements.dicts(item, "answer"))
    if about.state is not None:
        return about
    if len(answers) > 1:
        ticked = tuple(elements.value_cell("", one).text for one in answers)
        return replace(about, ticked=ticked, state=ValueState.ASSERTED)
    found = elements.value_cell("", answers[0]) if answers else Cell("")
    return replace(found, observed_on=about.observed_on)
