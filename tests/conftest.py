"""Fixtures that every test folder may use."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of shared real exams, or a skip where it is absent."""
    folder = Path(os.environ.get("MODIC_ANNOTATE_TEST_DATA", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(
            f"the shared real exams are not there ({folder.name}); set MODIC_ANNOTATE_TEST_DATA"
        )
    return folder


@pytest.fixture(autouse=True, scope="session")
def _cache_of_this_run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep scans made by commands out of the user's own cache."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MODIC_ANNOTATE_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield
