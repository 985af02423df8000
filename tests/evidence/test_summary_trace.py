"""The trace in the summary: every value leads to its document and to what shows it."""

from __future__ import annotations

import json

import pytest

from modic_annotate.domain.determination import Operand
from modic_annotate.eligibility.trace import finding_at, trace
from modic_annotate.evidence.bag import Files
from modic_annotate.evidence.contents import Contents
from modic_annotate.evidence.formats.summary_trace import trace_rows, traced_documents
from modic_annotate.store.canonical import canonical_bytes, sha256_hex
from tests.evidence.test_summary_html import READING, Page


@pytest.fixture(scope="module", name="page")
def _page(sample_bag: Files) -> Page:
    return Page(sample_bag["data/summary.html"])


def at(document: object, pointer: str) -> object:
    """Return what stands at a JSON pointer (RFC 6901) without escapes."""
    for step in pointer.split("/")[1:]:
        document = document[int(step) if isinstance(document, list) else step]
    return document


def test_every_operand_has_its_row(page: Page, sample_bag: Files) -> None:
    """In the determination's order, and its pointer leads to its value in the packaged file."""
    contents = Contents(sample_bag)
    operands = [o for row in contents.determination.outcomes for o in row.operands]
    rows = page.table("For row")
    assert [row[2] for row in rows] == [operand.pointer for operand in operands]
    files = {name: path for name, path, _ in traced_documents(contents)}
    for row, operand in zip(rows, operands, strict=True):
        there = at(json.loads(sample_bag[files[row[1]]]), operand.pointer)
        if operand.unit != "d" and not isinstance(there, list):
            stated = str(there).lower() if isinstance(there, bool) else str(there)
            assert row[3].removesuffix(f" {operand.unit}") == stated


def test_every_document_stands_with_its_sha256(page: Page, sample_bag: Files) -> None:
    """Of the judged files and of the determination itself."""
    documents = traced_documents(Contents(sample_bag))
    assert {row[1] for row in page.table("For row")} <= {name for name, _, _ in documents}
    for _, path, digest in documents:
        assert digest == sha256_hex(sample_bag[path])
        assert f"{path} {digest}" in page.text


def test_values_of_an_endplate_lead_to_its_pictures(page: Page, sample_bag: Files) -> None:
    """A finding with key images links to their group in the page, numbering to the whole spine."""
    reading = json.loads(sample_bag[READING])
    anchors = {value for _, name, value in page.attributes if name == "id"}
    links = [v[1:] for _, name, v in page.attributes if name == "href" and v.startswith("#key-")]
    assert links
    assert {*links} <= anchors
    shown = {"L1-superior", "L4-inferior", "L5-superior"}
    for row in trace_rows(Contents(sample_bag)):
        parts = row.pointer.split("/")
        if parts[1] == "findings":
            endplate = reading["findings"][int(parts[2])]["endplate"]
            assert row.anchor == (f"key-R01-1-{endplate}" if endplate in shown else "")
        else:
            assert row.anchor == ("key-R01-1-spine" if parts[1] == "numbering" else "")


@pytest.mark.parametrize("step", ["12", "-1", "x", "", "01"])
def test_a_pointer_that_leads_nowhere_is_no_finding(sample_bag: Files, step: str) -> None:
    """Whoever made the package: verifying must not stumble over it."""
    reading = Contents(sample_bag).signed[0].reading
    assert len(reading.findings) == 12
    assert finding_at(reading, f"/findings/{step}") is None


def test_a_value_that_nothing_shows_has_no_link(sample_bag: Files) -> None:
    """Where the package holds no pictures of it; and what is not there is a dash."""
    bag = {path: c for path, c in sample_bag.items() if not path.startswith("data/imaging/key/")}
    determination = Contents(bag).determination
    first = determination.outcomes[0]
    nothing = first.replace(operands=(Operand(document="screening", pointer="/plan"),))
    bag["data/determination.json"] = canonical_bytes(
        determination.replace(outcomes=(nothing, *determination.outcomes[1:]))
    )
    rows = trace_rows(Contents(bag))
    assert not any(row.anchor for row in rows)
    assert rows[0].value == "\N{EN DASH}"


def test_a_traced_key_image_is_found_in_a_viewer(sample_bag: Files) -> None:
    """Role, image number and slice as the packaged note of that picture has them."""
    contents = Contents(sample_bag)
    readings = [one.reading for one in contents.signed]
    lines = trace(contents.determination, {}, readings)
    notes = {(one.note.sop_instance_uid, one.note.role): one.note for one in contents.key_images}
    seen = {image.words for line in lines for image in line.key_images}
    assert len(seen) == 5
    for image in (image for line in lines for image in line.key_images):
        note = notes[image.marked.sop_instance_uid, image.marked.role]
        n_slices = contents.stack(note.series_uid, note.stack).grid.shape[0]
        assert image.words == (
            f"{note.role} image {note.instance_number} "
            f"(slice {note.slice_index + 1} of {n_slices}) {note.sop_instance_uid}"
        )
