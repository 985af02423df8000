"""The trial profile from the command line: tick text by name, sign, verify with the public key."""

from __future__ import annotations

import json
import shutil

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

RECORD = "demo-001"
JUDGED = ("--criteria", "fda_510k_bvna", "--as-of", "2026-04-01", "--profile", "trial")


@pytest.fixture(scope="module", name="ws")
def _ws(read_by_hand, tmp_path_factory):
    """The workspace whose sample is read key by key, for this module alone."""
    return shutil.copytree(read_by_hand, tmp_path_factory.mktemp("trial") / "ws")


def test_export_sign_and_verify(run, ws, tmp_path):
    """Ticked groups stand in ``deid.json`` with who ticked them; the signature verifies."""
    key = Ed25519PrivateKey.generate()
    private, public = tmp_path / "key.pem", tmp_path / "public.pem"
    private.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    public.write_bytes(
        key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    )
    out = tmp_path / "package"
    ran = run(
        "export", ws, RECORD, *JUDGED, "--out", out,
        "--include", "device, notes", "--by", "C01", "--sign-key", private,
    )  # fmt: skip
    assert ran.code == 0, ran.err
    assert "digital: Ed25519" in ran.out
    deid = json.loads((out / "data" / "deid.json").read_text("utf-8"))
    assert [(one["group"], one["by"]) for one in deid["included"]] == [
        ("notes", "C01"),
        ("device", "C01"),
    ]
    assert not list(out.rglob("*.sig"))
    verified = run("verify", out, "--key", public)
    assert verified.code == 0, verified.out
    assert "audit chain     not run: withheld in profile trial" in verified.out
    assert "root signature  ok" in verified.out
    (tmp_path / "package.root.sig").unlink()
    assert run("verify", out, "--key", public).code == 1
    assert run("verify", out, "--key", private).code == 2
    assert run("audit", ws, "verify").code == 0


def test_an_identity_file_is_searched_for_and_never_stored(run, ws, tmp_path):
    """A word of it in ticked text stops the export; nothing is written, and no word is repeated."""
    who = tmp_path / "who.json"
    who.write_text(json.dumps({"name": "Anna Coordinator", "member_id": "M-7788123"}), "utf-8")
    out = tmp_path / "package"
    ran = run(
        "export", ws, RECORD, *JUDGED, "--out", out, "--identity", who,
        "--include", "sources", "--by", "C01",
    )  # fmt: skip
    assert ran.code == 2
    assert "recorded_by: a word of somebody's identity" in ran.err
    assert "anna" not in ran.err.casefold()
    assert not out.exists()


def test_what_a_report_says_travels_without_who_transcribed_it(run, read_by_hand, tmp_path):
    """Places and types are judged again at the trial; person, day and true digest stay at home."""
    ws = shutil.copytree(read_by_hand, tmp_path / "ws")
    report, grid, out = tmp_path / "report.txt", tmp_path / "grid.csv", tmp_path / "package"
    report.write_text("MRI lumbar spine", "utf-8")
    grid.write_text("place,report_says,page\nL4-inferior,none,1\nL5-superior,none,1\n", "utf-8")
    assert run("attach", ws, RECORD, report, "--role", "report").code == 0
    assert run("transcribe", ws, RECORD, "A1", "--grid", grid, "--by", "C-Anna").code == 0
    assert run("export", ws, RECORD, *JUDGED, "--out", out).code == 0
    told = json.loads((out / "data" / "report" / "A1.json").read_text("utf-8"))
    (kept,) = (ws / "attachments" / RECORD).glob("A1*.transcription.json")
    own = json.loads(kept.read_text("utf-8"))
    assert told["statements"] == own["statements"]
    assert told["by"] == "withheld"
    assert told["at"] != own["at"]
    assert told["attachment_sha256"] != own["attachment_sha256"]
    verified = run("verify", out)
    assert verified.code == 0, verified.out
