"""Reducers of what is said of the whole case: note, notices to the site, signature."""

from __future__ import annotations

from modic_annotate.domain.reading import RedFlag
from modic_annotate.errors import ActRefusedError, IncompleteReadingError
from modic_annotate.session.acts import Note, RaiseRedFlag, ReturnToSite, Sign
from modic_annotate.session.checks import missing_to_sign
from modic_annotate.session.draft import Draft
from modic_annotate.session.reduce.step import Step


def note(draft: Draft, act: Note, _step: Step) -> Draft:
    """Set the free note of the whole reading."""
    return draft.replace(note=act.text)


def raise_red_flag(draft: Draft, act: RaiseRedFlag, step: Step) -> Draft:
    """Notify the site; it stands whatever is undone later."""
    flag = RedFlag(kind=act.kind, at=step.at, origin=step.origin, note=act.note)
    return draft.replace(red_flags=(*draft.red_flags, flag))


def return_to_site(draft: Draft, act: ReturnToSite, _step: Step) -> Draft:
    """Close the case as not read."""
    return draft.replace(returned_to_site=act.reason)


def sign(draft: Draft, act: Sign, step: Step) -> Draft:
    """Sign the reading.

    Short coverage stands in the way of a person who gives no reason for it; under an acts file
    it is recorded (and such a signature is of class scripted-demo).
    """
    if not act.meaning.strip():
        raise ActRefusedError("A signature needs its meaning in words")
    excused = step.context.scripted or bool(act.not_covered_reason)
    missing = missing_to_sign(draft, step.context, with_coverage=not excused)
    if missing:
        raise IncompleteReadingError(missing)
    return draft.replace(signed=True, not_covered_reason=act.not_covered_reason)
