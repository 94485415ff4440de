"""The files of an edition's folder: found, read and written within bounds. Knows no format.

Nothing outside the folder is read, nothing that is no plain file, nothing that is too large. What is written
is written beside the old file and renamed over it.
"""

from __future__ import annotations

import os
import re
import signal
import stat
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from glob import escape
from pathlib import Path, PurePosixPath

from edition.findings import EditionError, Finding, Severity, declare
from edition.source import Place, Source

MISSING = declare(
    "F101",
    Severity.ERROR,
    """A file or folder is missing.""",
)
UNREADABLE = declare(
    "F102",
    Severity.ERROR,
    """A file cannot be read.

    It is a folder or a device, or its permissions forbid it.""",
)
TOO_LARGE = declare(
    "F103",
    Severity.ERROR,
    """A file is too large.

    The longest volume looked at has 2 MB of text in all. A file of more than 16 MB is no manuscript.""",
)
NOT_TEXT = declare(
    "F104",
    Severity.ERROR,
    """A file is not text in UTF-8.

    Save it as UTF-8. Older files are often Windows-1252 or Latin-1; a word processor's file is no text.""",
)
CONTROL_CHARACTER = declare(
    "F105",
    Severity.ERROR,
    """A character stands in the text that is no part of any text.

    Control characters come from conversions that went wrong and can be printed nowhere.""",
)
OUTSIDE = declare(
    "F106",
    Severity.ERROR,
    """A path leads out of the edition's folder.

    An edition is whole in itself: paths are relative to its folder and stay in it, links included.""",
)
EXISTS = declare(
    "F107",
    Severity.ERROR,
    """A file is there already.

    Nothing is overwritten without being told to.""",
)
UNWRITABLE = declare(
    "F108",
    Severity.ERROR,
    """A file cannot be written.

    The folder cannot be written to, or the disk is full. The files that were there are unchanged.""",
)

LARGEST = 16 * 1024 * 1024
"""Bytes of a file."""
UNFINISHED = ".unfinished"
"""How the names of files end that are still being written."""
ABANDONED_AFTER = 24 * 3600
"""Seconds after which an unfinished file is surely left over from a run that was killed."""

CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff]")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


class Folder:
    """The folder of an edition. `label` is what stands before its files in findings."""

    def __init__(self, path: Path, label: str | None = None) -> None:
        self.path = path
        self.label = path.as_posix() if label is None else label
        self.root = path.resolve()

    def place(self, relative: str) -> Place:
        return Place(self.name(relative))

    def name(self, relative: str) -> str:
        """The path of a file as the user would open it."""
        return relative if self.label in ("", ".") else f"{self.label.rstrip('/')}/{relative}"

    def trouble(self, relative: str) -> str | None:
        """What is wrong with a path that should name something inside the folder, if anything."""
        shown, parts = relative[:80], PurePosixPath(relative).parts
        if not relative or "\\" in relative or CONTROL.search(relative):
            return f"`{shown}` is no path"
        if _SCHEME.match(relative) or relative.startswith("//"):
            return f"`{shown}` is an address, not a path in the edition's folder"
        if relative.startswith("/") or ".." in parts:
            return f"`{shown}` leads out of the edition's folder"
        try:
            inside = (self.root / relative).resolve().is_relative_to(self.root)
        except (OSError, RuntimeError, ValueError):
            return f"`{shown}` is no path"
        return None if inside else f"`{shown}` is a link that leads out of the edition's folder"

    def image_trouble(self, relative: str) -> str | None:
        """What is wrong with the path of an image, if anything."""
        if trouble := self.trouble(relative):
            return trouble
        try:
            found = stat.S_ISREG((self.root / relative).stat().st_mode)
        except OSError:
            return f"there is no image `{relative[:80]}`"
        return None if found else f"`{relative[:80]}` is no file"

    def has(self, relative: str) -> bool:
        """Whether anything of that name is there."""
        return os.path.lexists(self.path / relative)

    def read(self, relative: str, findings: list[Finding], at: Place | None = None) -> Source | None:
        """The text of a file, or None and a finding at `at`, by default at the file."""
        where = at or self.place(relative)
        try:
            descriptor = os.open(self.path / relative, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
            with open(descriptor, "rb") as file:
                kind = os.fstat(descriptor)
                if not stat.S_ISREG(kind.st_mode):
                    findings.append(UNREADABLE.at(where, f"`{relative}` is no plain file"))
                    return None
                raw = file.read(LARGEST + 1) if kind.st_size <= LARGEST else b""
                too_large = max(kind.st_size, len(raw)) > LARGEST
        except FileNotFoundError:
            findings.append(MISSING.at(where, f"there is no file `{relative}`", hint=self._nearest(relative)))
            return None
        except OSError as error:
            reason = (error.strerror or "unknown reason").lower()
            findings.append(UNREADABLE.at(where, f"`{relative}` cannot be read: {reason}"))
            return None
        if too_large:
            findings.append(TOO_LARGE.at(where, f"`{relative}` is larger than {LARGEST // 2**20} MB"))
            return None
        return self._decode(relative, raw, findings)

    def _decode(self, relative: str, raw: bytes, findings: list[Finding]) -> Source | None:
        raw = raw.removeprefix(b"\xef\xbb\xbf")
        try:
            text = raw.decode("utf-8")
        except UnicodeDecodeError as error:
            before = Source(self.name(relative), _unify_line_ends(raw[: error.start].decode("utf-8")))
            message = f"byte 0x{raw[error.start]:02x} is not UTF-8"
            findings.append(NOT_TEXT.at(before.place(len(before.text)), message, hint="save the file as UTF-8"))
            return None
        source = Source(self.name(relative), _unify_line_ends(text))
        if wrong := CONTROL.search(source.text):
            message = f"the control character U+{ord(wrong[0]):04X} stands here"
            findings.append(CONTROL_CHARACTER.at(source.place(wrong.start()), message, hint="delete it"))
            return None
        return source

    def _nearest(self, relative: str) -> str | None:
        from difflib import get_close_matches

        parent = (self.path / relative).parent
        with suppress(OSError):
            entries = zip(range(10_000), os.scandir(parent), strict=False)
            names = [entry.name for _, entry in entries if entry.is_file()]
            if close := get_close_matches(Path(relative).name, names, 1):
                return f"try `{(PurePosixPath(relative).parent / close[0]).as_posix()}`"
        return None


def _unify_line_ends(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def write_files(folder: Path, contents: Mapping[str, str | bytes], *, force: bool = False) -> tuple[Path, ...]:
    """Write contents to paths in a folder: all beside their places first, then renamed.

    Whoever looks meanwhile sees the old file or the new one, whole: a crash, a full disk or a second build at
    the same time leaves what was there. Raises EditionError without having changed anything if a file exists
    and `force` is not given, or if one cannot be written.
    """
    targets = {folder / relative: content for relative, content in contents.items()}
    if not force and (there := [path for path in targets if os.path.lexists(path)]):
        hint = "write elsewhere, or force it"
        raise EditionError(EXISTS.at(Place(p.as_posix()), "this file exists", hint=hint) for p in there)
    beside: list[tuple[str, Path]] = []
    path = folder
    try:
        for path, content in targets.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            _sweep(path)
            beside.append((_write_beside(path, content), path))
        with _uninterrupted():
            for temporary, path in beside:
                os.replace(temporary, path)
    except OSError as error:
        reason = (error.strerror or "unknown reason").lower()
        finding = UNWRITABLE.at(Place(path.as_posix()), f"cannot write: {reason}")
        raise EditionError([finding]) from error
    finally:
        _remove(temporary for temporary, _ in beside)
    return tuple(targets)


def _write_beside(path: Path, content: str | bytes) -> str:
    descriptor, temporary = tempfile.mkstemp(prefix=_prefix(path), suffix=UNFINISHED, dir=path.parent)
    _unfinished.add(temporary)
    try:
        with open(descriptor, "wb") as file:
            file.write(content.encode("utf-8") if isinstance(content, str) else content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, 0o666 & ~_umask())
    except BaseException:
        _remove([temporary])
        raise
    return temporary


def _prefix(path: Path) -> str:
    return f".{path.name[:40]}."


def _sweep(path: Path) -> None:
    """Take away what builds left beside a file that were killed long ago."""
    for left in path.parent.glob(f"{escape(_prefix(path))}*{UNFINISHED}"):
        with suppress(OSError):
            if time.time() - left.stat().st_mtime > ABANDONED_AFTER:
                left.unlink()


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current


def _remove(paths: Iterable[str]) -> None:
    for path in paths:
        with suppress(OSError):
            os.unlink(path)
        _unfinished.discard(path)


_unfinished: set[str] = set()
"""Files that are being written beside their places in this process."""


def abandon() -> None:
    """Take away what is being written. For a process that ends in the middle of it."""
    _remove(list(_unfinished))


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Ctrl-C waits meanwhile: several files become the new ones together."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
