"""Practice on what napari shows: the series our reader opened, read in a workspace thrown away."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from modic_annotate.conduct.practice import PRACTICE, practice_workspace
from modic_annotate.domain.reading import Purpose
from modic_annotate.errors import ReadingError
from modic_annotate_napari.flow.open_room import Opener, OpenRoom
from modic_annotate_napari.reading_room import ROOM, keymap_of

if TYPE_CHECKING:
    from modic_annotate_napari.qt import QMainWindow

OURS = "affine_lps"
"""What only our reader puts into a layer's metadata: where its pixels lie in the patient."""

NO_LAYER = (
    "No series is open; open a DICOM folder with the reader 'modic-annotate', or the sample study"
)
NOT_OURS = (
    "These layers do not know where they lie in the patient, so they cannot be read; open the "
    "DICOM folder again and choose the reader 'modic-annotate'"
)


def study_of(layers: Any) -> tuple[Path, ...]:  # noqa: ANN401 - napari is untyped
    """Return the files and folders that our reader opened the layers from.

    Raises
    ------
    ReadingError
        There is no layer, or none that knows its place in the patient.
    """
    everything = list(layers)
    ours = [layer for layer in everything if OURS in layer.metadata]
    if not ours:
        raise ReadingError(NOT_OURS if everything else NO_LAYER)
    return tuple(dict.fromkeys(_source(layer) for layer in ours))


def _source(layer: Any) -> Path:  # noqa: ANN401 - napari is untyped
    from modic_annotate.samples import sample_folder

    source = layer.source
    if source.path is None and source.sample is not None:
        return sample_folder() / "study"
    if source.path is None:
        raise ReadingError(NOT_OURS)
    return Path(source.path)


def practise(viewer: Any, window: QMainWindow | None) -> OpenRoom:  # noqa: ANN401 - as above
    """Open a practice room on the study whose layers are open; its workspace goes when it closes.

    Raises
    ------
    ModicAnnotateError
        The layers are not ours, or not of one study of one patient.
    """
    study = study_of(viewer.layers)
    folder = TemporaryDirectory(prefix="modic-annotate-practice-", ignore_cleanup_errors=True)
    try:
        workspace = Path(folder.name) / "workspace"
        practice_workspace(workspace, study)
        opener = Opener(workspace, PRACTICE, keymap_of(workspace), purpose=Purpose.TRAINING)
        opened = ROOM.open_in(opener, PRACTICE, viewer, window)
    except BaseException:
        folder.cleanup()
        raise
    opened.host.disposed.connect(lambda: folder.cleanup())  # which keeps the folder until then
    return opened
