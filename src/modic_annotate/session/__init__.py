"""A reading in progress: acts, journal, undo, sealing."""
