"""How reducers read and change one finding."""

from __future__ import annotations

from pydantic import JsonValue, ValidationError

from modic_annotate.domain.finding import Finding, Origin
from modic_annotate.domain.modic import Presence
from modic_annotate.domain.spine import Endplate
from modic_annotate.errors import ActRefusedError
from modic_annotate.session.coverage import body_coverage_percent
from modic_annotate.session.draft import Draft
from modic_annotate.session.reduce.step import Step


def named(endplate: Endplate) -> str:
    """Return an endplate as messages name it, e.g. ``L4 inferior``."""
    return f"{endplate.vertebra} {endplate.surface}"


def in_scope(draft: Draft, endplate: Endplate) -> Finding:
    """Return the finding of an endplate in scope; nothing is graded before numbering is signed."""
    if draft.numbering.signed_at is None:
        raise ActRefusedError("The numbering is not signed; sign it before grading")
    finding = draft.findings.get(endplate)
    if finding is None:
        first, last = draft.scope[0], draft.scope[-1]
        raise ActRefusedError(
            f"{named(endplate)} is not read in this spine; "
            f"the scope runs from {named(first)} to {named(last)}"
        )
    return finding


def ungraded(draft: Draft, endplate: Endplate) -> Finding:
    """Return an open finding; a graded one is never overwritten by a stray key."""
    finding = in_scope(draft, endplate)
    if finding.is_read:
        raise ActRefusedError(
            f"{named(endplate)} is already graded ({finding.words}); "
            "press Delete to reopen, or Backspace to undo"
        )
    return finding


def graded(draft: Draft, endplate: Endplate) -> Finding:
    """Return a finding that is read."""
    finding = in_scope(draft, endplate)
    if not finding.is_read:
        raise ActRefusedError(f"{named(endplate)} is not read yet; grade it first")
    return finding


def with_change(draft: Draft, endplate: Endplate) -> Finding:
    """Return a finding that holds a Modic change."""
    finding = graded(draft, endplate)
    if finding.modic != Presence.PRESENT:
        raise ActRefusedError(
            f"{named(endplate)} holds no Modic change ({finding.words}); "
            "reopen it and grade a type first"
        )
    return finding


def changed(finding: Finding, origin: Origin, **fields: object) -> Finding:
    """Return a finding with fields set, each with its origin; refuse what its model refuses."""
    origins = {**finding.origins, **dict.fromkeys(fields, origin)}
    try:
        new = finding.replace(**fields, origins=origins)
    except ValidationError as error:
        raise refusal(named(finding.endplate), error) from error
    return new


def committed(draft: Draft, finding: Finding, step: Step, **fields: object) -> Finding:
    """Return a finding as graded in this step."""
    return stamped(draft, changed(finding, step.origin, **fields), step)


def stamped(draft: Draft, finding: Finding, step: Step) -> Finding:
    """Return a finding with what the session knows of the moment it is graded.

    That is when, and how much of its body had been shown. Since when and for how long the reader
    was at it (`first_view_at`, `active_seconds`) follows at the signature from `session.attention`.
    """
    vertebra = finding.endplate.vertebra
    return finding.replace(
        committed_at=step.at,
        coverage_percent=body_coverage_percent(draft, step.context, vertebra),
    )


def refusal(what: str, error: ValidationError) -> ActRefusedError:
    """Return the refusal of values that a model does not take, in one sentence."""
    problems = []
    for detail in error.errors(include_input=False, include_url=False):
        field = ".".join(str(step) for step in detail["loc"])
        message = detail["msg"].removeprefix("Value error, ")
        problems.append(f"{field}: {message}" if field else message)
    return ActRefusedError(f"{what} does not take this: {'; '.join(problems)}")


def is_open(value: object) -> bool:
    """Whether a field of a finding holds nothing yet."""
    return value is None or value == ()


def is_blank(value: JsonValue) -> bool:
    """Whether a value given for a field takes the field back."""
    return value is None or value == []
