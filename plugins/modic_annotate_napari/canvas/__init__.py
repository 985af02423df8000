"""The image half of the window: series panels, what is drawn on them, and what links them.

``SeriesPanel`` shows one series on a bare vispy canvas; ``LinkedPanels`` moves several of them
through one patient. The pure parts (display, view, layout, stops, window) import no Qt.
"""
