"""An archive takes the objects and gives them back as they were: Orthanc, on a loopback port."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

BINARY = shutil.which("Orthanc") or "/usr/sbin/Orthanc"
PATIENCE_S = 60


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(name="archive", scope="module")
def _archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Give the address of an empty archive of our own."""
    if not Path(BINARY).is_file():
        pytest.skip("Orthanc is not installed")
    folder, port = tmp_path_factory.mktemp("archive"), free_port()
    settings = {
        "Name": "test",
        "StorageDirectory": str(folder / "storage"),
        "IndexDirectory": str(folder / "storage"),
        "HttpPort": port,
        "HttpBindAddresses": ["127.0.0.1"],
        "RemoteAccessAllowed": False,
        "AuthenticationEnabled": False,
        "DicomServerEnabled": False,
        "Plugins": [],
    }
    (folder / "orthanc.json").write_text(json.dumps(settings))
    server = subprocess.Popen(
        [BINARY, str(folder / "orthanc.json")],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield started(server, f"http://127.0.0.1:{port}")
    finally:
        server.terminate()
        server.wait()


def started(server: subprocess.Popen[bytes], address: str) -> str:
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until and server.poll() is None:
        try:
            ask(f"{address}/system")
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.1)
        else:
            return address
    raise AssertionError("Orthanc did not start")


def ask(address: str, content: bytes | None = None) -> bytes:
    with urllib.request.urlopen(address, content, timeout=PATIENCE_S) as answer:  # noqa: S310 - loopback
        return bytes(answer.read())


def test_objects_come_back_byte_for_byte(archive: str, objects: dict[str, Path]) -> None:
    """Each object is stored once under its own UID and downloaded as it was sent."""
    for path in objects.values():
        content = path.read_bytes()
        stored = json.loads(ask(f"{archive}/instances", content))
        assert stored["Status"] == "Success"
        assert ask(f"{archive}/instances/{stored['ID']}/file") == content
    studies = json.loads(ask(f"{archive}/studies?expand"))
    assert len(studies) == 1, "all objects belong to the study of the images"
    series = json.loads(ask(f"{archive}/series?expand"))
    kinds = sorted(one["MainDicomTags"]["Modality"] for one in series)
    assert kinds == ["KO", "PR", "SEG", "SR"]
