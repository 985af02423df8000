"""The reading room under measurement: its steps, its start, its keystrokes."""
