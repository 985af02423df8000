"""Make the disk fail in process: one call below a folder, by its number, in one way.

The functions of the operating system that the records are written and read with are replaced
while an operation runs: ``os.open``, ``os.write``, ``os.fsync``, ``os.ftruncate``, ``os.link``,
``os.rename``, ``os.replace``, ``os.mkdir``, ``os.unlink``, ``os.stat``, ``os.scandir`` and
``open`` with the ``write`` of what it returns. Only paths below the watched folder count and
fail; libraries that read files in C (gdcm) are not reached.
"""

from __future__ import annotations

import builtins
import errno
import io
import math
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

READS = frozenset({"open to read", "stat", "scandir"})
WRITES = frozenset(
    {"open to write", "write", "fsync", "ftruncate", "link", "rename", "replace", "mkdir"}
)
REMOVES = frozenset({"unlink", "rmdir"})
NAMES = frozenset({"link", "rename", "replace"})
TAKES_SPACE = WRITES - {"ftruncate"}


@dataclass(frozen=True)
class Fault:
    """A way to fail."""

    name: str
    code: int
    hits: frozenset[str]
    """Calls it can happen to."""

    n_calls: float = 1
    """How many calls in a row fail; all later ones on a full disk, or one that is gone."""

    when: Literal["instead", "half", "after"] = "instead"
    """Fail and do nothing, do half, or do it all and report a failure."""


FAULTS = (
    Fault("ENOSPC", errno.ENOSPC, TAKES_SPACE),
    Fault("ENOSPC from then on", errno.ENOSPC, TAKES_SPACE, n_calls=math.inf),
    Fault("EIO", errno.EIO, READS | WRITES | REMOVES),
    Fault("EIO twice", errno.EIO, WRITES | REMOVES, n_calls=2),
    Fault("EIO from then on", errno.EIO, READS | WRITES | REMOVES, n_calls=math.inf),
    Fault("EACCES", errno.EACCES, READS | NAMES | REMOVES | {"open to write", "mkdir"}),
    Fault("EROFS from then on", errno.EROFS, WRITES | REMOVES, n_calls=math.inf),
    Fault("short write", errno.ENOSPC, frozenset({"write"}), when="half"),
    Fault("torn rename", errno.EIO, NAMES, when="after"),
    Fault("done but reported as failed", errno.EIO, frozenset({"write", "fsync", "mkdir"}),
          when="after"),
)  # fmt: skip
"""A torn rename is one that took place and was reported as failed, as a network share may do."""


class Disk:
    """The disk below a folder while an operation runs: counts calls and fails one of them."""

    def __init__(
        self, root: Path, fault: Fault | None = None, at: int = 0, *, hard_links: bool = True
    ) -> None:
        self._root = os.fspath(root)
        self._fault = fault
        self._at = at
        self._hard_links = hard_links
        self._handles: dict[int, str] = {}
        self.calls: list[str] = []
        """Names of all calls so far; a fault comes with the call of index `at`."""

    @contextmanager
    def watched(self) -> Iterator[Disk]:
        """Stand between the program and the disk."""
        kept = {(module, name): getattr(module, name) for module, name in _replaced()}
        try:
            for (module, name), real in kept.items():
                setattr(module, name, self._stand_in(name, real))
            yield self
        finally:
            for (module, name), real in kept.items():
                setattr(module, name, real)

    def do(self, name: str, real: Callable[[], Any], half: Callable[[], Any] | None = None) -> Any:
        """Make a call, or let it fail."""
        number = len(self.calls)
        self.calls.append(name)
        fault = self._fault
        if fault is None or not 0 <= number - self._at < fault.n_calls or name not in fault.hits:
            return real()
        if fault.when == "half" and half is not None:
            return half()
        if fault.when != "instead":
            real()
        raise OSError(fault.code, os.strerror(fault.code))

    def _stand_in(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        special: dict[str, Callable[..., Any]] = {
            "open": self._opened(real) if real is not _OS_OPEN else self._handle_opened(real),
            "write": self._written(real),
            "close": self._closed(real),
            "fsync": self._on_handle("fsync", lambda _handle: None),
            "ftruncate": self._on_handle("ftruncate", real),
        }
        return special.get(name) or self._on_path(name, real)

    def _on_path(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **options: Any) -> Any:
            last = args[1] if name in NAMES else args[0] if args else "."
            if not self._is_ours(last):
                return real(*args, **options)
            if name == "link" and not self._hard_links:  # some network and USB disks
                raise OSError(errno.EOPNOTSUPP, os.strerror(errno.EOPNOTSUPP))
            return self.do("stat" if name == "lstat" else name, lambda: real(*args, **options))

        return call

    def _on_handle(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(handle: int, *args: Any) -> Any:
            if handle not in self._handles:
                return real(handle, *args)
            return self.do(name, lambda: real(handle, *args))

        return call

    def _handle_opened(self, real: Callable[..., int]) -> Callable[..., int]:
        def call(path: Any, flags: int, *args: Any, **options: Any) -> int:
            if not self._is_ours(path):
                return real(path, flags, *args, **options)
            name = "open to write" if flags & (os.O_WRONLY | os.O_RDWR) else "open to read"
            handle: int = self.do(name, lambda: real(path, flags, *args, **options))
            self._handles[handle] = os.fspath(path)
            return handle

        return call

    def _opened(self, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(path: Any, mode: str = "r", *args: Any, **options: Any) -> Any:
            if not self._is_ours(path):
                return real(path, mode, *args, **options)
            writes = bool(set(mode) & set("wax+"))
            name = "open to write" if writes else "open to read"
            file = self.do(name, lambda: real(path, mode, *args, **options))
            return _File(self, self._handles, file) if writes else file

        return call

    def _written(self, real: Callable[[int, bytes], int]) -> Callable[[int, bytes], int]:
        def call(handle: int, content: bytes) -> int:
            if handle not in self._handles:
                return real(handle, content)
            part = content[: len(content) // 2]
            done: int = self.do("write", lambda: real(handle, content), lambda: real(handle, part))
            return done

        return call

    def _closed(self, real: Callable[[int], None]) -> Callable[[int], None]:
        def call(handle: int) -> None:
            self._handles.pop(handle, None)
            real(handle)

        return call

    def _is_ours(self, path: object) -> bool:
        if not isinstance(path, str | os.PathLike):
            return False
        text = os.fspath(path)
        return isinstance(text, str) and text.startswith(self._root)


class _File:
    """An open file whose writing may fail; each write reaches the disk at once."""

    def __init__(self, disk: Disk, handles: dict[int, str], file: Any) -> None:
        self._disk, self._handles, self._file = disk, handles, file
        handles[file.fileno()] = file.name

    def write(self, content: Any) -> int:
        def whole() -> int:
            done: int = self._file.write(content)
            self._file.flush()
            return done

        def half() -> int:
            self._file.write(content[: len(content) // 2])
            self._file.flush()
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        done: int = self._disk.do("write", whole, half)
        return done

    def truncate(self, size: int) -> int:
        cut: int = self._disk.do("ftruncate", lambda: self._file.truncate(size))
        return cut

    def close(self) -> None:
        self._handles.pop(self._file.fileno(), None)
        self._file.close()

    def __enter__(self) -> _File:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)


_OS_OPEN = os.open


def _replaced() -> tuple[tuple[Any, str], ...]:
    of_os = ("open", "write", "close", "fsync", "ftruncate", "link", "rename", "replace", "mkdir",
             "unlink", "rmdir", "stat", "lstat", "scandir")  # fmt: skip
    return (*((os, name) for name in of_os), (io, "open"), (builtins, "open"))
