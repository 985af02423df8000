"""What a reading in progress can be asked; nothing here changes it."""

from __future__ import annotations

from modic_annotate.domain.finding import Finding
from modic_annotate.domain.reading import EndplateLine
from modic_annotate.domain.series import SeriesRole, SeriesUsed
from modic_annotate.domain.spine import Endplate
from modic_annotate.session import checks, coverage, slots
from modic_annotate.session.contradictions import contradictions, notices
from modic_annotate.session.draft import Draft
from modic_annotate.session.history import History
from modic_annotate.session.journal import Journal
from modic_annotate.session.lines import all_lines, estimated_lines
from modic_annotate.session.protocol import ReadingProtocol
from modic_annotate.session.reduce.step import Context


class SessionView:
    """The readable side of a reading in progress."""

    _journal: Journal
    _history: History
    _context: Context
    _drawn: tuple[Draft, tuple[EndplateLine, ...]] | None = None

    @property
    def state(self) -> Draft:
        """The present state; a new value after each act."""
        return self._history.draft

    @property
    def journal(self) -> Journal:
        """The acts as they were made."""
        return self._journal

    @property
    def protocol(self) -> ReadingProtocol:
        """The rules of this reading."""
        return self._context.protocol

    @property
    def scope(self) -> tuple[Endplate, ...]:
        """The endplates to read, head to foot; it follows the numbering."""
        return self.state.scope

    @property
    def series(self) -> tuple[SeriesUsed, ...]:
        """All readable series with the slots they fill now."""
        return slots.with_roles(self.state, self._context.series, self._journal.header.reader.id)

    @property
    def acceptable(self) -> tuple[SeriesUsed, ...]:
        """The blocked series whose faults the reader may accept and has not."""
        return tuple(s for s in self._context.series if not slots.is_open(self.state, s))

    def series_in(self, role: SeriesRole) -> SeriesUsed | None:
        """Return the series that fills a slot, or None."""
        return slots.in_role(self.state, self._context.series, role)

    def missing(self) -> tuple[str, ...]:
        """Return all that stands between here and the signature, in sentences."""
        return checks.missing_to_sign(self.state, self._context)

    def missing_fields(self, finding: Finding) -> tuple[str, ...]:
        """Return the names of the fields the protocol asks for and that are open, in its order."""
        return checks.open_fields(finding, self._context)

    def contradictions(self) -> tuple[str, ...]:
        """Return what does not go together; stored with the signature, never corrected."""
        return contradictions(self.state)

    def notices(self) -> tuple[str, ...]:
        """Return what makes a value less sure, e.g. a boundary within its error; not stored."""
        return notices(self.state)

    def coverage_percent(self, role: SeriesRole) -> float:
        """Return the share of a slot's slices that were really shown."""
        return coverage.coverage_percent(self.state, self._context, role)

    def estimated_lines(self) -> tuple[EndplateLine, ...]:
        """Return a line from the body centres for each endplate that has none placed."""
        return estimated_lines(self.state, self._context.series)

    @property
    def lines(self) -> tuple[EndplateLine, ...]:
        """Every endplate's line, placed or estimated, head to foot."""
        state = self.state
        if self._drawn is None or not _same_spine(self._drawn[0], state):
            self._drawn = (state, all_lines(state, self._context.series))
        return self._drawn[1]

    @property
    def can_undo(self) -> bool:
        """Whether an act can be taken back."""
        return self._history.can_undo

    @property
    def can_redo(self) -> bool:
        """Whether an undone act can be done again."""
        return self._history.can_redo

    @property
    def last_words(self) -> str:
        """What was just recorded, in words, and how to take it back."""
        return self._history.last_words


def _same_spine(before: Draft, now: Draft) -> bool:
    """Whether nothing that lines depend on was touched; views ask for them at each redraw."""
    return (
        before.numbering is now.numbering
        and before.lines is now.lines
        and before.roles is now.roles
    )
