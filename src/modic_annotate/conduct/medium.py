"""A medium as a site gives it, and the one study on it that is wanted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from modic_annotate import imaging
from modic_annotate.conduct.matching import studies_in_words
from modic_annotate.errors import NothingReadableError, RecordError, RecordMismatchError
from modic_annotate.imaging import Catalogue, Series

_UNREAD = ("unreadable", "archive", "archive_member")
"""Refusals of what was not looked into: it might be an image of the study."""


@dataclass(frozen=True, slots=True)
class Medium:
    """Files and folders, and which study of several on them is meant."""

    paths: Sequence[Path]
    study: str | None = None
    """How the wanted study's UID ends; None where there is one study only."""


def scanned_study(given: Sequence[Path] | Medium) -> tuple[Catalogue, tuple[Series, ...]]:
    """Scan a medium and return all of it, and the stacks of the one study that is wanted.

    Raises
    ------
    RecordError
        Something there cannot be read: it might be an image of the study.
    NothingReadableError
        There is no MR series.
    RecordMismatchError
        Several studies and none chosen, none or several that end so, or two patients in one.
    """
    medium = given if isinstance(given, Medium) else Medium(given)
    catalogue = imaging.scan(medium.paths)
    unread = [refused for refused in catalogue.refused if refused.code in _UNREAD]
    if unread:
        raise RecordError(
            f"{len(unread)} of the files or folders cannot be read ({unread[0].reason}); see which "
            "with 'modic-annotate scan', copy the study anew and link that; nothing was linked"
        )
    return catalogue, _one_study(catalogue, medium.study)


def _one_study(catalogue: Catalogue, wanted: str | None) -> tuple[Series, ...]:
    studies = catalogue.studies()
    if not studies:
        raise NothingReadableError(
            f"No MR series found ({len(catalogue.refused)} files were refused); "
            "see why with: modic-annotate scan"
        )
    found = [stacks for uid, stacks in studies.items() if uid.endswith(wanted or "")]
    n_patients = len({series.patient.key for stacks in found for series in stacks})
    if len(found) != 1 or n_patients != 1:
        ending = f" whose UID ends in {wanted!r}" if wanted else ""
        raise RecordMismatchError(
            f"Found {len(found)} studies of {n_patients} patients{ending}, and one study of one "
            f"patient is needed ({studies_in_words(studies.values())}); give the folder of one "
            "study, or name one by the end of its UID with --study; nothing was linked"
        )
    return found[0]
