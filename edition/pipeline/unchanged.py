"""Whether anything changed since the last build: if nothing did, that one's output and report are this one's.

What is looked at is every file of the edition's folder, of its styles and of the builder, and the faces, by size and
time of change; and the output itself, by what is in it. Loads nothing that lays out pages.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple

import msgspec

from edition.cache import Cache, key_of, program
from edition.findings import Finding
from edition.styles import built_in_folder

RACY = 0.1
"""Seconds: a file that was changed so shortly before it was read may have been changed again unnoticed."""
FONT_FOLDERS = (
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "~/.fonts",
    "~/.local/share/fonts",
    "~/Library/Fonts",
)
"""Where faces are installed on most systems: that something came or went there is seen."""
MOST_FILES = 50_000


class Found(NamedTuple):
    """What was found in the finished PDF, all in its place."""

    words: int
    notes: int
    page_breaks: int


@dataclass(frozen=True, slots=True)
class Report:
    """What a build tells."""

    pdf: str
    pages: int
    notes: int
    found: Found
    findings: tuple[Finding, ...]
    unplanned: tuple[tuple[str, int], ...] = ()
    """Paragraphs that were not broken into lines as a whole: what stood in the way, and how often."""


@dataclass(frozen=True, slots=True)
class Record:
    """The last build: what it was made from, what it made, and what it told."""

    inputs: str
    faces: tuple[tuple[str, int, int], ...]
    """Files of the style's faces, each with its size and time of change."""
    outputs: tuple[tuple[str, str], ...]
    """Paths of the files it wrote, each with a digest."""
    report: Report


class LastBuild:
    """The record of the last build of an edition with some words of the command line."""

    def __init__(self, cache: Cache, directory: Path, *words: str) -> None:
        self.cache = cache
        self.directory = directory
        self.key = key_of("last build", str(directory.resolve()), *words) + "-record"
        self.started = time.time()
        self.inputs, self.newest = _state(directory)

    def report(self) -> Report | None:
        """Its report, if this build would make what is there already."""
        content = self.cache.get(self.key)
        if content is None:
            return None
        try:
            record = msgspec.msgpack.decode(content, type=Record)
        except msgspec.MsgspecError:
            return None
        faces = tuple(_faces(path for path, _, _ in record.faces))
        if record.inputs != self.inputs or record.faces != faces:
            return None
        return record.report if all(_digest(path) == digest for path, digest in record.outputs) else None

    def keep(self, report: Report, outputs: Iterable[Path], faces: Iterable[Path]) -> None:
        """Remember this build, unless something may have changed while it was read."""
        if self.newest > self.started - RACY:
            return
        written = tuple((str(path), _digest(str(path))) for path in outputs)
        record = Record(self.inputs, tuple(_faces(sorted(map(str, faces)))), written, report)
        self.cache.put(self.key, msgspec.msgpack.encode(record))


def _state(directory: Path) -> tuple[str, float]:
    """Stands for all that a build reads, and when the newest file of it was changed."""
    newest = 0.0
    digest = blake2b(digest_size=20)
    for folder in (directory, built_in_folder()):
        for number, (path, size, changed) in enumerate(_files(folder)):
            digest.update(f"{path}\0{size}\0{changed}\n".encode("utf-8", "surrogateescape"))
            newest = max(newest, changed / 1e9)
            if number > MOST_FILES:
                return "", newest  # no edition's folder; whatever is in it, nothing is known of it
    for name in FONT_FOLDERS:
        with suppress(OSError):
            digest.update(f"{name} {os.stat(os.path.expanduser(name)).st_mtime_ns}".encode())
    digest.update(program("**/*.py", "**/*.html", "**/*.css").encode())
    return digest.hexdigest(), newest


def _files(folder: Path) -> Iterator[tuple[str, int, int]]:
    """Every file of a folder but hidden ones: its path, size and time of change."""
    waiting = [str(folder)]
    while waiting:
        try:
            entries = sorted(os.scandir(waiting.pop()), key=lambda entry: entry.name)
        except OSError:
            continue
        for entry in entries:
            if entry.name.startswith("."):
                continue
            with suppress(OSError):
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(entry.path)
                else:
                    found = entry.stat()
                    yield entry.path, found.st_size, found.st_mtime_ns


def _faces(paths: Iterable[str]) -> Iterator[tuple[str, int, int]]:
    for path in paths:
        try:
            found = os.stat(path)
        except OSError:
            yield path, 0, 0
        else:
            yield path, found.st_size, found.st_mtime_ns


def _digest(path: str) -> str:
    try:
        return blake2b(Path(path).read_bytes(), digest_size=20).hexdigest()
    except OSError:
        return ""
