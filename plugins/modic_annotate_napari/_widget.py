"""The dock widget *Modic reading*: read a case of a workspace, or practise on what is open."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from modic_annotate.errors import ModicAnnotateError
from modic_annotate.store.workspace import Workspace
from modic_annotate_napari.flow.open_room import OpenRoom
from modic_annotate_napari.practice import practise
from modic_annotate_napari.qt import (
    QComboBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMainWindow,
    QPushButton,
    QWidget,
)
from modic_annotate_napari.reading_room import ROOM

HINT = (
    "A reading that counts needs a case of a workspace. Practice reads the series open here in a "
    "workspace of its own, which is thrown away when the room is closed."
)


class ModicReading(QWidget):
    """Opens the reading room in this napari window.

    Parameters
    ----------
    napari_viewer
        The viewer, as napari hands it to a plugin (Any: napari is untyped).
    """

    def __init__(self, napari_viewer: Any) -> None:  # noqa: ANN401 - see above
        super().__init__()
        self._viewer = napari_viewer
        self.opened: OpenRoom | None = None
        self.folder, self.case, self.reader = QLineEdit(), QComboBox(), QComboBox()
        self.message = QLabel(HINT)
        self.message.setWordWrap(True)
        browse, self.button = QPushButton("..."), QPushButton("Open reading room")
        self.practice = QPushButton("Practise on the open series")
        line = QHBoxLayout()
        line.addWidget(self.folder, 1)
        line.addWidget(browse)
        form = QFormLayout(self)
        form.addRow("Workspace", line)
        form.addRow("Case", self.case)
        form.addRow("Reader", self.reader)
        form.addRow(self.button)
        form.addRow(self.practice)
        form.addRow(self.message)
        browse.clicked.connect(self._browse)
        self.folder.editingFinished.connect(self.fill)
        self.button.clicked.connect(self.open)
        self.practice.clicked.connect(self.practise)

    def _browse(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, "Workspace")
        if chosen:
            self.folder.setText(chosen)
            self.fill()

    def fill(self) -> None:
        """List the cases and readers of the workspace."""
        self.case.clear()
        self.reader.clear()
        try:
            ws = Workspace.open(Path(self.folder.text()))
            self.case.addItems(list(ws.record_ids()))
            self.reader.addItems(list(ws.readers()))
            self.message.setText(HINT)
        except ModicAnnotateError as error:
            self.message.setText(str(error))

    def open(self) -> None:
        """Open the chosen case; what prevents it is said here."""
        self._try(
            lambda: ROOM.build(
                Path(self.folder.text()),
                self.case.currentText(),
                self.reader.currentText(),
                viewer=self._viewer,
                window=self._main_window(),
            )
        )

    def practise(self) -> None:
        """Open a practice room on the layers that are open; what prevents it is said here."""
        self._try(lambda: practise(self._viewer, self._main_window()))

    def _try(self, build: Callable[[], OpenRoom]) -> None:
        try:
            self.opened = build()
            self.message.setText(HINT)
        except ModicAnnotateError as error:
            self.message.setText(str(error))

    def _main_window(self) -> QMainWindow | None:
        window = self.window()
        return window if isinstance(window, QMainWindow) else None
