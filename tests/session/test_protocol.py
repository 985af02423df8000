"""Reading protocols: shipped as data, versioned, hashed."""

from __future__ import annotations

import pytest

from modic_annotate.domain.finding import DiscFinding, Finding
from modic_annotate.domain.modic import ModicType
from modic_annotate.domain.spine import spine_order
from modic_annotate.errors import UnknownRecordError
from modic_annotate.session import protocol
from modic_annotate.session.protocol import load_protocol, protocol_names
from modic_annotate.store.canonical import canonical_bytes, sha256_hex


@pytest.mark.parametrize("name", protocol_names())
def test_shipped_protocol_asks_for_fields_that_exist(name):
    """Every shipped protocol asks only for fields of the records, and is named as its file."""
    wanted, _, version = name.rpartition("-")
    loaded = load_protocol(wanted, int(version))
    assert (loaded.id, loaded.version) == (wanted, int(version))
    assert {a.field for a in loaded.asked} <= set(Finding.model_fields)
    assert set(loaded.asked_of_discs) <= set(DiscFinding.model_fields)
    assert set(loaded.usual.signals) == set(ModicType)


def test_default_protocol_reads_blinded_all_slices_without_copying():
    """The default protocol is blinded, wants all T1 and T2 slices and has copying off."""
    loaded = load_protocol()
    assert loaded.id == "intracept-evidence"
    assert set(loaded.blinding.model_dump().values()) == {True}
    assert (loaded.coverage_roles, loaded.coverage_percent) == (("SAG_T1", "SAG_T2"), 100)
    assert not loaded.copy_facing_allowed
    assert loaded.extent_categories == ("[0,25)", "[25,50)", "[50,100]")
    assert len(loaded.scope(spine_order(5))) == 12


def test_reference_is_the_hash_of_canonical_bytes():
    """A protocol is referred to by the hash of its canonical bytes."""
    loaded = load_protocol()
    assert loaded.ref.sha256 == sha256_hex(canonical_bytes(loaded))


@pytest.mark.parametrize(("name", "version"), [("nobody", None), ("intracept-evidence", 99)])
def test_unknown_protocol_lists_those_that_are(name, version):
    """An unknown protocol or version is refused with the shipped ones."""
    with pytest.raises(UnknownRecordError, match="shipped are intracept-evidence-1"):
        load_protocol(name, version)


def test_newest_version_is_the_default(monkeypatch):
    """Without a version the newest is taken, by number and not by spelling."""
    monkeypatch.setattr(
        protocol, "protocol_names", lambda: ("intracept-evidence-1", "intracept-evidence-10")
    )
    with pytest.raises(FileNotFoundError, match="intracept-evidence-10"):
        load_protocol()
