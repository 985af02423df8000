"""Screening records out of other systems' files; pure functions of bytes and a stated map."""
