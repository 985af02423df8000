"""The page for the person concerned: plain words, nothing that was not noted, nobody's name."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest

from modic_annotate.domain.finding import Finding
from modic_annotate.domain.modic import Assessment, NotAssessableReason
from modic_annotate.domain.numbering import NumberingConfidence
from modic_annotate.domain.series import SeriesRole
from modic_annotate.domain.spine import Endplate
from modic_annotate.evidence import document as doc
from modic_annotate.evidence.bag import Files
from modic_annotate.evidence.contents import Contents
from modic_annotate.evidence.formats.plain import COUNTS, SETS, WHY, plain_html, plain_words
from modic_annotate.store.canonical import canonical_bytes
from tests.evidence.dicom.conftest import changed, rich

GOLDEN = Path(__file__).parent / "golden" / "plain.html"
AT = Endplate.parse("L4-inferior")
PRESENT = {"endplate": AT, "assessment": "assessed", "modic": "present"}


def components(*kinds: str) -> tuple[dict[str, str], ...]:
    return tuple({"modic_type": kind} for kind in kinds)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"endplate": AT}, "Nobody has judged this place."),
        (
            {"endplate": AT, "assessment": "assessed", "modic": "absent"},
            "No Modic change was seen.",
        ),
        (
            {"endplate": AT, "assessment": "limited", "modic": "indeterminate"},
            "The reader could not tell if there is a Modic change. "
            "It could be judged only in part.",
        ),
        (
            {"endplate": AT, "assessment": "not_assessable", "assessment_reason": "motion"},
            "It could not be judged: the picture is blurred by movement.",
        ),
        (
            {"endplate": AT, "assessment": "outside_fov"},
            "It could not be judged: it is not on the pictures.",
        ),
        (
            {**PRESENT, "components": components("1", "2"), "height_percent": 49.9},
            "A Modic change was seen, mostly type 1, with some type 2. "
            "It is a quarter to a half as high as the bone.",
        ),
        (
            {**PRESENT, "components": components("3", "1", "2"), "equal_shares": True},
            "A Modic change was seen, type 3 and type 1 in equal parts, and less of type 2.",
        ),
        (
            {**PRESENT, "type_undetermined": True, "height_category": "endplate_only"},
            "A Modic change was seen, but its type could not be told. "
            "It is only at the very edge of the bone.",
        ),
        ({**PRESENT, "components": components("2")}, "A Modic change was seen, type 2."),
    ],
)
def test_findings_in_plain_words(fields: dict[str, object], words: str) -> None:
    """What was noted, no more; not judged and not seen are told apart."""
    assert plain_words(Finding(**fields)) == words


def test_every_value_has_its_words() -> None:
    """No slot, reason or certainty is left without."""
    assert set(SETS) == set(SeriesRole)
    assert set(WHY) == set(NotAssessableReason)
    assert set(COUNTS) == {*NumberingConfidence, None}


def prose(page: bytes) -> str:
    """Return the words of a page, a full stop after every block."""
    body = page.decode("utf-8").partition("<body>")[2]
    blocks = re.sub(r"</(p|li|dt|dd|td|th|h\d|figcaption|strong)>", ". ", body)
    text = unescape(re.sub(r"<[^>]+>", " ", blocks))
    return re.sub(r"([.:?])[ .\n]*\.", r"\1", re.sub(r"\s+", " ", text))


def without_picture(page: bytes) -> bytes:
    return re.sub(rb"base64,[A-Za-z0-9+/=]+", b"base64,", page)


def test_golden(sample_bag: Files) -> None:
    """The sample's page, its picture left out, is the bytes that are kept as a golden file."""
    assert without_picture(plain_html(Contents(sample_bag))) == GOLDEN.read_bytes()


def test_the_page_is_easy_to_read(sample_bag: Files) -> None:
    """Short sentences of short words: grade 6 or below (Kincaid 1975), counted roughly."""
    sentences = [
        s for s in re.split(r"[.:?]", prose(plain_html(Contents(sample_bag)))) if s.strip()
    ]
    words = [word for s in sentences for word in re.findall(r"[A-Za-z'-]+", s)]
    syllables = sum(max(1, len(re.findall(r"[aeiouy]+", w.lower().rstrip("e")))) for w in words)
    grade = 0.39 * len(words) / len(sentences) + 11.8 * syllables / len(words) - 15.59
    assert grade < 6
    assert max(len(s.split()) for s in sentences) <= 25


FORBIDDEN = (
    "eligible", "normal", "should", "recommend", "treatment", "success", "likely", "chance",
    "approved", "candidate", "healthy", "abnormal", "cause", "ablation", "criteria",
)  # fmt: skip


@pytest.mark.parametrize("which", ["sample", "rich"])
def test_no_advice_no_prediction_no_verdict(sample_bag: Files, which: str) -> None:
    """None of the words that judge, promise or advise; no "normal" for what nobody read."""
    contents = Contents(sample_bag) if which == "sample" else changed(sample_bag, rich)
    words = prose(plain_html(contents)).lower()
    assert [word for word in FORBIDDEN if word in words] == []


def test_the_page_names_nobody_and_loads_nothing(sample_bag: Files) -> None:
    """No id, reader or date stands in the words; the page needs no other file."""
    contents = Contents(sample_bag)
    page = plain_html(contents)
    words = prose(page)
    for name in ("demo-001", "demo-trial", "R01", "Demo Reader", "2026", "1979", "S-001"):
        assert name not in words
    assert b"http" not in without_picture(page).replace(b"http-equiv", b"")
    assert "This is an example (synthetic)" in words
    assert "No person looked at the pictures" in words


def test_a_real_record_is_not_called_an_example(sample_bag: Files) -> None:
    """The banner follows the record."""
    payload = {path: content for path, content in sample_bag.items() if path.startswith("data/")}
    document = Contents(payload).document.replace(synthetic=False)
    page = plain_html(Contents({**payload, doc.PACKAGE: canonical_bytes(document)}))
    assert b"ynthetic" not in without_picture(page)


def test_an_endplate_that_was_not_judged_is_counted_as_such(sample_bag: Files) -> None:
    """The sentence above the table tells how many places nobody judged, or nobody could."""
    words = prose(plain_html(changed(sample_bag, rich)))
    assert "2 of them have not been judged" in words
    assert Assessment.NOT_READ.replace("_", " ") not in words
