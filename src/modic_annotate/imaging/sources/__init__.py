"""Where files come from: folders, archives, and the indexes of media."""
