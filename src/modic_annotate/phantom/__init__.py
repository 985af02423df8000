"""Synthetic spines with known truth."""
