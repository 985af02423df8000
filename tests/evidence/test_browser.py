"""The check inside ``summary.html``: opened from disk in a browser, without a network."""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import stat
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from modic_annotate.evidence.bag import Files, make_bag, root_digest
from modic_annotate.evidence.bag_write import write_folder, zip_bytes
from tests.evidence.conftest import AS_OF

pytest.importorskip("selenium", reason="selenium is not installed (modic-annotate[dev])")

from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

BROWSER = shutil.which("chromium") or shutil.which("google-chrome")
DRIVER = shutil.which("chromedriver")
pytestmark = pytest.mark.skipif(
    not (BROWSER and DRIVER), reason="Chromium or its chromedriver is not installed"
)

FLAGS = (
    "--headless",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--window-size=1280,900",
)
SANDBOX = () if os.name == "nt" or os.getuid() else ("--no-sandbox",)
"""Chromium has no sandbox for root."""

LONGEST_WAIT_S = 60
TOP = "package"
PAGE = "data/summary.html"
READING = "data/readings/R01-1.json"


@dataclass
class Room:
    """A browser with the summary opened from disk, and a folder for what is given to it."""

    driver: Any
    page: Path
    folder: Path

    def open(self, page: Path | None = None) -> Room:
        """Load the page anew."""
        self.driver.get((page or self.page).as_uri())
        return self

    def check(self, content: bytes) -> str:
        """Choose a zip, and return the result's words."""
        path = self.folder / "chosen.zip"
        path.write_bytes(content)
        self.driver.find_element(By.ID, "check-zip").send_keys(str(path))
        return self.result()

    def drop(self, path: Path) -> str:
        """Drop a file or folder on the page as the system would."""
        data = {"items": [], "files": [str(path)], "dragOperationsMask": 1}
        for kind in ("dragEnter", "dragOver", "drop"):
            event = {"type": kind, "x": 300, "y": 300, "data": data}
            self.driver.execute_cdp_cmd("Input.dispatchDragEvent", event)
        return self.result()

    def result(self) -> str:
        """Wait for the result, return its words and put it away."""

        def words(driver: Any) -> str:
            place = driver.find_element(By.ID, "check-result")
            return "" if place.get_attribute("aria-busy") else place.text

        text = WebDriverWait(self.driver, LONGEST_WAIT_S, 0.02).until(words)
        self.driver.execute_script("document.getElementById('check-result').textContent = ''")
        return str(text)

    def run(self, script: str, *values: object) -> Any:
        """Run a script in the page and return what it returns."""
        return self.driver.execute_script(script, *values)


@pytest.fixture(scope="module", name="room")
def _room(sample_bag: Files, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    root = tmp_path_factory.mktemp("browser")
    write_folder(sample_bag, root / TOP)
    options = webdriver.ChromeOptions()
    options.binary_location = BROWSER or ""
    for flag in (*FLAGS, *SANDBOX, f"--user-data-dir={root / 'profile'}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(DRIVER))
    try:
        yield Room(driver, root / TOP / PAGE, root).open()
    finally:
        driver.quit()


def packed(
    bag: Files,
    method: int = zipfile.ZIP_STORED,
    change: Callable[[zipfile.ZipInfo], None] = id,
    top: str = f"{TOP}/",
) -> bytes:
    """Zip a bag as other programs do: with entries for folders, in any order."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        archive.mkdir(f"{top}data")
        for path in sorted(bag, reverse=True):
            entry = zipfile.ZipInfo(f"{top}{path}")
            entry.compress_type = method
            change(entry)
            archive.writestr(entry, bag[path])
    return buffer.getvalue()


def changed(bag: Files, path: str) -> dict[str, bytes]:
    """Return the bag with one bit of one file turned."""
    content = bytearray(bag[path])
    content[len(content) // 2] ^= 1
    return {**bag, path: bytes(content)}


def without(bag: Files, path: str) -> dict[str, bytes]:
    """Return the bag without one file."""
    return {name: content for name, content in bag.items() if name != path}


def verdicts(text: str) -> dict[str, str]:
    """Return the verdict of each check by its title."""
    lines = text.splitlines()
    marks = [n for n, line in enumerate(lines) if line.startswith(("✓ p", "✗ F", "\N{EN DASH} n"))]
    return {lines[n + 1].partition(":")[0]: lines[n][2:] for n in marks}


PASSED = {
    "Payload": "passed",
    "Tag files": "passed",
    "This page": "passed",
    "Root digest": "not compared",
}


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_an_untouched_zip_verifies(room: Room, sample_bag: Files, method: int) -> None:
    """Stored or deflated, by whatever program; files are counted and the root digest told."""
    text = room.check(packed(sample_bag, method))
    assert text.startswith(f"✓ Verified: all {len(sample_bag)} files")
    assert verdicts(text) == PASSED
    assert root_digest(sample_bag) in text


def test_the_zip_that_export_writes_verifies(room: Room, sample_bag: Files) -> None:
    """The tool's own zip, dropped on the page from outside the browser."""
    path = room.folder / "exported.zip"
    path.write_bytes(zip_bytes(sample_bag, TOP))
    assert verdicts(room.drop(path)) == PASSED


def test_zips_of_other_habits_verify(room: Room, sample_bag: Files) -> None:
    """Without a folder around the files, or with what a Mac adds beside it, which is said."""
    bare = packed(sample_bag, top="")
    assert verdicts(room.check(bare)) == PASSED
    mac = io.BytesIO(packed(sample_bag))
    with zipfile.ZipFile(mac, "a") as archive:
        archive.writestr(f"__MACOSX/{TOP}/._bagit.txt", b"attributes")
    text = room.check(mac.getvalue())
    assert verdicts(text) == PASSED
    assert "; left out: 1 in __MACOSX/" in text


def test_a_folder_verifies_chosen_or_dropped(room: Room, sample_bag: Files) -> None:
    """The unpacked package does as well as its zip."""
    folder = room.folder / TOP
    room.driver.find_element(By.ID, "check-folder").send_keys(str(folder))
    assert verdicts(room.result()) == PASSED
    text = room.drop(folder)
    assert verdicts(text) == PASSED
    assert f"all {len(sample_bag)} files" in text


def kinds(bag: Files) -> Iterator[str]:
    """Yield one payload file of every kind and folder."""
    yield from {(Path(p).parent, Path(p).suffix): p for p in bag if p.startswith("data/")}.values()


def test_a_changed_byte_is_named(room: Room, sample_bag: Files) -> None:
    """In a payload file of each kind; the other checks keep their verdict."""
    for path in kinds(sample_bag):
        text = room.check(packed(changed(sample_bag, path)))
        assert text.startswith("✗ NOT verified"), path
        assert f"{path}: changed, not the bytes manifest-sha256.txt lists" in text
        assert verdicts(text)["Payload"] == "FAILED"
        assert verdicts(text)["Tag files"] == "passed"


TAG_CASES = {
    "bagit.txt": "bagit.txt: changed, not the bytes tagmanifest-sha256.txt lists",
    "bag-info.txt": "bag-info.txt: changed, not the bytes tagmanifest-sha256.txt lists",
    "manifest-sha256.txt": "manifest-sha256.txt: changed, not the bytes tagmanifest",
    "tagmanifest-sha256.txt": "tagmanifest",
}


def test_a_changed_tag_file_is_named(room: Room, sample_bag: Files) -> None:
    """Each of the four, the tag manifest by what it lists then."""
    for path, words in TAG_CASES.items():
        text = room.check(packed(changed(sample_bag, path)))
        assert verdicts(text)["Tag files"] == "FAILED", path
        assert words in text


def test_files_added_or_missing_are_named(room: Room, sample_bag: Files) -> None:
    """In the payload, among the tag files, and beside the package's folder."""
    cases: tuple[tuple[Mapping[str, bytes], str], ...] = (
        ({**sample_bag, "data/more.txt": b""}, "data/more.txt: added, manifest-sha256.txt does"),
        ({**sample_bag, "more.txt": b""}, "more.txt: added, no file of a package"),
        ({**sample_bag, "../more.txt": b""}, "more.txt: beside the package's folder"),
        (without(sample_bag, READING), f"{READING}: missing, manifest-sha256.txt lists it"),
        (without(sample_bag, "bagit.txt"), "bagit.txt: missing, tagmanifest-sha256.txt lists it"),
        (without(sample_bag, "manifest-sha256.txt"), "manifest-sha256.txt: missing"),
        (without(sample_bag, "tagmanifest-sha256.txt"), "tagmanifest-sha256.txt: missing"),
    )
    for bag, words in cases:
        text = room.check(packed(bag).replace(f"{TOP}/../more".encode(), b"elsewhere1/more"))
        assert text.startswith("✗ NOT verified"), words
        assert words in text


def rebagged(bag: Files, **payload: bytes) -> dict[str, bytes]:
    """Return a bag of other payload under manifests that fit."""
    kept = {path: content for path, content in bag.items() if path.startswith("data/")}
    changes = {f"data/{name.replace('__', '.')}": content for name, content in payload.items()}
    return make_bag({**kept, **changes}, "modic-annotate 0", AS_OF, "another")


def test_a_page_of_another_package_says_so(room: Room, sample_bag: Files) -> None:
    """Where all hashes fit, yet the page was of other words, or states other digests."""
    page = sample_bag[PAGE].replace(b"not met as recorded", b"met as recorded")
    for bag, words in (
        (rebagged(sample_bag, summary__html=page), f"{PAGE}: its words or pictures are not"),
        (
            rebagged(sample_bag, determination__json=b"{}\n"),
            "data/determination.json: not the file whose sha256 this page states",
        ),
    ):
        text = room.check(packed(bag))
        assert verdicts(text) == {**PASSED, "This page": "FAILED"}
        assert "the package are of other content" in text
        assert words in text


def test_the_root_digest_is_compared_where_one_is_given(room: Room, sample_bag: Files) -> None:
    """The one printed at export passes, another fails the whole, none is said to be missing."""
    given = room.driver.find_element(By.ID, "check-given")
    content = packed(sample_bag)
    try:
        given.send_keys(f" {root_digest(sample_bag).upper()} ")
        assert verdicts(room.check(content)) == {**PASSED, "Root digest": "passed"}
        given.send_keys(
            Keys.BACKSPACE, Keys.BACKSPACE, "0" if root_digest(sample_bag)[-1] != "0" else "1"
        )
        text = room.result()
        assert text.startswith("✗ NOT verified")
        assert verdicts(text) == {**PASSED, "Root digest": "FAILED"}
    finally:
        room.open()
    assert "not who made it" in room.check(content)


def patched(content: bytes, signature: bytes, at: int, value: bytes) -> bytes:
    """Overwrite a field of the last record with a signature."""
    start = content.rindex(signature) + at
    return content[:start] + value + content[start + len(value) :]


def linked(entry: zipfile.ZipInfo) -> None:
    """Make an entry a symbolic link."""
    if entry.filename.endswith("links.jsonl"):
        entry.create_system, entry.external_attr = 3, (stat.S_IFLNK | 0o777) << 16


CENTRAL, END = b"PK\1\2", b"PK\5\6"


def test_zips_that_can_be_read_in_two_ways_are_refused(room: Room, sample_bag: Files) -> None:
    """In one sentence that says why, and what to do instead."""
    content = packed(sample_bag)
    twice = content.replace(b"readings.csv", b"codebook.csv")
    cases = {
        "no whole zip": content[:-1],
        "no whole  zip": b"hello",
        "encrypted": patched(content, CENTRAL, 8, b"\1\0"),
        "zip64": patched(content, END, 16, b"\xff\xff\xff\xff"),
        "zip64 ": patched(content, CENTRAL, 42, b"\xff\xff\xff\xff"),
        "split": patched(content, END, 4, b"\1\0"),
        "two files of one name": twice,
        "one file in two ways": patched(content, CENTRAL, 46 + len(TOP), b"/Bag"),
        "could lead out": content.replace(b"data/links", b"../a/links"),
        "could lead out ": content.replace(b"package/data/links", b"/ackage/data/links"),
        "could lead out  ": content.replace(b"data/links", b"data\\links"),
        "a link": packed(sample_bag, change=linked),
        "cannot unpack": packed(sample_bag, zipfile.ZIP_BZIP2),
    }
    for words, case in cases.items():
        text = room.check(case)
        assert text.startswith("✗ Not checked. "), words
        assert " ".join(words.split()) in text
        assert text.endswith("unpack it, and choose the folder.")
        assert text.count("\n") == 0


def test_what_is_no_package_is_refused(room: Room) -> None:
    """A zip of something else, and two things at once."""
    assert "This is no evidence package" in room.check(packed({"a.txt": b"a"}))
    data = {"items": [], "files": [str(room.page), str(room.folder)], "dragOperationsMask": 1}
    for kind in ("dragEnter", "dragOver", "drop"):
        event = {"type": kind, "x": 300, "y": 300, "data": data}
        room.driver.execute_cdp_cmd("Input.dispatchDragEvent", event)
    assert "Drop one thing" in room.result()


def test_damage_inside_a_deflated_zip_is_named(room: Room, sample_bag: Files) -> None:
    """A file that does not unpack, or to more than it states, is a fault by its name."""
    content = packed(sample_bag, zipfile.ZIP_DEFLATED)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        entry = archive.getinfo(f"{TOP}/{READING}")
    start = entry.header_offset + 30 + len(entry.filename) + entry.compress_size // 2
    broken = content[:start] + b"\xff" * 40 + content[start + 40 :]
    at = content.index(entry.filename.encode(), content.index(CENTRAL)) - 46
    swollen = content[: at + 24] + b"\1\0\0\0" + content[at + 28 :]
    for case in (broken, swollen):
        text = room.check(case)
        assert verdicts(text)["Payload"] == "FAILED"
        assert READING in text


def test_the_page_hashes_by_itself_where_the_browser_will_not(
    room: Room, sample_bag: Files
) -> None:
    """Without crypto.subtle (a page served over plain http) the result is the same."""
    hide = "Object.defineProperty(Crypto.prototype, 'subtle', { value: undefined })"
    added = room.driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": hide})
    try:
        room.open()
        assert not room.run("return Boolean(crypto.subtle)")
        small = {p: c for p, c in sample_bag.items() if not p.endswith(".png")}
        text = room.check(packed(changed(small, READING)))
        assert verdicts(text)["Tag files"] == "passed"
        assert text.count(": changed") == 1
        assert root_digest(sample_bag) in text
    finally:
        room.driver.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", added)
        room.open()


def test_its_own_sha256_is_sha256(room: Room) -> None:
    """At every length around a block's end."""
    folder = files("modic_annotate.evidence.formats") / "templates" / "verify"
    source = (folder / "sha256.js").read_text("utf-8")
    lengths = [0, 1, 3, 54, 55, 56, 57, 63, 64, 65, 119, 120, 128, 1000]
    cases = [[(7 * n + i) % 256 for i in range(n)] for n in lengths]
    script = f"{source}\nreturn arguments[0].map((one) => sha256(Uint8Array.from(one)));"
    expected = [hashlib.sha256(bytes(one)).hexdigest() for one in cases]
    assert room.run(script, cases) == expected


def test_nothing_is_fetched_and_nothing_complains(room: Room, sample_bag: Files) -> None:
    """Opening and checking ask for the page and its own pictures alone, with an empty console."""
    room.driver.get_log("performance")
    room.driver.get_log("browser")
    room.open().check(packed(sample_bag))
    log = [json.loads(entry["message"])["message"] for entry in room.driver.get_log("performance")]
    sent = [
        m["params"]["request"]["url"] for m in log if m["method"] == "Network.requestWillBeSent"
    ]
    outside = [url for url in sent if not url.startswith("data:image/png;base64,")]
    assert set(outside) <= {room.page.as_uri()}
    assert room.run("return performance.getEntriesByType('resource').map((one) => one.name)") == []
    assert room.driver.get_log("browser") == []


def test_no_other_script_runs_in_the_page(room: Room, sample_bag: Files) -> None:
    """The page's policy names its script by hash: another, or a changed one, does nothing."""
    page = room.folder / "changed.html"
    other = sample_bag[PAGE].replace(b"</body>", b"<script>window.ran = 1</script></body>")
    page.write_bytes(other)
    room.open(page)
    assert room.run("return [typeof window.ran, document.getElementById('check').hidden]") == [
        "undefined",
        False,
    ]
    page.write_bytes(sample_bag[PAGE].replace(b'"use strict";', b'"use strict" ;'))
    room.open(page)
    assert room.run("return document.getElementById('check').hidden") is True
    room.driver.get_log("browser")
    room.open()


def test_names_from_a_package_are_text(room: Room, sample_bag: Files) -> None:
    """A file's name cannot become markup."""
    text = room.check(packed({**sample_bag, "data/<b>x</b>": b""}))
    assert "data/<b>x</b>: added" in text


def test_everything_can_be_done_by_keys(room: Room) -> None:
    """Both buttons and the field lie in the order of the tabulator, and say what they are for."""
    room.open().run("document.getElementById('check').scrollIntoView()")
    room.run("document.querySelector('a[href=\"#check\"]').focus()")
    seen = []
    for _ in range(60):
        webdriver.ActionChains(room.driver).send_keys(Keys.TAB).perform()
        seen.append(room.run("return document.activeElement.id"))
        if seen[-1] == "check-given":
            break
    assert seen[-3:] == ["check-zip-button", "check-folder-button", "check-given"]
    focused = room.driver.switch_to.active_element
    assert focused.accessible_name == "Root digest you were given, if any"
    live = room.driver.find_element(By.ID, "check-result")
    assert (live.aria_role, live.get_attribute("aria-live")) == ("status", "polite")


def test_print_shows_the_result_and_no_controls(room: Room, sample_bag: Files) -> None:
    """On paper: nothing to drop on; the check only where one was made."""

    def is_shown(selector: str) -> bool:
        return bool(room.driver.find_element(By.CSS_SELECTOR, selector).is_displayed())

    room.open()
    room.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    try:
        assert not is_shown("#check")
        room.check(packed(sample_bag))
        assert is_shown("#check")
        assert not is_shown("#check .drop")
        assert not is_shown("header .screen")
    finally:
        room.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
