"""FHIR R4 as JSON: a bundle, a single resource, or one resource a line."""
