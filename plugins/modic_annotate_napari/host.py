"""napari as the host: its main window, its menus, its event loop; the room in its central area.

Only napari's public interface and Qt's are used: a dock widget of ours tells the main window,
and that window's central widget has a layout to which the room is added.
"""

from __future__ import annotations

from typing import Any, Protocol

from modic_annotate_napari import theme
from modic_annotate_napari.key_filter import KeyFilter
from modic_annotate_napari.keymap import Press
from modic_annotate_napari.qt import (
    QApplication,
    QDockWidget,
    QEvent,
    QLayout,
    QMainWindow,
    QObject,
    Qt,
    QWidget,
    Signal,
)

DIGITS = "0123"
"""Keys whose loss would be a lost grade; they are tried out when the room opens."""


class Guest(Protocol):
    """What the host needs of what it shows."""

    def warn(self, text: str) -> None:
        """Say a sentence that must not be missed."""

    def press(self, press: Press) -> None:
        """Take a key press."""

    def release(self, key: str) -> None:
        """Take a key release."""

    def wants(self, key: str) -> bool:
        """Whether a key is the guest's."""

    def save(self) -> None:
        """Write down what is not written yet; the guest goes on."""

    def dispose(self) -> None:
        """Let go of everything; safe to call twice."""


class Host(QObject):
    """Puts a widget into the middle of a napari window, alone, with the keys.

    Parameters
    ----------
    viewer
        A `napari.Viewer` (Any: napari has no types for what is public of it).
    window
        Its main window where that is known already.
    """

    disposed = Signal()
    """napari has its window back."""

    def __init__(self, viewer: Any, window: QMainWindow | None = None) -> None:  # noqa: ANN401
        super().__init__()
        self.viewer = viewer
        self.window = window or main_window_of(viewer)
        self._hidden: list[QWidget] = []
        self._guest: Guest | None = None
        self._widget: QWidget | None = None
        self.keys: KeyFilter | None = None
        self._closing = self._gone = False

    @property
    def central(self) -> QWidget:
        """The widget whose layout holds what is shown."""
        central = self.window.centralWidget()
        if central is None:
            raise RuntimeError("napari's window has no central area; this version is not known")
        return central

    @property
    def closed(self) -> bool:
        """Whether nothing is shown any more."""
        return self._guest is None

    def show(self, guest: Guest, widget: QWidget) -> None:
        """Show `widget` in place of napari's own canvas and panels."""
        layout = self._layout()
        for item in [layout.itemAt(index) for index in range(layout.count())]:
            self._hide(item.widget() if item is not None else None)
        for dock in self.window.findChildren(QDockWidget):
            self._hide(dock)
        self._hide(self.window.statusBar())
        self.window.menuBar().setStyleSheet(theme.MENU_STYLE)
        layout.setContentsMargins(0, 0, 0, 0)
        self._place(widget)
        self._guest, self._widget = guest, widget
        self.keys = KeyFilter(self.window, self._wants, self._press, self._release)
        self.window.installEventFilter(self)
        application().aboutToQuit.connect(self.dispose)

    def swap(self, guest: Guest, widget: QWidget) -> None:
        """Show another guest in place of the present one, which the caller disposes of.

        napari's own widgets stay hidden and the window stays as it is; both canvases are built
        where they stay, so no OpenGL context changes its window.
        """
        before, central = self._widget, self.central
        if before is None:
            raise RuntimeError("nothing is shown that could be swapped; show a widget first")
        central.setUpdatesEnabled(False)
        before.hide()
        self._place(widget)
        self._guest, self._widget = guest, widget
        central.setUpdatesEnabled(True)
        widget.show()
        widget.setFocus(Qt.FocusReason.OtherFocusReason)

    def _place(self, widget: QWidget) -> None:
        self._layout().addWidget(widget)
        widget.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.window.setFocusProxy(widget)  # who gives the keyboard to the window gives it back

    def _layout(self) -> QLayout:
        layout = self.central.layout()
        if layout is None:
            raise RuntimeError("napari's central area has no layout; this version is not known")
        return layout

    def _wants(self, key: str) -> bool:
        return self._guest is not None and self._guest.wants(key)

    def _press(self, press: Press) -> None:
        if self._guest is not None:
            self._guest.press(press)

    def _release(self, key: str) -> None:
        if self._guest is not None:
            self._guest.release(key)

    def _hide(self, widget: QWidget | None) -> None:
        if widget is not None and widget.isVisibleTo(self.window):
            widget.hide()
            self._hidden.append(widget)

    def open(self) -> None:
        """Show the window over the whole screen; without a window manager too."""
        if not self.window.isVisible():
            self.window.setGeometry(self.window.screen().availableGeometry())
            self.viewer.window.show()
            self.window.setGeometry(self.window.screen().availableGeometry())
            self.window.showMaximized()
        self.window.activateWindow()
        if self._widget is not None:
            self._widget.setFocus(Qt.FocusReason.OtherFocusReason)
        self.check_keys()

    def check_keys(self) -> None:
        """Try out that digits reach the reading, and say where one does not."""
        lost = () if self.keys is None else self.keys.lost(DIGITS)
        if lost and self._guest is not None:
            self._guest.warn(
                f"The keys {', '.join(lost)} do not reach the reading; "
                "close other programs that catch them, and open the case again"
            )

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Save when the window is asked to close; let go when it does.

        It hides once the close is granted; soon after napari deletes everything in it.
        """
        if event.type() == QEvent.Type.Close and self._guest is not None:
            self._closing = True
            self._guest.save()
        elif event.type() == QEvent.Type.Hide and self._closing and not event.spontaneous():
            self._gone = True
            self.dispose()
        elif event.type() == QEvent.Type.FocusIn:
            self._closing = False
        return False

    def dispose(self) -> None:
        """Give napari its window back; safe to call twice."""
        guest, self._guest = self._guest, None
        if guest is None:
            return
        application().aboutToQuit.disconnect(self.dispose)
        if self.keys is not None:
            self.keys.dispose()
        self.window.removeEventFilter(self)
        guest.dispose()
        self.window.setFocusProxy(None)  # type: ignore[arg-type]  # Qt takes none, its types do not
        if self._widget is not None:
            self._widget.hide()
            self._widget.setParent(None)
            self._widget.deleteLater()
            self._widget = None
        self.window.menuBar().setStyleSheet("")
        for widget in self._hidden:
            widget.show()
        self._hidden.clear()
        self.disposed.emit()

    def close(self) -> None:
        """Dispose, then close the window, unless a hand or the end of Qt has closed it already."""
        self.dispose()
        if not self._gone:
            self.viewer.close()


def main_window_of(viewer: Any) -> QMainWindow:  # noqa: ANN401 - napari is untyped
    """Return a viewer's main window, by a dock widget of ours that is taken away again."""
    probe = QWidget()
    viewer.window.add_dock_widget(probe, name="Modic reading (opening)")
    window = probe.window()
    viewer.window.remove_dock_widget(probe)
    if not isinstance(window, QMainWindow):
        raise TypeError("napari's window is no QMainWindow; this version is not known")
    return window


def application() -> QApplication:
    """Return the running application."""
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        raise TypeError("there is no Qt application")
    return app
