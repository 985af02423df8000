"""``doctor``: what is right, what is missing, what to do; exit 1 where something is missing."""

from __future__ import annotations

import json
import subprocess
import sys

import numpy as np
import pytest
from pydicom.uid import UID

from modic_annotate.conduct.doctor import Check, basics, decoders, window
from modic_annotate.errors import DecodeError, NothingReadableError
from modic_annotate.imaging.pixels import decode
from modic_annotate.imaging.pixels.compressed import PLUGINS


@pytest.fixture(name="no_window")
def _no_window(monkeypatch: pytest.MonkeyPatch) -> None:
    """Answer for the probes at once; they are tried for themselves below."""
    told = {"napari": "0.9.2", "qt": "6.9", "binding": "PySide6", "fonts": 3,
            "version": "4.5", "by": "a card"}  # fmt: skip
    monkeypatch.setattr(window, "probe", lambda *_, **__: told)
    monkeypatch.setattr(window, "has_display", lambda: True)


@pytest.mark.usefixtures("no_window")
def test_all_is_right_here(run):
    """One line a check and exit 0; every transfer syntax the product reads is decoded."""
    ran = run("doctor")
    assert (ran.code, ran.err) == (0, "")
    lines = ran.out.splitlines()
    assert all(line.startswith(("ok ", "not checked ")) for line in lines)
    for word in ("Python", "sample study", "cache", "reading room", "Qt", "fonts", "OpenGL"):
        assert any(word in line for line in lines), word
    assert sum("decoder of" in line for line in lines) >= 10


def test_every_decoder_of_the_product_is_tried():
    """All transfer syntaxes promised are decoded, but variants of HTJ2K and what needs an extra."""
    tried = {check.name for check in decoders.decoders()}
    promised = {UID(uid).name for uid in PLUGINS} - {
        UID("1.2.840.10008.1.2.4.51").name,
        UID("1.2.840.10008.1.2.4.202").name,
        UID("1.2.840.10008.1.2.4.203").name,
    }
    assert {f"decoder of {name}" for name in promised} <= tried


@pytest.mark.usefixtures("no_window")
def test_a_decoder_that_is_missing_is_exit_1(run, monkeypatch):
    """It is named with what to do; the other checks go on."""

    def broken(ds, frame, name):
        if ds.file_meta.TransferSyntaxUID == "1.2.840.10008.1.2.4.80":
            raise DecodeError("no decoder")
        return decode.stored_values(ds, frame, name)

    monkeypatch.setattr(decoders, "stored_values", broken)
    ran = run("doctor", "--json")
    told = json.loads(ran.out)
    assert (ran.code, told["ok"]) == (1, False)
    (missing,) = [check for check in told["checks"] if check["state"] == "missing"]
    assert "JPEG-LS Lossless" in missing["name"]
    assert "install" in missing["advice"]


def test_a_decoder_that_gives_other_values_is_missing(monkeypatch):
    """Wrong pixels are as bad as none."""
    monkeypatch.setattr(
        decoders, "stored_values", lambda ds, *_: np.zeros((ds.Rows, ds.Columns), np.uint16)
    )
    assert {check.state for check in decoders.decoders()} == {"missing"}


def test_a_cache_that_cannot_be_written(tmp_path):
    """A file in the way of the folder is told."""
    (tmp_path / "file").write_text("")
    assert basics.cache(tmp_path / "new" / "folder").state == "ok"
    check = basics.cache(tmp_path / "file" / "folder")
    assert (check.state, "cannot be written" in check.found) == ("missing", True)


def test_an_old_python_and_a_lost_sample(monkeypatch):
    """Both say what to do."""
    assert basics.python((3, 10, 4)).line == (
        "missing      Python: 3.10.4; install Python 3.11 or newer"
    )

    def lost():
        raise NothingReadableError("This installation holds no sample_dicom folder; write one")

    monkeypatch.setattr(basics, "sample_folder", lost)
    assert (basics.sample().state, "write one" in basics.sample().line) == ("missing", True)


def test_a_window_without_its_packages(monkeypatch):
    """Without the extra nothing of Qt is tried, and its name is said."""

    def absent(*_, **__):
        raise window.ProbeError("it ended with 1 (ModuleNotFoundError: No module named 'napari')")

    monkeypatch.setattr(window, "probe", absent)
    checks = {check.name: check for check in window.window()}
    assert set(checks) == {"reading room", "display"}
    assert "pip install 'modic-annotate[gui]'" in checks["reading room"].advice


def test_no_display(monkeypatch):
    """Xvfb will do for a demonstration; without both something is missing."""
    monkeypatch.setattr(window, "has_display", lambda: False)
    monkeypatch.setattr(window.shutil, "which", lambda _: "/usr/bin/Xvfb")
    assert window.display().state == "ok"
    assert window._opengl().state == "not checked"
    monkeypatch.setattr(window.shutil, "which", lambda _: None)
    assert window.display().state == "missing"


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ("import no_such_module", "ModuleNotFoundError: No module named 'no_such_module'"),
        ("import os; os.abort()", "it ended with"),
        ("print('no JSON')", "it ended with 0"),
    ],
)
def test_a_probe_that_fails_tells_its_last_words(script, words):
    """Whatever ends the other process, this one goes on."""
    with pytest.raises(window.ProbeError, match=words):
        window.probe(script)


def test_a_probe_answers_in_its_last_line():
    """What libraries print before does not matter."""
    assert window.probe("print('hello'); print('{\"a\": 1}')") == {"a": 1}


@pytest.mark.gui
def test_the_probes_of_a_real_window():
    """Room, Qt and letters are found in processes of their own."""
    pytest.importorskip("napari")
    told = {check.name: check for check in window.window()}
    assert told["reading room"].state == told["Qt"].state == told["fonts"].state == "ok"
    assert told["OpenGL"].state in ("ok", "not checked")


def test_the_core_stays_free_of_qt():
    """`doctor` imports neither Qt nor napari into the process that asks."""
    script = (
        "import sys; from modic_annotate.conduct import doctor; list(doctor.decoders.decoders());"
        "bad = {'napari', 'qtpy', 'PySide6', 'vispy'} & set(sys.modules); sys.exit(bool(bad))"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


def test_a_line_says_state_name_and_advice():
    """The advice stands only where something is to be done."""
    fine = Check.of("x", "y", ok=True, advice="do z")
    assert (fine.line, fine.advice) == ("ok           x: y", "")
    assert Check.of("x", "y", ok=False, advice="do z").line == "missing      x: y; do z"
