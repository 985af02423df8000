"""Passphrases of readers who sign electronically, under a memory-hard hash."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import unicodedata

from modic_annotate.domain.readers import PassphraseHash
from modic_annotate.errors import InvalidRecordError

SCRYPT_N, SCRYPT_R, SCRYPT_P = 2**17, 8, 1
"""128 MiB for each guess (OWASP Password Storage Cheat Sheet, scrypt)."""

SALT_BYTES = 16
HASH_BYTES = 32
SHORTEST = 8
"""Characters (NIST SP 800-63B section 5.1.1.2)."""


def hash_passphrase(passphrase: str) -> PassphraseHash:
    """Return what to keep of a passphrase.

    Raises
    ------
    InvalidRecordError
        It is shorter than eight characters.
    """
    if len(passphrase) < SHORTEST:
        raise InvalidRecordError("The passphrase", [f"it needs at least {SHORTEST} characters"])
    salt = secrets.token_bytes(SALT_BYTES)
    digest = _scrypt(passphrase, salt, SCRYPT_N, SCRYPT_R, SCRYPT_P)
    return PassphraseHash(
        n=SCRYPT_N, r=SCRYPT_R, p=SCRYPT_P, salt_hex=salt.hex(), hash_hex=digest.hex()
    )


def is_passphrase(passphrase: str, kept: PassphraseHash) -> bool:
    """Whether this is the passphrase that was set."""
    digest = _scrypt(passphrase, bytes.fromhex(kept.salt_hex), kept.n, kept.r, kept.p)
    return hmac.compare_digest(digest, bytes.fromhex(kept.hash_hex))


def _scrypt(passphrase: str, salt: bytes, n: int, r: int, p: int) -> bytes:
    return hashlib.scrypt(
        unicodedata.normalize("NFKC", passphrase).encode(),
        salt=salt,
        n=n,
        r=r,
        p=p,
        maxmem=2 * 128 * n * r,
        dklen=HASH_BYTES,
    )
