"""Files of the further formats are what the packaged records give, byte for byte."""

from __future__ import annotations

from collections.abc import Iterator

from modic_annotate.evidence import document as doc
from modic_annotate.evidence.checks.records import same_version
from modic_annotate.evidence.contents import Contents
from modic_annotate.evidence.document import PackagedFormat
from modic_annotate.evidence.formats.registry import FORMATS, plan_of

KNOWN = {one.name: one for one in FORMATS}


def made_elsewhere(contents: Contents) -> dict[str, tuple[str, ...]]:
    """Return the formats that cannot be made again here, and what made each.

    Its libraries have other versions here, or this version of the program does not know it; where
    the program itself is another, none can be made again.
    """
    tool = contents.document.tool
    made_by = {one.name: _others(one) for one in contents.document.formats}
    if not same_version(contents):
        made_by = dict.fromkeys(made_by or ("every format",), (f"{tool.name} {tool.version}",))
    return {name: others for name, others in made_by.items() if others}


def _others(made: PackagedFormat) -> tuple[str, ...]:
    if made.name not in KNOWN:
        return (f"a version that knows {made.name}",)
    here = KNOWN[made.name].packaged.libraries
    return tuple(
        f"{library} {version}"
        for library, version in sorted(made.libraries.items())
        if here.get(library) != version
    )


def format_problems(contents: Contents) -> Iterator[str]:
    """Yield files of a format that differ from those made again, and any that none would make.

    Formats that cannot be made again here are left out; while one of them is not known at all,
    nothing can be said of further files.
    """
    elsewhere = made_elsewhere(contents)
    names = [one.name for one in contents.document.formats]
    made = plan_of((KNOWN[name] for name in names if name not in elsewhere), contents)
    for path, make in made.items():
        if contents.files.get(path) != make():
            yield f"{path}: not what the packaged records give"
    if all(name in KNOWN for name in names):
        planned = plan_of((KNOWN[name] for name in names), contents)
        for path in contents.files:
            if doc.role_of(path) in doc.FORMAT_ROLES and path not in planned:
                yield f"{path}: no format of the package makes it"
