"""Records to bytes and back: one spelling for one content.

UTF-8 JSON, sorted keys, fixed separators, no NaN, one final newline. A sha256 of a record is
always over these bytes.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any, TypeVar

from pydantic import ValidationError

from modic_annotate.domain.base import Record
from modic_annotate.errors import InvalidRecordError, SchemaVersionError

R = TypeVar("R", bound=Record)


class _DoubledKeyError(ValueError):
    """A key that stands twice in one JSON object; which value counts would be a guess."""


def canonical_bytes(content: Record | dict[str, Any] | list[Any]) -> bytes:
    """Return the canonical bytes of a record or of JSON-ready content, with a final newline."""
    return canonical_line(content) + b"\n"


def canonical_line(content: Record | dict[str, Any] | list[Any]) -> bytes:
    """Return the canonical bytes without a newline, as one line of a journal or log."""
    ready = content.model_dump(mode="json") if isinstance(content, Record) else content
    text = json.dumps(
        ready, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )
    return text.encode("utf-8")


def sha256_hex(content: bytes) -> str:
    """Return the sha256 of bytes as 64 lower-case hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def parse_record(model: type[R], content: bytes, what: str, *, is_ours: bool = False) -> R:
    """Read a record from JSON bytes.

    Parameters
    ----------
    model
        The record's class.
    content
        JSON, canonical or not.
    what
        How to name it in messages (a file name or id, never a person).
    is_ours
        Whether the bytes are known by their hash to be as this program wrote them: then no key
        stands twice, and nobody has to look.

    Raises
    ------
    SchemaVersionError
        It names another schema than the model's.
    InvalidRecordError
        Anything else is wrong; every problem is listed with its path.
    """
    if not is_ours:
        _check_json(model, content, what)
    try:
        return model.model_validate_json(content)
    except ValidationError as error:
        _check_json(model, content, what)  # another schema is told as such
        raise InvalidRecordError(what, problems_of(error)) from error


def problems_of(error: ValidationError) -> tuple[str, ...]:
    """Return every problem as ``message @ $.path[0].field``, without the offending value."""
    return tuple(f"{e['msg']} @ {_path(e['loc'])}" for e in error.errors(include_input=False))


def _path(location: tuple[int | str, ...]) -> str:
    return "$" + "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in location)


def _check_json(model: type[Record], content: bytes, what: str) -> None:
    """Refuse what is no JSON object, a key that stands twice, and another schema."""
    try:
        given = json.loads(content, object_pairs_hook=_each_key_once)
        found = given.get("schema")
    except _DoubledKeyError as error:
        raise InvalidRecordError(what, [f"the key {error} stands twice @ $"]) from error
    except (ValueError, AttributeError, RecursionError) as error:  # the last: nested too deep
        raise InvalidRecordError(
            what, [f"not a JSON object ({type(error).__name__}) @ $"]
        ) from error
    field = model.model_fields.get("schema_id")
    if field is not None and found not in (None, field.default):
        raise SchemaVersionError(what, str(found), field.default)


def _each_key_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        keys = [key for key, _ in pairs]
        raise _DoubledKeyError(next(repr(key) for key in keys if keys.count(key) > 1))
    return found
