"""The JSON Schemas of all record files, made from the records' classes.

The classes stand in several layers, some above this one, so the table names them and they are
imported only when asked for.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from importlib import import_module, resources
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from modic_annotate.domain.field_docs import field_docs
from modic_annotate.errors import UnknownRecordError

DIALECT = "https://json-schema.org/draft/2020-12/schema"

_CLASSES = {
    "workspace-1": "modic_annotate.store.workspace:WorkspaceFile",
    "readers-1": "modic_annotate.domain.readers:ReadersFile",
    "screening-map-1": "modic_annotate.eligibility.importers.mapping:ImportMap",
    "screening-1": "modic_annotate.domain.screening:ScreeningRecord",
    "link-1": "modic_annotate.domain.links:Link",
    "images-1": "modic_annotate.domain.images:ImageIndex",
    "identity-1": "modic_annotate.domain.images:IdentityMap",
    "reading-protocol-1": "modic_annotate.session.protocol:ReadingProtocol",
    "act-1": "modic_annotate.session.acts:Act",
    "journal-1": "modic_annotate.session.entries:JournalHeader",
    "journal-entry-1": "modic_annotate.session.entries:JournalEntry",
    "reading-1": "modic_annotate.domain.reading:Reading",
    "signature-1": "modic_annotate.domain.reading:Signature",
    "row-verification-1": "modic_annotate.domain.row_verification:RowVerification",
    "criteria-1": "modic_annotate.eligibility.criteria:CriteriaSet",
    "attachment-1": "modic_annotate.domain.attachment:Attachment",
    "transcription-1": "modic_annotate.domain.attachment:Transcription",
    "resolution-1": "modic_annotate.domain.resolution:Resolution",
    "determination-signature-1": "modic_annotate.domain.resolution:DeterminationSignature",
    "submission-1": "modic_annotate.domain.submission:Submission",
    "determination-1": "modic_annotate.domain.determination:Determination",
    "package-1": "modic_annotate.evidence.document:PackageDocument",
    "deid-1": "modic_annotate.evidence.deid.document:DeidDocument",
    "root-signature-1": "modic_annotate.evidence.signing:RootSignature",
    "series-1": "modic_annotate.evidence.document:SeriesDocument",
    "key-image-1": "modic_annotate.evidence.key_images:KeyImageNote",
    "phantom-truth-1": "modic_annotate.phantom.truth:Truth",
    "vendor-phantom-truth-1": "modic_annotate.phantom.vendors.truth:VendorTruth",
    "audit-entry-1": "modic_annotate.store.chain:AuditEntry",
}
"""Name of a record file and its version -> where its class is."""


class _Schemas(Mapping[str, Any]):
    """Record classes by schema name, imported at the first look."""

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401 - a Record class or a union of them
        module, _, attribute = _CLASSES[name].partition(":")
        return getattr(import_module(module), attribute)

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(_CLASSES))

    def __len__(self) -> int:
        return len(_CLASSES)


SCHEMAS: Mapping[str, Any] = _Schemas()
"""Record classes (or unions of them) by schema name, e.g. ``reading-1``."""


class _Described(GenerateJsonSchema):
    """JSON Schema whose properties carry what stands below the fields in the source."""

    def model_schema(self, schema: core_schema.ModelSchema) -> JsonSchemaValue:
        """Return the schema of one class."""
        made = super().model_schema(schema)
        words = field_docs(schema["cls"])
        for name, info in schema["cls"].model_fields.items():
            place = made.get("properties", {}).get(info.alias or name)
            if name in words and place is not None:
                place.setdefault("description", words[name])
        return made


def schema_text(name: str) -> str:
    """Return a JSON Schema as it is committed.

    Raises
    ------
    UnknownRecordError
        There is no schema of that name.
    """
    if name not in _CLASSES:
        raise UnknownRecordError(f"There is no schema {name!r}; there are {', '.join(SCHEMAS)}")
    made = TypeAdapter(SCHEMAS[name]).json_schema(by_alias=True, schema_generator=_Described)
    schema = _with_short_names(made)
    full = {"$schema": DIALECT, "$id": f"modic-annotate/{name}", **schema}
    return json.dumps(full, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def committed_text(name: str) -> str:
    """Return the committed file of a schema."""
    return (
        resources.files("modic_annotate.store")
        .joinpath("schema", f"{name}.json")
        .read_text(encoding="utf-8")
    )


def write_schemas(folder: Path) -> tuple[Path, ...]:
    """Write every schema into a folder and return the files."""
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for name in SCHEMAS:
        path = folder / f"{name}.json"
        path.write_text(schema_text(name), encoding="utf-8", newline="\n")
        files.append(path)
    return tuple(files)


def _with_short_names(schema: dict[str, Any]) -> dict[str, Any]:
    """Name generic definitions by what they hold, not by the library's spelling of the type."""
    text = json.dumps(schema)
    taken: set[str] = set()
    for long_name, definition in sorted(schema.get("$defs", {}).items()):
        title = str(definition.get("title", ""))
        if "[" not in title:
            continue
        name = f"{title.partition('[')[0]}_{_held(definition)}"
        while name in taken:
            name += "_"
        taken.add(name)
        text = text.replace(json.dumps(title), json.dumps(name))
        text = text.replace(f'"{long_name}"', f'"{name}"')
        text = text.replace(f'/$defs/{long_name}"', f'/$defs/{name}"')
    result: dict[str, Any] = json.loads(text)
    return result


def _held(definition: dict[str, Any]) -> str:
    """Say in one word what the ``value`` of a generic record is."""
    options = definition["properties"]["value"].get("anyOf", [{}])
    first = options[0]
    kind = first.get("$ref", "").rpartition("/")[2] or first.get("format") or first.get("type", "")
    limits = [str(first[k]) for k in ("minimum", "maximum") if k in first]
    return "_".join([kind, *limits])
