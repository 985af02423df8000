"""From a file to the stored values of a frame, and what they mean."""
