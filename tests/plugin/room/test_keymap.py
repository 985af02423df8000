"""The key table as data."""

from __future__ import annotations

import json

import pytest

from modic_annotate_napari.key_file import PRESETS, load_keymap
from modic_annotate_napari.keymap import DEFAULTS, KeyMap, KeyMapError, Scope
from modic_annotate_napari.steps.skills import SKILLS

READING_ROOM = "0123+!@#=89mlvbz()gscdapykeA"
"""Keys of the reading room's table that print a character."""

NAMED = ("Delete", "Up", "Down", "Home", "End", "F1")
EVERYWHERE = (*",.nfhiwrxo?", "Space", "Enter", "Backspace", "Ctrl+Z", "Ctrl+Shift+Z")


@pytest.mark.parametrize("key", [*READING_ROOM, *NAMED, *EVERYWHERE])
def test_every_key_of_the_published_table_does_something(key):
    """Each key of the reading room's table is bound while endplates are read."""
    assert KeyMap().find(key, Scope.ENDPLATES) is not None


def test_every_action_of_the_table_can_be_done():
    """No key is bound to an action that no step knows, and no action is out of reach."""
    assert {b.action for b in DEFAULTS} == set(SKILLS.commands)


@pytest.mark.parametrize("scope", [s for s in Scope if s != Scope.ENDPLATES])
def test_digits_mean_the_modic_type_and_nothing_else(scope):
    """Outside the endplates no digit is bound, and there digits only grade."""
    assert all(KeyMap().find(digit, scope) is None for digit in "0123456789")
    graded = {KeyMap().find(digit, Scope.ENDPLATES) for digit in "012389"}
    assert all(b is not None and b.action.startswith("grade.") for b in graded)


def test_only_what_is_seen_repeats():
    """A held key repeats nothing but what is seen: slices, a page, the lines by space."""
    seen = {"slice.previous", "slice.next", "beside.previous", "beside.next"}
    seen |= {"marks.lines", "page.up", "page.down"}
    assert {b.action for b in DEFAULTS if b.repeats} == seen


@pytest.mark.parametrize(
    ("action", "key"), [("usual", "0"), ("usual", "n"), ("undo", "z"), ("grade.1", "2")]
)
def test_a_key_cannot_mean_two_things_in_one_place(action, key):
    """A change that makes a conflict is refused and names both actions."""
    with pytest.raises(KeyMapError, match=rf"{key}.*(both|and)"):
        KeyMap().changed({action: [key]})


def test_one_key_may_mean_different_things_in_different_steps():
    """Steps have tables of their own."""
    assert KeyMap().find("m", Scope.ENDPLATES) != KeyMap().find("m", Scope.NUMBERING)


@pytest.mark.parametrize("preset", sorted(PRESETS))
def test_every_preset_is_free_of_conflicts_and_keeps_the_digits(preset, tmp_path):
    """A preset changes keys for a layout without losing a grade."""
    file = tmp_path / "keys.json"
    file.write_text(json.dumps({"preset": preset}), encoding="utf-8")
    keymap = load_keymap(file)
    for digit in "0123":
        found = keymap.find(digit, Scope.ENDPLATES)
        assert found is not None
        assert found.action == f"grade.{digit}"


def test_a_toml_file_changes_keys(tmp_path):
    """Keys come from a TOML file as well as from JSON."""
    file = tmp_path / "keys.toml"
    file.write_text('[keys]\n"usual" = "U"\n"grade.0" = ["0", "Q"]\n')
    keymap = load_keymap(file)
    assert keymap.keys_of("usual") == ("U",)
    assert keymap.keys_of("grade.0") == ("0", "Q")
    assert keymap.find("g", Scope.ENDPLATES) is None


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("{", "cannot be read"),
        ('{"kyes": {}}', "nothing else"),
        ('{"keys": []}', "list of keys"),
        ('{"keys": {"usual": [7]}}', "list of names"),
        ('{"keys": {"no.such": ["u"]}}', "unknown actions: no.such"),
        ('{"preset": "dvorak"}', "there are azerty, qwertz"),
    ],
)
def test_a_wrong_key_file_is_refused_in_words(content, complaint, tmp_path):
    """What is wrong with a key file is said, and no key changes silently."""
    file = tmp_path / "keys.json"
    file.write_text(content)
    with pytest.raises(KeyMapError, match=complaint):
        load_keymap(file)


def test_without_a_file_the_table_stands():
    """No key file means the published table."""
    assert load_keymap().bindings == DEFAULTS


AZERTY = dict(zip("1234567890", "&é\"'(-è_çà", strict=True))
"""What the digit keys of a French keyboard give without Shift."""


@pytest.fixture
def azerty(tmp_path):
    """The table as one documented line of a key file makes it."""
    file = tmp_path / "keys.toml"
    file.write_text('preset = "azerty"\n', encoding="utf-8")
    return load_keymap(file)


@pytest.mark.parametrize("digit", "012389")
def test_a_french_keyboard_grades_with_and_without_shift(azerty, digit):
    """The digit key alone and with Shift, and the keypad, give the same grade."""
    plain, shifted = (azerty.find(key, Scope.ENDPLATES) for key in (AZERTY[digit], digit))
    assert plain is not None
    assert plain == shifted
    assert plain.action.startswith("grade.")


def test_the_sheet_of_keys_shows_the_table_in_force(azerty):
    """What ? shows names the keys of the preset, not those of the published table."""
    from modic_annotate_napari.present.sheets import key_table

    shown = {
        does: keys for section in key_table(azerty, Scope.ENDPLATES) for keys, does in section.lines
    }
    assert shown["type 1"] == "1  or  &"
    assert shown["cannot be read; asks why"] == "9  or  ç"
    assert "further component type 1 (Shift+1)" not in shown


def test_a_key_file_that_breaks_a_preset_is_refused_by_both_names(tmp_path):
    """A preset is no way round the check: both actions that would share a key are named."""
    file = tmp_path / "keys.toml"
    file.write_text('preset = "azerty"\n[keys]\n"usual" = "é"\n', encoding="utf-8")
    with pytest.raises(KeyMapError, match=r"'é' is both (grade.2 and usual|usual and grade.2)"):
        load_keymap(file)
