"""How a reader left a case and likes the canvases: remembered, and no content of any record."""
