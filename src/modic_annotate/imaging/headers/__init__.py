"""From a file to the headers of its frames, classic and enhanced alike."""
