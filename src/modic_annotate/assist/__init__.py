"""Measurements offered after a reader has committed."""
