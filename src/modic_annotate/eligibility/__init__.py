"""Criteria sets as data, and their evaluation."""
