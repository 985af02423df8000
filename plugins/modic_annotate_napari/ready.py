"""Whether a room can be opened on this computer at all, asked before anything is touched."""

from __future__ import annotations

from importlib.util import find_spec

from modic_annotate.errors import MissingDependencyError, ReadingError


def check_windows() -> None:
    """Return where windows can be opened and trusted for a whole reading.

    Raises
    ------
    MissingDependencyError
        napari or Qt is not installed.
    ReadingError
        Qt is installed and does not load, or its binding would abort during a reading.
    """
    if find_spec("napari") is None:
        raise MissingDependencyError("The reading room", "gui")
    try:
        from modic_annotate_napari.binding import binding_problem
    except ImportError as error:
        if type(error) is ImportError:  # found, but a library of the system is not
            raise ReadingError(f"The window libraries do not load: {error}") from error
        raise MissingDependencyError("The reading room", "gui") from error
    problem = binding_problem()
    if problem is not None:
        raise ReadingError(problem)


def share_contexts() -> None:
    """Have all canvases share what they give to OpenGL; possible only before Qt's application is.

    Without it Qt makes the context of a canvas that was drawn unseen anew when it is shown.
    """
    from modic_annotate_napari.qt import QApplication, Qt

    if QApplication.instance() is None:
        QApplication.setAttribute(Qt.ApplicationAttribute.AA_ShareOpenGLContexts)
