"""The README names what there is."""

from __future__ import annotations

import os
from pathlib import Path

import typer.main

from modic_annotate.cli.app import app

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")


def test_readme_names_every_command() -> None:
    """Each command of the command line stands in the README's table."""
    commands = typer.main.get_command(app).commands  # type: ignore[attr-defined]
    missing = [name for name in commands if f"`{name}`" not in README]
    assert missing == []


def test_readme_names_the_two_commands() -> None:
    """The two commands of the first screen exist and may be run."""
    for script in ("script/demo", "script/test"):
        assert script in README
        assert os.access(ROOT / script, os.X_OK)


def test_readme_pictures_exist() -> None:
    """Every picture the README shows is in the repository."""
    pictures = [part.split(")")[0] for part in README.split("](docs/images/")[1:]]
    assert pictures
    for picture in pictures:
        assert (ROOT / "docs" / "images" / picture).is_file(), picture
