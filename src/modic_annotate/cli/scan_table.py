"""What a scan found, as a person reads it in a terminal: one row a series, refusals grouped."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path

from rich import box
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from modic_annotate.domain.series import SAGITTAL_SLOTS, SeriesRole
from modic_annotate.domain.technique import technique_words
from modic_annotate.imaging import Catalogue, Choice, Refused, Series, explain_slots

_WIDTH_OF_A_FILE = 140
_NAMES_SHOWN = 3
_REASONS_SHOWN = 5
_NAMELESS_UID_END = 12  # of a series without a description
_COLUMNS = ("", "slot", "series", "technique", "slices", "because")
_CHOSEN = ">"


def print_catalogue(catalogue: Catalogue) -> None:
    """Print all series by study, then what was refused and why."""
    console = Console(
        width=None if sys.stdout.isatty() else _WIDTH_OF_A_FILE, highlight=False, markup=False
    )
    console.print(Group(*_parts(catalogue)))


def _parts(catalogue: Catalogue) -> Iterator[RenderableType]:
    studies = list(catalogue.studies().values())
    for number, series in enumerate(studies, start=1):
        if len(studies) > 1:
            yield Text(f"\nStudy {number} of {len(studies)}", style="bold")
        choices = explain_slots(series)
        yield _table(series, {id(choice.chosen) for choice in choices.values()})
        yield Text("\n".join(_slots_lines(choices)))
    if catalogue.refused:
        yield _refusals(catalogue.refused)


def _table(series: Sequence[Series], chosen: set[int]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 2, 0, 0))
    for name in _COLUMNS:
        table.add_column(
            name,
            overflow="fold",
            ratio=1 if name == "because" else None,
            no_wrap=name in ("slot", "slices"),
        )
    for group in _rows(series):
        mark = _CHOSEN if any(id(one) in chosen for one in group) else ""
        table.add_row(mark, *_cells(group), _because(group[0]))
    return table


def _rows(series: Sequence[Series]) -> list[list[Series]]:
    """Put stacks of one series that differ in place alone into one row."""
    return [list(group) for _, group in groupby(series, key=_alike)]


def _alike(one: Series) -> tuple[object, ...]:
    technique = (one.role, one.weighting, one.fat, one.plane, one.role_evidence)
    return one.series_uid, *technique, one.shape[1:], one.pixel_spacing_mm, one.problems


def _cells(group: Sequence[Series]) -> tuple[str, ...]:
    first = group[0]
    name = first.description or f"...{first.series_uid[-_NAMELESS_UID_END:]}"
    return (
        "-" if first.role is SeriesRole.OTHER else first.role.value,
        name if len(group) == 1 else f"{name}, {len(group)} stacks",
        technique_words(first),
        _slices(group),
    )


def _slices(group: Sequence[Series]) -> str:
    _, rows, columns = group[0].shape
    counts = " + ".join(str(one.shape[0]) for one in group)
    apart, *pixel = group[0].spacing_mm
    sizes = dict.fromkeys(f"{size:.2f}" for size in pixel if size is not None)
    spacing = [f"{' x '.join(sizes)} mm"] if sizes else []
    spacing += [] if apart is None else [f"every {apart:.2f} mm"]
    return "\n".join(filter(None, (f"{counts} of {rows} x {columns}", ", ".join(spacing))))


def _because(series: Series) -> Text:
    text = Text(", ".join((*series.role_evidence, f"confidence {series.role_confidence}")))
    for problem in sorted(series.problems, key=lambda p: not p.blocking):
        word, style = ("BLOCKED", "bold red") if problem.blocking else ("note", "yellow")
        text.append(f"\n{word}: {problem.message}", style=style)
    return text


def _slots_lines(choices: dict[SeriesRole, Choice]) -> Iterator[str]:
    """Say what a reading would show and why that, and which slot has nothing to show."""
    filled = [
        f"{role} {choice.chosen.description or 'unnamed'}" for role, choice in choices.items()
    ]
    empty = [role.value for role in SAGITTAL_SLOTS if role not in choices]
    words = f"{_CHOSEN} A reading would show {', '.join(filled)}." if filled else ""
    yield words + (f" Nothing here fills {', '.join(empty)}." if empty else "")
    for role, choice in choices.items():
        yield from (f"  {role}: {reason}" for reason in choice.reasons)


def _refusals(refused: Iterable[Refused]) -> RenderableType:
    ordered = sorted(refused, key=lambda r: (r.code, r.reason))
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    for code, of_code in groupby(ordered, key=lambda r: r.code):
        for row in _refusal_rows(code, list(of_code)):
            table.add_row(*row)
    title = Text(f"\nRefused, part of no series: {len(ordered)} files", style="bold")
    return Group(title, Padding(table, (0, 0, 0, 2)))


def _refusal_rows(code: str, refused: Sequence[Refused]) -> Iterator[tuple[str, str, Text]]:
    """Yield each reason with the files it holds for; of many reasons of a kind, only the first."""
    groups = [(reason, list(group)) for reason, group in groupby(refused, key=lambda r: r.reason)]
    for reason, group in groups[:_REASONS_SHOWN]:
        names = [Path(str(r.path)).name for r in group]
        more = f" and {len(names) - _NAMES_SHOWN} more" if len(names) > _NAMES_SHOWN else ""
        where = ", ".join(names[:_NAMES_SHOWN]) + more
        text = Text(f"{_plain(reason)}\n").append(_plain(where), style="dim")
        yield str(len(names)), code, text
    if rest := groups[_REASONS_SHOWN:]:
        n_files = sum(len(group) for _, group in rest)
        yield str(n_files), code, Text("more of this kind; --json lists them all", style="dim")


def _plain(text: str) -> str:
    """Return a text without what would steer a terminal: names of files may hold anything."""
    return "".join(letter if letter.isprintable() else "?" for letter in text)
