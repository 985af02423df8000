"""DICOM to Volume: scan, roles, geometry, pixels."""
