"""What was made before and may be made use of again: bytes under a key that says all they were made from.

An entry is a file of its own that holds its own checksum: one that is damaged, half written or of another kind is as
good as none. Builds share the folder, each writes beside and renames. Nothing in an entry is ever run. The entries
used last stay; the oldest go when the folder has grown over its limit.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from functools import cache
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path
from typing import Protocol

LIMIT = 2 * 1024**3
"""Bytes that the folder may grow to."""
TIDY_TO = 0.8
"""The part of the limit that stays when it was reached."""

_MAGIC = b"edition1"
_DIGEST = 16


def key_of(*parts: str | bytes) -> str:
    """A key for what is made from some texts; no two lists of texts have the same."""
    digest = blake2b(digest_size=20)
    for part in parts:
        content = part.encode() if isinstance(part, str) else part
        digest.update(b"%d:" % len(content))
        digest.update(content)
    return digest.hexdigest()


@cache
def program(*patterns: str) -> str:
    """Stands for the builder's version and those of its own sources that fit the patterns."""
    package = Path(__file__).parent
    sources = [path.read_bytes() for pattern in patterns for path in sorted(package.glob(pattern))]
    return key_of(version("edition"), *sources)


class Cache(Protocol):
    """Keeps bytes by key."""

    def get(self, key: str) -> bytes | None:
        """What is kept under a key; None if nothing whole is."""

    def put(self, key: str, content: bytes) -> None:
        """Keep content under a key, if that can be done."""


class Memory:
    """Keeps what one process made."""

    def __init__(self) -> None:
        self.entries: dict[str, bytes] = {}

    def get(self, key: str) -> bytes | None:
        return self.entries.get(key)

    def put(self, key: str, content: bytes) -> None:
        self.entries[key] = content


class Disk:
    """Keeps entries as files of one folder. Where it cannot write it keeps nothing, and says nothing."""

    def __init__(self, folder: Path, limit: int = LIMIT) -> None:
        self.folder = folder
        self.limit = limit
        self.written = 0

    def path(self, key: str) -> Path:
        return self.folder / key[:2] / key[2:]

    def get(self, key: str) -> bytes | None:
        path = self.path(key)
        try:
            found = path.read_bytes()
        except OSError:
            return None
        head, content = found[: len(_MAGIC) + _DIGEST], found[len(_MAGIC) + _DIGEST :]
        if head != _MAGIC + blake2b(content, digest_size=_DIGEST, key=key.encode()[:64]).digest():
            return None
        with suppress(OSError):
            os.utime(path)  # used last now
        return content

    def put(self, key: str, content: bytes) -> None:
        path = self.path(key)
        digest = blake2b(content, digest_size=_DIGEST, key=key.encode()[:64]).digest()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".")
        except OSError:
            return
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(_MAGIC + digest + content)
            os.replace(name, path)
            self.written += len(content)
        except OSError:
            with suppress(OSError):
                os.unlink(name)

    def tidy(self) -> None:
        """Let the oldest entries go if there is too much; called once a build that wrote anything."""
        if not self.written:
            return
        self.written = 0
        files = [(entry.st_mtime, entry.st_size, path) for path, entry in self._files()]
        total = sum(size for _, size, _ in files)
        if total <= self.limit:
            return
        for _, size, path in sorted(files):
            with suppress(OSError):
                path.unlink()
                total -= size
            if total <= self.limit * TIDY_TO:
                return

    def _files(self) -> Iterable[tuple[Path, os.stat_result]]:
        for path in self.folder.glob("??/*"):
            with suppress(OSError):
                yield path, path.stat()


class Layered:
    """A process's own memory in front of a folder that outlasts it."""

    def __init__(self, disk: Disk | None) -> None:
        self.memory = Memory()
        self.disk = disk

    def get(self, key: str) -> bytes | None:
        found = self.memory.get(key)
        if found is None and self.disk is not None:
            found = self.disk.get(key)
        return found

    def put(self, key: str, content: bytes) -> None:
        if self.disk is None:
            self.memory.put(key, content)
        else:
            self.disk.put(key, content)
            if self.disk.get(key) is None:  # no room there
                self.memory.put(key, content)

    def tidy(self) -> None:
        if self.disk is not None:
            self.disk.tidy()


def default_folder() -> Path:
    """Where entries are kept: `$EDITION_CACHE`, or `edition` in the user's folder for caches."""
    if own := os.environ.get("EDITION_CACHE"):
        return Path(own)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "edition"
