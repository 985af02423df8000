"""The operating-system account, as records hold it: a hash to compare with, not to read."""

from __future__ import annotations

import getpass

from modic_annotate.store.canonical import sha256_hex


def os_account_sha256() -> str | None:
    """Return the hash of the account this process runs under, or None where it has no name."""
    try:
        account = getpass.getuser()
    except (KeyError, OSError, ImportError):  # containers without a user entry
        return None
    return sha256_hex(f"modic-annotate account {account}".encode())
