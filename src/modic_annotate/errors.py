"""What can go wrong, as one tree; the branch says who must act.

ModicAnnotateError
+ ImagingError          the images: find, decode, order
| + NothingReadableError, BlockedSeriesError, DecodeError, NotAnImageError
+ RecordError           a record file or a link between records
| + InvalidRecordError, SchemaVersionError, RecordMismatchError, UnknownRecordError,
|   UnknownReaderError, AlreadyExistsError
+ ReadingError          an act that the reading does not allow now
| + ActRefusedError, IncompleteReadingError, ReadingSignedError, DraftInUseError
+ CriteriaError         a criteria set
| + UnknownCriteriaSetError, InvalidCriteriaSetError
+ ExportError           an evidence package
| + ProfileRefusedError, PreflightError, UnreadablePackageError
+ MissingDependencyError  an optional part that is not installed

Messages tell what, where and what to do, in one sentence; none holds a patient's identity.
They are caught at two edges only: the command line and the plugin's footer.
"""

from __future__ import annotations

from collections.abc import Sequence


class ModicAnnotateError(Exception):
    """Base of every error this package raises on purpose."""


class ImagingError(ModicAnnotateError):
    """Something about the images."""


class NothingReadableError(ImagingError):
    """No readable MR series where one was expected."""


class BlockedSeriesError(ImagingError):
    """A series was recognised but must not be read as a volume."""

    def __init__(self, series_uid: str, reasons: Sequence[str]) -> None:
        self.series_uid = series_uid
        self.reasons = tuple(reasons)
        super().__init__(f"Series {series_uid} cannot be read as a volume: {'; '.join(reasons)}")


class DecodeError(ImagingError):
    """Pixel data that no decoder turned into the image its header promises."""


class NotAnImageError(ImagingError):
    """A file without the pixel data that was asked of it."""


class RecordError(ModicAnnotateError):
    """Something about a record file or a link between records."""


class InvalidRecordError(RecordError):
    """A record whose content breaks its model; every problem with its path."""

    def __init__(self, what: str, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        super().__init__(f"{what} is not valid: {'; '.join(problems)}")


class SchemaVersionError(RecordError):
    """A record written under a schema this version does not know."""

    def __init__(self, what: str, found: str, known: str) -> None:
        self.found = found
        self.known = known
        super().__init__(f"{what} has schema {found!r}; this version reads {known!r}")


class RecordMismatchError(RecordError):
    """Two records, or a record and its images, that contradict each other."""


class UnknownRecordError(RecordError):
    """A record, file or workspace that is not there."""


class UnknownReaderError(RecordError):
    """A reader id that the workspace has not registered."""


class AlreadyExistsError(RecordError):
    """A write-once name that is already taken."""


class ReadingError(ModicAnnotateError):
    """Something the reading does not allow now."""


class ActRefusedError(ReadingError):
    """An act that has no meaning, or is not allowed, in the present state."""


class IncompleteReadingError(ReadingError):
    """A reading that cannot be signed yet."""

    def __init__(self, missing: Sequence[str]) -> None:
        self.missing = tuple(missing)
        super().__init__(f"The reading cannot be signed yet: {'; '.join(missing)}")


class ReadingSignedError(ReadingError):
    """An act on a reading that is signed and therefore final."""


class DraftInUseError(ReadingError):
    """A draft that another process holds open."""


class CriteriaError(ModicAnnotateError):
    """Something about a criteria set."""


class UnknownCriteriaSetError(CriteriaError):
    """A criteria set name that is neither shipped nor a file."""

    def __init__(self, name: str, known: Sequence[str]) -> None:
        self.name = name
        self.known = tuple(known)
        super().__init__(f"No criteria set {name!r}; shipped sets are {', '.join(known)}")


class InvalidCriteriaSetError(CriteriaError):
    """A criteria set file that breaks its model."""

    def __init__(self, what: str, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        super().__init__(f"Criteria set {what} is not valid: {'; '.join(problems)}")


class ExportError(ModicAnnotateError):
    """Something about writing or reading an evidence package."""


class ProfileRefusedError(ExportError):
    """Content that the chosen export profile does not accept."""


class PreflightError(ExportError):
    """Evidence that a reviewer would send back; every reason, one sentence each."""

    def __init__(self, stops: Sequence[str]) -> None:
        self.stops = tuple(stops)
        super().__init__(" ".join(stops))


class UnreadablePackageError(ExportError):
    """A package that cannot be opened at all."""


class MissingDependencyError(ModicAnnotateError):
    """A feature whose optional packages are not installed."""

    def __init__(self, feature: str, extra: str) -> None:
        self.extra = extra
        super().__init__(f"{feature} needs: pip install 'modic-annotate[{extra}]'")
