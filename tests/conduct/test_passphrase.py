"""Passphrases of readers who sign electronically."""

from __future__ import annotations

import pytest

from modic_annotate.conduct.passphrase import check_passphrase, set_passphrase
from modic_annotate.domain.readers import Reader
from modic_annotate.errors import InvalidRecordError, UnknownReaderError
from modic_annotate.store import passphrase
from modic_annotate.store.workspace import Workspace


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the hash's cost low in tests."""
    monkeypatch.setattr(passphrase, "SCRYPT_N", 2**10)


def test_the_passphrase_that_was_set_is_accepted(ws: Workspace) -> None:
    """Only the passphrase last set is right, in any Unicode spelling of it."""
    ws.add_reader(Reader(id="r1", display_name="A. Reader"))
    set_passphrase(ws, "r1", "Käsebrot 17 mal")

    assert check_passphrase(ws, "R1", "Ka\N{COMBINING DIAERESIS}sebrot 17 mal")
    assert not check_passphrase(ws, "r1", "käsebrot 17 mal")
    assert ws.reader("r1").display_name == "A. Reader"

    set_passphrase(ws, "r1", "another one entirely")
    assert not check_passphrase(ws, "r1", "Käsebrot 17 mal")


def test_the_passphrase_itself_is_not_kept(ws: Workspace) -> None:
    """The file holds a salted hash; the same passphrase twice gives two hashes."""
    for reader_id in ("r1", "r2"):
        ws.add_reader(Reader(id=reader_id))
        set_passphrase(ws, reader_id, "correct horse battery")

    kept = [ws.reader(reader_id).passphrase for reader_id in ("r1", "r2")]

    assert b"horse" not in ws.store.get("readers.json")
    assert kept[0] is not None
    assert kept[1] is not None
    assert kept[0].hash_hex != kept[1].hash_hex


def test_a_short_passphrase_is_refused(ws: Workspace) -> None:
    """Seven characters are too few."""
    ws.add_reader(Reader(id="r1"))

    with pytest.raises(InvalidRecordError, match="at least 8 characters"):
        set_passphrase(ws, "r1", "1234567")

    assert ws.reader("r1").passphrase is None


def test_a_passphrase_belongs_to_a_registered_reader(ws: Workspace) -> None:
    """An unknown reader, and one without a passphrase, are told apart from a wrong passphrase."""
    with pytest.raises(UnknownReaderError, match="not registered"):
        set_passphrase(ws, "r1", "long enough")
    ws.add_reader(Reader(id="r1"))
    with pytest.raises(UnknownReaderError, match="has no passphrase"):
        check_passphrase(ws, "r1", "long enough")


def test_the_hash_is_memory_hard(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the tests' shortcut a guess costs 128 MiB."""
    monkeypatch.undo()

    kept = passphrase.hash_passphrase("a long passphrase")

    assert 128 * kept.n * kept.r == 128 * 2**20
    assert passphrase.is_passphrase("a long passphrase", kept)
