"""The detached signature of a root digest: made, checked, and never inside the package."""

from __future__ import annotations

import itertools
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from modic_annotate.errors import AlreadyExistsError, ExportError
from modic_annotate.evidence import verify_evidence, write_evidence
from modic_annotate.evidence.bag import Files, make_bag
from modic_annotate.evidence.bag_write import write_folder
from modic_annotate.evidence.signing import (
    read_public_key,
    read_signing_key,
    root_signature,
    signature_problems,
)
from modic_annotate.store.workspace import Workspace
from tests.evidence.conftest import AS_OF, CRITERIA

ROOT = "ab" * 32
KEY, OTHER = (Ed25519PrivateKey.from_private_bytes(bytes([n]) * 32) for n in (1, 2))


def private_pem(path: Path, key: object = KEY, secret: bytes | None = None) -> Path:
    lock = BestAvailableEncryption(secret) if secret else NoEncryption()
    path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, lock))
    return path


def public_pem(path: Path, key: Ed25519PrivateKey = KEY) -> Path:
    path.write_bytes(key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    return path


@pytest.fixture(name="unread_ws")
def _unread_ws(sample_ws: Workspace) -> Workspace:
    """A record without reading: the quickest package there is."""
    for folder in ("links", "readings", "images"):
        shutil.rmtree(sample_ws.root / folder)
    return sample_ws


def test_a_signed_package_verifies_with_its_public_key(
    unread_ws: Workspace, tmp_path: Path
) -> None:
    """The signature lies beside folder and zip, states its class, and is the same each time."""
    key = read_signing_key(private_pem(tmp_path / "key.pem"))
    public = public_pem(tmp_path / "public.pem")
    signatures = []
    for name, zipped in (("a", False), ("b", True)):
        made = write_evidence(
            unread_ws,
            "demo-001",
            CRITERIA,
            AS_OF,
            tmp_path / name,
            zip_it=zipped,
            sign_key=key,
        )
        assert made.signature == made.path.with_name(f"{made.path.name}.root.sig")
        signatures.append(made.signature.read_bytes())
        found = verify_evidence(made.path, key=public)
        assert found.check("root signature").ok
        assert "class digital" in found.authenticity
    assert signatures[0] == signatures[1]
    told = json.loads(signatures[0])
    assert (told["signature_class"], told["algorithm"]) == ("digital", "Ed25519")
    assert not verify_evidence(made.path).check("root signature").ran


def test_a_signature_is_never_overwritten(unread_ws: Workspace, tmp_path: Path) -> None:
    """Where the name beside is taken, nothing is written at all."""
    (tmp_path / "a.root.sig").write_text("mine")
    with pytest.raises(AlreadyExistsError, match="never overwritten"):
        write_evidence(unread_ws, "demo-001", CRITERIA, AS_OF, tmp_path / "a", sign_key=KEY)
    assert not (tmp_path / "a").exists()


def changed(**changes: object) -> Callable[[bytes], bytes]:
    return lambda content: json.dumps(json.loads(content) | changes).encode()


@pytest.mark.parametrize(
    ("harm", "words"),
    [
        (None, "there is no"),
        (lambda _content: b"no JSON", "cannot be read"),
        (changed(root_sha256="cd" * 32), "another root digest"),
        (changed(public_key_sha256="cd" * 32), "another key"),
        (changed(signature_base64="A" * 88), "not a signature"),
        (changed(signature_base64="?"), "not a signature"),
        (lambda _content: root_signature(ROOT, OTHER), "another key"),
    ],
)
def test_a_signature_that_does_not_hold_says_why(
    tmp_path: Path, harm: Callable[[bytes], bytes] | None, words: str
) -> None:
    """Missing, unreadable, of another package, of another key, or not a signature."""
    beside = tmp_path / "bag.root.sig"
    if harm:
        beside.write_bytes(harm(root_signature(ROOT, KEY)))
    (problem,) = signature_problems(tmp_path / "bag", ROOT, KEY.public_key())
    assert words in problem


def test_every_changed_byte_of_a_signature_is_found(tmp_path: Path) -> None:
    """Spaces JSON does not mind, and the bits base64 leaves over, count as well."""
    beside, content = tmp_path / "bag.root.sig", root_signature(ROOT, KEY)
    for place, mask in itertools.product(range(len(content)), (1, 2, 4, 8, 13, 16, 32, 64, 128)):
        beside.write_bytes(content[:place] + bytes([content[place] ^ mask]) + content[place + 1 :])
        assert signature_problems(tmp_path / "bag", ROOT, KEY.public_key()), (place, mask)
    beside.write_bytes(content)
    assert signature_problems(tmp_path / "bag", ROOT, KEY.public_key()) == ()


def test_a_package_made_anew_no_longer_fits_its_signature(
    sample_bag: Files, tmp_path: Path
) -> None:
    """Whoever rebuilds manifests cannot rebuild the signature."""
    out, public = tmp_path / "bag", public_pem(tmp_path / "public.pem")
    write_folder(sample_bag, out)
    root = verify_evidence(out).root
    (tmp_path / "bag.root.sig").write_bytes(root_signature(root, KEY))
    assert verify_evidence(out, key=public).check("root signature").ok
    shutil.rmtree(out)
    payload = {p: c for p, c in sample_bag.items() if p.startswith("data/")}
    write_folder(make_bag(payload, "another", AS_OF, "x"), out)
    found = verify_evidence(out, key=public)
    assert found.check("root signature").problems
    assert not found.ok


def test_keys_that_will_not_do_are_refused_with_what_to_do(tmp_path: Path) -> None:
    """A passphrase, another kind of key, no key, and no file at all."""
    locked = private_pem(tmp_path / "locked.pem", secret=b"secret")
    other = private_pem(tmp_path / "other.pem", generate_private_key(SECP256R1()))
    (tmp_path / "none.pem").write_text("no key")
    cases = ((locked, "passphrase"), (other, "openssl"), (tmp_path / "none.pem", "openssl"))
    for path, words in (*cases, (tmp_path / "absent.pem", "cannot be read")):
        with pytest.raises(ExportError, match=words):
            read_signing_key(path)
    for path in (other, tmp_path / "none.pem"):
        with pytest.raises(ExportError, match="no public Ed25519 key"):
            read_public_key(path)
