"""One file for each form a package's content is written in."""
