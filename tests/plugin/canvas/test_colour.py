"""Types are told apart without full colour vision, and without any colour."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

pytest.importorskip("PySide6", reason="Qt is not installed (modic-annotate[gui])")

from qtpy.QtGui import QColor, QImage, QPainter
from skimage.color import deltaE_ciede2000, rgb2lab

from modic_annotate.domain.modic import ModicType
from modic_annotate.domain.spine import Endplate
from modic_annotate_napari import theme
from modic_annotate_napari.canvas.ink import draw_line
from modic_annotate_napari.canvas.marks import (
    DASHES,
    NEUTRAL,
    TYPE_COLOURS,
    LevelMark,
    MarkStyle,
)
from modic_annotate_napari.widgets.grade_bar import GRADES

SEEN_BY = {
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritanopia": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
    "full colour vision": np.eye(3).tolist(),
}
"""Machado, Oliveira and Fernandes 2009 (doi 10.1109/TVCG.2009.113), severity 1.0; they act on
linear RGB."""

CLEARLY_APART = 20.0
"""CIEDE2000; a just noticeable difference is about 1, and the lines are thin."""

APART_FROM_GREY = 15.0
LIGHTNESS_APART = 12.0
"""CIE L* between types, for a greyscale print."""

OKABE_ITO = {"1": "#D55E00", "2": "#F0E442", "3": "#56B4E9"}
LENGTH, HEIGHT = 60, 21


def rgb(name: str) -> np.ndarray:
    """A colour as RGB of 0..1."""
    return np.array(QColor(name).getRgbF()[:3])


def seen(name: str, matrix: list[list[float]]) -> np.ndarray:
    """A colour as CIELAB, as somebody sees it."""
    share = rgb(name)
    linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    there = np.clip(np.array(matrix) @ linear, 0.0, 1.0)
    return rgb2lab(np.where(there <= 0.0031308, there * 12.92, 1.055 * there ** (1 / 2.4) - 0.055))


def test_the_palette_is_okabe_and_itos():
    """Vermillion, yellow and sky blue stand for types 1, 2 and 3."""
    assert {t.value: name for t, name in TYPE_COLOURS.items()} == OKABE_ITO


@pytest.mark.parametrize("vision", SEEN_BY)
def test_types_are_told_apart_with_every_colour_vision(vision):
    """Each two types differ clearly, and each differs from grey and from the active white."""
    lab = {t: seen(name, SEEN_BY[vision]) for t, name in TYPE_COLOURS.items()}
    for one, other in itertools.combinations(lab.values(), 2):
        assert deltaE_ciede2000(one, other) > CLEARLY_APART
    for plain in (NEUTRAL, theme.STRONG):
        for colour in lab.values():
            assert deltaE_ciede2000(colour, seen(plain, SEEN_BY[vision])) > APART_FROM_GREY


def test_types_differ_in_lightness():
    """On a greyscale print each two types keep different greys."""
    light = sorted(rgb2lab(rgb(name))[0] for name in TYPE_COLOURS.values())
    assert min(np.diff(light)) > LIGHTNESS_APART


def drawn(colours: tuple[str, ...], style: MarkStyle) -> np.ndarray:
    """An endplate's line on black, as grey levels; shape (row, column)."""
    picture = QImage(LENGTH, HEIGHT, QImage.Format.Format_RGB32)
    picture.fill(QColor("#000000"))
    painter = QPainter(picture)
    mark = LevelMark(Endplate.parse("L4-inferior"), "L4 inf", (), colours, style)
    draw_line(painter, [(2.0, 10.0), (LENGTH - 2.0, 10.0)], mark, dimmed=False)
    painter.end()
    grey = picture.convertToFormat(QImage.Format.Format_Grayscale8)
    rows = np.frombuffer(grey.constBits(), np.uint8).reshape(HEIGHT, -1)
    return rows[:, :LENGTH] > 40


def runs(lit: np.ndarray) -> list[int]:
    """Lengths of the lit stretches of a row."""
    return [len(list(group)) for on, group in itertools.groupby(lit) if on]


def test_the_line_alone_says_the_type(qapp):
    """Without colour type 1 is one stretch, type 2 dashes, type 3 dots; all read as one row."""
    rows = {
        t: drawn((name,), MarkStyle.SOLID)[9:11].any(axis=0) for t, name in TYPE_COLOURS.items()
    }
    solid, dashed, dotted = (runs(rows[t]) for t in ModicType)
    assert len(solid) == 1
    assert 5 < len(dashed) < len(dotted)
    assert np.median(dashed) >= 2 * np.median(dotted)


def test_a_mixed_line_holds_the_style_of_each_share(qapp):
    """The first half of 1 > 3 is solid, the second dotted."""
    row = drawn((OKABE_ITO["1"], OKABE_ITO["3"]), MarkStyle.SOLID)[9:11].any(axis=0)
    first, second = runs(row[: LENGTH // 2]), runs(row[LENGTH // 2 + 1 :])
    assert len(first) == 1
    assert len(second) > 4


def test_states_without_a_type_have_lines_of_their_own(qapp):
    """None is thin, not read two rails of dashes, unreadable crossed: none looks like a type."""
    none, hollow, crossed = (
        drawn((NEUTRAL,), style) for style in (MarkStyle.THIN, MarkStyle.HOLLOW, MarkStyle.CROSSED)
    )
    types = [drawn((name,), MarkStyle.SOLID) for name in TYPE_COLOURS.values()]
    assert none.any(axis=1).sum() < min(t.any(axis=1).sum() for t in types)
    assert crossed.any(axis=1).sum() > max(t.any(axis=1).sum() for t in types)
    middle = hollow[:, 3:-3]
    assert middle.any(axis=1).sum() >= 3
    assert not (middle[9:11].all(axis=0)).all()
    for one, other in itertools.combinations([none, hollow, crossed, *types], 2):
        assert (one != other).sum() > 10


def test_every_type_has_a_style_and_a_digit():
    """No type is shown by colour alone: each has its own dashes and stands as a digit in words."""
    styles = [DASHES[name] for name in TYPE_COLOURS.values()]
    assert len(set(styles)) == len(styles) == 3
    assert {key for key, *_ in GRADES} >= set(OKABE_ITO)
