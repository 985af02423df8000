"""Where the sample is found."""

from __future__ import annotations

from pathlib import Path

import pytest

from modic_annotate import samples
from modic_annotate.errors import NothingReadableError


@pytest.mark.parametrize(
    ("module", "folder"),
    [
        ("lib/modic_annotate/samples.py", "lib/modic_annotate/sample_dicom"),
        ("repo/src/modic_annotate/samples.py", "repo/sample_dicom"),
    ],
    ids=["installed", "checkout"],
)
def test_the_sample_is_found(tmp_path: Path, monkeypatch, module: str, folder: str) -> None:
    """The sample lies inside an installed package, or at the root of a checkout."""
    (tmp_path / folder).mkdir(parents=True)
    (tmp_path / folder / "truth.json").write_text("{}")
    monkeypatch.setattr(samples, "__file__", str(tmp_path / module))
    assert samples.sample_folder() == tmp_path / folder


def test_a_missing_sample_is_one_sentence(tmp_path: Path, monkeypatch) -> None:
    """Without a sample the message says how to get one."""
    monkeypatch.setattr(samples, "__file__", str(tmp_path / "a/b/samples.py"))
    with pytest.raises(NothingReadableError, match="modic-annotate phantom"):
        samples.sample_folder()
