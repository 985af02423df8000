"""A file that changes the key table: presets for layouts, other keys for actions."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from pathlib import Path

from modic_annotate_napari.keymap import KeyMap, KeyMapError

PRESETS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "azerty": {
        "grade.0": ("0", "à"),
        "grade.1": ("1", "&"),
        "grade.2": ("2", "é"),
        "grade.3": ("3", '"'),
        "grade.undetermined": ("8", "_"),
        "grade.cannot_read": ("9", "ç"),
        "mixed.add_1": (),
        "mixed.add_2": (),
        "mixed.add_3": (),
        "slice.next": (";", "."),
    },
    "qwertz": {"mixed.add_2": ('"',), "mixed.add_3": ("§",)},
}
"""For layouts whose digits need Shift (azerty: the digit keys alone give & é " ' ( - è _ ç à), or
whose Shift+digit signs differ (qwertz). A file that says ``preset = "azerty"`` takes one whole."""


def load_keymap(path: Path | None = None) -> KeyMap:
    """Return the key table, changed by a JSON or TOML file where one is given.

    Parameters
    ----------
    path
        ``{"preset": "azerty", "keys": {"grade.0": ["0"]}}``, both parts optional.

    Raises
    ------
    KeyMapError
        The file cannot be read, names an unknown action or preset, or makes a conflict.
    """
    if path is None:
        return KeyMap()
    content = _read(path)
    preset = content.get("preset")
    if preset is not None and preset not in PRESETS:
        raise KeyMapError(
            f"Key file {path.name}: no preset {preset!r}; there are {', '.join(PRESETS)}"
        )
    keymap = KeyMap().changed(PRESETS[str(preset)]) if preset else KeyMap()
    return keymap.changed(_key_lists(content.get("keys", {}), path.name))


def _read(path: Path) -> dict[str, object]:
    try:
        text = path.read_text(encoding="utf-8")
        content = tomllib.loads(text) if path.suffix == ".toml" else json.loads(text)
    except (OSError, ValueError) as error:
        raise KeyMapError(f"Key file {path.name} cannot be read: {error}") from error
    if not isinstance(content, dict) or set(content) - {"preset", "keys"}:
        raise KeyMapError(f"Key file {path.name} may hold 'preset' and 'keys', nothing else")
    return content


def _key_lists(keys: object, name: str) -> dict[str, tuple[str, ...]]:
    if not isinstance(keys, dict):
        raise KeyMapError(f"Key file {name}: 'keys' maps an action to a list of keys")
    lists = {action: [one] if isinstance(one, str) else one for action, one in keys.items()}
    for action, one in lists.items():
        if not isinstance(one, list) or not all(isinstance(key, str) and key for key in one):
            raise KeyMapError(f"Key file {name}: the keys of {action!r} must be a list of names")
    return {action: tuple(one) for action, one in lists.items()}
