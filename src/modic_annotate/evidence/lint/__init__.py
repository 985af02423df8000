"""Search a whole package for what identifies a person; a find names the place, never the value."""
