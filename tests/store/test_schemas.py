"""The committed JSON Schemas are those of the classes, and an independent validator reads them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator, FormatChecker, ValidationError
from pydantic import TypeAdapter

from modic_annotate.domain.readers import PassphraseHash, Reader, ReadersFile
from modic_annotate.errors import UnknownRecordError
from modic_annotate.session.acts import ACT
from modic_annotate.session.protocol import load_protocol
from modic_annotate.store.audit import append_event
from modic_annotate.store.canonical import canonical_bytes
from modic_annotate.store.schemas import SCHEMAS, committed_text, schema_text, write_schemas

SAMPLE = Path(__file__).parents[2] / "sample_dicom"


def validator(name: str) -> Draft202012Validator:
    return Draft202012Validator(json.loads(committed_text(name)), format_checker=FormatChecker())


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_committed_schema_is_the_class_as_it_is(name: str) -> None:
    """A changed class needs its schema written again: ``write_schemas(<store/schema>)``."""
    assert committed_text(name) == schema_text(name)


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_schema_is_one(name: str) -> None:
    """Each schema is valid under its own dialect, closed, and free of the library's type names."""
    text = schema_text(name)

    Draft202012Validator.check_schema(json.loads(text))
    assert "FieldInfo" not in text
    assert "modic_annotate__" not in text


def test_no_schema_is_left_over(tmp_path: Path) -> None:
    """The folder holds one file per schema and no other."""
    written = {path.name for path in write_schemas(tmp_path)}
    folder = Path(__file__).parents[2]

    committed = {p.name for p in (folder / "src/modic_annotate/store/schema").iterdir()}
    assert committed == written == {f"{name}.json" for name in SCHEMAS}
    assert len(SCHEMAS) == len(written)


def test_an_unknown_schema_lists_the_known() -> None:
    """A name that is none is answered with those there are."""
    with pytest.raises(UnknownRecordError, match="reading-1"):
        schema_text("nonsense-1")


@pytest.mark.parametrize(
    "name", ["screening-record.json", "not-met-record.json", "incomplete-record.json"]
)
def test_the_sample_records_fit_their_schema(name: str) -> None:
    """The shipped screening records are valid to an independent validator."""
    validator("screening-1").validate(json.loads((SAMPLE / name).read_text(encoding="utf-8")))


def test_the_sample_acts_fit_their_schema() -> None:
    """Every line of every shipped acts file is an act to an independent validator."""
    lines = list(shipped_acts())
    check = validator("act-1")

    assert len(lines) > 20
    for line in lines:
        check.validate(json.loads(line))


def shipped_acts() -> Iterator[str]:
    for path in sorted(SAMPLE.glob("*acts*.jsonl")):
        yield from path.read_text(encoding="utf-8").splitlines()


def test_records_written_here_fit_their_schema(store) -> None:
    """Readers, the protocol and audit entries are valid as they lie on the disk."""
    passphrase = PassphraseHash(n=1024, r=8, p=1, salt_hex="00", hash_hex="ff")
    readers = ReadersFile(readers=(Reader(id="r1", passphrase=passphrase),))
    append_event(store, "case1", "test.event", "c", files={"a": "0" * 64})

    validator("readers-1").validate(json.loads(canonical_bytes(readers)))
    validator("reading-protocol-1").validate(json.loads(canonical_bytes(load_protocol())))
    validator("audit-entry-1").validate(json.loads(store.get("audit/case1.jsonl")))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("readers-1", {"readers": [{"id": "con tain"}]}),
        ("readers-1", {"readers": [{"id": "r1", "surname": "x"}]}),
        ("act-1", {"act": "grade", "endplate": "L4", "modic": "absent"}),
        ("screening-1", {"trial_id": "t", "record_id": "c", "change": {"by": "x", "at": "now"}}),
    ],
)
def test_what_is_no_record_does_not_fit(name: str, content: dict[str, object]) -> None:
    """Unknown keys, bad ids and missing parts are refused by the schema alone."""
    with pytest.raises(ValidationError):
        validator(name).validate(content)


def test_every_act_can_be_looked_up() -> None:
    """The act schema is the union the program parses with."""
    assert TypeAdapter(SCHEMAS["act-1"]).json_schema() == ACT.json_schema()
