"""napari plugin: the reading room."""
