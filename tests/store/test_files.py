"""The file store: write-once, whole lines, and nothing half-written after a fault."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from modic_annotate.errors import (
    AlreadyExistsError,
    DraftInUseError,
    RecordError,
    UnknownRecordError,
)
from modic_annotate.store.files import FileStore

NO_SPACE = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
BROKEN = OSError(errno.EIO, os.strerror(errno.EIO))


def everything(store: FileStore) -> dict[str, bytes]:
    """All files but locks, unfinished ones included."""
    return {
        p.relative_to(store.root).as_posix(): p.read_bytes()
        for p in sorted(store.root.rglob("*"))
        if p.is_file() and ".locks" not in p.parts
    }


def fail(monkeypatch: pytest.MonkeyPatch, name: str, error: OSError, after: int = 0) -> None:
    """Let a function of os raise from its n-th call on."""
    real, calls = getattr(os, name), []

    def wrapped(*args: object, **kwargs: object) -> object:
        calls.append(name)
        if len(calls) > after:
            raise error
        return real(*args, **kwargs)

    monkeypatch.setattr(os, name, wrapped)


def test_what_is_put_is_read_back(store: FileStore) -> None:
    """A key holds the bytes that were put under it."""
    store.put_new("a/b/c.json", b"{}\n")

    assert store.get("a/b/c.json") == b"{}\n"
    assert store.exists("a/b/c.json")
    assert store.list("") == store.list("a") == ("a/b/c.json",)


def test_a_key_is_written_once(store: FileStore) -> None:
    """A second put under the same key is refused and changes nothing."""
    store.put_new("a.json", b"first")

    with pytest.raises(AlreadyExistsError, match=r"a\.json"):
        store.put_new("a.json", b"second")

    assert everything(store) == {"a.json": b"first"}


def test_a_key_is_written_once_without_hard_links(
    store: FileStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the file system knows no hard links, a key is still written once."""
    fail(monkeypatch, "link", OSError(errno.EPERM, "no links here"))
    store.put_new("a.json", b"first")

    with pytest.raises(AlreadyExistsError):
        store.put_new("a.json", b"second")

    assert everything(store) == {"a.json": b"first"}


def test_a_missing_key_is_unknown(store: FileStore) -> None:
    """A key without a file is an error that names it."""
    with pytest.raises(UnknownRecordError, match=r"no/such\.json"):
        store.get("no/such.json")

    assert store.list("no") == ()


@pytest.mark.parametrize("key", ["", "/etc/x", "../x", "a/../../x", "a\\b", "C:x", "a/b\0", "a/*"])
def test_no_key_leaves_the_folder(store: FileStore, key: str) -> None:
    """A key that is no plain relative path is refused."""
    with pytest.raises(RecordError, match="not a valid key"):
        store.put_new(key, b"x")


@pytest.mark.parametrize("error", [NO_SPACE, BROKEN], ids=["full", "broken"])
@pytest.mark.parametrize(
    ("function", "after"), [("fsync", 2), ("fsync", 3), ("link", 0)], ids=["file", "folder", "link"]
)
def test_a_fault_while_putting_leaves_nothing(
    store: FileStore, monkeypatch: pytest.MonkeyPatch, function: str, after: int, error: OSError
) -> None:
    """Whatever fails while a key is put, no file is left, whole, half or temporary."""
    store.root.mkdir()
    fail(monkeypatch, function, error, after - 1 if function == "fsync" else after)

    with pytest.raises(RecordError, match="could not be written"):
        store.put_new("a/b.json", b"x" * 1000)

    assert everything(store) == {}


@pytest.mark.parametrize("function", ["fsync", "replace"])
def test_a_fault_while_replacing_keeps_the_old(
    store: FileStore, monkeypatch: pytest.MonkeyPatch, function: str
) -> None:
    """Whatever fails while a key is replaced, its old bytes stay."""
    store.replace("a.json", b"old")
    fail(monkeypatch, function, NO_SPACE)

    with pytest.raises(RecordError, match="could not be written"):
        store.replace("a.json", b"new")

    assert everything(store) == {"a.json": b"old"}


@pytest.mark.parametrize("function", ["fsync", "write"])
def test_a_fault_while_appending_keeps_the_lines_before(
    store: FileStore, monkeypatch: pytest.MonkeyPatch, function: str
) -> None:
    """A line that could not be made durable is not in the file."""
    store.append("a.jsonl", b"1\n")
    fail(monkeypatch, function, NO_SPACE)

    with pytest.raises(RecordError, match="No space left"):
        store.append("a.jsonl", b"2\n")

    assert everything(store) == {"a.jsonl": b"1\n"}


def test_a_line_written_in_part_is_taken_back(
    store: FileStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk that takes only the beginning of a line leaves no part of it."""
    store.append("a.jsonl", b"1\n")
    real = os.write
    monkeypatch.setattr(os, "write", lambda handle, data: real(handle, data[:3]))

    with pytest.raises(RecordError, match="could not be written"):
        store.append("a.jsonl", b"22222\n")

    assert everything(store) == {"a.jsonl": b"1\n"}


@pytest.mark.parametrize("line", [b"", b"1", b"1\n2\n", b"1\n2"])
def test_only_whole_lines_are_appended(store: FileStore, line: bytes) -> None:
    """Anything but one line with its newline is refused."""
    with pytest.raises(RecordError, match="whole single lines"):
        store.append("a.jsonl", line)


def test_a_torn_line_is_dropped_before_more_is_added(store: FileStore) -> None:
    """A file that ends in an unfinished line takes no more until that is dropped."""
    store.append("a.jsonl", b"1\n")
    with store.path("a.jsonl").open("ab") as file:
        file.write(b'{"n":')

    with pytest.raises(RecordError, match="unfinished line"):
        store.append("a.jsonl", b"2\n")
    assert store.drop_torn_line("a.jsonl") == b'{"n":'
    store.append("a.jsonl", b"2\n")

    assert store.get("a.jsonl") == b"1\n2\n"
    assert store.drop_torn_line("a.jsonl") == b""
    assert store.drop_torn_line("none.jsonl") == b""


def test_a_line_is_durable_before_append_returns(
    store: FileStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Append waits for the file's own fsync after its single write."""
    calls: list[str] = []
    for name in ("write", "fsync"):
        real = getattr(os, name)
        monkeypatch.setattr(os, name, lambda *a, n=name, r=real: (calls.append(n), r(*a))[1])
    store.append("a.jsonl", b"1\n")
    calls.clear()

    store.append("a.jsonl", b"2\n")

    assert calls == ["write", "fsync"]


def test_a_file_is_durable_before_it_has_its_name(
    store: FileStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Put waits for the content's fsync before the link, and for the folder's after it."""
    store.root.mkdir()
    calls: list[str] = []
    for name in ("link", "fsync"):
        real = getattr(os, name)
        monkeypatch.setattr(os, name, lambda *a, n=name, r=real: (calls.append(n), r(*a))[1])

    store.put_new("a.json", b"1")

    assert calls == ["fsync", "link", "fsync"]


def test_a_system_without_folder_fsync_still_writes(
    store: FileStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Windows opens no folders; writing works there all the same."""
    real = os.open

    def refuse_folders(path: Path, *args: int) -> int:
        if Path(path).is_dir():
            raise PermissionError(errno.EACCES, "a folder")
        return real(path, *args)

    monkeypatch.setattr(os, "open", refuse_folders)
    store.put_new("a/b.json", b"1")

    assert store.get("a/b.json") == b"1"


def test_unfinished_files_and_locks_are_not_listed(store: FileStore) -> None:
    """What a crash may leave behind is no key."""
    store.put_new("a/b.json", b"1")
    store.path("a/.tmp-0123").write_bytes(b"half")
    with store.lock("a"):
        assert store.list("") == ("a/b.json",)


def test_a_held_name_is_refused_to_others(store: FileStore) -> None:
    """A second holder of a lock is told so at once, and gets it when the first lets go."""
    with store.lock("readings/case1/r1"):
        with pytest.raises(DraftInUseError, match="in use"), store.lock("readings/case1/r1"):
            pytest.fail("two holders")
        with store.lock("readings/case1/r2"):
            pass
    with store.lock("readings/case1/r1"):
        pass


def test_a_reading_fault_of_the_disk_is_told(
    store: FileStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that cannot be read for another reason than its absence says which."""
    store.put_new("a.json", b"1")

    def broken(*_: object) -> None:
        raise BROKEN

    monkeypatch.setattr("modic_annotate.store.files.open", broken, raising=False)

    with pytest.raises(RecordError, match="could not be read: Input/output error"):
        store.get("a.json")


RACE = """
import sys
from pathlib import Path
from modic_annotate.errors import AlreadyExistsError
from modic_annotate.store.files import FileStore

store, me = FileStore(Path(sys.argv[1])), sys.argv[2]
for n in range(40):
    try:
        store.put_new(f"once/{n}.json", (me * 5000).encode())
        print(n)
    except AlreadyExistsError:
        pass
    store.append("lines.jsonl", (me * 50 + chr(10)).encode())
"""


def test_two_processes_never_overwrite_each_other(tmp_path: Path) -> None:
    """Of two processes that write the same keys, one wins each; all their lines arrive whole."""
    command = [sys.executable, "-c", RACE, str(tmp_path)]
    running = [
        subprocess.Popen([*command, name], stdout=subprocess.PIPE, text=True) for name in "ab"
    ]
    wins = {name: process.communicate()[0].split() for name, process in zip("ab", running)}  # noqa: B905

    assert [process.returncode for process in running] == [0, 0]
    assert sorted(wins["a"] + wins["b"], key=int) == [str(n) for n in range(40)]
    for name, numbers in wins.items():
        for number in numbers:
            assert (tmp_path / f"once/{number}.json").read_text() == name * 5000
    lines = (tmp_path / "lines.jsonl").read_text().splitlines()
    assert sorted(lines) == ["a" * 50] * 40 + ["b" * 50] * 40


KILLED = """
import os, sys
from pathlib import Path
from modic_annotate.store.files import FileStore

store = FileStore(Path(sys.argv[1]))
os.link = lambda *_: os._exit(9)
store.put_new("a/b.json", b"x")
"""


def test_a_process_killed_while_putting_leaves_no_key(tmp_path: Path) -> None:
    """A crash before the last step leaves the key free."""
    done = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path)], check=False)
    store = FileStore(tmp_path)

    assert done.returncode == 9
    assert store.list("") == ()
    store.put_new("a/b.json", b"y")
    assert store.get("a/b.json") == b"y"


def test_a_torn_line_that_cannot_be_cut_is_told(
    store: FileStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk that refuses the cut leaves the file as it is, and says so."""
    store.append("a.jsonl", b"1\n")
    with store.path("a.jsonl").open("ab") as file:
        file.write(b"torn")
    fail(monkeypatch, "fsync", BROKEN)

    with pytest.raises(RecordError, match=r"a\.jsonl could not be written"):
        store.drop_torn_line("a.jsonl")


def test_a_lock_that_cannot_be_made_is_told(store: FileStore) -> None:
    """A workspace on a disk that takes no lock says so, instead of going on without."""
    store.root.mkdir()
    (store.root / ".locks").write_text("in the way")

    with pytest.raises(RecordError, match="could not be locked"), store.lock("a"):
        pytest.fail("locked")
