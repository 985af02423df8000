"""The Qt binding that is installed."""

from __future__ import annotations

import pytest

pytest.importorskip("qtpy")

from modic_annotate_napari import binding


def test_the_installed_binding_keeps_its_references():
    """Thousands of Qt calls do not wear None out, so that no reading ends in an abort."""
    assert binding.binding_problem() is None


def test_a_binding_that_loses_references_is_named(monkeypatch):
    """Where references are lost on a Python whose None can die, one sentence says what to do."""
    monkeypatch.setattr(binding, "lost_references", lambda: binding.CALLS)
    monkeypatch.setattr(binding, "MORTAL_NONE_BEFORE", (99, 0))
    assert "pip install" in binding.binding_problem()
