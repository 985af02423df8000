"""Acts files as real key, mouse and wheel events on the real room."""
