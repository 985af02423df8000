"""Damaged and hostile files against the ingest: scan, load, hash.

``python -m tests.fuzz`` runs it; ``corpus`` keeps what once was found, and is replayed in tests.
"""
