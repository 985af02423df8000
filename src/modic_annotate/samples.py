"""Where the sample study lies: in a checkout, or inside the installed package."""

from __future__ import annotations

from pathlib import Path

from modic_annotate.errors import NothingReadableError

FOLDER = "sample_dicom"


def sample_folder() -> Path:
    """Return the folder of the sample: ``study/``, ``truth.json``, records and acts.

    Raises
    ------
    NothingReadableError
        The installation holds no sample.
    """
    package = Path(__file__).parent
    for folder in (package / FOLDER, package.parents[1] / FOLDER):
        if (folder / "truth.json").is_file():
            return folder
    raise NothingReadableError(
        f"This installation holds no {FOLDER} folder; "
        "write one with 'modic-annotate phantom OUT' or reinstall the package"
    )
