"""Workspaces and runs for ``tests.bench.evidence``."""
