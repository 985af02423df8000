"""The summary: what a person may and may not read in it."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest

from modic_annotate.conduct.screening_import import import_record
from modic_annotate.domain.finding import DiscFinding, Finding
from modic_annotate.domain.reading import RedFlag, SignatureClass
from modic_annotate.domain.spine import DiscLevel, Endplate
from modic_annotate.eligibility import list_criteria
from modic_annotate.evidence.bag import Files
from modic_annotate.evidence.contents import Contents
from modic_annotate.evidence.criteria_file import criteria_file
from modic_annotate.evidence.document import DETERMINATION, Profile
from modic_annotate.evidence.formats.plain import plain_html
from modic_annotate.evidence.formats.summary_html import summary_html
from modic_annotate.evidence.gather import gather
from modic_annotate.evidence.package import assemble
from modic_annotate.evidence.signed import SignedReading
from modic_annotate.evidence.wording import DASH, NOT_A_DIAGNOSIS
from modic_annotate.store.canonical import canonical_bytes
from modic_annotate.store.workspace import Workspace

SAMPLE = Path(__file__).parents[2] / "sample_dicom"
AS_OF = date(2026, 3, 20)
READING = "data/readings/R01-1.json"
SIGNATURE = "data/readings/R01-1.signature.json"

NEVER_SAID = (
    r"\beligib",
    r"\bineligib",
    r"\bapproved\b",
    r"\bcandidate\b",
    r"\bcompl(y|ies|iant)\b",
    r"\bmedically necessary\b",
    r"\bpain source\b",
    r"\bsuccess",
)
"""What no form may claim; the result is what the recorded data satisfy, and no more."""


class Page(HTMLParser):
    """The words, tables, links and images of a page."""

    def __init__(self, content: bytes) -> None:
        super().__init__()
        self.words: list[str] = []
        self.tables: list[list[list[str]]] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.open: list[str] = []
        self.feed(content.decode("utf-8"))

    VOID = ("meta", "img", "br", "col", "rect", "input")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element; a ``small`` starts a line of its own in its cell."""
        if tag not in self.VOID:
            self.open.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in ("td", "th"):
            self.tables[-1][-1].append("")
        elif tag == "small" and {"td", "th"} & set(self.open):
            self.tables[-1][-1][-1] += "\n"

    def handle_endtag(self, tag: str) -> None:
        """Check that elements are closed in order."""
        if tag not in self.VOID:
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Collect words, and those of table cells."""
        if "style" in self.open:
            return
        self.words.append(data)
        if {"td", "th"} & set(self.open):
            self.tables[-1][-1][-1] += f" {data.strip()}"

    @property
    def text(self) -> str:
        """All words, with single blanks."""
        return " ".join(" ".join(self.words).split())

    def table(self, header: str) -> list[list[str]]:
        """Return the rows of every table whose first header cell says `header`."""
        return [
            ["\n".join(" ".join(line.split()) for line in cell.split("\n")) for cell in row]
            for table in self.tables
            if table[0][0].strip() == header
            for row in table[1:]
        ]


@pytest.fixture(scope="module", name="page")
def _page(sample_bag: Files) -> Page:
    return Page(sample_bag["data/summary.html"])


@pytest.fixture(scope="module", name="variants")
def _variants(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Page]:
    """Summaries of the three sample records, unread, under every shipped set."""
    pages = {}
    for name in ("screening-record", "not-met-record", "incomplete-record"):
        ws = Workspace.create(tmp_path_factory.mktemp("ws"), trial_id="demo-trial")
        import_record(ws, SAMPLE / f"{name}.json", by="coordinator")
        for criteria in list_criteria():
            found = gather(ws, ws.record_ids()[0], criteria_file(criteria), AS_OF)
            bag = assemble(found, Profile.INTERNAL)
            pages[f"{name} {criteria}"] = Page(bag["data/summary.html"])
    return pages


def with_changes(bag: Files, reading: Callable[[SignedReading], SignedReading]) -> Page:
    """Render the sample again with another reading."""
    old = Contents(bag).signed[0]
    new = reading(old)
    files = {
        **bag,
        READING: canonical_bytes(new.reading),
        SIGNATURE: canonical_bytes(new.signature),
    }
    return Page(summary_html(Contents(files)))


def test_nothing_is_claimed_that_the_data_do_not_say(page: Page, variants: dict[str, Page]) -> None:
    """No page says eligible, approved, compliant, or anything of outcomes."""
    for one in (page, *variants.values()):
        for pattern in NEVER_SAID:
            assert not re.search(pattern, one.text, re.IGNORECASE), pattern
        assert NOT_A_DIAGNOSIS in one.text


def test_exclusions_are_absent_present_or_unknown(page: Page, variants: dict[str, Page]) -> None:
    """An exclusion is never met; an inclusion is never absent or present."""
    seen = set()
    for one in (page, *variants.values()):
        for row in one.table("Row"):
            finding = row[2].split("\n")[0]
            kind = "X" if "-X" in row[0] else "I"
            seen.add((kind, finding))
            allowed = (
                ("absent", "present", "unknown") if kind == "X" else ("met", "not met", "unknown")
            )
            assert finding in (*allowed, "needs review", "not applicable"), row
    assert {("X", "absent"), ("X", "present"), ("X", "unknown"), ("I", "met")} <= seen


def test_the_result_is_said_as_recorded(page: Page, variants: dict[str, Page]) -> None:
    """The roll-up stands in words, with counts, and never without its limits."""
    assert "Criteria not met as recorded" in page.text
    assert "1 exclusion present" in page.text
    assert "What limits this statement" in page.text
    assert any("Incomplete: data are missing" in one.text for one in variants.values())
    assert any("Needed to conclude" in one.text for one in variants.values())


def test_a_demonstration_says_so_loudly(page: Page) -> None:
    """At the top, at the reading, and at the signature."""
    assert page.text.count("Scripted demonstration") >= 2
    assert "No person read these images" in page.text
    assert "Synthetic record" in page.text
    (signature,) = (row for row in page.table("Reading") if row[0])
    assert signature[-1].split("\n")[0] == "scripted-demo"


def test_a_person_s_reading_carries_no_such_banner(sample_bag: Files) -> None:
    """The banner at the reading follows its signature, nothing else."""

    def by_hand(one: SignedReading) -> SignedReading:
        return SignedReading(
            one.reading.replace(scripted=False),
            one.signature.replace(signature_class=SignatureClass.ATTESTATION),
        )

    page = with_changes(sample_bag, by_hand)
    assert "no person's reading" not in page.text
    assert "attestation: name and meaning" in page.text


def test_every_endplate_has_its_row(page: Page) -> None:
    """Twelve endplates head to foot; a grade in words; size with its error and denominator."""
    rows = page.table("Endplate")
    assert [row[0] for row in rows][:3] == ["T12 inferior", "L1 superior", "L1 inferior"]
    assert len(rows) == 12
    lesion = next(row for row in rows if row[0] == "L4 inferior")
    assert lesion[1] == "type 1 > 2"
    assert re.match(r"4\d(\.\d)? % ± \d", lesion[2])
    assert "of 26.1 mm, calliper" in lesion[2]
    assert "T1 mixed" in lesion[5]
    assert "degenerative" in lesion[7]
    assert "definite" in lesion[7]
    assert next(row for row in rows if row[0] == "L3 inferior")[1] == "none"


def test_values_nobody_typed_carry_a_letter(page: Page) -> None:
    """What the macro filled is marked, in the row and in the legend."""
    lesion = next(row for row in page.table("Endplate") if row[0] == "L5 superior")
    assert "degenerative m" in lesion[7]
    assert "macro" in lesion[8]
    assert "filled by the protocol's usual values" in page.text


def test_not_read_cannot_be_read_and_none_differ(sample_bag: Files) -> None:
    """Three states, three wordings."""

    def three(one: SignedReading) -> SignedReading:
        first, second, *rest = one.reading.findings
        unread = Finding(endplate=first.endplate)
        unreadable = Finding(
            endplate=second.endplate, assessment="not_assessable", assessment_reason="motion"
        )
        return SignedReading(
            one.reading.replace(findings=(unread, unreadable, *rest)), one.signature
        )

    rows = with_changes(sample_bag, three).table("Endplate")
    assert [row[1] for row in rows[:3]] == ["not read", "cannot be read\nmotion", "none"]


def test_discs_flags_and_notes_are_shown(sample_bag: Files) -> None:
    """What was said of discs, to the site, and in words stands there, safely escaped."""

    def more(one: SignedReading) -> SignedReading:
        disc = DiscFinding(
            disc=DiscLevel.parse("L4/5"),
            assessment="assessed",
            protrusion_mm=3.25,
            stenosis="undetermined",
            origins={"protrusion_mm": "key"},
        )
        finding = one.reading.findings[1].replace(
            note="<script>alert(1)</script>", copied_from=Endplate.parse("L2-inferior")
        )
        return SignedReading(
            one.reading.replace(
                discs=(disc,),
                findings=(one.reading.findings[0], finding, *one.reading.findings[2:]),
                red_flags=(RedFlag(kind="infection", at=one.signature.signed_at, origin="key"),),
                note="compare with 2024 & before",
                supersedes="R01-0",
                amendment_reason="second look",
                not_covered_reason="series cut short",
                contradictions=("L4 inferior: height near 25 %",),
                returned_to_site="motion",
                series=(
                    one.reading.series[0].replace(role_set_by="R01", role_reason="better"),
                    *one.reading.series[1:],
                ),
            ),
            one.signature,
        )

    page = with_changes(sample_bag, more)
    (disc,) = page.table("Disc")
    assert disc == ["L4/5", DASH, "3.2 mm", DASH, DASH, "undetermined", DASH, DASH, "key"]
    assert "<script>" not in [tag for tag, _, _ in page.attributes]
    assert "script" not in page.open
    for words in (
        "<script>alert(1)</script>",
        "copied from L2 inferior endplate",
        "The site was notified: infection.",
        "Reader's note: compare with 2024 & before",
        "This reading amends R01-0: second look.",
        "Signed although not every slice was shown: series cut short",
        "Left as it is: L4 inferior: height near 25 %.",
        "Returned to the site: motion",
        "R01 put a series into SAG T2: better.",
    ):
        assert words in page.text


def test_the_numbering_is_a_sentence(page: Page) -> None:
    """How levels were counted and how surely, in words."""
    assert (
        "Levels counted up from the sacrum, confidence probable, 5 lumbar-type bodies, "
        "no transitional features."
    ) in page.text


def test_series_stand_by_their_true_technique(page: Page) -> None:
    """Slot, technique, times, field, geometry; never the slot alone."""
    rows = {row[0]: row for row in page.table("Slot")}
    assert rows["SAG T1"][1:4] == ["T1, no fat suppression", "TR 560 TE 9.8 ms", "1.5 T"]
    assert rows["SAG FS"][1] == "STIR"
    assert "15 slices, 4.4 mm apart" in rows["SAG T1"][4]


def test_images_are_embedded_and_described(page: Page, sample_bag: Files) -> None:
    """Every picture of the package is inside the page, each with words for who cannot see it."""
    sources = [value for tag, name, value in page.attributes if (tag, name) == ("img", "src")]
    alts = [value for tag, name, value in page.attributes if (tag, name) == ("img", "alt")]
    pictures = {content for path, content in sample_bag.items() if path.endswith(".png")}
    embedded = {base64.b64decode(source.partition(",")[2]) for source in sources}
    assert embedded == pictures
    assert len(alts) == len(sources) == 13
    assert all("SAG T" in alt for alt in alts)
    assert "Lumbar spine with level labels" in alts[0]


def test_nothing_is_loaded_from_outside(page: Page, sample_bag: Files) -> None:
    """The page needs nothing but itself, and its policy forbids the rest."""
    for tag, name, value in page.attributes:
        if name in ("src", "href", "action", "data", "srcset"):
            assert value.startswith(("data:image/png;base64,", "#")), (tag, name)
    assert b"default-src 'none'" in sample_bag["data/summary.html"]
    style = sample_bag["data/summary.html"].partition(b"</style>")[0]
    assert b"url(" not in style
    assert b"@import" not in style


def test_the_page_runs_one_script_that_its_policy_names(sample_bag: Files) -> None:
    """By the hash of its text, once; what is for patients has none."""
    page = sample_bag["data/summary.html"].decode()
    (script,) = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}';" in page
    assert b"<script" not in plain_html(Contents(sample_bag))


def test_every_digest_stated_is_that_of_its_file(page: Page, sample_bag: Files) -> None:
    """What the page's own check compares, the determination's among them."""
    paths = [value for _, name, value in page.attributes if name == "data-path"]
    assert {DETERMINATION, READING} <= {*paths}
    for path in paths:
        assert hashlib.sha256(sample_bag[path]).hexdigest() in page.text


def test_the_page_says_how_to_check_it(page: Page, sample_bag: Files) -> None:
    """Audit head, input digests, commands; and that integrity is not authenticity."""
    contents = Contents(sample_bag)
    assert contents.document.audit.sha256 in page.text
    for one in contents.document.inputs:
        assert one.sha256 in page.text
    assert "sha256sum -c manifest-sha256.txt" in page.text
    assert "modic-annotate verify PACKAGE --root DIGEST" in page.text
    assert "not authenticity" in page.text


def test_the_markup_is_closed_in_order(page: Page) -> None:
    """Every element that is opened is closed, in order (checked while parsing)."""
    assert page.open == []
