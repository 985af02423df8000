"""Killing a process that applies acts, again and again; run by hand, never part of the tests."""
