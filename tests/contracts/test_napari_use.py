"""How the plugin uses its host: public names only, no traps, no dialogue, nothing fetched."""

from __future__ import annotations

import ast
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
PLUGIN = ROOT / "plugins" / "modic_annotate_napari"
MODULES = sorted(PLUGIN.rglob("*.py"))
TREES = {path.relative_to(PLUGIN): ast.parse(path.read_text("utf-8")) for path in MODULES}

OUTSIDE_THE_READING = {Path("_widget.py"), Path("qt.py")}
"""The dock widget that opens a case chooses a folder; ``qt`` only names things."""


def names(tree: ast.AST) -> set[str]:
    """Every name, attribute and imported module of a source."""
    found = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name)}
    found |= {n.attr for n in ast.walk(tree) if isinstance(n, ast.Attribute)}
    found |= {a.name for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            found |= {node.module or "", *(alias.name for alias in node.names)}
    return found


def test_no_private_name_of_napari_is_used() -> None:
    """The Qt viewer behind napari's window, and modules napari keeps to itself, are left alone."""
    assert len(TREES) > 60
    for path, tree in TREES.items():
        used = names(tree)
        assert not used & {"qt_viewer", "_qt_viewer", "_qt_window"}, path
        private = {n for n in used if n.startswith("napari.") and "._" in n}
        assert not private, path


def test_traps_of_napari_are_kept_out_of() -> None:
    """No grid mode, no display of points out of their slice, no layer for a mark."""
    for path, tree in TREES.items():
        trapped = {"out_of_slice_display", "grid_mode", "add_points", "add_shapes", "add_labels"}
        assert not names(tree) & trapped, path


def test_napari_is_held_to_the_versions_that_were_tried() -> None:
    """The gui extra states a least version of napari and one it stays below."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    (napari,) = [d for d in project["optional-dependencies"]["gui"] if d.startswith("napari")]
    assert ">=" in napari
    assert "<" in napari


def test_no_dialogue_opens_while_reading() -> None:
    """Nothing between opening a case and closing it can open a dialogue."""
    dialogues = {"QMessageBox", "QDialog", "QInputDialog", "QFileDialog", "show_info"}
    for path, tree in TREES.items():
        if path not in OUTSIDE_THE_READING:
            assert not names(tree) & dialogues, path


def test_nothing_is_fetched_while_reading() -> None:
    """No module of the plugin or of the core's reading parts knows the network or a model."""
    parts = [ROOT / "src" / "modic_annotate" / name for name in ("session", "domain", "assist")]
    sources = [*MODULES, *(path for part in parts for path in part.rglob("*.py"))]
    outside = {"urllib", "urllib.request", "requests", "httpx", "socket", "torch", "onnxruntime"}
    for path in sources:
        assert not names(ast.parse(path.read_text("utf-8"))) & outside, path
