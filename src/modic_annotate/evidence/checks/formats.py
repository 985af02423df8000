"""Files of the further formats are what the packaged records give, byte for byte."""

from __future__ import annotations

from collections.abc import Iterator

from modic_annotate.evidence import document as doc
from modic_annotate.evidence.checks.records import same_version
from modic_annotate.evidence.contents import Contents
from modic_annotate.evidence.formats.registry import FORMATS, Format, plan_of

KNOWN = {one.name: one for one in FORMATS}


def other_makers(contents: Contents) -> tuple[str, ...]:
    """Return what made a format of the package and is another version here, or unknown."""
    tool = contents.document.tool
    if not same_version(contents):
        return (f"{tool.name} {tool.version}",)
    told = {
        f"{name} {version}"
        for one in contents.document.formats
        for name, version in one.libraries.items()
        if one.name in KNOWN and KNOWN[one.name].packaged.libraries.get(name) != version
    }
    unknown = {
        f"a version that knows {f.name}" for f in contents.document.formats if f.name not in KNOWN
    }
    return tuple(sorted(told | unknown))


def format_problems(contents: Contents) -> Iterator[str]:
    """Yield files of a format that differ from those made again, and any that none would make."""
    made = plan_of(_formats(contents), contents)
    for path, make in made.items():
        if contents.files.get(path) != make():
            yield f"{path}: not what the packaged records give"
    for path in contents.files:
        if doc.role_of(path) in doc.FORMAT_ROLES and path not in made:
            yield f"{path}: no format of the package makes it"


def _formats(contents: Contents) -> Iterator[Format]:
    return (KNOWN[one.name] for one in contents.document.formats)
