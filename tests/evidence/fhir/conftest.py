"""The sample's bundle, and a bundle that says everything a reading can say."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from modic_annotate.evidence.bag import Files
from modic_annotate.evidence.contents import Contents
from modic_annotate.evidence.formats.fhir.bundle import plan
from tests.evidence.dicom.conftest import changed, rich

Bundle = dict[str, Any]


def made(contents: Contents) -> bytes:
    """Return the one bundle of a package."""
    (make,) = plan(contents).values()
    return make()


def resources(bundle: Bundle, kind: str) -> list[Any]:
    """Return every resource of a kind."""
    found = (entry["resource"] for entry in bundle["entry"])
    return [one for one in found if one["resourceType"] == kind]


def endplate(bundle: Bundle, name: str) -> Any:
    """Return the Observation of one endplate, e.g. ``L4 inferior endplate``."""
    return next(
        one
        for one in resources(bundle, "Observation")
        if one.get("bodySite", {}).get("text") == name
    )


@pytest.fixture(scope="session", name="rich_contents")
def _rich_contents(sample_bag: Files) -> Contents:
    return changed(sample_bag, rich)


@pytest.fixture(scope="session", name="bundles")
def _bundles(
    sample_bag: Files, rich_contents: Contents, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Path]:
    """Files of two bundles: of the sample, and of a reading with every field in use."""
    folder = tmp_path_factory.mktemp("fhir")
    contents = {"sample": Contents(sample_bag), "rich": rich_contents}
    for name, one in contents.items():
        (folder / f"{name}.json").write_bytes(made(one))
    return {name: folder / f"{name}.json" for name in contents}


@pytest.fixture(name="bundle")
def _bundle(bundles: dict[str, Path]) -> Bundle:
    found: Bundle = json.loads(bundles["sample"].read_bytes())
    return found


@pytest.fixture(name="rich_bundle")
def _rich_bundle(bundles: dict[str, Path]) -> Bundle:
    found: Bundle = json.loads(bundles["rich"].read_bytes())
    return found
