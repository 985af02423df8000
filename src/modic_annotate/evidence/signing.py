"""A detached signature of a package's root digest (Ed25519, RFC 8032), in a file beside it.

It says that the holder of a key stood behind exactly these bytes. Who that is, is settled by how
the public key was handed over; the file cannot tell.
"""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path
from typing import Annotated, Literal

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)
from pydantic import Field

from modic_annotate.domain.base import Record, Sha256
from modic_annotate.errors import ExportError, ModicAnnotateError
from modic_annotate.store.canonical import canonical_bytes, parse_record

SIGNATURE_SUFFIX = ".root.sig"

SigningKey = Ed25519PrivateKey

CLASS_WORDS = "digital: Ed25519 over the package's root digest, by the holder of a private key"


class RootSignature(Record):
    """What lies in ``<package>.root.sig``."""

    schema_id: Annotated[Literal["modic-annotate/root-signature/1"], Field(alias="schema")] = (
        "modic-annotate/root-signature/1"
    )
    signature_class: Literal["digital"] = "digital"
    algorithm: Literal["Ed25519"] = "Ed25519"
    root_sha256: Sha256
    """What was signed: these 64 hexadecimal digits as ASCII, nothing before or after."""

    public_key_sha256: Sha256
    """Of the key's 32 bytes (RFC 8032 5.1.5), to find the right one."""

    signature_base64: str


def read_signing_key(path: Path) -> SigningKey:
    """Read a private Ed25519 key from a PEM file without passphrase; ExportError otherwise."""
    try:
        key = load_pem_private_key(_pem(path), password=None)
    except TypeError:
        raise ExportError(
            "The signing key is protected by a passphrase; give an unprotected PEM file that only "
            "you can read"
        ) from None
    except (ValueError, UnsupportedAlgorithm):
        raise ExportError(_NO_KEY.format("private")) from None
    if not isinstance(key, Ed25519PrivateKey):
        raise ExportError(_NO_KEY.format("private"))
    return key


def read_public_key(path: Path) -> Ed25519PublicKey:
    """Read a public Ed25519 key from a PEM file; ExportError otherwise."""
    try:
        key = load_pem_public_key(_pem(path))
    except (ValueError, UnsupportedAlgorithm):
        raise ExportError(_NO_KEY.format("public")) from None
    if not isinstance(key, Ed25519PublicKey):
        raise ExportError(_NO_KEY.format("public"))
    return key


_NO_KEY = (
    "The file given is no {} Ed25519 key in PEM; make a pair with: openssl genpkey -algorithm "
    "ed25519 -out key.pem, and: openssl pkey -in key.pem -pubout -out public.pem"
)


def root_signature(root: str, key: SigningKey) -> bytes:
    """Return the signature file of a root digest; the same each time, as RFC 8032 makes it."""
    signature = base64.b64encode(key.sign(root.encode("ascii"))).decode("ascii")
    return canonical_bytes(
        RootSignature(
            root_sha256=root,
            public_key_sha256=_fingerprint(key.public_key()),
            signature_base64=signature,
        )
    )


def signature_problems(package: Path, root: str, key: Ed25519PublicKey) -> tuple[str, ...]:
    """Return what is wrong with the signature beside a package; nothing where it holds."""
    beside = package.with_name(package.name + SIGNATURE_SUFFIX)
    try:
        content = beside.read_bytes()
        told = parse_record(RootSignature, content, beside.name)
    except FileNotFoundError:
        return (f"there is no {beside.name} beside the package",)
    except (OSError, ModicAnnotateError) as error:
        return (f"{beside.name} cannot be read ({type(error).__name__})",)
    wrong = _fault(told, root, key) or _spelling(told, content)
    return (f"{beside.name} {wrong}",) if wrong else ()


def _fault(told: RootSignature, root: str, key: Ed25519PublicKey) -> str:
    if told.root_sha256 != root:
        return "signs another root digest than the package's"
    if told.public_key_sha256 != _fingerprint(key):
        return "was made with another key than the one given"
    try:
        key.verify(base64.b64decode(told.signature_base64, validate=True), root.encode("ascii"))
    except (InvalidSignature, ValueError):
        return "is not a signature of this root digest by the key given"
    return ""


def _spelling(told: RootSignature, content: bytes) -> str:
    """Return what is wrong where a lenient reader would take changed bytes for the same."""
    again = base64.b64encode(base64.b64decode(told.signature_base64)).decode("ascii")
    same = canonical_bytes(told.replace(signature_base64=again)) == content
    return "" if same else "is not written as this tool writes it"


def _fingerprint(key: Ed25519PublicKey) -> str:
    return hashlib.sha256(key.public_bytes(Encoding.Raw, PublicFormat.Raw)).hexdigest()


def _pem(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ExportError(f"The key {path} cannot be read ({error.strerror})") from error
