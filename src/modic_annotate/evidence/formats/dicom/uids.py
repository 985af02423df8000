"""UIDs that follow from content: the same content has the same UID, other content another."""

from __future__ import annotations

import hashlib
import uuid


def uid_of(*content: bytes | str) -> str:
    """Return a UID derived from a UUID (``2.25.<n>``, PS3.5 B.2) that stands for some content."""
    digest = hashlib.sha256()
    for part in content:
        encoded = part.encode() if isinstance(part, str) else part
        digest.update(len(encoded).to_bytes(8, "big") + encoded)
    return f"2.25.{uuid.UUID(bytes=digest.digest()[:16], version=5).int}"
