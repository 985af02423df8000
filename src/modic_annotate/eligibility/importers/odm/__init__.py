"""CDISC ODM 1.3.2: clinical data with its metadata and audit records."""
