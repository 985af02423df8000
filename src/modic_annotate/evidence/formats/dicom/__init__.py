"""DICOM objects of a reading, made from the packaged files alone, and read back."""
