"""A folder of this user's own for things that may be lost at any time.

What is written is replaced whole and carries a keyed checksum, so that two processes may write
at once, and a damaged or foreign file reads as none. It is JSON: reading it can run no code.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import json
import os
import secrets
import stat
import tempfile
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from time import time
from typing import Any, Final

import platformdirs

from modic_annotate.imaging.headers.keywords import KEYWORDS

FOLDER_VARIABLE: Final = "MODIC_ANNOTATE_CACHE"
MOST_FILES: Final = 32
MOST_FILE_BYTES: Final = 128 * 2**20
MOST_BYTES: Final = 256 * 2**20
"""Of all files together; the oldest go first."""

_SUFFIX: Final = ".json"
_TEMPORARY: Final = "tmp-"
_STALE_S: Final = 24 * 3600.0
_KEY_NAME: Final = "key"
_KEY_BYTES: Final = 32
_CHECKSUM_BYTES: Final = 64
_OWNER_ONLY: Final = 0o700


def user_folder() -> Path:
    """Return where this user's scans are remembered."""
    stated = os.environ.get(FOLDER_VARIABLE)
    return (Path(stated) if stated else platformdirs.user_cache_path("modic-annotate")) / "scans"


class CacheFolder:
    """Named JSON contents under a secret key; a folder that cannot be used holds nothing."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._key = _key_of(folder)

    @property
    def usable(self) -> bool:
        """Whether anything can be kept at all."""
        return self._key is not None

    def keyed_hash(self, text: str) -> str:
        """Return what stands for a text that must not be kept."""
        content = text.encode("utf-8", "surrogatepass")
        return hashlib.blake2b(content, key=self._key or b"", digest_size=16).hexdigest()

    def read(self, name: str) -> Any:  # noqa: ANN401 - JSON values of any kind
        """Return a content, or None where there is none that can be believed."""
        path = self._folder / f"{name}{_SUFFIX}"
        try:
            with path.open("rb") as file:
                raw = file.read(MOST_FILE_BYTES)
            if not hmac.compare_digest(
                raw[:_CHECKSUM_BYTES], self._checksum(raw[_CHECKSUM_BYTES:])
            ):
                return None
            os.utime(path)  # used just now: others go first
            return json.loads(raw[_CHECKSUM_BYTES:])
        except (OSError, ValueError, RecursionError):
            return None

    def write(self, name: str, content: Any) -> None:  # noqa: ANN401 - JSON values of any kind
        """Keep a content, if that can be done."""
        raw = json.dumps(content, separators=(",", ":")).encode()
        if self.usable and len(raw) <= MOST_FILE_BYTES:
            with contextlib.suppress(OSError):
                _replace(self._folder / f"{name}{_SUFFIX}", self._checksum(raw) + raw)
                self._trim()

    def _checksum(self, raw: bytes) -> bytes:
        digest = hashlib.blake2b(_software(), key=self._key or b"", digest_size=32)
        digest.update(raw)
        return digest.hexdigest().encode()

    def _trim(self) -> None:
        """Remove what was used longest ago beyond the limits, and what a crash left."""
        states = sorted(
            ((path.stat(), path) for path in self._folder.iterdir()),
            key=lambda found: found[0].st_mtime,
            reverse=True,
        )
        n, n_bytes = 0, 0
        for state, path in states:
            if path.suffix == _SUFFIX:
                n, n_bytes = n + 1, n_bytes + state.st_size
            is_over = path.suffix == _SUFFIX and (n > MOST_FILES or n_bytes > MOST_BYTES)
            is_left = path.name.startswith(_TEMPORARY) and state.st_mtime < time() - _STALE_S
            if is_over or is_left:
                path.unlink(missing_ok=True)


def _key_of(folder: Path) -> bytes | None:
    """Return the folder's secret, made at first use; None where the folder is not ours."""
    path = folder / _KEY_NAME
    try:
        folder.mkdir(mode=_OWNER_ONLY, parents=True, exist_ok=True)
        if not _is_private(folder):
            return None
        for _ in range(2):
            with contextlib.suppress(FileNotFoundError):
                key = path.read_bytes()
                if len(key) == _KEY_BYTES:
                    return key
            _replace(path, secrets.token_bytes(_KEY_BYTES))
    except OSError:
        return None
    return None


def _is_private(folder: Path) -> bool:
    """Whether a folder is this user's, made readable for nobody else."""
    if os.name != "posix":
        return True  # a user's folders are the user's own there
    state = folder.lstat()
    if not stat.S_ISDIR(state.st_mode) or state.st_uid != os.geteuid():
        return False
    if stat.S_IMODE(state.st_mode) != _OWNER_ONLY:
        folder.chmod(_OWNER_ONLY)
    return True


def _replace(path: Path, content: bytes) -> None:
    """Write a file beside its place, for its owner alone, and put it there in one step."""
    number, name = tempfile.mkstemp(prefix=_TEMPORARY, dir=path.parent)
    try:
        with os.fdopen(number, "wb") as file:
            file.write(content)
        Path(name).replace(path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise


@lru_cache(maxsize=1)
def _software() -> bytes:
    """Return what stands for the code that reads headers: what other code wrote is not used."""
    digest = hashlib.blake2b(repr((KEYWORDS, version("pydicom"))).encode(), digest_size=32)
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(path.read_bytes())
    return digest.digest()
