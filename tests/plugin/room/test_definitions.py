"""Definitions beside pictures: drawn from the phantom, shipped, and true to it."""

from __future__ import annotations

import io
import subprocess
import tomllib
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("PySide6", reason="Qt is not installed (modic-annotate[gui])")

from PIL import Image

import modic_annotate_napari
from modic_annotate_napari.pictures import SERIES, SIZE_PX, Kind, file_name, png
from modic_annotate_napari.pictures.drawing import draw
from modic_annotate_napari.present.definitions import MEANINGS, SIGNALS, TITLES

ROOT = Path(__file__).parents[3]
MOST_GREY_LEVELS_OFF = 2
"""Of 255. Another machine's mathematics may round a pixel differently; nothing else may differ."""

LESION = (slice(26, 34), slice(50, 66))
"""Rows and columns of a picture well inside the change."""

MARROW = (slice(4, 12), slice(45, 70))
"""Rows and columns of normal marrow in the middle of the same body."""

CLEAR_GREY_LEVELS = 25


def pixels(kind: Kind, series: str) -> np.ndarray:
    """A shipped picture as grey levels."""
    return np.asarray(Image.open(io.BytesIO(png(kind, series))), dtype=int)


@pytest.mark.parametrize("kind", Kind)
def test_every_picture_is_what_the_phantom_draws(kind):
    """The shipped pictures are the generator's, within two grey levels at every pixel."""
    for series in SERIES:
        shipped = pixels(kind, series)
        assert shipped.shape == SIZE_PX[::-1]
        assert np.abs(shipped - draw(kind, series)).max() <= MOST_GREY_LEVELS_OFF


@pytest.mark.parametrize("kind", [k for k in Kind if k != Kind.MIXED])
def test_each_picture_shows_the_signal_its_caption_names(kind):
    """Low is darker than marrow, high is brighter, same is near it; STIR dark fat is low."""
    for series, signal in zip(SERIES, SIGNALS[kind], strict=True):
        picture = pixels(kind, series)
        off = picture[LESION].mean() - picture[MARROW].mean()
        if signal == "low":
            assert off < -CLEAR_GREY_LEVELS, series
        elif signal == "high":
            assert off > CLEAR_GREY_LEVELS, series
        elif signal == "same":
            assert abs(off) < CLEAR_GREY_LEVELS / 2, series
        else:
            assert off > -CLEAR_GREY_LEVELS / 2, series


def test_the_mixed_picture_holds_a_dark_and_a_bright_part_on_t1():
    """Next to the endplate type 1 is darker than marrow, above it type 2 is brighter."""
    picture = pixels(Kind.MIXED, "t1")
    marrow = picture[MARROW].mean()
    assert picture[40:46, 50:66].mean() < marrow - CLEAR_GREY_LEVELS
    assert picture[27:31, 50:66].mean() > marrow + CLEAR_GREY_LEVELS


def test_every_kind_has_a_title_words_and_a_signal_for_each_series():
    """Nothing that F1 shows lacks its words."""
    assert set(TITLES) == set(MEANINGS) == set(SIGNALS) == set(Kind)
    assert all(len(signals) == len(SERIES) for signals in SIGNALS.values())


def test_the_pictures_are_part_of_the_distribution():
    """They lie in a package that the wheel takes whole, and nothing keeps them out of it."""
    build = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["hatch"]["build"]
    package = Path(modic_annotate_napari.__file__).parent
    assert str(package.relative_to(ROOT)) in build["targets"]["wheel"]["packages"]
    assert not {"exclude", "only-include"} & set(build["targets"]["wheel"])
    files = [package / "pictures" / file_name(kind, series) for kind in Kind for series in SERIES]
    assert all(file.is_file() for file in files)
    if (ROOT / ".git").exists():  # what git ignores the wheel leaves out
        told = subprocess.run(["git", "check-ignore", *map(str, files)], cwd=ROOT, check=False)
        assert told.returncode == 1


def test_f1_shows_the_pictures_and_marks_the_type_in_question(qapp, open_room, number):
    """F1 opens five columns; those of the active endplate's types stand out; F1 closes it."""
    from modic_annotate_napari.replay.hands import Hands

    hands = Hands(open_room((1366, 768)).room)
    number(hands)
    hands.press("1", "+", "3", "F1")
    sheet = hands.room.sheet
    assert sheet.isVisible()
    shown = {d.title: d.in_question for d in sheet._definitions}
    assert shown == {
        TITLES[Kind.NORMAL]: False,
        TITLES[Kind.TYPE_1]: True,
        TITLES[Kind.TYPE_2]: False,
        TITLES[Kind.TYPE_3]: True,
        TITLES[Kind.MIXED]: True,
    }
    assert all(len(d.pictures) == len(SERIES) for d in sheet._definitions)
    hands.press("F1")
    assert not sheet.isVisible()
    assert hands.room.session.state.findings[hands.room.desk.active].words == "type 1 > 3"
