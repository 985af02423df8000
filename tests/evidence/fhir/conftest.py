"""The sample's bundle, and a bundle that says everything a reading can say."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from modic_annotate.evidence import document as doc
from modic_annotate.evidence.bag import Files
from modic_annotate.evidence.contents import Contents
from modic_annotate.evidence.formats.fhir.bundle import plan
from modic_annotate.store.canonical import canonical_bytes
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


def by_a_person(bag: Files, **changes: object) -> Contents:
    """Return a package as if a person had read and signed, for a record that is not made up."""
    contents = changed(bag, lambda reading: reading.replace(scripted=False, **changes))
    document = contents.document.replace(synthetic=False, scripted=False)
    signature = contents.signed[0].signature.replace(signature_class="attestation")
    return Contents(
        {
            **contents.files,
            doc.PACKAGE: canonical_bytes(document),
            "data/readings/R01-1.signature.json": canonical_bytes(signature),
        }
    )


@pytest.fixture(scope="session", name="bundles")
def _bundles(
    sample_bag: Files, rich_contents: Contents, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Path]:
    """Files of three bundles: of the sample, with every field in use, read by a person."""
    folder = tmp_path_factory.mktemp("fhir")
    contents = {
        "sample": Contents(sample_bag),
        "rich": rich_contents,
        "person": by_a_person(sample_bag),
    }
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
