"""Copies without identity: every encoding keeps its pixels, enhanced objects keep their frames."""

from __future__ import annotations

import io
from pathlib import Path

import pydicom
import pytest
from pydicom.datadict import tag_for_keyword
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from modic_annotate import imaging
from modic_annotate.conduct.cleaning import Cleaner, cleaner_of
from modic_annotate.conduct.deidentify import Deidentifier, UidMap, has_burned_in_text
from modic_annotate.conduct.kept_attributes import KEPT
from modic_annotate.conduct.link import link_study
from modic_annotate.imaging import PatientIdentity
from modic_annotate.imaging.headers.keywords import IDENTITY, KEYWORDS

KEY = b"k" * 32


def copied(source: Path, target: Path) -> Dataset:
    identity = PatientIdentity(name="Doe^Jane", patient_id="P1")
    buffer = io.BytesIO()
    Deidentifier("case1", UidMap(KEY), identity).copy(source, buffer)
    target.write_bytes(buffer.getvalue())
    return pydicom.dcmread(target)


@pytest.mark.real
def test_every_encoding_keeps_its_pixels(real_data: Path, tmp_path: Path) -> None:
    """Copies in all nine encodings keep syntax, encoded bytes and decoded values."""
    sources = [p for p in (real_data / "transfer-syntaxes").rglob("*") if p.suffix == ".dcm"]
    assert len(sources) >= 9

    for source in sources:
        copy = copied(source, tmp_path / "copy.dcm")
        original = pydicom.dcmread(source)
        assert copy.file_meta.TransferSyntaxUID == original.file_meta.TransferSyntaxUID
        assert copy.PixelData == original.PixelData
        assert imaging.pixel_sha256(tmp_path / "copy.dcm") == imaging.pixel_sha256(source)


@pytest.mark.real
def test_an_enhanced_object_keeps_its_frames(ws, add_record, real_data: Path) -> None:
    """An enhanced multi-frame series is linked with every frame, place and technique."""
    add_record(birth_year=None, sex=None, mri_on=None)
    (before,) = imaging.scan(real_data / "siemens-enhanced-sag-t1").series

    report = link_study(ws, "case1", [real_data / "siemens-enhanced-sag-t1"], by="coordinator")

    (entry,) = report.index.series
    assert entry.used.grid == before.grid
    assert len(entry.used.instances) == 96
    assert entry.used.acquisition == before.acquisition
    assert set(entry.files) == {"01/001.dcm"}
    (copy,) = pydicom.dcmread(ws.image_folder("case1") / "01" / "001.dcm").get(
        "SharedFunctionalGroupsSequence"
    )
    assert "ReferencedImageSequence" not in copy


def test_what_the_scan_reads_is_kept_or_replaced() -> None:
    """Every attribute the header pass needs is on the allow-list, identity apart."""
    missing = {k for k in KEYWORDS if tag_for_keyword(k) not in KEPT}

    assert missing == set(IDENTITY) - {"PatientSex"}


def test_the_allow_list_holds_no_private_or_personal_attribute() -> None:
    """Nothing private, no person's name, no date and no time can be kept."""
    for tag in KEPT:
        assert (tag >> 16) % 2 == 0
        assert pydicom.datadict.dictionary_VR(tag) not in {"PN", "DA", "DT", "TM", "UN"}


def test_nested_text_and_uids_are_replaced_too(make_study, tmp_path: Path) -> None:
    """Sequences that are kept are cleaned as the top level is."""
    source = next(make_study().iterdir())
    ds = pydicom.dcmread(source)
    item = Dataset()
    item.CodeValue, item.CodeMeaning = "C-B0300", "Contrast Doe"
    item.PatientName = "Doe^Jane"
    item.DimensionOrganizationUID = "1.2.3.4"
    ds.ContrastBolusAgentSequence = Sequence([item])
    ds.save_as(source)

    (kept,) = copied(source, tmp_path / "copy.dcm").ContrastBolusAgentSequence

    assert kept.CodeMeaning == "Contrast"
    assert "PatientName" not in kept
    assert kept.DimensionOrganizationUID == UidMap(KEY).new("1.2.3.4")


@pytest.mark.parametrize(
    ("age", "kept"), [("058Y", "058Y"), ("089Y", "089Y"), ("097Y", "090Y"), ("011M", "011M")]
)
def test_high_ages_are_pooled(make_study, tmp_path: Path, age: str, kept: str) -> None:
    """Ages from 90 on are one age."""
    source = next(make_study(change=lambda ds: setattr(ds, "PatientAge", age)).iterdir())

    assert copied(source, tmp_path / "copy.dcm").PatientAge == kept


def test_a_copy_has_a_clean_preamble(make_study, tmp_path: Path) -> None:
    """Bytes before the data set and a sender's name in the file meta do not survive."""
    source = next(make_study().iterdir())
    content = source.read_bytes()
    source.write_bytes(b"Jane Doe".ljust(128) + content[128:])

    copied(source, tmp_path / "copy.dcm")

    assert b"Jane" not in (tmp_path / "copy.dcm").read_bytes()


def test_uids_are_mapped_one_to_one() -> None:
    """The same UID gives the same new one under one key, another under another."""
    one, other = UidMap(KEY), UidMap(b"x" * 32)

    assert one.new("1.2.3") == UidMap(KEY).new("1.2.3") != one.new("1.2.4")
    assert one.new("1.2.3") != other.new("1.2.3")
    assert one.source_of[one.new("1.2.3")] == "1.2.3"
    assert one.new("1.2.840.10008.1.4.1.1") == "1.2.840.10008.1.4.1.1"
    assert one.new("") == ""


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("T2 TSE SAG", "T2 TSE SAG"),
        ("T2 Müller SAG", "T2 SAG"),
        ("t2_MUELLER_sag", "t2_MUELLER_sag"),
        ("T2_MULLER_sag", "T2 sag"),
        ("T1mullerSAG", ""),
        ("T1 Ida 4711", "T1"),
        ("Idaho T1", "Idaho T1"),
        ("T1 2026-03-10 sag", "T1 sag"),
        ("T1 10.3.26", "T1"),
        ("T1 20260310", "T1"),
        ("T2 王小明", "T2"),
        ("TR 4711 ms", "TR ms"),
        ("", ""),
    ],
)
def test_text_is_cleaned_of_identity(text: str, cleaned: str) -> None:
    """Words of the identity, dates and long numbers go; technique stays."""
    cleaner = cleaner_of([PatientIdentity(name="Müller^Ida=王小明", patient_id="A-4711")])

    assert cleaner.text(text) == cleaned


def test_a_coded_term_is_kept_where_it_only_looks_like_a_name() -> None:
    """A short code that equals a short name is the code; a long name is taken out."""
    cleaner = Cleaner(frozenset({"se", "muller"}))

    assert cleaner.code("SE") == "SE"
    assert cleaner.code("MULLER") == ""


def test_burned_in_text_is_told(make_study) -> None:
    """Only a plain YES counts as text in the pixels."""
    sources = [
        next(make_study(word, lambda ds, w=word: setattr(ds, "BurnedInAnnotation", w)).iterdir())
        for word in ("YES", "NO")
    ]

    assert [has_burned_in_text(path) for path in sources] == [True, False]


@pytest.mark.parametrize(
    ("keyword", "written", "instead"),
    [
        ("PixelBandwidth", b"123 ", b"Jane"),
        ("EchoNumbers", b"8765", b"Jane"),
        ("PatientAge", b"058Y", b"Jane"),
    ],
)
def test_a_word_where_a_number_belongs_is_left_out(
    make_study, tmp_path: Path, keyword: str, written: bytes, instead: bytes
) -> None:
    """Text hidden in a number does not stop the copy, and is gone from it."""
    source = next(make_study().iterdir())
    ds = pydicom.dcmread(source)
    setattr(ds, keyword, written.decode().strip())
    ds.save_as(source)
    source.write_bytes(source.read_bytes().replace(written, instead))

    copy = copied(source, tmp_path / "copy.dcm")

    assert keyword not in copy
    assert copy.RepetitionTime > 0
    assert b"Jane" not in (tmp_path / "copy.dcm").read_bytes()
