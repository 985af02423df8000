"""A reading as FHIR R4 resources, made from the packaged files alone, and read back."""
