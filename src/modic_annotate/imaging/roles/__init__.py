"""Which slot a stack fills, and its technique, from numbers and words."""
