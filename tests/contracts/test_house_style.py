"""The shape of the code base itself."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MODULES = sorted([*(ROOT / "src").rglob("*.py"), *(ROOT / "plugins").rglob("*.py")])
MAX_MODULE_LINES = 300
MAX_FUNCTION_LINES = 60


@pytest.mark.parametrize("module", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_no_module_is_longer_than_the_limit(module: Path) -> None:
    """A module is one idea and has at most 300 lines."""
    assert len(module.read_text("utf-8").splitlines()) <= MAX_MODULE_LINES


@pytest.mark.parametrize("module", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_no_function_is_longer_than_the_limit(module: Path) -> None:
    """A function fits on a screen, its docstring counted."""
    functions = [
        node
        for node in ast.walk(ast.parse(module.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef)
    ]
    long = [f.name for f in functions if (f.end_lineno or 0) - f.lineno > MAX_FUNCTION_LINES]
    assert long == []


def test_the_tree_of_the_design_stands() -> None:
    """Every package of the architecture is there under its name."""
    core = {"domain", "imaging", "store", "session", "phantom", "assist", "eligibility"}
    core |= {"evidence", "conduct", "cli"}
    found = {path.name for path in (ROOT / "src" / "modic_annotate").iterdir() if path.is_dir()}
    assert core <= found
    for folder in ("plugins/modic_annotate_napari", "sample_dicom", "script", ".ci", "docs"):
        assert (ROOT / folder).is_dir()
